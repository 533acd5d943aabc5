//! Web identity: signed tokens that say who runs this program, for one audience each.
//!
//! Sources are tried in a fixed order, and a failure names each of them with the reason why it gave nothing. A token is shown
//! nowhere; its claims are.

mod claims;
mod github;
mod tokens;

pub use claims::Claims;
pub use tokens::{Source, Token, TokenFile, Tokens, Wanted};
