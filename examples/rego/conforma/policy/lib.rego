package lib

default rule_data(_) := []

rule_data(key) := data.rule_data[key]

result_helper(chain, details) := object.union(basics(chain), {
	"msg": sprintf(annotations(chain).custom.failure_msg, details),
})

result_helper_with_term(chain, details, term) := object.union(
	result_helper(chain, details),
	{"term": term},
)

basics(chain) := object.union(
	{"code": code(chain)},
	{key: value |
		some key in ["effective_on", "solution"]
		value := annotations(chain).custom[key]
	},
)

annotations(chain) := chain[0].annotations

# The last names of the rule's package, and its short name.
code(chain) := sprintf("%s.%s", [
	chain[0].path[count(chain[0].path) - 2],
	annotations(chain).custom.short_name,
])
