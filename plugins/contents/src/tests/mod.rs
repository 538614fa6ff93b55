mod keys;
mod listed;
mod made;
mod secrets;
mod settings;

use lockgate_plugin::contents::Ambiguity;
use lockgate_plugin::{Policy, Problem};

use self::listed::Listed;
use crate::Contents;
use lockgate_plugin::notes::{MAX_NAMED, Notes};

/// The policy that these settings ask for. Of expressions only the empty one is refused here: what a search
/// takes is the host's word.
fn made(settings: &str) -> Result<Contents, Vec<Problem>> {
    let value = lockgate_plugin::read(settings).map_err(|problem| vec![problem])?;
    let refused = |regex: &str| regex.is_empty().then(|| "it matches nothing".to_owned());
    crate::settings::Settings::read(&value, &refused).map(|settings| Contents { settings })
}

/// What there is to say of an archive, one line each, without the account of the rules.
fn said(settings: &str, tree: &Listed) -> String {
    let policy = made(settings).unwrap();
    let mut notes = Notes::new();
    policy.judge(tree, &mut notes).unwrap();
    notes.text()
}

#[test]
fn what_the_settings_do_not_set_is_not_applicable() {
    let account = |settings: &str| {
        let mut notes = Notes::new();
        made(settings).unwrap().account(&mut notes);
        notes.text()
    };
    assert_eq!(
        account("{}"),
        "checked unreadable-artifact\n\
         checked ambiguous-archive\n\
         not applicable secret-found: `secrets` is not set in the settings\n\
         not applicable private-key-found: `secrets` is not set in the settings\n\
         not applicable setuid-file: `setuid` is not set in the settings\n\
         not applicable world-writable-file: `world-writable` is not set in the settings\n\
         not applicable unstated-mode: `setuid` or `world-writable` is not set in the settings\n\
         not applicable device-file: `device-files` is not set in the settings\n\
         not applicable too-many-files: `max-files` is not set in the settings\n\
         not applicable file-too-large: `max-size` is not set in the settings\n\
         not applicable too-large: `max-total-size` is not set in the settings\n\
         not applicable forbidden-path: `forbidden` is not set in the settings\n\
         not applicable missing-file: `required` is not set in the settings\n"
    );
    let all = account(settings::WHOLE);
    assert!(!all.contains("not applicable"), "{all}");
    assert_eq!(all.lines().count(), Contents::DESCRIPTION.rules.len());
}

#[test]
fn permissions_are_judged_of_what_they_mean_something_for() {
    let tree = Listed::default()
        .entry("bin", "directory", Some(0o2775), "")
        .entry("bin/fine", "file", Some(0o755), "")
        .entry("bin/setgid", "file", Some(0o2755), "")
        .entry("bin/setuid", "file", Some(0o4755), "")
        .entry("bin/su", "file", Some(0o4755), "")
        .entry("dev/null", "other", Some(0o666), "")
        .entry("link", "symlink", Some(0o777), "")
        .entry("open", "directory", Some(0o777), "")
        .entry("tmp", "directory", Some(0o1777), "")
        .entry("windows", "file", None, "");
    let settings = r#"{ "setuid": { "allow": ["bin/s*u", "sbin/*"] }, "world-writable": "deny" }"#;
    assert_eq!(
        said(settings, &tree),
        "violation setuid-file [bin/setgid]: `bin/setgid` has the setgid bit\n\
         violation setuid-file [bin/setuid]: `bin/setuid` has the setuid bit\n\
         note setuid-file: `sbin/*` in `setuid.allow` was not needed\n\
         violation world-writable-file [dev/null]: `dev/null` can be written by everybody\n\
         violation world-writable-file [open]: `open` can be written by everybody\n\
         violation unstated-mode [windows]: `windows` does not state its permissions\n\
         exception setuid-file: `bin/su` has the setuid bit, which `setuid.allow` allows\n"
    );
    assert_eq!(
        said(r#"{ "device-files": "deny" }"#, &tree),
        "violation device-file [dev/null]: `dev/null` is a device, a pipe or of an unknown kind\n"
    );
    let settings = r#"{ "device-files": { "allow": ["dev/**"] }, "setuid": { "allow": ["**"] },
                        "unstated-modes": { "allow": ["**"] } }"#;
    assert!(!said(settings, &tree).contains("violation"), "{}", said(settings, &tree));
}

#[test]
fn numbers_and_sizes_are_counted_over_all_files() {
    let tree =
        Listed::default().file("a", "12345").file("b", "123").entry("c", "hardlink", None, "");
    let judged = |settings: &str| said(settings, &tree);
    assert_eq!(judged(r#"{ "max-files": 3, "max-size": 5, "max-total-size": 8 }"#), "");
    assert_eq!(
        judged(r#"{ "max-files": 2, "max-size": 4, "max-total-size": 7 }"#),
        "violation too-many-files: there are 3 files, and 2 are allowed\n\
         violation file-too-large [a]: `a` has 5 bytes, and 4 are allowed\n\
         violation too-large: all files together have 8 bytes, and 7 are allowed\n"
    );
    assert_eq!(judged(r#"{ "max-size": 18446744073709551615 }"#), "");
}

#[test]
fn forbidden_paths_are_found_wherever_they_may_be_meant() {
    let tree = Listed::default()
        .file(".git/config", "")
        .file("/app/.git/HEAD", "")
        .entry("a\nb.pem", "symlink", None, "")
        .file("app/main", "");
    assert_eq!(
        said(r#"{ "forbidden": ["**/.git/**", "*.pem"] }"#, &tree),
        "violation forbidden-path [.git/config]: `.git/config` is forbidden by `**/.git/**`\n\
         violation forbidden-path [/app/.git/HEAD]: `/app/.git/HEAD` is forbidden by `**/.git/**`\n\
         violation forbidden-path [a\\nb.pem]: `a\\nb.pem` is forbidden by `*.pem`\n"
    );
    assert_eq!(said(r#"{ "forbidden": ["git/**", "pp", "app/mai"] }"#, &tree), "");
}

#[test]
fn what_lies_below_a_forbidden_path_is_forbidden_in_any_case() {
    let tree = Listed::default()
        .file(".GIT/config", "")
        .file(".git/objects/a", "")
        .file(".gitignore", "")
        .file("/KEY.PEM", "")
        .file("a.Pem/x.pem", "")
        .file("a.pemx", "")
        .file("deep/.Git/x", "")
        .file("key.pEm", "");
    assert_eq!(
        said(r#"{ "forbidden": [".git", "**/*.Pem"] }"#, &tree),
        "violation forbidden-path [.git/objects/a]: `.git/objects/a` is forbidden by `.git`\n\
         violation forbidden-path [.GIT/config]: `.GIT/config` is forbidden by `.git`\n\
         violation forbidden-path [a.Pem/x.pem]: `a.Pem/x.pem` is forbidden by `**/*.Pem`\n\
         violation forbidden-path [key.pEm]: `key.pEm` is forbidden by `**/*.Pem`\n\
         violation forbidden-path [/KEY.PEM]: `/KEY.PEM` is forbidden by `**/*.Pem`\n"
    );
    let settings = format!(r#"{{ "forbidden": ["{}"] }}"#, "a/".repeat(1_500) + "b");
    let tree = Listed::default().file(&("A/".repeat(1_500) + "B/c"), "");
    assert_eq!(said(&settings, &tree).lines().count(), 1);
    assert_eq!(said(&settings, &Listed::default().file(&"a/".repeat(1_500), "")), "");
}

#[test]
fn each_spelling_that_a_forbidden_glob_covers_is_asked_for() {
    let globs =
        [".git", "**/.git", "**.p12", "a", "a*b", "**", "*", "?/1", "x/**/id_rsa*", "é.KEY"];
    let paths =
        ["a", "A", "b", ".git", ".GIT", ".gIt", "x", "X", "aXb", "é.kEy", "ID_rsA", "1", "f.P12"];
    for glob in globs {
        for one in paths {
            for two in paths {
                for path in
                    [one.to_owned(), [one, "/", two].concat(), ["/", one, "/", two].concat()]
                {
                    let tree = Listed::default().file(&path, "");
                    let mut notes = Notes::new();
                    crate::paths::forbidden(&tree, &[glob.to_owned()], &mut notes).unwrap();
                    let told = notes.text().lines().count();
                    assert_eq!(
                        told,
                        usize::from(crate::paths::covers(glob, &path)),
                        "{glob} {path}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_path_that_no_glob_can_be_trusted_with_is_ambiguous() {
    let tree = Listed::default().file("etc//shadow", "").file("etc/./passwd", "");
    assert_eq!(
        said("{}", &tree),
        "violation ambiguous-archive [etc//shadow]: `etc//shadow`: its path is written in a \
         roundabout way, so no glob can be trusted with it\n\
         violation ambiguous-archive [etc/./passwd]: `etc/./passwd`: its path is written in a \
         roundabout way, so no glob can be trusted with it\n"
    );
}

#[test]
fn an_ambiguity_fails_unless_its_code_is_allowed() {
    let ambiguity = |code: &str, path: Option<&str>| Ambiguity {
        code: code.into(),
        path: path.map(str::to_owned),
        detail: "told by the host".into(),
    };
    let mut tree = Listed::default().file("a", "");
    tree.ambiguities =
        vec![ambiguity("duplicate-path", Some("a")), ambiguity("trailing-data", None)];
    assert_eq!(
        said(r#"{ "ambiguities": { "allow": ["duplicate-path", "through-link"] } }"#, &tree),
        "violation ambiguous-archive: told by the host\n\
         note ambiguous-archive: `through-link` in `ambiguities.allow` was not needed\n\
         exception ambiguous-archive: `a`: told by the host (`duplicate-path`), which \
         `ambiguities.allow` allows\n"
    );
    tree.ambiguities.push(ambiguity("of-the-future", None));
    assert!(said(r#"{ "ambiguities": "deny" }"#, &tree).contains("violation ambiguous-archive"));
}

#[test]
fn a_required_file_is_a_file_that_no_layer_takes_away() {
    let files = Listed::default()
        .file("LICENSE", "")
        .entry("NOTICE", "symlink", None, "")
        .file("usr/share/doc/a", "");
    let settings = r#"{ "required": ["LICENSE*", "NOTICE", "**/doc/a", "SECURITY.md"] }"#;
    assert_eq!(
        said(settings, &files),
        "violation missing-file [NOTICE]: `NOTICE` is a symlink, no file\n\
         violation missing-file [SECURITY.md]: there is no file at `SECURITY.md`\n"
    );
    let taken = |whiteout: &str| {
        let mut tree = Listed::default().file(whiteout, "").file("usr/share/doc/a", "");
        tree.image = true;
        said(r#"{ "required": ["usr/share/doc/a"] }"#, &tree)
    };
    for whiteout in ["usr/.wh.share", "usr/share/doc/.wh.a", "usr/share/.wh..wh..opq", ".wh.usr"] {
        assert_eq!(
            taken(whiteout),
            "violation missing-file [usr/share/doc/a]: `usr/share/doc/a` may be taken away by \
             another layer of the image\n",
            "{whiteout}"
        );
    }
    assert_eq!(taken("usr/share/doc/.wh.b"), "");
    assert_eq!(taken("usr/bin/.wh..wh..opq"), "");
}

#[test]
fn more_findings_than_anyone_reads_are_counted_not_cut() {
    let mut tree = Listed::default();
    for number in 0..MAX_NAMED + 7 {
        tree = tree.file(&format!("{number}.pem"), "");
    }
    let report = said(r#"{ "forbidden": ["*.pem"] }"#, &tree);
    assert_eq!(report.lines().count(), MAX_NAMED + 1);
    assert!(report.ends_with("violation forbidden-path: 7 further findings like these\n"));
}
