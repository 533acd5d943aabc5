//! Opens Pulumi ESC environments: definitions to values, and values to what a shell, a program or a person reads.
//!
//! ```text
//! store --bytes--> syntax --tree--> ast --declarations--> eval::Machine --asks--> eval::World
//!                                                              |                     ^
//!                                                              v                session (answers)
//!                                           cli <-- render <-- environment
//! ```
//!
//! * Parsing never fails: it yields a tree and messages. Evaluation is pure: everything outside is asked of a World.
//! * What is not asked for is not opened, and nothing is printed before everything passed.
//! * No message, `Debug` output or panic holds a value.
//!
//! `docs/architecture.md` has the map, the arrows between the modules, and the reasons.

#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, reason = "tests set the scene: they make files and start programs")
)]

pub mod ast;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod diagnostic;
pub mod dialect;
pub mod direnv;
pub mod dotenv;
pub mod duration;
pub mod environment;
pub mod eval;
pub mod guard;
pub mod http;
pub mod identity;
pub mod provider;
pub mod pulumi;
pub mod render;
pub mod run;
pub mod scaffold;
pub mod session;
pub mod shell;
pub mod source;
pub mod store;
pub mod syntax;
pub mod value;
