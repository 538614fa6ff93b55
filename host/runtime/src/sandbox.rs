//! The engine, and the door through which components come in.

use std::collections::BTreeMap;
use std::sync::Arc;

use lockgate_builtins::Builtin;
use lockgate_model::Digest;
use sha2::{Digest as _, Sha256};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine};

use crate::bindings::{Policy, PolicyPre};
use crate::configuration::deterministic;
use crate::interfaces::{PACKAGE, SERVED, is_served};
use crate::plugin::{Code, Plugin};
use crate::precompiled;
use crate::state::State;
use crate::ticker::Ticker;

/// The largest component that is compiled: the largest language runtimes seen in components have
/// some 20 MB.
pub const MAX_COMPONENT_BYTES: usize = 64 << 20;

/// One engine, configured for determinism, and a linker with the interfaces of `wit/`.
pub struct Sandbox {
    engine: Engine,
    linker: Linker<State>,
    ticker: Arc<Ticker>,
}

/// Why a component is not taken in. Each is the caller's to mend.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Not WebAssembly at all.
    #[error("is not a WebAssembly component")]
    NotWasm,
    /// A core module.
    #[error("is a WebAssembly module, not a component; wrap it with `wasm-tools component new`")]
    CoreModule,
    /// More bytes than are compiled.
    #[error("has {size} bytes, and a component may have {MAX_COMPONENT_BYTES}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// It does not compile.
    #[error("is not a valid component")]
    Invalid(#[source] wasmtime::Error),
    /// It wants something that no policy gets.
    #[error("imports `{import}`, and a policy may import nothing outside `{PACKAGE}`")]
    Import {
        /// The import's name.
        import: String,
    },
    /// It wants an interface of a version that this host does not serve.
    #[error("imports `{import}`, and this host serves `{PACKAGE}` {SERVED}")]
    Version {
        /// The import's name.
        import: String,
    },
    /// An import does not have the type that its name promises.
    #[error("does not fit the interface `{PACKAGE}` {SERVED}")]
    Link(#[source] wasmtime::Error),
    /// It does not export what a policy exports.
    #[error("is a component, but exports no `{PACKAGE}/plugin`")]
    NotAPolicy(#[source] wasmtime::Error),
    /// The machine cannot run WebAssembly as it has to be run.
    #[error("the sandbox does not start")]
    Sandbox(#[source] wasmtime::Error),
}

impl LoadError {
    /// The error with its causes, on one line that reads well after the plugin's name.
    #[must_use]
    pub fn told(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text.replace('\n', " ")
    }
}

impl Sandbox {
    /// Starts an engine.
    ///
    /// # Errors
    ///
    /// [`LoadError::Sandbox`] if the machine does not let it.
    pub fn new() -> Result<Self, LoadError> {
        Self::configured(&deterministic())
    }

    fn configured(config: &Config) -> Result<Self, LoadError> {
        let engine = Engine::new(config).map_err(LoadError::Sandbox)?;
        let mut linker = Linker::new(&engine);
        Policy::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)
            .map_err(LoadError::Sandbox)?;
        let ticker = Ticker::start(engine.clone()).map_err(|e| LoadError::Sandbox(e.into()))?;
        Ok(Self { engine, linker, ticker: Arc::new(ticker) })
    }

    /// Compiles a component and resolves its imports, once for all evaluations. What is hashed is
    /// what is compiled.
    ///
    /// # Errors
    ///
    /// Anything that makes it unfit to be a policy; see [`LoadError`].
    pub fn load(&self, component: &[u8]) -> Result<Plugin, LoadError> {
        check_header(component)?;
        let digest = Digest::from_sha256(Sha256::digest(component).into());
        self.link(&self.compile(component)?, digest, Code::CompiledHere)
    }

    /// Loads the machine code that a built-in policy comes with, and resolves its imports. Where this
    /// machine cannot run it, or there is none, the component is compiled as any other, with the
    /// same result; only [`Plugin::code`] tells.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::load`].
    pub fn load_builtin(&self, builtin: &Builtin) -> Result<Plugin, LoadError> {
        let digest = Digest::from_sha256(builtin.digest);
        match precompiled::load(&self.engine, builtin.compiled) {
            Ok(compiled) => self.link(&compiled, digest, Code::Precompiled),
            Err(_) => self.link(&self.compile(builtin.component)?, digest, Code::CompiledHere),
        }
    }

    fn compile(&self, component: &[u8]) -> Result<Component, LoadError> {
        Component::new(&self.engine, component).map_err(LoadError::Invalid)
    }

    fn link(&self, compiled: &Component, digest: Digest, code: Code) -> Result<Plugin, LoadError> {
        let mut imports = BTreeMap::new();
        for (import, _) in compiled.component_type().imports(&self.engine) {
            imports.insert(check_import(import)?.to_owned(), import.to_owned());
        }
        let linked = self.linker.instantiate_pre(compiled).map_err(LoadError::Link)?;
        let pre = PolicyPre::new(linked).map_err(LoadError::NotAPolicy)?;
        Ok(Plugin::new(Arc::new(pre), digest, code, imports, Arc::clone(&self.ticker)))
    }
}

/// Says what it is if it is not a component, before a parser is troubled with it.
fn check_header(bytes: &[u8]) -> Result<(), LoadError> {
    if bytes.len() > MAX_COMPONENT_BYTES {
        return Err(LoadError::TooLarge { size: bytes.len() });
    }
    match bytes {
        [0, b'a', b's', b'm', _, _, 1, 0, ..] => Ok(()),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Err(LoadError::CoreModule),
        _ => Err(LoadError::NotWasm),
    }
}

/// The interface that an import names, if this host serves it.
fn check_import(import: &str) -> Result<&str, LoadError> {
    let outside = || LoadError::Import { import: import.to_owned() };
    let other_version = || LoadError::Version { import: import.to_owned() };
    let item = import.strip_prefix(PACKAGE).and_then(|rest| rest.strip_prefix('/'));
    let (interface, version) = item.and_then(|item| item.split_once('@')).ok_or_else(outside)?;
    let version: semver::Version = version.parse().map_err(|_| other_version())?;
    // Within 0.x the minor version is the one that may break.
    let served = (version.major, version.minor) == (SERVED.major, SERVED.minor)
        && version <= SERVED
        && version.pre.is_empty();
    if served && is_served(interface) { Ok(interface) } else { Err(other_version()) }
}

#[cfg(test)]
mod tests {
    use wasmtime::ModuleVersionStrategy;

    use super::*;
    use crate::budget::Limits;

    /// What is made in one process out of many; if it were not taken, all would work and be slow.
    #[test]
    fn the_machine_code_of_each_built_in_policy_is_taken() {
        let sandbox = Sandbox::new().unwrap();
        for builtin in lockgate_builtins::ALL {
            let plugin = sandbox.load_builtin(builtin).unwrap();
            assert_eq!(plugin.code(), Code::Precompiled, "{}", builtin.name);
        }
    }

    #[test]
    fn a_built_in_policy_of_another_wasmtime_is_compiled_and_is_the_same() {
        let mut config = deterministic();
        let other = ModuleVersionStrategy::Custom("another".into());
        config.module_version(other).unwrap();
        let (ours, others) = (Sandbox::new().unwrap(), Sandbox::configured(&config).unwrap());
        // One for all: compiling is what takes long.
        let builtin = lockgate_builtins::ALL.iter().min_by_key(|b| b.component.len()).unwrap();
        let precompiled = ours.load_builtin(builtin).unwrap();
        let compiled = others.load_builtin(builtin).unwrap();
        assert_eq!(precompiled.code(), Code::Precompiled);
        assert_eq!(compiled.code(), Code::CompiledHere);
        assert_eq!(compiled.digest(), precompiled.digest());
        assert!(compiled.spelt_imports().eq(precompiled.spelt_imports()));
        let limits = Limits::default();
        let (said, also) = (precompiled.describe(&limits), compiled.describe(&limits));
        assert_eq!(said.unwrap(), also.unwrap());
    }

    #[test]
    fn an_import_is_ours_or_refused_by_name() {
        assert!(check_import("lockgate:policy/sbom@0.1.0").is_ok());
        for outside in ["wasi:cli/environment@0.2.0", "env", "lockgate:policyx/sbom@0.1.0"] {
            let refused = check_import(outside).unwrap_err();
            assert!(matches!(&refused, LoadError::Import { import } if import == outside));
        }
        for newer in [
            "lockgate:policy/sbom@0.1.1",
            "lockgate:policy/sbom@0.2.0",
            "lockgate:policy/sbom@0.1.0-rc.1",
            "lockgate:policy/network@0.1.0",
        ] {
            assert!(matches!(check_import(newer), Err(LoadError::Version { .. })), "{newer}");
        }
    }

    #[test]
    fn what_is_no_component_is_told_apart() {
        let sandbox = Sandbox::new().unwrap();
        assert!(matches!(sandbox.load(b"#!/bin/sh"), Err(LoadError::NotWasm)));
        assert!(matches!(sandbox.load(b"\0asm\x01\0\0\0"), Err(LoadError::CoreModule)));
        assert!(matches!(sandbox.load(b"\0asm\x0d\0\x01\0\xff"), Err(LoadError::Invalid(_))));
        assert!(matches!(sandbox.load(b"\0asm\x0d\0\x01\0"), Err(LoadError::NotAPolicy(_))));
    }
}
