//! Compiles guests: crates of `plugins/` to components.
//!
//! A nested cargo compiles a crate for WebAssembly, and `wit-component` wraps the core module.
//! The result depends on the sources and the toolchain alone: nothing of the outer cargo's
//! environment reaches the inner one, and no path of this machine reaches the bytes. Included by
//! the build scripts that embed guests and by the test that builds them twice.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use wit_component::ComponentEncoder;

/// What the guests are compiled for: no operating system, so nothing to import from one.
const TARGET: &str = "wasm32-unknown-unknown";

/// What separates flags in `CARGO_ENCODED_RUSTFLAGS`; paths may hold spaces.
const FLAG_SEPARATOR: &str = "\u{1f}";

/// Where guests are compiled from, and to.
#[derive(Debug)]
pub struct Guests {
    /// The folder `plugins/`, with `wit/` beside it.
    pub plugins: PathBuf,
    /// The nested cargo's own target folder. In the outer one it would wait for ever for the
    /// lock that the outer cargo holds.
    pub target: PathBuf,
}

/// Why there are no guests.
#[derive(Debug)]
pub enum GuestError {
    /// A program cannot be started.
    Start(OsString, io::Error),
    /// The toolchain cannot compile to WebAssembly.
    NoTarget,
    /// A program failed, and what it said.
    Failed(OsString, String),
    /// What cargo was to have made cannot be read.
    Read(PathBuf, io::Error),
    /// The core module cannot be wrapped.
    Wrap(String, String),
    /// A folder's name cannot be handed to the compiler.
    NotUtf8(PathBuf),
    /// The home of cargo cannot be told, and so its paths cannot be kept out of the guests.
    NoCargoHome,
}

impl fmt::Display for GuestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(program, error) => {
                write!(f, "cannot start `{}`: {error}", program.display())
            }
            Self::NoTarget => write!(
                f,
                "the policies are compiled to WebAssembly, and this toolchain lacks the target; \
                 install it: rustup target add {TARGET}"
            ),
            Self::Failed(program, said) => write!(f, "`{}` failed: {said}", program.display()),
            Self::Read(path, error) => write!(f, "cannot read `{}`: {error}", path.display()),
            Self::Wrap(package, why) => write!(f, "`{package}` makes no component: {why}"),
            Self::NotUtf8(path) => write!(f, "the path `{}` is not UTF-8", path.display()),
            Self::NoCargoHome => f.write_str("neither `CARGO_HOME` nor a home folder is known"),
        }
    }
}

impl std::error::Error for GuestError {}

impl Guests {
    /// Compiles these packages, and returns their components in the same order.
    ///
    /// # Errors
    ///
    /// The toolchain lacks something, or the packages do not compile.
    pub fn build(&self, packages: &[&str]) -> Result<Vec<Vec<u8>>, GuestError> {
        let flags = self.flags()?;
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(&cargo);
        scrub(&mut command);
        command
            .current_dir(&self.plugins)
            .args(["build", "--release", "--locked", "--quiet", "--target", TARGET])
            .arg("--target-dir")
            .arg(&self.target)
            .args(packages.iter().flat_map(|package| ["-p", package]))
            // Given here, flags from any configuration file are not read.
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join(FLAG_SEPARATOR));
        run(command)?;
        packages.iter().map(|package| self.component(package)).collect()
    }

    /// Wraps what cargo made of a package.
    fn component(&self, package: &str) -> Result<Vec<u8>, GuestError> {
        let file = format!("{}.wasm", package.replace('-', "_"));
        let path = self.target.join(TARGET).join("release").join(file);
        let module = fs::read(&path).map_err(|error| GuestError::Read(path, error))?;
        let encoded = ComponentEncoder::default()
            .validate(true)
            .module(&module)
            .and_then(|encoder| encoder.encode());
        let wrong = |why: String| GuestError::Wrap(package.to_owned(), why);
        let component = encoded.map_err(|error| wrong(format!("{error:#}")))?;
        without_names(&component)
            .ok_or_else(|| wrong("its sections do not end where it ends".into()))
    }

    /// Flags that replace every path of this machine. Where two fit, the later one wins, so the
    /// inner folders come last.
    fn flags(&self) -> Result<Vec<String>, GuestError> {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let ask = |arguments: &[&str]| {
            let mut command = Command::new(&rustc);
            scrub(&mut command);
            command.current_dir(&self.plugins).args(arguments);
            run(command).map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let sysroot = PathBuf::from(ask(&["--print", "sysroot"])?.trim_end());
        let rustlib = sysroot.join("lib/rustlib");
        if !rustlib.join(TARGET).is_dir() {
            return Err(GuestError::NoTarget);
        }
        // Where the standard library's source is not installed, its paths have this form.
        let version = ask(&["-vV"])?;
        let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: "));
        let library = format!("/rustc/{}", commit.unwrap_or("unknown"));

        let root = self.plugins.parent().unwrap_or(&self.plugins);
        let remaps: [(&Path, &str); 4] = [
            (&cargo_home()?, "/cargo"),
            (&rustlib.join("src/rust"), &library),
            (root, "/lockgate"),
            (&self.target, "/target"),
        ];
        let flags = remaps.iter().map(|(from, to)| {
            let from = from.to_str().ok_or_else(|| GuestError::NotUtf8(from.to_path_buf()))?;
            Ok(format!("--remap-path-prefix={from}={to}"))
        });
        flags.collect()
    }
}

/// The names that the encoder gives to what it makes, for debuggers: 6 KB that nobody reads.
const NAMES: &[u8] = b"component-name";

/// How many bytes stand before the first section: the magic number, version and layer.
const PREAMBLE: usize = 8;

/// A component without the section of names; none where it is none.
fn without_names(component: &[u8]) -> Option<Vec<u8>> {
    let mut kept = component.get(..PREAMBLE)?.to_vec();
    let mut at = PREAMBLE;
    while at < component.len() {
        let start = at;
        let is_custom = *component.get(at)? == 0;
        at += 1;
        let size = leb128(component, &mut at)?;
        let body = at;
        at = at.checked_add(size)?;
        let section = component.get(start..at)?;
        if !is_custom || !is_named(component, body)? {
            kept.extend_from_slice(section);
        }
    }
    Some(kept)
}

/// Whether a custom section that begins here is the one of names.
fn is_named(component: &[u8], mut at: usize) -> Option<bool> {
    let length = leb128(component, &mut at)?;
    Some(component.get(at..at.checked_add(length)?)? == NAMES)
}

/// A number of at most 32 bits in LEB128.
fn leb128(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Where cargo keeps the sources of dependencies.
fn cargo_home() -> Result<PathBuf, GuestError> {
    let set = env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let default = || env::home_dir().map(|home| home.join(".cargo"));
    set.or_else(default).ok_or(GuestError::NoCargoHome)
}

/// Takes out what the outer cargo, or clippy, hands down: profiles, flags, wrappers, folders.
/// `RUSTUP_TOOLCHAIN` stays, so that the inner toolchain is the outer one.
fn scrub(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let inherited = text.starts_with("CARGO_") && text != "CARGO_HOME"
            || text.starts_with("RUSTC")
            || text == "RUSTFLAGS"
            || text == "CLIPPY_ARGS";
        if inherited {
            command.env_remove(&name);
        }
    }
}

/// Runs a program to its end.
fn run(mut command: Command) -> Result<Output, GuestError> {
    let program = command.get_program().to_owned();
    match command.output() {
        Err(error) => Err(GuestError::Start(program, error)),
        Ok(output) if output.status.success() => Ok(output),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
            Err(GuestError::Failed(program, format!("{}\n{said}", output.status)))
        }
    }
}
