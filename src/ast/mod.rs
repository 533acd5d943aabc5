//! What a document means to ESC: imports, values, builtins.
//!
//! Building never fails: what is broken is reported and left out or kept as an expression that evaluates to unknown. Shapes
//! are judged here, values are not looked at.

mod build;
mod builtin;
mod declare;
mod environment;
mod expr;
mod id;
mod import;

pub use builtin::{Builtin, Call, Pure, RotateCall, Secret, Validate};
pub use environment::Environment;
pub use expr::{Entry, Expr, Form, Place};
pub use id::ExprId;
pub use import::Import;
