//! One file per subcommand.

pub mod demo;
pub mod doctor;
pub mod frameworks;
pub mod hook_files;
pub mod install;
