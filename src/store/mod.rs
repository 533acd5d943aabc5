//! Where definitions come from: names of environments, the folders of a repository, its revisions, and Pulumi Cloud.
//!
//! Invariant: nothing outside of a folder with definitions is read for a name, whatever links or revisions say. The store asks
//! nothing of the process it runs in: that is handed to it as [`Surroundings`], and a client of Pulumi Cloud.

mod cloud;
mod definition;
mod file;
mod folders;
mod git;
mod listing;
mod local;
pub mod reference;
mod search;
pub(crate) mod similar;
mod surroundings;

pub use cloud::{CloudFound, CloudStore};
pub use definition::{Definition, DefinitionKey, Import, ImportRule, NotFound, ResolveError};
pub use file::RUN_LIMIT;
pub use folders::{DEFAULT_FOLDERS, Layout};
pub use git::{Commit, GitError};
pub use listing::Listed;
pub use local::LocalStore;
pub use surroundings::Surroundings;
