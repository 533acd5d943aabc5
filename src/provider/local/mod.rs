//! The providers that exist only here: `local-env`, `local-file`, `local-command`.
//!
//! What they may touch of this machine is handed to them in a [`Host`](super::Host). Results are secret unless
//! `secret: false`; no message holds anything that was read.

mod command;
mod env;
mod file;
mod format;
mod place;
mod process;

pub(super) use command::Command;
pub(super) use env::Env;
pub(super) use file::File;

pub(super) use super::read::MAX_BYTES;
