//! Every line is a command of ours, or the last line.

/// Looks at every line.
pub(crate) fn check(text: &str, is_allowed: bool) {
    let lines: Vec<&str> = text.lines().collect();
    let (last, commands) = lines.split_last().unwrap();
    assert!(last.starts_with("lockgate: ") && last.contains("10 of each"), "{last}");
    let mut level = 0;
    for (number, line) in commands.iter().enumerate() {
        let ours = ["::error title=", "::warning title=", "::notice title="];
        let found = ours.iter().position(|ours| line.starts_with(ours));
        let found = found.unwrap_or_else(|| panic!("line {number} is no command of ours: {line}"));
        assert!(found >= level, "errors come first: {line}");
        level = found;
        // The title ends where ours ends: it has no colon and no comma of its own.
        let (title, _) = line[ours[found].len()..].split_once("::").unwrap();
        assert!(!title.contains([':', ',', '\r', '\n']), "{title}");
    }
    let begins =
        if is_allowed { "::notice title=lockgate%3A " } else { "::error title=lockgate%3A " };
    let outcome = commands.iter().find(|line| line.contains("title=lockgate%3A ")).unwrap();
    assert!(outcome.starts_with(begins), "{outcome}");
    let errors = commands.iter().filter(|line| line.starts_with("::error")).count();
    assert_eq!(errors == 0, is_allowed);
}
