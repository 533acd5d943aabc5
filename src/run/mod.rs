//! A child process: what becomes of what it prints.

pub mod redact;
