//! What expressions come to that come to something.

use super::*;

#[test]
fn literals_and_arithmetic() {
    table(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("1 - 2 - 3", "-4"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("- 5", "-5"),
        ("--5", "5"),
        ("7u / 2u", "3"),
        ("1.5 + 2.25", "3.75"),
        ("-1.5 * 2.0", "-3"),
        ("0x10 + 1", "17"),
        ("'a' + 'b' + r'\\d'", r#""ab\\d""#),
        ("b'a' + b'b' == b'ab'", "true"),
        ("[1] + [2, 3]", "[1, 2, 3]"),
        ("[1, 2,]", "[1, 2]"),
        ("{'a': 1, 2: 'b',}", "{\"a\": 1, 2: \"b\"}"),
        ("null", "null"),
        ("1 // a comment\n + 1", "2"),
    ]);
}

#[test]
fn comparisons() {
    table(&[
        ("1 == 1u && 1u == 1.0 && 1.0 == 1", "true"),
        ("9007199254740993 == 9007199254740992.0", "false"),
        ("9007199254740993 > 9007199254740992.0", "true"),
        ("9223372036854775807 < 9223372036854775808.0", "true"),
        ("18446744073709551615u > 9223372036854775807", "true"),
        ("-1 < 0u", "true"),
        ("1 < 1.5 && 1.5 < 2u && -1.5 < -1", "true"),
        ("1e300 > 18446744073709551615u && -1e300 < -9223372036854775808", "true"),
        ("'a' < 'b' && 'a' < 'aa' && 'Z' < 'a'", "true"),
        ("false < true", "true"),
        ("b'a' < b'b'", "true"),
        ("[1, 2] == [1, 2]", "true"),
        ("[1, 2] == [2, 1]", "false"),
        ("[1] == [1, 2]", "false"),
        ("[] == []", "true"),
        ("{'a': 1, 'b': [2]} == {'b': [2], 'a': 1.0}", "true"),
        ("{'a': 1} == {'b': 1}", "false"),
        ("{'a': 1} != {'a': 1, 'b': 1}", "true"),
        ("null == null", "true"),
        ("1 in [1, 2]", "true"),
        ("3 in [1, 2]", "false"),
        ("1.0 in [1, 2]", "true"),
        ("'a' in {'a': 1}", "true"),
        ("1 in {1: 'a'} && 1u in {1: 'a'}", "true"),
        ("!('b' in {'a': 1})", "true"),
        ("1 + 1 == 2 && 2 * 2 != 5", "true"),
    ]);
}

#[test]
fn logic_looks_from_the_left_until_something_decides() {
    table(&[
        ("true || 1 / at_unix == 0", "true"),
        ("false || true || false", "true"),
        ("true && false", "false"),
        ("false && data.evidence.keys[9].path == ''", "false"),
        ("true || data.evidence.keys[9].path == ''", "true"),
        ("true && true || false && false", "true"),
        ("!false && !!true", "true"),
        ("true ? 1 : data.evidence.keys[9].keys.size()", "1"),
        ("false ? data.evidence.keys[9].path : 'b'", "\"b\""),
        ("false ? 1 : true ? 2 : 3", "2"),
        ("(true ? false : true) ? 1 : 2", "2"),
    ]);
}

#[test]
fn facts_are_found_by_their_keys() {
    table(&[
        ("stage", "\"production\""),
        ("subject.digest.startsWith('sha256:')", "true"),
        ("subject.sha512 == null", "true"),
        ("has(subject.sha512)", "false"),
        ("it.components[int(1.5) - 1].name", "\"a\""),
        ("it['path']", "\"s.json\""),
        ("it.path", "\"s.json\""),
        ("has(it.described) && !has(it.made_at)", "true"),
        ("data.evidence.predicate.runDetails.builder.id", "\"https://example.com/builder\""),
        ("data.evidence.predicate.labels['b-c']", "\"2\""),
        ("data.evidence.predicate['labels'].a == '1'", "true"),
        ("has(data.evidence.predicate.labels.a)", "true"),
        ("has(data.evidence.predicate.labels.z)", "false"),
        ("has(data.evidence.predicate.runDetails.note)", "false"),
        ("'note' in data.evidence.predicate.runDetails", "true"),
        ("data.evidence.predicate.steps[1] == 2.5", "true"),
        ("data.reviewed.count == 18446744073709551615u", "true"),
        ("'a' in data.reviewed.names", "true"),
        ("{'a': {'b': 1}}.a.b", "1"),
        ("{'a': 1}['a']", "1"),
    ]);
}

#[test]
fn macros_ask_each() {
    table(&[
        ("[1, 2, 3].all(x, x > 0)", "true"),
        ("[1, 2, 3].all(x, x > 1)", "false"),
        ("[1, 2, 3].exists(x, x > 2)", "true"),
        ("[1, 2, 3].exists(x, x > 3)", "false"),
        ("[1, 2, 3].exists_one(x, x > 2)", "true"),
        ("[1, 2, 3].exists_one(x, x > 1)", "false"),
        ("[1, 2, 3].existsOne(x, x > 2)", "true"),
        ("[1, 2, 3].filter(x, x != 2)", "[1, 3]"),
        ("[1, 2, 3].map(x, x * 2)", "[2, 4, 6]"),
        ("[1, 2, 3].map(x, x > 1, string(x))", "[\"2\", \"3\"]"),
        ("[1, 2].all(x, [3, 4].exists(y, y == x + 2))", "true"),
        ("{'a': 1, 'b': 2}.all(k, k in ['a', 'b'])", "true"),
        ("data.evidence.predicate.labels.map(k, k)", "[\"a\", \"b-c\"]"),
        ("sbom.all(d, d.components.exists(c, c.version == null))", "true"),
        ("sbom.map(d, d.components).flatten().map(c, c.name)", "[\"a\", \"b\"]"),
        ("size([1, 2].filter(x, x > 5)) == 0", "true"),
        ("[true, false].filter(x, x)", "[true]"),
        ("[true, false].map(x, !x)", "[false, true]"),
    ]);
}

#[test]
fn functions() {
    table(&[
        ("size('aé😀')", "3"),
        ("'abc'.size() + size([1]) + size({'a': 1}) + size(b'ab')", "7"),
        ("'abc'.contains('b') && 'abc'.startsWith('a') && 'abc'.endsWith('c')", "true"),
        ("'abc'.matches('^a.*')", "true"),
        ("matches('abc', '^b$')", "false"),
        ("'a' + 'bc'.upperAscii().lowerAscii()", "\"abc\""),
        ("' a '.trim()", "\"a\""),
        ("'a,b,,c'.split(',')", "[\"a\", \"b\", \"\", \"c\"]"),
        ("'aé'.split('')", "[\"a\", \"é\"]"),
        ("['a', 'b'].join('-')", "\"a-b\""),
        ("[].join()", "\"\""),
        ("'aXbX'.replace('X', '-')", "\"a-b-\""),
        ("'aébc'.substring(1, 3)", "\"éb\""),
        ("'abc'.substring(3)", "\"\""),
        ("['a', 'b', 'a'].distinct()", "[\"a\", \"b\"]"),
        ("[3, 1, 3].distinct().size()", "2"),
        ("[[1], [2, 3]].flatten()", "[1, 2, 3]"),
        ("int('42') + int(4.9) + int(3u) + int(1)", "50"),
        ("int(-4.9)", "-4"),
        ("uint(3) + uint('4')", "7"),
        ("double('1.5') + double(2)", "3.5"),
        ("string(1) + string(2u) + string(1.5) + string(true) + string('x')", "\"121.5truex\""),
        ("bytes('é') == b'\\xc3\\xa9'", "true"),
        ("string(b'abc')", "\"abc\""),
    ]);
}

#[test]
fn moments_and_durations() {
    table(&[
        ("timestamp('2026-10-02T00:00:00Z')", "2026-10-02T00:00:00Z"),
        ("timestamp(at) - duration('720h')", "2026-09-02T00:00:00Z"),
        ("timestamp(at) == timestamp(at_unix)", "true"),
        ("timestamp(at) - timestamp('2026-10-01T12:00:00Z') < duration('24h')", "true"),
        ("duration('1h') + duration('30m') == duration('90m')", "true"),
        ("duration('1h') + timestamp(at) > timestamp(at)", "true"),
        ("duration('1h') - duration('2h')", "-3600s"),
        ("int(timestamp(at)) == at_unix", "true"),
        ("string(timestamp(at)) == at", "true"),
        ("string(duration('1.5s'))", "\"1.5s\""),
        ("timestamp(at).getFullYear()", "2026"),
        ("timestamp(at).getMonth()", "9"),
        ("timestamp(at).getDate()", "2"),
        ("timestamp(at).getDayOfMonth()", "1"),
        ("timestamp(at).getDayOfWeek()", "5"),
        ("timestamp(at).getDayOfYear()", "274"),
        ("timestamp('2026-10-02T13:14:15.250Z').getHours()", "13"),
        ("timestamp('2026-10-02T13:14:15.250Z').getMinutes()", "14"),
        ("timestamp('2026-10-02T13:14:15.250Z').getSeconds()", "15"),
        ("timestamp('2026-10-02T13:14:15.250Z').getMilliseconds()", "250"),
        ("duration('90m').getHours()", "1"),
        ("duration('90m').getMinutes()", "90"),
    ]);
}
