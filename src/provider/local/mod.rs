//! The providers that exist only here.
