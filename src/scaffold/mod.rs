//! `init`: what a folder has already becomes a plan, and a plan becomes files, all of them or none.
//!
//! ```text
//! found (reads) -> plan (pure) -> apply (writes)
//! ```
//!
//! Invariant: names and types leave `found`, values never do. Nothing that exists is overwritten: an `.envrc` gets a block
//! between markers, a `.gitignore` gets lines, every other file is left alone.

mod apply;
mod declared;
mod definition;
mod envrc;
mod found;
mod guess;
mod plan;
mod text;

pub use apply::{ApplyError, apply};
pub use found::{FindError, Found, find};
pub use plan::{Change, Choices, Plan, PlanError, plan};
