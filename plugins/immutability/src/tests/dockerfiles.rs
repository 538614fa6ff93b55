//! What the builder of Docker reads in a Dockerfile is what is judged.

use super::{DIGEST, lines, said};

/// What is found behind a first stage that is pinned.
fn behind(text: &str) -> Vec<String> {
    lines("dockerfiles", &format!("FROM good@{DIGEST}\n{text}"))
}

/// Why a file is refused whose first stage is pinned, and in which line.
fn refused(text: &str) -> String {
    let said = said("dockerfiles", "f", format!("FROM good@{DIGEST}\n{text}"));
    let why = said.strip_prefix("violation unreadable-file: `f` line ").unwrap_or(&said);
    why.trim_end().replace(" cannot be read", "")
}

#[test]
fn a_line_goes_on_behind_one_escape_and_blanks_only() {
    for text in [
        "RUN echo \\\\\nFROM evil:latest\n",
        "RUN echo \\\\\\\nFROM evil:latest\n",
        "RUN echo \\\u{a0}\nFROM evil:latest\n",
        "RUN echo \\\u{b}\nFROM evil:latest\n",
    ] {
        assert_eq!(behind(text), ["mutable-base-image 3 evil:latest"], "{text:?}");
    }
    for text in [
        "RUN echo \\ \t\r\nFROM evil:latest\n",
        "RUN echo \\\n\\\nFROM evil:latest\n",
        "RUN echo \\\n# comment \\\n\n FROM evil:latest\n",
    ] {
        assert_eq!(behind(text), [""; 0], "{text:?}");
    }
    assert_eq!(behind("\\\nFROM evil:latest\n"), ["mutable-base-image 2 evil:latest"]);
    let why = "2: a carriage return stands without a line feed";
    assert_eq!(refused("RUN echo \\\r\r\nFROM evil:latest\n"), why);
}

#[test]
fn directives_end_where_buildkit_stops_to_look_for_them() {
    let rest = format!("FROM good@{DIGEST}\nRUN echo `\nFROM evil:latest\n");
    for before in ["# note=x\n", "# a comment\n", "#\n", "\n", "#!/x\n", "# 1=x\n"] {
        let found = lines("dockerfiles", &format!("{before}# escape=`\n{rest}"));
        assert_eq!(found, ["mutable-base-image 5 evil:latest"], "{before}");
    }
    for before in ["", "# check=skip=all\n", " #Check = x\n", "\u{feff}"] {
        let found = lines("dockerfiles", &format!("{before}# escape=`\n{rest}"));
        assert_eq!(found, [""; 0], "{before}");
    }
    let refused = said("dockerfiles", "f", format!("#\u{a0}escape=`\n{rest}"));
    assert!(refused.contains("line 1 cannot be read: a directive has"), "{refused}");
}

#[test]
fn a_syntax_line_behind_a_shebang_counts() {
    let text = format!("#!/x\n#syntax=evil/frontend:latest\nFROM good@{DIGEST}\n");
    assert_eq!(lines("dockerfiles", &text), ["mutable-base-image 2 evil/frontend:latest"]);
    let text = format!("# note\n#syntax=evil/frontend:latest\nFROM good@{DIGEST}\n");
    assert_eq!(lines("dockerfiles", &text), [""; 0]);
}

#[test]
fn a_here_document_begins_where_buildkit_sees_one() {
    let text = "RUN echo 'a\\' b' <<EOF '\nFROM evil:latest\nRUN true \\\nEOF\n";
    assert_eq!(behind(text), ["mutable-base-image 3 evil:latest"]);
    for text in [
        "RUN [ -f x ] && cat <<EOF\nFROM x\nEOF\n",
        "RUN [ -f x ] && cat <<EOF > [a]\nFROM x\nEOF\n",
        "RUN --network=none cat <<'A' 3<<-\"B\"\nFROM x\nA\nFROM x\n\tB\n",
        "RUN cat <<EOF > /etc/${NAME}${OTHER:-x}/$A\nFROM x\nEOF\n",
        "RUN echo \\\" 'it' \"'\" <<EOF\nFROM x\nEOF\n",
        "RUN cat\u{a0}<<EOF\nFROM x\nEOF\n",
        "RUN [\"sh\", \"-c\", \"cat <<EOF ${x%%y}\"]\n",
        "RUN [\"sh\", \"-c\", \"cat\", \"<<EOF\"]\n",
        "RUN cat <<< EOF && echo $((1<<2)) it\\'s\n",
        "RUN echo '<<EOF' \"<<EOF\" a<<EOF\n",
        "CMD cat <<EOF\n",
    ] {
        assert_eq!(behind(text), [""; 0], "{text}");
    }
    for (text, why) in [
        (
            "RUN cat << EOF\nFROM x\nEOF\n",
            "a blank stands behind `<<`, which not all builders read alike",
        ),
        ("RUN cat <<\\EOF\nEOF\n", "the name of a here-document is no plain word"),
        ("RUN cat \\<<EOF\nEOF\n", "the name of a here-document is no plain word"),
        ("RUN (cat <<EOF)\nEOF)\n", "the name of a here-document is no plain word"),
        ("RUN cat <<'a b'\na b\n", "the name of a here-document is no plain word"),
        ("RUN cat <<EOF it's\nEOF\n", "a quote is not closed beside a here-document"),
        (
            "RUN echo ${x:-' <<EOF '} <<EOF\nEOF\n",
            "a `${` beside a here-document is not read by all builders alike",
        ),
        (
            "RUN [\"${x:-'\"} <<EOF ]\n",
            "a `${` beside a here-document is not read by all builders alike",
        ),
    ] {
        assert_eq!(refused(text), format!("2: {why}"), "{text}");
    }
}

#[test]
fn flags_are_read_as_the_builder_reads_them() {
    for text in [
        "COPY --fr\\om=evil:latest /a /b\n",
        "RUN --mo\\unt=type=bind,from=evil:latest,target=/x true\n",
        "ONBUILD COPY --fr\\om=evil:latest /a /b\n",
        "COPY --chown=1\u{e0}--from=evil:latest /a /b\n",
        "COPY --chown=1\u{b}--from=evil:latest /a /b\n",
        "COPY --chown='1 --from=evil:latest /a /b\n",
        "COPY --from evil:latest /a /b\n",
    ] {
        assert!(refused(text).starts_with("2: a flag "), "{text}: {}", refused(text));
    }
    let escape = format!("# escape=`\nFROM good@{DIGEST}\nCOPY --fr`om=evil:latest /a /b\n");
    assert!(said("dockerfiles", "f", escape).contains("line 3 cannot be read: a flag "));
    for text in [
        "COPY --\"from\"=evil:latest /a /b\n",
        "COPY --link\t--from='evil:latest' /a /b\n",
        "RUN '--x' --mount=a \\\n || true\nRUN --mount=type=bind,\"from=evil:latest\" true\n",
    ] {
        let found = behind(text);
        assert!(found.len() == 1 && found[0].ends_with(" evil:latest"), "{text}: {found:?}");
    }
    assert_eq!(
        behind("COPY --chown=a:b C:\\x C:\\\\\nRUN echo \\--from=x --mount=from=x\n"),
        [""; 0]
    );
}

#[test]
fn arguments_have_the_words_that_the_builder_sees() {
    let text = format!(
        "ARG B=good@{DIGEST}\nARG A='a\\' B=evil:latest C='x'\nFROM $B\n# escape=x\n\
         ARG D=$D\nFROM \"good@{DIGEST}\"\n"
    );
    assert_eq!(lines("dockerfiles", &text), ["mutable-base-image 3 evil:latest"]);
    // What grows without end is not filled in.
    let text = format!("ARG A=xx\n{}FROM $A\n", "ARG A=$A$A\n".repeat(100));
    assert!(said("dockerfiles", "f", text).contains("holds a variable"));
}
