//! Where the state of stacks is kept: folders, buckets, Pulumi Cloud.

mod address;
pub(super) mod bucket;
mod choice;
pub(super) mod folder;
mod layout;

pub(super) use address::{Address, Bucket};
pub(super) use choice::{Choice, NamedBy, of_project};

use crate::diagnostic::Failure;

/// The state of a stack as a self-managed backend has it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its bytes, compressed or not.
    pub(super) bytes: Vec<u8>,
    /// Whether it lies in the older layout, which has no projects.
    pub(super) legacy: bool,
    /// Whether the stack is being updated.
    pub(super) locked: bool,
}

/// Why a backend gives no state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotFound {
    /// There is nothing of Pulumi at the address.
    Backend,
    /// There is no such stack; those that there are, as they are named there.
    Stack(Vec<String>),
    /// It can't be asked.
    Failed(Failure),
}

impl From<Failure> for NotFound {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
