//! JSON text: a reader that keeps number texts, and a writer.
