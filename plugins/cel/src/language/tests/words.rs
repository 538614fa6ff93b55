//! Texts that are one of a few words, and lists of which no element is the first.

use super::*;

/// The flaw of an expression over all facts; nothing where it has none.
fn flaw(text: &str) -> String {
    let words = ["scans.rows", "sbom.hashes", "signatures", "tests", "contents", "history"];
    let words = words.into_iter().chain(["provenance", "vex"]).map(str::to_owned);
    let sections = Section::all(&words.collect::<Vec<_>>()).unwrap();
    Program::new(text, &Scope { sections: &sections, it: None }).err().unwrap_or_default()
}

fn flaws(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(text, expected)| (text, expected, flaw(text)))
        .filter(|(_, expected, found)| **expected != *found)
        .map(|(text, expected, found)| format!("{text}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const SEVERITIES: &str = "; there are `none`, `low`, `medium`, `high`, `critical`, `unknown`";

#[test]
fn a_word_that_can_never_stand_there_is_refused_wherever_it_is_written() {
    let critical = |at: usize| {
        format!("column {at}: there is no severity `CRITICAL`, but `critical`{SEVERITIES}")
    };
    for condition in [
        "r.severity != 'CRITICAL'",
        "'CRITICAL' != r.severity",
        "r.severity == 'CRITICAL'",
        "!(r.severity in ['low', 'CRITICAL'])",
        "!(r.severity in {'CRITICAL': 1})",
        "!(r.severity in [null, 'CRITICAL'])",
        "r['severity'] != 'CRITICAL'",
        "[r.severity] != ['CRITICAL']",
        "r.severity != (r.version == null ? 'low' : 'CRITICAL')",
        "(r.version == null ? r.severity : 'none') != 'CRITICAL'",
        "!['high', 'CRITICAL'].exists(w, w == r.severity)",
    ] {
        let found = flaw(&format!("scans.all(s, s.rows.all(r, {condition}))"));
        let (_, why) = found.split_once(": ").unwrap_or_default();
        assert_eq!(why, &critical(0)["column 0: ".len()..], "{condition}");
    }
    flaws(&[
        ("scans.all(s, s.rows.all(r, r.severity != 'CRITICAL'))", &critical(39)),
        ("scans.all(s, !('CRITICAL' in s.rows.map(r, r.severity)))", &critical(27)),
        ("['CRITICAL'].all(w, scans.all(s, s.rows.all(r, r.severity != w)))", &critical(59)),
    ]);
}

#[test]
fn every_closed_set_is_known_and_its_own_words_are_fine() {
    flaws(&[
        (
            "sbom.all(d, d.format != 'CycloneDX')",
            "column 22: there is no format of SBOMs `CycloneDX`, but `cyclonedx`; there are \
             `cyclonedx`, `spdx`",
        ),
        (
            "sbom.all(d, d.assurance != 'unsigned')",
            "column 25: there is no assurance `unsigned`; there are `verified`, `unbound`, `accepted`",
        ),
        (
            "scans.all(s, s.rows.all(r, r.vex == null || r.vex.status != 'not_affected'))",
            "column 58: there is no status of VEX `not_affected`, but `not-affected`; there are \
             `affected`, `under-investigation`, `fixed`, `not-affected`",
        ),
        (
            "tests.all(t, t.outcome != 'FAILED')",
            "column 24: there is no outcome of tests `FAILED`, but `failed`; there are `passed`, \
             `warned`, `failed`",
        ),
        (
            "contents.entries.all(e, e.kind != 'link')",
            "column 32: there is no kind of entries `link`; there are `file`, `directory`, `symlink`, \
             `hardlink`, `other`",
        ),
        (
            "contents.format in ['tgz']",
            "column 17: there is no format of archives `tgz`; there are `tar`, `tar-gzip`, `zip`, \
             `oci-layout`",
        ),
        (
            "history.decisions.all(d, d.outcome != 'deny')",
            "column 36: there is no outcome of decisions `deny`; there are `allowed`, \
             `denied`, `undecided`, `pending`",
        ),
        (
            "scans.all(s, s.format == 'osv')",
            "column 23: there is no format of scans `osv`, but `osv-scanner`; there are `trivy`, \
             `grype`, `sarif`, `cyclonedx`, `osv-scanner`, `in-toto-vulns`",
        ),
        (
            "scans.all(s, s.rows.all(r, r.cvss.all(c, c.version != '3')))",
            "column 52: there is no version of CVSS `3`; there are `2.0`, `3.0`, `3.1`, `4.0`",
        ),
        (
            "sbom.all(d, d.components.all(c, c.hashes.all(h, h.algorithm != 'SHA256')))",
            "column 61: there is no hash algorithm `SHA256`, but `sha-256`; they are in lower case, \
             for example `sha-256`, `md5`",
        ),
        (
            "stage != 'Production'",
            "column 7: there is no stage `Production`, but `production`; they are in lower case, for \
             example `production`",
        ),
        ("scans.all(s, s.rows.all(r, r.severity in ['none', 'low', 'unknown']))", ""),
        ("scans.all(s, s.rows.all(r, r.cvss.all(c, c.version in ['', '3.1'])))", ""),
        ("scans.all(s, s.rows.all(r, r.severity.upperAscii() != 'CRITICAL'))", ""),
        ("scans.all(s, s.rows.all(r, r.severity_source != 'NVD'))", ""),
        ("sbom.all(d, d.components.all(c, c.hashes.exists(h, h.algorithm == 'blake2b-256')))", ""),
        ("signatures.all(s, s.format in ['sigstore-bundle', 'raw'])", ""),
        ("stage != 'eu-production' && tests.all(t, [t.outcome].distinct() == ['passed'])", ""),
        ("sbom.all(d, (d.described == null ? d.format : 'spdx') == 'cyclonedx')", ""),
    ]);
}

#[test]
fn of_words_no_part_is_asked_that_none_has_and_no_order_that_means_nothing() {
    let none = format!("this is true of no severity{SEVERITIES}");
    flaws(&[
        (
            "scans.all(s, s.rows.all(r, !r.severity.contains('CRIT')))",
            &format!("column 40: {none}"),
        ),
        (
            "scans.all(s, s.rows.all(r, !r.severity.matches('^CRITICAL$')))",
            &format!("column 40: {none}"),
        ),
        (
            "scans.all(s, s.rows.all(r, r.severity < 'high'))",
            &format!("column 39: `<` compares letters, and not what a severity means{SEVERITIES}"),
        ),
        ("scans.all(s, s.rows.all(r, r.severity.startsWith('c')))", ""),
        ("scans.all(s, s.rows.all(r, r.cvss.all(c, c.version >= '3.0')))", ""),
    ]);
}

#[test]
fn no_document_is_the_first() {
    let first = |at: usize, list: &str| {
        format!(
            "column {at}: which one comes first means nothing: ask each, `{list}.all(x, …)`, or the \
             only one, `size({list}) == 1 && {list}[0] …`"
        )
    };
    flaws(&[
        ("provenance[0].path == ''", &first(11, "provenance")),
        ("provenance[size(provenance) - 1].path == ''", &first(11, "provenance")),
        ("provenance.filter(p, p.path != '')[0].path == ''", &first(35, "list")),
        ("provenance.map(p, p.predicate)[0].a == 1", &first(31, "list")),
        ("provenance.map(p, p.signers).flatten().distinct()[0] == ''", &first(50, "list")),
        ("scans.all(s, s.rows.all(r, r.cvss[0].score < 90))", &first(34, "r.cvss")),
        ("size(provenance) == 1 || provenance[0].path == ''", &first(36, "provenance")),
        ("size(provenance) == 2 && provenance[0].path == ''", &first(36, "provenance")),
        ("size(vex) == 1 && provenance[0].path == ''", &first(29, "provenance")),
        ("(size(vex) == 1 && vex[0].path != '') || vex[0].path == ''", &first(45, "vex")),
        ("size(vex) == 1 ? vex[0].path == '' : vex[0].path != ''", &first(41, "vex")),
        ("size(provenance) == 1 && provenance[0].path == ''", ""),
        ("provenance.size() == 1 && stage == 'x' && provenance[0].path == ''", ""),
        ("(size(vex) == 1 && size(scans) == 1) && vex[0].path == scans[0].path", ""),
        ("size(vex) != 1 || vex[0].path == ''", ""),
        ("size(vex) == 1 ? vex[0].path == '' : false", ""),
        ("scans.all(s, s.rows.all(r, size(r.cvss) == 1 && r.cvss[0].score < 90))", ""),
        ("provenance.all(p, p.predicate.list[0] == p.signers[0])", ""),
        ("history.decisions[0].outcome == 'allowed'", ""),
    ]);
}

#[test]
fn lists_of_documents_are_not_put_together() {
    let why = "lists of documents are not put together, for one of them may be empty: ask each of its \
               own, `.all(x, …) && …`";
    flaws(&[
        ("(provenance + vex).all(p, p.path != '')", &format!("column 13: {why}")),
        ("[provenance, vex].flatten().all(p, p.path != '')", &format!("column 19: {why}")),
        ("[provenance, vex].all(list, list.all(p, p.path != ''))", ""),
    ]);
}
