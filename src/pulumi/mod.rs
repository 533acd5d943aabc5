//! Pulumi Cloud: which one is meant, the credentials for it, and its API.
//!
//! ```text
//! Settings (variables, esc-shell.yaml) --files read--> Account { url, token } --> Client --> http
//! ```
//!
//! Invariants: nothing of Pulumi's is ever written, a token goes to no address that only a repository names, and no message or
//! `Debug` output holds a token or the body of an answer.

mod account;
mod client;
mod credentials;
mod environment;
mod environments;
mod exchange;
mod operation;
mod settings;
mod stacks;
mod token;
mod url;

pub use account::{Account, Exchange, Grant, account, account_at, current_backend, stored_organization};
pub use client::Client;
pub use environment::{Malformed, Message, Received};
pub use environments::{CloudDefinition, CloudEnvironment, Judged};
pub use operation::Operation;
pub use settings::{Oidc, Scope, Settings};
pub use stacks::CloudStack;
pub use token::{Token, TokenOrigin};
pub use url::{BackendUrl, NamedBy};
