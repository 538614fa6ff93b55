//! What is inside the artifact.
//!
//! The host lists what an archive holds, finds what is ambiguous in it, and searches it for bytes; this
//! policy says what must not be there and what has to be. All entries count: of an image, those of
//! every layer, for what a later layer takes away is still shipped. An artifact that is no archive,
//! or cannot be read to its end, fails; a single file whose bytes the host does not hold withholds.
#![forbid(unsafe_code)]

mod extent;
mod paths;
mod permissions;
mod secrets;
mod settings;
mod tree;

use lockgate_plugin::json::Value;
use lockgate_plugin::{Description, Failure, Policy, Problem, Report, Rule, contents};

use crate::settings::Settings;
use crate::tree::Tree;
use lockgate_plugin::notes::Notes;

/// The artifact is an archive that the host reads.
pub const UNREADABLE_ARTIFACT: Rule = Rule {
    code: "unreadable-artifact",
    title: "The artifact can be looked into",
    remediation: "Ship the artifact as a tar, with gzip or without, a zip, or an image in an OCI \
                  layout; for an index of images, name one of its manifests.",
};

/// Every reader of the archive sees the same.
pub const AMBIGUOUS_ARCHIVE: Rule = Rule {
    code: "ambiguous-archive",
    title: "The archive has one meaning",
    remediation: "Make the archive anew with a common tool, without duplicate paths, links that \
                  lead out of it, or odd headers; or list the code under `ambiguities.allow`.",
};

/// No secret.
pub const SECRET_FOUND: Rule = Rule {
    code: "secret-found",
    title: "No file holds a secret",
    remediation: "Revoke the secret, for whoever has the artifact has it; then build without it. If \
                  it is none, list the file under `secrets.allow`.",
};

/// No private key.
pub const PRIVATE_KEY_FOUND: Rule = Rule {
    code: "private-key-found",
    title: "No file holds a private key",
    remediation: "Replace the key pair, for whoever has the artifact has it; then build without it. \
                  If the key protects nothing, list the file under `secrets.allow`.",
};

/// No file changes who runs it.
pub const SETUID_FILE: Rule = Rule {
    code: "setuid-file",
    title: "No file has the setuid or setgid bit",
    remediation: "Take the bit away (`chmod ug-s`), or list the file under `setuid.allow`.",
};

/// Nothing that anybody may change.
pub const WORLD_WRITABLE_FILE: Rule = Rule {
    code: "world-writable-file",
    title: "Nothing can be written by everybody",
    remediation: "Take the permission away (`chmod o-w`), or set the sticky bit of a folder; or list \
                  the path under `world-writable.allow`.",
};

/// Every entry states its permissions, where they are judged.
pub const UNSTATED_MODE: Rule = Rule {
    code: "unstated-mode",
    title: "Every entry states its permissions",
    remediation: "Make the archive on a system that knows permissions, for example as a tar on \
                  Linux; or list the paths under `unstated-modes.allow`.",
};

/// No devices.
pub const DEVICE_FILE: Rule = Rule {
    code: "device-file",
    title: "No entry is a device or a pipe",
    remediation: "Leave the entry out, or list it under `device-files.allow`.",
};

/// Not too many.
pub const TOO_MANY_FILES: Rule = Rule {
    code: "too-many-files",
    title: "There are no more files than allowed",
    remediation: "Find out what was packed by mistake, or raise `max-files`.",
};

/// None too large.
pub const FILE_TOO_LARGE: Rule = Rule {
    code: "file-too-large",
    title: "No file is larger than allowed",
    remediation: "Leave the file out, or raise `max-size`.",
};

/// Not too much.
pub const TOO_LARGE: Rule = Rule {
    code: "too-large",
    title: "All files together are no larger than allowed",
    remediation: "Find out what was packed by mistake, or raise `max-total-size`.",
};

/// Nothing at a forbidden path.
pub const FORBIDDEN_PATH: Rule = Rule {
    code: "forbidden-path",
    title: "No entry lies at a forbidden path",
    remediation: "Leave the entry out of the artifact, for example by an ignore file.",
};

/// Everything that has to be there.
pub const MISSING_FILE: Rule = Rule {
    code: "missing-file",
    title: "Every required file is there",
    remediation: "Add the file to the artifact, as a file and not as a link.",
};

/// The policy.
#[derive(Debug)]
pub struct Contents {
    settings: Settings,
}

impl Policy for Contents {
    type Settings = Value;

    const DESCRIPTION: Description = Description {
        name: "contents",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[
            UNREADABLE_ARTIFACT,
            AMBIGUOUS_ARCHIVE,
            SECRET_FOUND,
            PRIVATE_KEY_FOUND,
            SETUID_FILE,
            WORLD_WRITABLE_FILE,
            UNSTATED_MODE,
            DEVICE_FILE,
            TOO_MANY_FILES,
            FILE_TOO_LARGE,
            TOO_LARGE,
            FORBIDDEN_PATH,
            MISSING_FILE,
        ],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &[],
        uses: &[],
    };

    fn new(value: Value) -> Result<Self, Vec<Problem>> {
        // What a search does not take is told here, and not when there is an artifact.
        let refused = |regex: &str| contents::check_regex(regex).err().map(lockgate_plugin::reason);
        Settings::read(&value, &refused).map(|settings| Self { settings })
    }

    fn reads(&self) -> Vec<String> {
        vec!["contents".into()]
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut notes = Notes::new();
        match contents::archive()? {
            Ok(archive) => self.judge(&archive, &mut notes)?,
            Err(why) => {
                notes.violation(UNREADABLE_ARTIFACT, None, why);
            }
        }
        self.account(&mut notes);
        Ok(notes.finish())
    }
}

impl Contents {
    fn judge<T: Tree>(&self, tree: &T, notes: &mut Notes) -> Result<(), Failure> {
        let settings = &self.settings;
        let codes = settings.ambiguities.as_ref().map_or(&[][..], |check| &check.allow);
        paths::ambiguities(tree, codes, notes)?;
        if let Some(secrets) = &settings.secrets {
            secrets::judge(tree, secrets, notes)?;
        }
        permissions::judge(tree, settings, notes)?;
        extent::judge(tree, settings, notes)?;
        paths::forbidden(tree, settings.forbidden.as_deref().unwrap_or_default(), notes)?;
        paths::required(tree, settings.required.as_deref().unwrap_or_default(), notes)
    }

    /// Every rule that the settings set was applied to all entries.
    fn account(&self, notes: &mut Notes) {
        let Settings { secrets, setuid, world_writable, device_files, .. } = &self.settings;
        let Settings { max_files, max_size, max_total_size, .. } = &self.settings;
        let modes = setuid.is_some() || world_writable.is_some();
        for (rule, key, set) in [
            (UNREADABLE_ARTIFACT, "", true),
            (AMBIGUOUS_ARCHIVE, "", true),
            (SECRET_FOUND, "secrets", secrets.is_some()),
            (PRIVATE_KEY_FOUND, "secrets", secrets.is_some()),
            (SETUID_FILE, "setuid", setuid.is_some()),
            (WORLD_WRITABLE_FILE, "world-writable", world_writable.is_some()),
            (UNSTATED_MODE, "setuid` or `world-writable", modes),
            (DEVICE_FILE, "device-files", device_files.is_some()),
            (TOO_MANY_FILES, "max-files", max_files.is_some()),
            (FILE_TOO_LARGE, "max-size", max_size.is_some()),
            (TOO_LARGE, "max-total-size", max_total_size.is_some()),
            (FORBIDDEN_PATH, "forbidden", self.settings.forbidden.is_some()),
            (MISSING_FILE, "required", self.settings.required.is_some()),
        ] {
            notes.account(rule, key, set);
        }
    }
}

lockgate_plugin::export!(Contents);

#[cfg(test)]
mod tests;
