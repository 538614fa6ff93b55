//! What the policy says about documents, with a list in place of the host's index.

use lockgate_plugin::tally::MAX_NAMED;
use lockgate_plugin::{Component, read};

use super::*;
use crate::inventory::Answer;
use crate::knowledge::Little;

/// 2026-10-02T00:00:00Z.
const AT: i64 = 1_790_899_200;

/// A document, as the host would index it.
#[derive(Default)]
struct Listed {
    fields: Vec<&'static str>,
    licenses: Vec<&'static str>,
    components: Vec<(Component, Vec<u32>)>,
    made_at: Option<i64>,
    schema: Option<Vec<&'static str>>,
}

impl Listed {
    /// Adds a component `name@version` under these licenses.
    fn with(mut self, name: &str, licenses: &[&'static str]) -> Self {
        let (name, version) = name.split_once('@').unwrap_or((name, ""));
        let version = (!version.is_empty()).then(|| version.to_owned());
        let purl = version.as_ref().map(|version| format!("pkg:npm/{name}@{version}"));
        let ids = licenses.iter().map(|license| {
            let known = self.licenses.iter().position(|known| known == license);
            let id = known.unwrap_or_else(|| {
                self.licenses.push(license);
                self.licenses.len() - 1
            });
            u32::try_from(id).unwrap()
        });
        let ids = ids.collect();
        let id = u32::try_from(self.components.len()).unwrap();
        self.components.push((Component { id, name: name.into(), version, purl }, ids));
        self
    }
}

impl Inventory for Listed {
    fn component_count(&self) -> u32 {
        u32::try_from(self.components.len()).unwrap()
    }

    fn made_at(&self) -> Option<Instant> {
        self.made_at.map(Instant::from_unix)
    }

    fn schema_problems(&self) -> Result<Result<Vec<String>, String>, Failure> {
        let problems = self.schema.clone().ok_or("there is no schema".to_owned());
        Ok(problems.map(|problems| problems.into_iter().map(str::to_owned).collect()))
    }

    fn has(&self, field: &str) -> Result<bool, Failure> {
        Ok(self.fields.contains(&field))
    }

    fn license_count(&self) -> u32 {
        u32::try_from(self.licenses.len()).unwrap()
    }

    fn license(&self, id: u32) -> Result<String, Failure> {
        Ok(self.licenses[id as usize].to_owned())
    }

    fn ask(&self, question: &Question<'_>, most: usize) -> Result<Answer, Failure> {
        let covers = |component: &Component, licenses: &[u32]| match question {
            Question::License(id) => licenses.contains(id),
            Question::NoFile => true,
            Question::NoFileLacks("exact-version") => {
                component.version.as_ref().is_none_or(|version| version.starts_with('^'))
            }
            Question::Lacks("name") | Question::NoFileLacks("name") => component.name.is_empty(),
            Question::Lacks("license") | Question::NoFileLacks("license") => licenses.is_empty(),
            Question::Lacks("purl") | Question::NoFileLacks("identifier") => {
                component.purl.is_none()
            }
            Question::OddPurl => {
                component.purl.as_ref().is_some_and(|purl| !purl.starts_with("pkg:"))
            }
            Question::Lacks("version") | Question::NoFileLacks("version") => {
                component.version.is_none()
            }
            Question::Lacks(_) | Question::NoFileLacks(_) => true,
            Question::Banned(Ban::Versions { purl, .. }) => {
                component.purl.as_ref().is_some_and(|given| given.starts_with(purl.as_str()))
            }
            Question::Banned(Ban::Purl(purl)) => component.purl.as_ref() == Some(purl),
            Question::Banned(Ban::Prefix(prefix)) => {
                component.purl.as_ref().is_some_and(|purl| purl.starts_with(prefix))
            }
            Question::Banned(Ban::Name { name, version }) => {
                component.name == *name && (version.is_none() || component.version == *version)
            }
        };
        let covered = self.components.iter().filter(|(c, licenses)| covers(c, licenses));
        let rows: Vec<Component> = covered.map(|(component, _)| component.clone()).collect();
        let count = u32::try_from(rows.len()).unwrap();
        Ok(Answer { count, rows: rows.into_iter().take(most).collect() })
    }
}

/// The findings on one document.
fn findings(settings: &str, document: &Listed) -> String {
    let mut report = Report::new();
    let place = Place { name: String::new(), digest: "sha256:00".into() };
    policy(settings)
        .judge(document, &Little, &|| Instant::from_unix(AT), &place, &mut report)
        .unwrap();
    assert!(report.findings().iter().all(|finding| finding.evidence == ["sha256:00"]));
    report.to_string()
}

fn policy(settings: &str) -> Sbom {
    Sbom::with(read(settings).unwrap(), &Little).unwrap()
}

#[test]
fn what_the_settings_do_not_set_is_not_applicable() {
    let account = |settings: &str| {
        let mut report = Report::new();
        policy(settings).account(None, &mut report);
        report.to_string()
    };
    assert_eq!(
        account("{}"),
        "checked empty-sbom\n\
         checked unreadable-sbom\n\
         not applicable stale-sbom: `max-age` is not set in the settings\n\
         not applicable invalid-sbom: `valid` is not set in the settings\n\
         not applicable ntia-incomplete: `ntia` is not set in the settings\n\
         not applicable score-too-low: `min-score` is not set in the settings\n\
         not applicable denied-license: `licenses.deny` is not set in the settings\n\
         not applicable unlisted-license: `licenses.allow` is not set in the settings\n\
         not applicable unknown-license: `licenses` is not set in the settings\n\
         not applicable banned-package: `banned` is not set in the settings\n\
         not applicable missing-field: `required` is not set in the settings\n\
         not applicable unpinned-component: `pinned` is not set in the settings\n\
         not applicable not-in-artifact: `matches-contents` is not set in the settings\n\
         not applicable not-in-sbom: `matches-contents` is not set in the settings\n"
    );
    let all = r#"{
        "licenses": { "deny": ["GPL-3.0-only"], "allow": ["MIT"] },
        "banned": ["pkg:npm/a"],
        "required": { "component": ["purl"] },
        "max-age": "30d", "valid": true, "ntia": true, "min-score": 80, "pinned": true
    }"#;
    // What the artifact has to do with it is told where there is one.
    assert_eq!(account(all).matches("not applicable").count(), 2, "{}", account(all));
    assert_eq!(account(all).lines().count(), Sbom::DESCRIPTION.rules.len());
    assert_eq!(policy(all).reads(), ["sbom"]);
    assert_eq!(policy(r#"{ "matches-contents": true }"#).reads(), ["sbom", "contents"]);
}

#[test]
fn a_document_without_components_is_empty() {
    assert_eq!(
        findings("{}", &Listed::default()),
        "violation empty-sbom: the SBOM lists no components\n"
    );
    let one = Listed::default().with("a@1", &[]);
    assert_eq!(findings("{}", &one), "");
    assert_eq!(
        findings(r#"{ "min-components": 2 }"#, &one),
        "violation empty-sbom: the SBOM lists 1 components, expected at least 2\n"
    );
}

#[test]
fn licenses_are_judged_for_the_components_that_state_them() {
    let document = Listed::default()
        .with("good@1", &["MIT"])
        .with("choice@1", &["MIT GPL-3.0-only or"])
        .with("copyleft@1", &["GPL-3.0-or-later"])
        .with("both@1", &["MIT", "ISC GPL-3.0-only and"])
        .with("other@1", &["ISC"])
        .with("words@1", &["see the site"])
        .with("none", &[]);
    let lists = r#""deny": ["GPL-3.0-only"], "allow": ["MIT"]"#;
    let certain = "violation denied-license [pkg:npm/copyleft@1]: component `copyleft@1` is \
                   under `GPL-3.0-or-later`, which is denied\n\
                   violation denied-license [pkg:npm/both@1]: component `both@1` is under \
                   `ISC GPL-3.0-only and`, which is denied\n\
                   violation unlisted-license [pkg:npm/other@1]: component `other@1` is under \
                   `ISC`, which `allow` does not cover\n";
    let unknown = "LEVEL unknown-license [pkg:npm/words@1]: component `words@1` is under \
                   `see the site`, which is not known\n\
                   LEVEL unknown-license [none]: component `none` states no license\n";
    assert_eq!(
        findings(&format!(r#"{{ "licenses": {{ {lists} }} }}"#), &document),
        format!("{certain}{}", unknown.replace("LEVEL", "violation"))
    );
    assert_eq!(
        findings(&format!(r#"{{ "licenses": {{ {lists}, "unknown": "warn" }} }}"#), &document),
        format!("{certain}{}", unknown.replace("LEVEL", "warning"))
    );
}

#[test]
fn banned_packages_are_found_by_purl_prefix_and_name() {
    let document =
        Listed::default().with("a@1", &[]).with("evil-x@1", &[]).with("b@1", &[]).with("b@2", &[]);
    let settings = r#"{ "banned": [
        "pkg:npm/a@1",
        { "purl-prefix": "pkg:npm/evil-" },
        { "name": "b", "version": "2" }
    ] }"#;
    assert_eq!(
        findings(settings, &document),
        "violation banned-package [pkg:npm/a@1]: component `a@1` is banned by `pkg:npm/a@1`\n\
         violation banned-package [pkg:npm/evil-x@1]: component `evil-x@1` is banned by \
         `pkg:npm/evil-…`\n\
         violation banned-package [pkg:npm/b@2]: component `b@2` is banned by `b@2`\n"
    );
    assert_eq!(findings(r#"{ "banned": ["pkg:npm/c"] }"#, &document), "");
}

#[test]
fn required_fields_are_missed_in_documents_and_components() {
    let mut document = Listed::default().with("a@1", &[]).with("b", &[]);
    let settings = r#"{ "required": {
        "document": ["timestamp", "authors"], "component": ["purl", "version"]
    } }"#;
    document.fields = vec!["timestamp"];
    assert_eq!(
        findings(settings, &document),
        "violation missing-field: the SBOM states no `authors`\n\
         violation missing-field [b]: component `b` states no `purl`\n\
         violation missing-field [b]: component `b` states no `version`\n"
    );
}

#[test]
fn more_findings_than_anyone_reads_are_counted_not_cut() {
    let mut document = Listed::default();
    for number in 0..MAX_NAMED + 7 {
        let license = if number % 2 == 0 { "GPL-3.0-only" } else { "GPL-3.0-or-later" };
        document = document.with(&format!("a{number}@1"), &[license]);
    }
    let report = findings(r#"{ "licenses": { "deny": ["GPL-3.0-only"] } }"#, &document);
    assert_eq!(report.lines().count(), MAX_NAMED + 1);
    assert_eq!(
        report.lines().last().unwrap(),
        "violation denied-license: 7 further findings like these"
    );
}

#[test]
fn a_document_is_stale_or_does_not_say() {
    let mut document = Listed::default().with("a@1", &[]);
    let settings = r#"{ "max-age": "30d" }"#;
    assert_eq!(
        findings(settings, &document),
        "violation stale-sbom: the SBOM does not say when it was made\n"
    );
    document.made_at = Some(AT - 30 * 86_400);
    assert_eq!(findings(settings, &document), "");
    document.made_at = Some(AT - 30 * 86_400 - 1);
    assert_eq!(
        findings(settings, &document),
        "violation stale-sbom: the SBOM was made at 2026-09-01T23:59:59Z, more than 30d ago\n"
    );
}

#[test]
fn a_document_that_no_schema_knows_is_not_valid() {
    let mut document = Listed::default().with("a@1", &[]);
    let settings = r#"{ "valid": true }"#;
    assert_eq!(
        findings(settings, &document),
        "violation invalid-sbom: nobody knows whether the SBOM is valid: there is no schema\n"
    );
    document.schema = Some(vec!["`/components/0`: no type"]);
    assert_eq!(
        findings(settings, &document),
        "violation invalid-sbom: the SBOM is not valid: `/components/0`: no type\n"
    );
    document.schema = Some(vec![]);
    assert_eq!(findings(settings, &document), "");
}

#[test]
fn each_minimum_element_that_is_missing_is_named_once() {
    let mut document = Listed::default().with("a@1", &[]).with("b", &[]);
    document.fields = vec!["timestamp"];
    assert_eq!(
        findings(r#"{ "ntia": true }"#, &document),
        "violation ntia-incomplete: the SBOM states no author of the SBOM data\n\
         violation ntia-incomplete: the SBOM states no dependency relationship\n\
         violation ntia-incomplete: 2 of 2 components state no supplier\n\
         violation ntia-incomplete: 1 of 2 components state no version\n\
         violation ntia-incomplete: 1 of 2 components state no other unique identifier (package \
         URL, CPE, SWID or SWHID)\n"
    );
}

#[test]
fn the_score_is_counted_and_rounded_down_once() {
    let points = |document: &Listed| complete::score(document).unwrap().points;
    assert_eq!(points(&Listed::default()), 0);
    // 5 for the time; 15 for each version, identifier and license of 2 of 3 components.
    let mut document = Listed::default().with("a@1", &["MIT"]).with("b@1", &["MIT"]).with("c", &[]);
    document.fields = vec!["timestamp"];
    assert_eq!(points(&document), 5 + 3 * 15 * 2 / 3);
    assert_eq!(findings(r#"{ "min-score": 35 }"#, &document), "");
    assert_eq!(
        findings(r#"{ "min-score": 36 }"#, &document),
        "violation score-too-low: the SBOM scores 35 of 100, at least 36 are expected\n"
    );
}

#[test]
fn a_component_is_pinned_to_a_version() {
    let document = Listed::default().with("a@1", &[]).with("b@^2", &[]).with("c", &[]);
    assert_eq!(
        findings(r#"{ "pinned": true }"#, &document),
        "violation unpinned-component [pkg:npm/b@^2]: component `b@^2` is of the version `^2`, \
         which names no one release: it is a range\n\
         violation unpinned-component [c]: component `c` has no version\n"
    );
}
