//! What an evaluated environment delivers: its variables and its files, as data. Nothing here touches a disk.

mod files;
mod variables;

pub use files::{FilePaths, with_file_paths};
pub use variables::{Assignment, Variable, Variables};

/// The property that holds the variables.
pub const VARIABLES: &str = "environmentVariables";

/// The property that holds the contents of files; a key names the variable that will hold the path.
pub const FILES: &str = "files";
