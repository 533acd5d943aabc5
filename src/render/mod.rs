//! Output formats: pure functions from values or variables to a text. Nothing here writes, and a failure names no value.
//!
//! The formats of values (`json`, `yaml`, `string`, `detailed`) show whatever they are given. The formats of variables take
//! [`Variables`](crate::environment::Variables) and the paths of files that were written before.

mod compat;
mod data;
mod detailed;
mod dotenv;
mod engine;
mod entry;
mod error;
mod export;
mod export_format;
mod format;
mod github;
mod size;
mod values;

pub use compat::{dotenv_compat, shell_compat};
pub use detailed::{Scope, detailed};
pub use dotenv::dotenv;
pub use engine::template;
pub use entry::{Entry, entries};
pub use error::{RenderError, RenderErrors, TemplatePlace};
pub use export::{Export, Written, export, process, shell, user_template};
pub use export_format::ExportFormat;
pub use format::Format;
pub use values::{json, string, yaml};
