//! The commands: arguments in, data and failures out.

mod check;
mod completions;
mod fix;
mod get;
mod ls;
mod man;
mod open;
mod show;

pub(super) use check::check;
pub(super) use completions::completions;
pub(super) use get::get;
pub(super) use ls::ls;
pub(super) use man::man;
pub(super) use open::open;
