//! The detectors: what each is called, how what it finds begins, and what else has to be true of it.

use super::token::{self, Set, Token};
use super::{binary, block};

/// Finds one kind of secret in any file.
pub(super) struct Detector {
    /// Stable: settings and reports name it.
    pub(super) id: &'static str,
    /// With its article.
    pub(super) what: &'static str,
    /// Whether it is a private key.
    pub(super) is_key: bool,
    form: Form,
}

/// Given a window and the place of a match: from where to where the secret goes, if it is one.
type See = fn(&[u8], usize) -> Option<(usize, usize)>;

enum Form {
    /// A word with a prefix.
    Token(Token),
    /// What the host looks for, as a regular expression over bytes, and what is judged here.
    Other(&'static str, See),
}

/// Finds one kind of secret in files of some name.
pub(super) struct File {
    pub(super) id: &'static str,
    pub(super) what: &'static str,
    pub(super) globs: &'static [&'static str],
    pub(super) regex: &'static str,
}

impl Detector {
    /// Whether one shows itself at a byte, and from where to where it goes.
    pub(super) fn see(&self, bytes: &[u8], at: usize) -> Option<(usize, usize)> {
        match &self.form {
            Form::Token(token) => token.see(bytes, at).map(|past| (at, past)),
            Form::Other(_, see) => see(bytes, at),
        }
    }
}

/// What the host looks for: one expression for all, so that each byte is looked at once.
pub(super) fn trigger() -> String {
    let mut all = String::from("(?-u)");
    for (place, detector) in KNOWN.iter().enumerate() {
        if place > 0 {
            all.push('|');
        }
        match &detector.form {
            Form::Token(token) => token.trigger(&mut all),
            Form::Other(trigger, _) => all.push_str(trigger),
        }
    }
    all.push('|');
    all.push_str(binary::BEGINNINGS);
    all
}

const fn token(
    id: &'static str,
    what: &'static str,
    prefix: &'static str,
    set: Set,
    lengths: (usize, usize),
) -> Detector {
    let form = Form::Token(Token { prefix, set, lengths, checksum: false });
    Detector { id, what, is_key: false, form }
}

const fn checked(id: &'static str, what: &'static str, prefix: &'static str) -> Detector {
    let form = Form::Token(Token { prefix, set: Set::Alnum, lengths: (36, 36), checksum: true });
    Detector { id, what, is_key: false, form }
}

const fn other(
    id: &'static str,
    what: &'static str,
    is_key: bool,
    trigger: &'static str,
    see: See,
) -> Detector {
    Detector { id, what, is_key, form: Form::Other(trigger, see) }
}

/// As long as a window shows.
const ANY: usize = 1024;

/// The most specific first, where two begin alike.
pub(super) const KNOWN: &[Detector] = &[
    other(
        "pem-private-key",
        "a private key",
        true,
        "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY",
        block::pem,
    ),
    other(
        "ssh2-private-key",
        "a private key",
        true,
        "---- BEGIN SSH2 [A-Z ]{0,10}PRIVATE",
        block::ssh2,
    ),
    other(
        "pem-private-key",
        "a private key",
        true,
        "-\\x00B\\x00E\\x00G\\x00I\\x00N",
        block::utf16,
    ),
    other(
        "pem-private-key",
        "a private key in base64",
        true,
        "LS0tLS1CRUdJTi|0tLS0tQkVHSU4g|tLS0tLUJFR0lOI",
        block::encoded,
    ),
    other("putty-private-key", "a private key", true, "PuTTY-User-Key-File-[23]", block::putty),
    other("kubeconfig-client-key", "a private key", true, "client-key-data", block::client_key),
    other(
        "jwk-private-key",
        "a private key",
        true,
        "\"d\\\\?\" {0,4}:[ \t\r\n]{0,4}\\\\?\"[0-9A-Za-z_-]{6}",
        block::jwk,
    ),
    token("age-secret-key", "a private key of age", "AGE-SECRET-KEY-1", Set::Upper, (58, 58)).key(),
    token("aws-access-key-id", "an access key id of AWS", "AKIA", Set::Upper, (16, 16)),
    token("aws-access-key-id", "an access key id of AWS", "ASIA", Set::Upper, (16, 16)),
    other(
        "aws-secret-access-key",
        "a secret access key of AWS",
        false,
        "[sS](?:ecret_access_key|ecretAccessKey)|SECRET_ACCESS_KEY",
        token::aws_secret,
    ),
    checked("github-token", "a token for GitHub", "ghp_"),
    checked("github-token", "a token for GitHub", "gho_"),
    checked("github-token", "a token for GitHub", "ghu_"),
    checked("github-token", "a token for GitHub", "ghs_"),
    checked("github-token", "a token for GitHub", "ghr_"),
    token("github-token", "a token for GitHub", "github_pat_", Set::Word, (82, 82)),
    checked("npm-token", "a token for npm", "npm_"),
    token("gitlab-token", "a token for GitLab", "glpat-", Set::Dotted, (20, 300)),
    token("gitlab-token", "a token for GitLab", "gldt-", Set::Dashed, (20, 64)),
    token("gitlab-token", "a token for GitLab", "glrt-", Set::Dotted, (20, 300)),
    token("gitlab-token", "a token for GitLab", "glptt-", Set::Alnum, (40, 40)),
    token("gitlab-token", "a token for GitLab", "glcbt-", Set::Dashed, (20, 64)),
    token("gitlab-token", "a token for GitLab", "glsoat-", Set::Dashed, (20, 64)),
    token("gitlab-token", "a token for GitLab", "glagent-", Set::Dashed, (50, 64)),
    token("slack-token", "a token for Slack", "xoxb-", Set::Dashed, (40, 255)),
    token("slack-token", "a token for Slack", "xoxp-", Set::Dashed, (40, 255)),
    token("slack-token", "a token for Slack", "xoxa-", Set::Dashed, (40, 255)),
    token("slack-token", "a token for Slack", "xoxr-", Set::Dashed, (40, 255)),
    token("slack-token", "a token for Slack", "xoxe-", Set::Dashed, (40, 255)),
    token("slack-token", "a token for Slack", "xapp-1-", Set::Dashed, (60, 255)),
    token(
        "slack-webhook",
        "a webhook of Slack",
        "hooks.slack.com/services/T",
        Set::Slashed,
        (40, 80),
    ),
    token("pypi-token", "a token for PyPI", "pypi-AgE", Set::Dashed, (60, ANY)),
    token("rubygems-token", "a token for RubyGems", "rubygems_", Set::Hex, (48, 48)),
    token("stripe-key", "a live key for Stripe", "sk_live_", Set::Alnum, (24, 255)),
    token("stripe-key", "a live key for Stripe", "rk_live_", Set::Alnum, (24, 255)),
    token("google-api-key", "an API key for Google", "AIza", Set::Dashed, (35, 35)),
    token("google-oauth-secret", "a client secret for Google", "GOCSPX-", Set::Dashed, (28, 28)),
    other(
        "gcp-service-account",
        "a key of a service account for Google Cloud",
        false,
        "\"private_key_id\"",
        token::private_key_id,
    ),
    token("azure-storage-key", "an account key for Azure", "AccountKey=", Set::Base64, (86, 88)),
    token(
        "azure-shared-key",
        "a shared access key for Azure",
        "SharedAccessKey=",
        Set::Base64,
        (43, 44),
    ),
    other(
        "azure-client-secret",
        "a client secret for Azure",
        false,
        "[0-9]Q~[A-Za-z0-9_~.-]{31}",
        token::azure_secret,
    ),
    token("huggingface-token", "a token for Hugging Face", "hf_", Set::Alpha, (34, 34)),
    token("anthropic-key", "an API key for Anthropic", "sk-ant-", Set::Dashed, (80, 200)),
    other("openai-key", "an API key for OpenAI", false, "T3BlbkFJ", token::openai),
    token("openai-key", "an API key for OpenAI", "sk-proj-", Set::Dashed, (60, 255)),
    token("docker-token", "a token for Docker Hub", "dckr_pat_", Set::Dashed, (27, 27)),
    token("docker-token", "a token for Docker Hub", "dckr_oat_", Set::Dashed, (32, 32)),
    other(
        "docker-config-auth",
        "a password for a registry",
        false,
        "\"auths\"",
        block::docker_auth,
    ),
    token("digitalocean-token", "a token for DigitalOcean", "dop_v1_", Set::Hex, (64, 64)),
    token("digitalocean-token", "a token for DigitalOcean", "doo_v1_", Set::Hex, (64, 64)),
    token("sendgrid-key", "an API key for SendGrid", "SG.", Set::Dotted, (66, 66)),
    token("shopify-token", "a token for Shopify", "shpat_", Set::Hex, (32, 32)),
    token("shopify-token", "a token for Shopify", "shpss_", Set::Hex, (32, 32)),
    token("vault-token", "a token for Vault", "hvs.", Set::Dashed, (90, 255)),
    token("vault-token", "a token for Vault", "hvb.", Set::Dashed, (130, 300)),
    other("terraform-token", "a token for Terraform", false, "\\.atlasv1\\.", token::terraform),
    token("databricks-token", "a token for Databricks", "dapi", Set::Hex, (32, 32)),
    token("grafana-token", "a token for Grafana", "glsa_", Set::Word, (41, 41)),
    token("postman-key", "an API key for Postman", "PMAK-", Set::Dashed, (59, 59)),
    token("pulumi-token", "a token for Pulumi", "pul-", Set::Hex, (40, 40)),
    token("atlassian-token", "a token for Atlassian", "ATATT3", Set::Dashed, (150, 400)),
    token("artifactory-token", "a token for Artifactory", "AKCp", Set::Alnum, (69, 69)),
    token("artifactory-token", "a token for Artifactory", "cmVmdGtu", Set::Alnum, (56, 56)),
    token("newrelic-key", "an API key for New Relic", "NRAK-", Set::Upper, (27, 27)),
    other("jwt", "a signed JSON Web Token", false, "eyJ[A-Za-z0-9_-]{10}", token::jwt),
    token("npmrc-auth", "a token for a package registry", ":_authToken=", Set::Value, (20, 255)),
];

/// In files that a tool keeps passwords in.
pub(super) const FILES: &[File] = &[
    File {
        id: "netrc-password",
        what: "a password",
        globs: &["**/.netrc", "**/_netrc"],
        regex: r"(?-u)\bpassword[ \t\r\n]+[!-~]{3,256}",
    },
    File {
        id: "git-credentials",
        what: "a password",
        globs: &["**/.git-credentials"],
        regex: r"(?-u)https?://[!-.0-9;-?A-~]{1,256}:[!-.0-?A-~]{3,256}@",
    },
    File {
        id: "npmrc-auth",
        what: "a password for a package registry",
        globs: &["**/.npmrc", "**/npmrc"],
        regex: r"(?-u)(?:_auth|_password)[ \t]*=[ \t]*[!-~]{6,256}",
    },
    File {
        id: "pypirc-password",
        what: "a password for a package index",
        globs: &["**/.pypirc"],
        regex: r"(?-u)\bpassword[ \t]*[=:][ \t]*[!-~]{3,256}",
    },
    File {
        id: "pgpass-password",
        what: "a password for a database",
        globs: &["**/.pgpass"],
        regex: r"(?-u)[!-9;-~]{1,128}:[0-9*]{1,5}:[!-9;-~]{1,128}:[!-9;-~]{1,128}:[!-~]{3,256}",
    },
];

#[cfg(test)]
impl Detector {
    /// The word that it finds, if that is all.
    pub(super) fn token(&self) -> Option<&Token> {
        match &self.form {
            Form::Token(token) => Some(token),
            Form::Other(..) => None,
        }
    }
}

impl Detector {
    /// What it finds is a private key.
    const fn key(mut self) -> Self {
        self.is_key = true;
        self
    }
}
