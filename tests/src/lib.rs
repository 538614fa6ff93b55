//! What whole-program tests are made of: a folder of its own for every test, real signatures, and
//! the binary.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "tests set up files and compare with golden ones")]

mod archive;
mod bundle;
mod case;
mod component;
mod desk;
pub mod forge;
mod gate;
mod image;
mod layout;
mod parcel;
mod row;
mod run;
mod workbench;

pub use bundle::{Signer, bundle, statement};
pub use case::{Case, golden};
pub use component::policy_of_wat;
pub use desk::{Desk, identity};
pub use gate::Gate;
pub use image::{BUNDLE, check_image, expecting_tests, tests_passed};
pub use layout::{Layout, TAG, digest};
pub use row::Row;
pub use run::{Ran, lockgate_command};
pub use workbench::{Workbench, copy_folder, root};
