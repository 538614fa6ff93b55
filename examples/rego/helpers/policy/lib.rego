package lib

permissive := {"MIT", "ISC", "BSD-3-Clause"}

verdict(license) := "fine" if {
	license in permissive
} else := "forbidden" if {
	some word in ["GPL-", "AGPL-"]
	startswith(license, word)
} else := "unknown"
