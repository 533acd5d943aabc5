//! Evaluation: declarations to values. Pure: no file, no clock, no network, no environment variable.
//!
//! ```text
//! Machine --asks--> World        Ready | Pending | Failed
//!    |
//!    +-- environments: imports, then cells     (import)
//!    +-- cells: one for each expression        (machine, expr, builtin/*)
//!    +-- places: what lies beneath a cell      (place, overlay)
//! ```
//!
//! A cell that needs an answer which is still pending is *blocked*; its siblings go on, so that one round finds every
//! question that can be asked. The next round resumes blocked cells only: what is done stays done.
//!
//! **Roots.** With [`Roots::Paths`], what the paths reach is evaluated first, in open mode and on demand: a walk through
//! literals evaluates nothing beside its way, in imported environments neither. Then all the rest is evaluated in check mode.
//!
//! **Order.** Values do not depend on the order of evaluation, except within a cycle, whose message names the cell that was
//! entered first. When a cycle is met and something was blocked, the evaluation is done once more in the canonical order
//! with the answers that are there, so messages never depend on which answer came first.

mod access;
mod blocked;
mod builtin;
mod cell;
mod context;
mod environment;
mod evaluation;
mod expr;
mod import;
mod limits;
mod machine;
mod messages;
mod options;
mod overlay;
mod place;
mod position;
mod report;
mod rotation;
mod world;

pub use evaluation::{Evaluation, Found};
pub use limits::{MAX_DEFINITIONS, MAX_IMPORTS, MAX_REFERENCES};
pub use machine::{Machine, Progress};
pub use options::{Mode, Options, Roots};
pub use rotation::{Patch, Rotation, RotationStatus};
pub use world::{Answer, CallSite, Loaded, Resolved, World};
