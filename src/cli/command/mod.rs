//! The commands: arguments in, data and failures out.

mod check;
mod checked;
mod completions;
mod contract;
mod direnv;
mod envrc;
mod export;
mod files;
mod fix;
mod get;
mod guarded;
mod init;
mod ls;
mod man;
mod open;
mod opened;
mod plaintext;
mod run;
mod show;
mod violations;

pub(super) use check::check;
pub(super) use completions::completions;
pub(super) use contract::contract;
pub(super) use direnv::direnv;
pub(super) use envrc::envrc;
pub(super) use export::export;
pub(super) use get::get;
pub(super) use init::init;
pub(super) use ls::ls;
pub(super) use man::man;
pub(super) use open::open;
pub(super) use run::run;
