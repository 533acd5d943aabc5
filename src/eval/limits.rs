//! What an evaluation takes at most; `value::MAX_VALUES` limits what is written out. Each limit is an error with a place, never a crash.

/// Bytes of all definitions of a run.
pub const MAX_DEFINITIONS: u64 = 10 * 1024 * 1024;

/// Imports within imports.
pub const MAX_IMPORTS: usize = 100;

/// Values that need one another in a row.
pub const MAX_REFERENCES: usize = 20_000;
