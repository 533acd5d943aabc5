//! Quoting, a function for each family of shells. A quoted text is one word that the shell reads back unchanged.

pub mod posix;
