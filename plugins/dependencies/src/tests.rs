//! What the policy says about documents, with a list in place of the host's index.

use lockgate_plugin::read;

use super::*;
use crate::inventory::Answer;
use crate::knowledge::Little;

/// 2026-10-02T00:00:00Z.
const AT: i64 = 1_790_899_200;
const DAY: i64 = 86_400;

/// A dependency, as the host would index it.
#[derive(Clone)]
struct One {
    component: Component,
    origins: Vec<&'static str>,
    released: Option<i64>,
    hashed: bool,
}

/// `name@version` on npm, from these origins.
fn one(text: &str, origins: &[&'static str]) -> One {
    let (name, version) = text.split_once('@').unwrap_or((text, ""));
    let version = (!version.is_empty()).then(|| version.to_owned());
    let component =
        Component { id: 0, name: name.into(), purl: Some(format!("pkg:npm/{text}")), version };
    One { component, origins: origins.to_vec(), released: None, hashed: true }
}

impl Inventory for Vec<One> {
    fn component_count(&self) -> u32 {
        u32::try_from(self.len()).unwrap()
    }

    fn package_types(&self) -> Vec<String> {
        vec!["npm".into()]
    }

    fn ask(&self, question: &Question<'_>, most: usize) -> Result<Answer, Failure> {
        let outside = |one: &One, places: &[String]| {
            let covered = |origin: &str| places.iter().any(|place| Little.lies_in(origin, place));
            one.origins.iter().any(|origin| !covered(origin))
        };
        let purl = |one: &One| one.component.purl.clone().unwrap_or_default();
        let is_of = |one: &One, of: &Option<&str>| of.is_some() == purl(one).starts_with("pkg:");
        let matches = |one: &One, patterns: &[String]| {
            patterns.iter().any(|pattern| covers(pattern, &purl(one)))
        };
        let is_asked_for = |one: &One| match question {
            Question::All => true,
            Question::Outside(of, places) => is_of(one, of) && outside(one, places),
            Question::Unstated(of) => is_of(one, of) && one.origins.is_empty(),
            Question::OfNoNamespace(of, patterns) => {
                is_of(one, &Some(of)) && !matches(one, patterns)
            }
            Question::InternalOutside(patterns, places) => {
                matches(one, patterns) && outside(one, places)
            }
            Question::InternalUnstated(patterns) => {
                matches(one, patterns) && one.origins.is_empty()
            }
            Question::OddPurl => !purl(one).is_empty() && !purl(one).starts_with("pkg:"),
            Question::ReleasedAfter(moment) => one.released.is_some_and(|at| at > *moment),
            Question::Lacks("released") => one.released.is_none(),
            Question::Lacks("strong-hash") => !one.hashed,
            Question::Lacks("purl") => !purl(one).starts_with("pkg:"),
            Question::Lacks(_) => {
                one.component.version.as_ref().is_none_or(|version| version.starts_with('^'))
            }
        };
        let rows: Vec<Component> =
            self.iter().filter(|one| is_asked_for(one)).map(|one| one.component.clone()).collect();
        let count = u32::try_from(rows.len()).unwrap();
        Ok(Answer { count, rows: rows.into_iter().take(most).collect() })
    }

    fn origins(&self, component: &Component) -> Result<Vec<String>, Failure> {
        let found = self.iter().find(|one| one.component.name == component.name).unwrap();
        Ok(found.origins.iter().map(|&origin| origin.to_owned()).collect())
    }

    fn released_at(&self, component: &Component) -> Result<Option<i64>, Failure> {
        Ok(self.iter().find(|one| one.component.name == component.name).unwrap().released)
    }
}

/// A glob as the host reads it.
fn covers(glob: &str, text: &str) -> bool {
    let after_star = |rest: &str, stops: &[char]| {
        let end = text.find(stops).unwrap_or(text.len());
        (0..=end).any(|at| covers(rest, &text[at..]))
    };
    if let Some(rest) = glob.strip_prefix("**") {
        after_star(rest, &[])
    } else if let Some(rest) = glob.strip_prefix('*') {
        after_star(rest, &['/', '@'])
    } else {
        let mut glob = glob.chars();
        match glob.next() {
            Some(c) => text.strip_prefix(c).is_some_and(|text| covers(glob.as_str(), text)),
            None => text.is_empty(),
        }
    }
}

fn findings(settings: &str, document: &[One]) -> String {
    let policy = Dependencies::with(read(settings).unwrap(), &Little).unwrap();
    let mut report = Report::new();
    let place = Place { name: String::new(), digest: "sha256:00".into() };
    policy.judge(&document.to_vec(), &Little, &|| AT, &place, &mut report).unwrap();
    report.to_string()
}

#[test]
fn what_the_settings_do_not_set_is_not_applicable() {
    let policy = Dependencies::with(read(r#"{ "pinned": true }"#).unwrap(), &Little).unwrap();
    let mut report = Report::new();
    policy.account(&mut report);
    assert_eq!(
        report.to_string(),
        "checked empty-sbom\n\
         checked unreadable-sbom\n\
         not applicable registry-not-allowed: `registries` is not set in the settings\n\
         not applicable namespace-not-allowed: `namespaces` is not set in the settings\n\
         not applicable internal-from-outside: `internal` is not set in the settings\n\
         not applicable too-young: `minimum-age` is not set in the settings\n\
         checked unpinned-dependency\n"
    );
    assert_eq!(policy.reads(), ["sbom"]);
}

#[test]
fn what_is_not_said_comes_from_the_default_registry() {
    let document = [
        one("silent@1", &[]),
        one("ours@1", &["https://npm.acme.com/ours.tgz"]),
        one("elsewhere@1", &["https://npm.acme.com/a.tgz", "https://evil.example/a.tgz"]),
    ];
    let elsewhere = "violation registry-not-allowed [pkg:npm/elsewhere@1]: dependency \
                     `elsewhere@1` comes from a registry that is not allowed: \
                     https://npm.acme.com/a.tgz, https://evil.example/a.tgz\n";
    let silent = "violation registry-not-allowed [pkg:npm/silent@1]: dependency `silent@1` comes \
                  from `https://registry.npmjs.org`, as nothing else is said of it\n";
    let of =
        |registries: &str| findings(&format!(r#"{{ "registries": {registries} }}"#), &document);
    assert_eq!(of(r#"["https://npm.acme.com"]"#), format!("{elsewhere}{silent}"));
    assert_eq!(of(r#"["npm", "https://npm.acme.com"]"#), elsewhere);
    assert_eq!(of(r#"["https://registry.npmjs.org", "https://npm.acme.com"]"#), elsewhere);
    assert_eq!(
        of(
            r#"[{ "type": "npm", "unstated": true }, "https://npm.acme.com", "https://evil.example"]"#
        ),
        ""
    );
    // For another type, it is not allowed for this one.
    let maven = r#"["npm", { "type": "maven", "url": "https://npm.acme.com" }]"#;
    assert!(of(maven).contains("`ours@1`"), "{}", of(maven));
}

#[test]
fn what_has_no_package_url_comes_from_nowhere() {
    let mut odd = one("odd@1", &[]);
    odd.component.purl = Some("odd".into());
    assert_eq!(
        findings(r#"{ "registries": ["npm"] }"#, &[odd.clone()]),
        "violation registry-not-allowed [odd]: dependency `odd@1` comes nobody knows from where: \
         the SBOM does not say\n"
    );
    assert_eq!(
        findings(r#"{ "namespaces": { "npm": ["@acme"] } }"#, &[odd.clone()])
            .matches("so its namespace is not known")
            .count(),
        1
    );
    let mut none = one("none@1", &[]);
    none.component.purl = None;
    assert_eq!(
        findings(r#"{ "namespaces": { "npm": ["none"] } }"#, &[none]),
        "violation namespace-not-allowed [none@1]: dependency `none@1` has no package URL, so its \
         namespace is not known\n"
    );
    let internal = r#"{ "internal": {
        "packages": ["pkg:npm/%40acme/**"], "registries": ["https://npm.acme.com"]
    } }"#;
    assert!(findings(internal, &[odd]).contains("so it may be an internal one"));
}

#[test]
fn internal_packages_come_from_our_own_registry_alone() {
    let internal = r#"{ "internal": {
        "packages": ["pkg:npm/%40acme/**"], "registries": ["https://npm.acme.com"]
    } }"#;
    let of = |origins: &[&'static str]| {
        let mut core = one("core@1", origins);
        core.component.purl = Some("pkg:npm/%40acme/core@1".into());
        findings(internal, &[core, one("lodash@1", &[])])
    };
    assert_eq!(of(&["https://npm.acme.com/core.tgz"]), "");
    assert_eq!(
        of(&["https://registry.npmjs.org/core.tgz"]),
        "violation internal-from-outside [pkg:npm/%40acme/core@1]: dependency `core@1` is internal, \
         and comes from elsewhere: https://registry.npmjs.org/core.tgz\n"
    );
    assert_eq!(
        of(&[]),
        "violation internal-from-outside [pkg:npm/%40acme/core@1]: dependency `core@1` is internal, \
         and the SBOM does not say that it comes from our own registry\n"
    );
}

#[test]
fn internal_packages_are_meant_in_every_version() {
    let of = |pattern: &str, purl: &str| {
        let settings = format!(
            r#"{{ "internal": {{ "packages": ["{pattern}"], "registries": ["https://a.example"] }} }}"#
        );
        let mut core = one("core@1", &[]);
        core.component.purl = Some(purl.into());
        findings(&settings, &[core]).lines().count()
    };
    for purl in ["pkg:npm/acme-core", "pkg:npm/acme-core@1", "pkg:npm/acme-core?a=b@c/d"] {
        for pattern in ["pkg:npm/acme-*", "pkg:npm/acme-core", "pkg:npm/acme**"] {
            assert_eq!(of(pattern, purl), 1, "{pattern} {purl}");
        }
    }
    assert_eq!(of("pkg:npm/%40acme/*", "pkg:npm/%40acme/core@1?a=b/c#d"), 1);
    assert_eq!(of("pkg:npm/acme-core@1.*", "pkg:npm/acme-core@1.2?a=b/c"), 1);
    for other in ["pkg:npm/acme-core-2@1", "pkg:npm/acme-core/x@1"] {
        assert_eq!(of("pkg:npm/acme-core", other), 0, "{other}");
    }
    assert_eq!(of("pkg:npm/acme-core@1.*", "pkg:npm/acme-core@2"), 0);
}

#[test]
fn a_release_has_to_be_out_for_long_enough() {
    let at = |name: &str, released| One { released, ..one(name, &[]) };
    let document = [
        at("enough@1", Some(AT - 14 * DAY)),
        at("young@1", Some(AT - 14 * DAY + 1)),
        at("unknown@1", None),
    ];
    let young = "violation too-young [pkg:npm/young@1]: dependency `young@1` was released at \
                 2026-09-18T00:00:01Z, less than 14d ago\n";
    let unknown = "too-young [pkg:npm/unknown@1]: dependency `unknown@1` was released nobody knows \
                   when\n";
    let settings = r#"{ "minimum-age": "14d" }"#;
    assert_eq!(findings(settings, &document), format!("{young}violation {unknown}"));
    let settings = r#"{ "minimum-age": "14d", "unknown-age": "warn" }"#;
    assert_eq!(findings(settings, &document), format!("{young}warning {unknown}"));
}

#[test]
fn a_data_file_says_when_what_was_released() {
    let at = |name: &str, released| One { released, ..one(name, &[]) };
    // The document says the contrary of both, which counts for nothing.
    let document = [at("old@1", Some(AT)), at("new@1", Some(0)), at("unlisted@1", Some(0))];
    let settings = r#"{ "minimum-age": "14d", "released": { "data": "released" } }"#;
    assert_eq!(
        findings(settings, &document),
        "violation too-young [pkg:npm/new@1]: dependency `new@1` was released at \
         2026-10-01T00:00:00Z, less than 14d ago\n"
    );
}

#[test]
fn a_dependency_is_pinned_by_version_and_hash() {
    let document = [
        one("fine@1", &[]),
        one("range@^1", &[]),
        one("none", &[]),
        One { hashed: false, ..one("bare@1", &[]) },
    ];
    assert_eq!(
        findings(r#"{ "pinned": true }"#, &document),
        "violation unpinned-dependency [pkg:npm/range@^1]: dependency `range@^1` is of the version \
         `^1`, which names no one release: it is a range\n\
         violation unpinned-dependency [pkg:npm/none]: dependency `none` has no version\n\
         violation unpinned-dependency [pkg:npm/bare@1]: dependency `bare@1` has no hash by \
         SHA-2, SHA-3 or BLAKE\n"
    );
}

#[test]
fn a_document_without_components_is_empty() {
    assert_eq!(
        findings(r#"{ "pinned": true }"#, &[]),
        "violation empty-sbom: the SBOM lists no components\n"
    );
}
