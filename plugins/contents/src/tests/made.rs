//! Keys that programs made for this purpose, in base64 and without what would tell what they are.

/// From `ssh-keygen`.
pub(super) const ED25519: &[&str] = &[
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW",
    "QyNTUxOQAAACB/D11jSqIwJcaodtm9DIaZ1T3c9smKJsyXWK4oZgT/EgAAAJgLsaISC7Gi",
    "EgAAAAtzc2gtZWQyNTUxOQAAACB/D11jSqIwJcaodtm9DIaZ1T3c9smKJsyXWK4oZgT/Eg",
    "AAAECtkfCZW5aqKouEvb2jTfd7IRQqgdchqj1TXn7IhCwT838PXWNKojAlxqh22b0MhpnV",
    "Pdz2yYomzJdYrihmBP8SAAAAE3JlbGVhc2VAZXhhbXBsZS5jb20BAg==",
];

/// From `ssh-keygen`.
pub(super) const RSA: &[&str] = &[
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAlwAAAAdzc2gtcn",
    "NhAAAAAwEAAQAAAIEAuC31UnxJgfKyDXiu/l9nWcZIoq2B/j61TPM+iJccaycGhioUBtKG",
    "0h0Vp39ko6NVWLH+VoyviXF+USZRkdy3gUONFZM8n58FANAh3U42D/ewmlxTFHE5Hvy8Fy",
    "/J71hukqbc9MF2dCkXQUaNukj4z16x1kzQcLpHy+muVUqFAZcAAAIIY77R32O+0d8AAAAH",
    "c3NoLXJzYQAAAIEAuC31UnxJgfKyDXiu/l9nWcZIoq2B/j61TPM+iJccaycGhioUBtKG0h",
    "0Vp39ko6NVWLH+VoyviXF+USZRkdy3gUONFZM8n58FANAh3U42D/ewmlxTFHE5Hvy8Fy/J",
    "71hukqbc9MF2dCkXQUaNukj4z16x1kzQcLpHy+muVUqFAZcAAAADAQABAAAAgEG2rBwFGl",
    "kSFbM2xwEdWwut8oaQb5weFaPh+gLUH6CfqPU/mCui+9WF6Q79JhQ4l5/wyfVpdswMQWyE",
    "xn/Lh3Esbk1M86Yqym2u0MTVc7jLiMYBt2hAhVIuJObv+Y+bFrP6qGbL+Tc+GlMKZ7QyVH",
    "k//eWAtGSjSPQYU0KF+G2JAAAAQBdoMMAl7CvTxgS6SXbObPiLtD98i3pnuMrbv2kh9LVR",
    "gFoUXbJAeGfmTu1EZ8v+Y/pLaRhb2ImJ1UQim2y4v60AAABBAPTaXrI+RBXIehNrwtVgjN",
    "LTz/222q+nAQLnGps4imw7Og83JNaiP1Z999w/oC1UuztW5npzVuezjBgd25dcXQMAAABB",
    "AMCQeLk90pH6OvDMLb0Afe4Mx/o+iCraRLz1ohAGRSIVd8eV2xSNVjYAZQeF4EeUUWYSTT",
    "ETuQiibEag9wU/kt0AAAATcmVsZWFzZUBleGFtcGxlLmNvbQ==",
];

/// From `ssh-keygen`.
pub(super) const ECDSA: &[&str] = &[
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS",
    "1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQQUcwSGTgiEvpOJioDxq9zqFuSuRXL7",
    "8M69aEo+8pX0Zy54bPdNS+YZ+KaNhuruuTGyLVS/itgMtn/Hwsb/tl5eAAAAsBeAaFUXgG",
    "hVAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBRzBIZOCIS+k4mK",
    "gPGr3OoW5K5Fcvvwzr1oSj7ylfRnLnhs901L5hn4po2G6u65MbItVL+K2Ay2f8fCxv+2Xl",
    "4AAAAhAPBCSzGNms2q0ElBnLnuzXuKVh+l3s//JLYt/2j0CNQTAAAAE3JlbGVhc2VAZXhh",
    "bXBsZS5jb20BAgME",
];

/// From `ssh-keygen`.
pub(super) const WITH_A_PASSPHRASE: &[&str] = &[
    "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABD7ebL61M",
    "thwehFoHB6YtqMAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIEJo2LjLr0QP9MPL",
    "ioybRhIPOgNQQNHTeBHFuZTO4Bl3AAAAoFXwOW+8QihGUV61t71F0CCUqFChYVJc/CeP7w",
    "2cYCqvVd8KwNPiPsSPs7dNOEjKSmyaNwuZ9tvPPorp1JxjXSPc8pOBc2YhoLnxfXPaPS3J",
    "VL5+8Pg8tPbI2Idc9rfiwEKo47bmPi97dO2Pcnfri02jZpTYTGLu+gA07WuKL9Hypr3Lf2",
    "9ZZZWpvV+AkIamA0m3BaAS/ba9eScWSsftN+8=",
];

/// PKCS #8.
pub(super) const PKCS8: &[&str] =
    &["MC4CAQAwBQYDK2VwBCIEIEOV78b66fnc2z9q0w6ykBxjrdXfEk4l5rCvfZLlT3sO"];

/// PKCS #8, of a curve.
pub(super) const PKCS8_EC: &[&str] = &[
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgF1JAyWgoyf/fo3c7pNKBfJgq+zN27Sl4THkeAwNi",
    "hnChRANCAASikvgkYmrE3+kMLzp+UcKlQ4r8RrA4dK9BKnEOQvayB2rtElh6t8tiibYXGPqv/y1LfO9Hg3kf7w90",
    "pXAidBsU",
];

/// PKCS #8, encrypted.
pub(super) const ENCRYPTED: &[&str] = &[
    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAih1CbxEC2EqwICCAAwDAYIKoZIhvcNAgkFADAdBglg",
    "hkgBZQMEASoEEA5xCJ7YFXZbrpMWPmeajk8EQOwKDKDoOOKm1qYoMKG8A8sp0M/OKIYP4QB7xOmGFWZ13rDWiLSo",
    "gSw1ceOuldJre4OGPUF0LlXBHKtsmmtW8rI=",
];

/// SEC 1.
pub(super) const SEC1: &[&str] = &[
    "MHcCAQEEIBdSQMloKMn/36N3O6TSgXyYKvszdu0peEx5HgMDYoZwoAoGCCqGSM49AwEHoUQDQgAEopL4JGJqxN/p",
    "DC86flHCpUOK/EawOHSvQSpxDkL2sgdq7RJYerfLYom2Fxj6r/8tS3zvR4N5H+8PdKVwInQbFA==",
];

/// PKCS #1.
pub(super) const PKCS1: &[&str] = &[
    "MIICXAIBAAKBgQDjvLOIWN0cg4KFKIcsY+FDWY4OY3rk/oHl3Gbs0IUd4e9Z0wI29f4/fIYC7jGngeh6kcXGwe7V",
    "ZrwR5b6UdtwVQ6YsbtbKPbB3GOPJolyq+3hhKp3zxhRvd112/C9nZbe6QxsLy5oa4cRNc8NhCcO0e7oD5tsfB6MA",
    "XjEQJcO/rwIDAQABAoGAWgdbIeefYYpLqsBez5mcj7dzhRSmnKhQScJbnfrA5RNQP74+/eM5Y3eisr3fO00Lzoia",
    "GvzHoe0/JAQi1yY10iM9ajIRTJGVCkvA+AeHOkmwez31o683vaTCcWgYTG+LPwm1fn0jSwDVe8xXG1rHqlUTP5fO",
    "+sAbiUjPvMgi8AECQQD2jdtHaTpTZDQMTei7VUx6agYinRh8sSenUvJVprwX9wgixoN8J7lCxu00LVgpk5fCyOOT",
    "xFJVBE7O//OcP3oBAkEA7HZKwZQSjf4LT9LoDS1frkjDeGb4uVOo61oFHpekyKMvXrHO6iDDDDDo3dA3u61QkjtY",
    "vDz+li3ggs+CgvVZrwJBAPJHyhBtjlw+Hotsz+Ou2Z19rJO9DkASEiZx8yNJ2pIuNbd+ndyWaI3/Tz8zw+vvVnWZ",
    "1VDy3fkfZ5YwnKKRGgECQDfeCvOJhIi/yPRnJCRY4A5Rar17trAyr+pLLoJ32Zr90ydQY061xt+OfrZJh6Fz5WFn",
    "XCO9VXkuBaliVbeTOEkCQGi+5RZi6O0m/m0ufHpRVdTnSmi5zv455A6aMapJonQ0JyZjgW41xLMm1cLS9IEvYro+",
    "VmoVX6wbNZlYtptPXtk=",
];

/// PKCS #12 with a key.
pub(super) const PKCS12: &[&str] = &[
    "MIIBJQIBAzCB3AYJKoZIhvcNAQcBoIHOBIHLMIHIMIHFBgkqhkiG9w0BBwGggbcEgbQwgbEwga4GCyqGSIb3DQEM",
    "CgECoIGeMIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhZqOUd0imhngICCAAwDAYIKoZIhvcNAgkF",
    "ADAdBglghkgBZQMEASoEEATXCzAatPRjAxPcPt+PY7sEQHGpLEPvzPGqVqLZyYvflRj3T8HuohOlGR0yeOywPJYp",
    "1sYxYgWzk8/f7Ef9gigdU8h1573YDHEYdbaxzTF+X8owQTAxMA0GCWCGSAFlAwQCAQUABCCsihsq5/72TFaLZzzq",
    "8Q2jHBK1R5MjPAYA/GnBMcsgVQQIIjveqHt0gZACAggA",
];

/// PKCS #12 without one.
pub(super) const PKCS12_CERTIFICATE: &[&str] = &[
    "MIIB2QIBAzCCAY8GCSqGSIb3DQEHAaCCAYAEggF8MIIBeDCCAXQGCSqGSIb3DQEHAaCCAWUEggFhMIIBXTCCAVkG",
    "CyqGSIb3DQEMCgEDoIIBSDCCAUQGCiqGSIb3DQEJFgGgggE0BIIBMDCCASwwgd+gAwIBAgIUQB0A7nGr/gVN1PiP",
    "1sJ5QRZVcgIwBQYDK2VwMAwxCjAIBgNVBAMMAXgwHhcNMjYxMTI1MjEwNjAwWhcNMjYxMjA0MjEwNjAwWjAMMQow",
    "CAYDVQQDDAF4MCowBQYDK2VwAyEANhZPZX8DRsGsMOw1c44B/9G0mUiFbVuQciowbuVrDpqjUzBRMB0GA1UdDgQW",
    "BBQa3Zk/UBRXL7KbgTHN9Vl4y89RYDAfBgNVHSMEGDAWgBQa3Zk/UBRXL7KbgTHN9Vl4y89RYDAPBgNVHRMBAf8E",
    "BTADAQH/MAUGAytlcANBAPYaXH6NYKabsbowqZHFPXErnVYoRPBq1MCvs848ww6wjP6WAEAx5MAbdoWiBW/UWSCc",
    "DWbzb+JlcD8zEHgdmwwwQTAxMA0GCWCGSAFlAwQCAQUABCDkLOMZoAwqGjtWmWj56qOwBBYNeIk4Kup5sk5KG3tZ",
    "2wQIx5+2Lqg8jpQCAggA",
];

/// A public key.
pub(super) const PUBLIC: &[&str] = &[
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDjvLOIWN0cg4KFKIcsY+FDWY4OY3rk/oHl3Gbs0IUd4e9Z0wI2",
    "9f4/fIYC7jGngeh6kcXGwe7VZrwR5b6UdtwVQ6YsbtbKPbB3GOPJolyq+3hhKp3zxhRvd112/C9nZbe6QxsLy5oa",
    "4cRNc8NhCcO0e7oD5tsfB6MAXjEQJcO/rwIDAQAB",
];

/// A certificate.
pub(super) const CERTIFICATE: &[&str] = &[
    "MIIBLDCB36ADAgECAhRAHQDucav+BU3U+I/WwnlBFlVyAjAFBgMrZXAwDDEKMAgGA1UEAwwBeDAeFw0yNjExMjUy",
    "MTA2MDBaFw0yNjEyMDQyMTA2MDBaMAwxCjAIBgNVBAMMAXgwKjAFBgMrZXADIQA2Fk9lfwNGwaww7DVzjgH/0bSZ",
    "SIVtW5ByKjBu5WsOmqNTMFEwHQYDVR0OBBYEFBrdmT9QFFcvspuBMc31WXjLz1FgMB8GA1UdIwQYMBaAFBrdmT9Q",
    "FFcvspuBMc31WXjLz1FgMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA9hpcfo1gppuxujCpkcU9cSudVihE8GrU",
    "wK+zzjzDDrCM/pYAQDHkwBt2haIFb9RZIJwNZvNv4mVwPzMQeB2bDA==",
];

/// `OpenPGP`, from `gpg --export-secret-keys`.
pub(super) const PGP: &[&str] = &[
    "lFgEawdNuBYJKwYBBAHaRw8BAQdAW62lygNuC4ekSdJY1RXgOXpVcpwWoW9JJ5AhwoPnCTcAAP92qyKN9hydy0Li",
    "2hVQWDd2h+aoInAJg6gf4ldxbXWELw/qtAlhIDxhQGIuYz6IkAQTFggAOBYhBJ9I6+sqNpyRWqzNKFAZTJQ9jDEn",
    "BQJrB024AhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEFAZTJQ9jDEnZlMBAMMKQyNfNKGi3qCldBT/PUfs",
    "Uh8SihxopNqxvN6Z0Km+AP9x0ue4mxr3cikyQq5z6ptaV/jF3/H/1XuukbWf61CmAg==",
];

/// `OpenPGP`, from `gpg --export`.
pub(super) const PGP_PUBLIC: &[&str] = &[
    "mDMEawdNuBYJKwYBBAHaRw8BAQdAW62lygNuC4ekSdJY1RXgOXpVcpwWoW9JJ5AhwoPnCTe0CWEgPGFAYi5jPoiQ",
    "BBMWCAA4FiEEn0jr6yo2nJFarM0oUBlMlD2MMScFAmsHTbgCGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ",
    "UBlMlD2MMSdmUwEAwwpDI180oaLeoKV0FP89R+xSHxKKHGik2rG83pnQqb4A/3HS57ibGvdyKTJCrnPqm1pX+MXf",
    "8f/Ve66RtZ/rUKYC",
];
