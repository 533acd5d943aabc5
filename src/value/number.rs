//! Number texts: how floats are written, and how limits compare.
