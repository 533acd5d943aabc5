//! `pulumi-stacks`: outputs of Pulumi stacks, read where their state is kept.
//!
//! ```text
//! name --Choice--> backend (folder, bucket, Pulumi Cloud) --bytes--> State --> outputs with sealed secrets
//!                                                                                   |  asked for
//!                                                       Group (one key) <-----------+
//! ```
//!
//! A state is read once in a run. A key is derived, or asked for, once for all that it opens, and only when a secret is asked for.

mod backend;
mod clouds;
mod name;
mod secrets;
mod stacks;
pub mod state;
mod told;

pub(super) use stacks::Stacks;
