//! Everything that can be seen of what is inside the artifact.

use lockgate_plugin::contents::{Archive, Query, check_regex, entries, hits, open};
use lockgate_plugin::{Failure, Refusal};

use crate::{Notes, Settings, unknown, words};

pub(crate) fn look(notes: &mut Notes, settings: &Settings) -> Result<(), Failure> {
    let archive = match open() {
        Ok(archive) => archive,
        Err(why) => {
            notes.add(format!("no archive: {why}"));
            return Ok(());
        }
    };
    notes.seen("archive", (archive.format(), archive.entry_count()));
    for ambiguity in archive.ambiguities()? {
        notes.seen("ambiguous", (ambiguity.code, ambiguity.path, ambiguity.detail));
    }
    for entry in entries(&archive.query()) {
        let entry = entry?;
        let id = entry.id;
        notes.seen("entry", (id, &entry.path, &entry.kind, entry.size));
        let (mode, owner) = (archive.mode(id)?, archive.owner(id)?);
        notes.seen("  mode, owner", (mode.map(|mode| format!("{mode:o}")), owner));
        notes.seen("  link, layer", (archive.link_target(id)?, archive.layer(id)?));
        notes.seen("  digest", archive.digest(id)?);
        if entry.kind == "file" {
            let start = archive.read(id, 0, 16)?;
            notes.seen("  begins", String::from_utf8_lossy(&start));
        }
    }
    for narrowings in &settings.ask {
        let query = archive.query();
        for narrowing in narrowings {
            if let Err(why) = narrow(&query, narrowing)? {
                notes.add(format!("{narrowing}: refused: {why}"));
            }
        }
        let count = query.count();
        search(notes, &archive, &query, settings)?;
        let found: Result<Vec<u32>, Failure> = entries(&query).map(|entry| Ok(entry?.id)).collect();
        notes.seen(&format!("asked {}", narrowings.join(", ")), (count, found?));
    }
    Ok(())
}

fn search(
    notes: &mut Notes,
    archive: &Archive,
    query: &Query,
    settings: &Settings,
) -> Result<(), Failure> {
    if settings.search.is_empty() {
        return Ok(());
    }
    let search = query.search();
    for pattern in &settings.search {
        let added = match pattern.strip_prefix('=') {
            Some(literal) => search.literal(literal.as_bytes()),
            None => {
                notes.seen("a search takes it", (pattern, check_regex(pattern).is_ok()));
                search.regex(pattern)
            }
        };
        if let Err(why) = added {
            notes.add(format!("{pattern}: refused: {why}"));
        }
    }
    for hit in hits(&search) {
        let hit = hit?;
        let found = archive.read(hit.entry, hit.offset, hit.length.clamp(1, 64))?;
        let place = (hit.pattern, hit.entry, hit.offset, hit.length);
        notes.seen("hit", (place, String::from_utf8_lossy(&found)));
    }
    Ok(())
}

fn narrow(query: &Query, narrowing: &str) -> Result<Result<(), Refusal>, Failure> {
    let (word, argument) = words(narrowing);
    let number = || argument.parse().map_err(|_| unknown(narrowing));
    Ok(match word {
        "path" => query.path(argument),
        "kind" => query.kind(argument),
        "size-at-least" => query.size_at_least(number()?),
        "mode-any" => {
            let bits = u32::from_str_radix(argument, 8).map_err(|_| unknown(narrowing))?;
            query.mode_any(bits)
        }
        _ => return Err(unknown(narrowing)),
    })
}
