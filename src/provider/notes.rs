//! What providers have to say beside their results: which identity was used, what is odd about a stack. Never a secret.

use std::{cell::RefCell, mem, path::PathBuf, rc::Rc};

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Somebody should look at it.
    Warning,
    /// Told to whoever asks for more.
    Note,
}

/// One remark: lower case, no full stop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// How much it matters.
    pub weight: Weight,
    /// What is said.
    pub text: String,
}

/// Collects remarks, and the files that were read; copies share what they collect.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    notes: Rc<RefCell<Vec<Note>>>,
    files: Rc<RefCell<Vec<PathBuf>>>,
}

impl Notes {
    /// Adds a remark for whoever asks for more.
    pub fn note(&self, text: impl Into<String>) {
        self.notes.borrow_mut().push(Note { weight: Weight::Note, text: text.into() });
    }

    /// Adds a warning.
    pub fn warn(&self, text: impl Into<String>) {
        self.notes.borrow_mut().push(Note { weight: Weight::Warning, text: text.into() });
    }

    /// Notes a file of the working tree whose content decides about a result.
    pub fn read(&self, file: impl Into<PathBuf>) {
        self.files.borrow_mut().push(file.into());
    }

    /// Takes the files that were read, each once, sorted.
    #[must_use]
    pub fn take_files(&self) -> Vec<PathBuf> {
        let mut files = mem::take(&mut *self.files.borrow_mut());
        files.sort();
        files.dedup();
        files
    }

    /// Takes what was collected, warnings first, each once: the order does not depend on which answer came first.
    #[must_use]
    pub fn take(&self) -> Vec<Note> {
        let mut notes = self.notes.take();
        notes.sort();
        notes.dedup();
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_told_once_and_in_a_fixed_order() {
        let notes = Notes::default();
        let copy = notes.clone();
        notes.note("b");
        copy.warn("c");
        copy.note("a");
        notes.note("b");
        let texts: Vec<String> = notes.take().into_iter().map(|note| note.text).collect();
        assert_eq!(texts, ["c", "a", "b"]);
        assert_eq!(copy.take(), []);
    }
}
