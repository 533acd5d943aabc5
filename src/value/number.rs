//! Number texts: how floats are written, and how limits compare.

/// Formats a finite float as the language shows it.
#[must_use]
pub fn format_float(value: f64) -> String { value.to_string() }
