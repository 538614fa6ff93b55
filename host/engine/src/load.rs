//! Loads plugins: compiles each once, unless it came compiled, asks what it is, and shows it its
//! settings.
//!
//! Whatever makes a plugin unusable is a problem of the policy file that names it, found before
//! anything is evaluated. A plugin that traps here withholds its opinion, as it would later.

mod example;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use lockgate_model::{Digest, Text};
use lockgate_runtime::{Description, Plugin, Sandbox, Scope};

use crate::config::{PluginRef, Policy, Problems};
use crate::error::Error;
use crate::parallel::in_parallel;

/// A policy, ready to be evaluated.
pub(crate) struct Loaded {
    pub(crate) policy: Policy,
    pub(crate) digest: Digest,
    pub(crate) ready: Ready,
}

impl Loaded {
    /// Whether it looks, with its settings, at a kind of evidence or at what an interface hands out.
    pub(crate) fn looks_at(&self, word: &str) -> bool {
        match &self.ready {
            Ready::Plugin { scope, .. } => scope.holds(word),
            Ready::Withheld(_) => false,
        }
    }
}

/// What a policy's plugin came to.
pub(crate) enum Ready {
    /// It can be asked.
    Plugin { plugin: Plugin, description: Description, scope: Scope },
    /// It said nothing usable when it was asked what it is.
    Withheld(Text),
}

/// Loads the plugins of policies, each component once.
pub(crate) fn load(
    policies: &[Policy],
    mut problems: Problems,
    jobs: NonZeroUsize,
) -> Result<Vec<Loaded>, Error> {
    let sandbox = Sandbox::new().map_err(Error::Sandbox)?;
    let mut components: Vec<(String, &Policy)> = Vec::new();
    for policy in policies {
        let key = policy.plugin.key();
        if !components.iter().any(|(known, _)| *known == key) {
            components.push((key, policy));
        }
    }
    let compiled = in_parallel(jobs, &components, |(_, policy)| compile(&sandbox, policy));
    let plugins: BTreeMap<&str, Result<Plugin, String>> =
        components.iter().map(|(key, _)| key.as_str()).zip(compiled).collect();

    let described =
        in_parallel(jobs, policies, |policy| match plugins.get(policy.plugin.key().as_str()) {
            Some(Ok(plugin)) => Ok(prepare(plugin, policy)),
            Some(Err(why)) => Err(why.clone()),
            None => Err("was not compiled".to_owned()),
        });
    let mut loaded = Vec::new();
    for (policy, described) in policies.iter().zip(described) {
        match described {
            Ok((read, found)) => {
                for (message, help) in found {
                    problems.push(Some(policy.settings_place.clone()), message, help);
                }
                unread(&mut problems, policy, &read);
                loaded.push(read);
            }
            Err(why) => {
                let message = format!("the plugin `{}` {why}", policy.plugin.written());
                problems.push(Some(policy.plugin_place.clone()), message, None);
            }
        }
    }
    // Whatever was found out about a plugin is a problem of the policy file that names it.
    if problems.is_empty() { Ok(loaded) } else { Err(Error::Config(problems)) }
}

/// Files for a plugin that looks at none, whatever they hold, would change nothing.
fn unread(problems: &mut Problems, policy: &Policy, loaded: &Loaded) {
    let Some(place) = &policy.data.place else { return };
    if matches!(loaded.ready, Ready::Plugin { .. }) && !loaded.looks_at("data") {
        let (name, plugin) = (&policy.name, policy.plugin.written());
        let message =
            format!("`{name}` names data files, and `{plugin}` reads none with these settings");
        let help = "name the files in its settings, too, or remove `data`";
        problems.push(Some(place.clone()), message, Some(help.into()));
    }
}

fn compile(sandbox: &Sandbox, policy: &Policy) -> Result<Plugin, String> {
    let loaded = match &policy.plugin {
        PluginRef::Builtin(builtin) => sandbox.load_builtin(builtin),
        PluginRef::File { component, .. } => sandbox.load(component),
    };
    loaded.map_err(|error| error.told())
}

/// What is wrong with settings, and what would be right.
type Told = (String, Option<String>);

/// Asks what it is and shows it its settings; the second part is what it says is wrong with them.
fn prepare(plugin: &Plugin, policy: &Policy) -> (Loaded, Vec<Told>) {
    let loaded = |ready| Loaded { policy: policy.clone(), digest: plugin.digest(), ready };
    let description = match plugin.describe(&policy.limits) {
        Ok(description) => description,
        Err(why) => return (loaded(Ready::Withheld(why.reason)), Vec::new()),
    };
    let Policy { settings, data, limits, .. } = policy;
    match plugin.validate_settings(&description, settings, &data.files, limits) {
        Ok(Ok(scope)) => {
            let ready = Ready::Plugin { plugin: plugin.clone(), description, scope };
            (loaded(ready), Vec::new())
        }
        Ok(Err(found)) => {
            let message = |problem: &lockgate_runtime::SettingsProblem| {
                let (name, pointer) = (&policy.name, &problem.pointer);
                let message = if pointer.as_str().is_empty() {
                    format!("the settings of `{name}`: {}", problem.message)
                } else {
                    format!("the settings of `{name}`, at `{pointer}`: {}", problem.message)
                };
                // Many say it themselves.
                let shown = message.contains("for example");
                let example = || example::of(&description.settings_schema, pointer.as_str());
                (message, (!shown).then(example).flatten())
            };
            let found = found.iter().map(message).collect();
            let refused = Text::stripped("it refuses its settings");
            (loaded(Ready::Withheld(refused)), found)
        }
        Err(why) => (loaded(Ready::Withheld(why.reason)), Vec::new()),
    }
}

#[cfg(all(test, feature = "precompiled"))]
mod tests {
    use lockgate_runtime::Code;

    use super::*;
    use crate::config::Config;

    #[test]
    fn a_stage_of_built_in_policies_compiles_nothing() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/release/lockgate.toml");
        let config = Config::read(path.into()).unwrap();
        let stage = config.stages.iter().find(|stage| stage.name.as_str() == "production").unwrap();
        let loaded = load(&stage.policies, Problems::default(), NonZeroUsize::MIN).unwrap();
        assert!(!loaded.is_empty());
        for Loaded { policy, ready, .. } in loaded {
            let Ready::Plugin { plugin, .. } = ready else { panic!("{} withholds", policy.name) };
            assert_eq!(plugin.code(), Code::Precompiled, "{}", policy.name);
        }
    }
}
