//! Text that some format of a report would act on, if it were not made harmless there.

use lockgate_plugin::bindings::lockgate::policy::types::{Finding, Level};
use lockgate_plugin::bindings::lockgate::policy::{exceptions, signatures};

use crate::CODE;

/// What Markdown, HTML, XML, SARIF and CI systems act on.
pub(crate) const TEXTS: &[&str] = &[
    "::error title=owned,file=x::owned%0A::stop-commands::x\r\n::set-output name=x::y",
    "[a link](https://evil.example/x) and ![an image](https://evil.example/x.png)",
    "<https://evil.example/auto> https://evil.example/bare www.evil.example me@evil.example",
    "<img src=x onerror=alert(1)><script>alert(1)</script><svg/onload=alert(1)>",
    "</title></style></textarea></code></pre><iframe src=//evil.example></iframe>",
    "\" onmouseover=\"alert(1)\" x='' style=\"background:url(//evil.example)",
    "]]><failure message=\"owned\"/><!-- &xxe; <?php ?> -->\u{fffe}\u{ffff}",
    "`code` ``` ```js alert(1) ~~~ | a | table | \\| cell",
    "# heading\n## another\n- item\n> quote\n\n***\n| a | b |\n| --- | --- |\n| c | d |",
    "@octocat #1 GH-2 acme/app#3 deadbeefdeadbeefdeadbeefdeadbeefdeadbeef :+1: [^1] $`x`$",
    "##[error]owned ##vso[task.complete result=Succeeded] {0} {{1}} [link](1)",
    "&lt;b&gt;&#60;b&#62; &amp; javascript:alert(1) data:text/html,<b>",
    "\u{1b}[31mred\u{1b}]8;;https://evil.example\u{7}link\u{1b}]8;;\u{7}\u{9b}2J\u{202e}txt.exe\u{200b}",
];

/// All of them, in every place of a finding and at every level; and one exception.
pub(crate) fn findings() -> Vec<Finding> {
    exceptions::made(CODE, TEXTS[3]);
    // What a finding rests on; where there is none, it rests on nothing.
    let evidence: Vec<_> =
        signatures::page(0, 1).unwrap_or_default().iter().map(|one| one.digest()).collect();
    let levels = [Level::Violation, Level::Warning, Level::Note];
    let turned = |number: usize| Some(TEXTS[number % TEXTS.len()].to_owned());
    let texts = TEXTS.iter().enumerate();
    texts
        .map(|(number, text)| Finding {
            code: CODE.into(),
            level: levels[number % levels.len()],
            message: (*text).into(),
            about: turned(number + 1),
            expected: turned(number + 2),
            found: turned(number + 3),
            evidence: evidence.clone(),
            remediation: turned(number + 4),
        })
        .collect()
}
