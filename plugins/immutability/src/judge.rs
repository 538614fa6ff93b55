//! What is said of one reference, and what the settings allow.

use lockgate_plugin::notes::{Notes, shown};
use lockgate_plugin::{Rule, glob};

use crate::reference::{docker, full_name, is_in, name, why_action_mutable, why_mutable};
use crate::settings::Settings;
use crate::{MUTABLE_ACTION, MUTABLE_IMAGE, REGISTRY_NOT_ALLOWED, UNREADABLE_FILE};

/// The settings at work, and the file that is judged.
pub(crate) struct Judge<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) notes: &'a mut Notes,
    pub(crate) path: &'a str,
    /// Which entries of `allow` were needed.
    pub(crate) used: &'a mut Vec<bool>,
}

impl Judge<'_> {
    /// An image, by a rule: it is named by digest, and comes from an allowed registry.
    pub(crate) fn image(&mut self, rule: Rule, line: usize, text: &str) {
        if let Some(why) = why_mutable(text)
            && !self.allowed(rule, line, text, name(text))
        {
            let expected = [name(text), "@sha256:…"].concat();
            self.violation(rule, line, "image", text, why, &expected);
        }
        self.registry(line, text);
    }

    /// An image comes from an allowed registry, whatever else is said of it elsewhere.
    pub(crate) fn registry(&mut self, line: usize, text: &str) {
        if let Some(registries) = &self.settings.registries
            && !registries.iter().any(|registry| is_in(text, registry))
        {
            let why = "comes from a registry that `registries` does not list";
            let expected = registries.join(", ");
            let full = full_name(text);
            self.violation(REGISTRY_NOT_ALLOWED, line, "image", &full, why, &expected);
        }
    }

    /// What images are taken from: something that is not in the artifact.
    pub(crate) fn elsewhere(
        &mut self,
        line: usize,
        what: &str,
        text: &str,
        why: &str,
        expected: &str,
    ) {
        let name = text.split(['?', '#']).next().unwrap_or(text);
        if !self.allowed(MUTABLE_IMAGE, line, text, name) {
            self.violation(MUTABLE_IMAGE, line, what, text, why, expected);
        }
    }

    /// An action or a reusable workflow.
    pub(crate) fn action(&mut self, line: usize, text: &str) {
        if let Some(image) = docker(text) {
            return self.image(MUTABLE_ACTION, line, image);
        }
        let Some(why) = why_action_mutable(text) else { return };
        let name = text.split('@').next().unwrap_or(text);
        if !self.allowed(MUTABLE_ACTION, line, text, name) {
            let expected = [name, "@ and the 40 digits of a commit"].concat();
            self.violation(MUTABLE_ACTION, line, "action", text, why, &expected);
        }
    }

    /// The file, or something in it, cannot be read, so it cannot be judged.
    pub(crate) fn unreadable(&mut self, line: usize, why: &str) {
        let place = match line {
            0 => String::new(),
            line => format!(" line {line}"),
        };
        let message = ["`", &shown(self.path), "`", &place, " cannot be read: ", why].concat();
        self.notes.violation(UNREADABLE_FILE, Some(self.path), message);
    }

    pub(crate) fn violation(
        &mut self,
        rule: Rule,
        line: usize,
        what: &str,
        text: &str,
        why: &str,
        expected: &str,
    ) {
        let place = self.place(line);
        let text = shown(text);
        let message = [what, " `", &text, "` in ", &place, " ", why].concat();
        if let Some(finding) = self.notes.violation(rule, Some(self.path), message) {
            finding.expected(shown(expected)).found(text);
        }
    }

    fn place(&self, line: usize) -> String {
        ["`", &shown(self.path), "` line ", &line.to_string()].concat()
    }

    /// Whether the settings let a reference be mutable: as a whole, or by its name alone.
    fn allowed(&mut self, rule: Rule, line: usize, text: &str, name: &str) -> bool {
        let mut allowed = false;
        for (glob, used) in self.settings.allow.iter().zip(self.used.iter_mut()) {
            if glob::matches(glob, text) || glob::matches(glob, name) {
                *used = true;
                allowed = true;
            }
        }
        if allowed {
            let place = self.place(line);
            let message = ["`", &shown(text), "` in ", &place, " is mutable, which `allow` allows"];
            self.notes.exception(rule, message.concat());
        }
        allowed
    }
}
