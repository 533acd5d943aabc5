//! Where a part of a contract is declared, and what is wrong with a contract itself.

use std::{path::Path, sync::Arc};

use crate::config::{Part, Place, Written};

/// Where a part of a contract is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Site {
    /// In a file.
    File(Arc<FileSite>),
    /// On the command line.
    Option(&'static str),
}

/// Where something is declared in a file; the place is looked for in its text when somebody asks for it.
#[derive(Debug, PartialEq, Eq)]
pub struct FileSite {
    file: Arc<Path>,
    written: Written,
    /// The top-level key.
    section: &'static str,
    /// What stands below it.
    key: SiteKey,
}

/// What is declared below a top-level key of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SiteKey {
    /// A variable.
    Name(Arc<str>),
    /// A rule, from 0.
    Item(usize),
}

impl Site {
    /// Returns the file, when it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(site) => Some(&site.file),
            Self::Option(_) => None,
        }
    }

    /// Returns the place in the file.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        let Self::File(site) = self else { return None };
        let inner = match &site.key {
            SiteKey::Name(name) => Part::Key(name),
            SiteKey::Item(index) => Part::Item(*index),
        };
        site.written.place(&[Part::Key(site.section), inner])
    }

    /// Writes it for people, `esc-shell.yaml:3:5` or an option; `shown` writes a path.
    #[must_use]
    pub fn text(&self, shown: impl Fn(&Path) -> String) -> String {
        match self {
            Self::Option(name) => format!("`{name}`"),
            Self::File(site) => match self.place() {
                Some(Place { line, column, .. }) => format!("{}:{line}:{column}", shown(&site.file)),
                None => shown(&site.file),
            },
        }
    }
}

/// What is wrong with a contract itself: a contradiction, or a demand that nothing can meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractError {
    /// Where.
    pub site: Site,
    /// The other place of a contradiction.
    pub other: Option<Site>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
}

impl ContractError {
    pub(super) fn new(site: &Site, message: impl Into<String>) -> Self {
        Self { site: site.clone(), other: None, message: message.into(), hints: Vec::new() }
    }

    pub(super) fn and(mut self, other: &Site) -> Self {
        // Within one declaration there is no other place.
        self.other = (*other != self.site).then(|| other.clone());
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// Makes the sites of one file.
pub(super) struct Sites<'f> {
    file: Arc<Path>,
    written: &'f Written,
}

impl<'f> Sites<'f> {
    pub(super) fn new(file: &Path, written: &'f Written) -> Self {
        Self { file: file.into(), written }
    }

    pub(super) fn of(&self, section: &'static str, key: SiteKey) -> Site {
        let (file, written) = (Arc::clone(&self.file), self.written.clone());
        Site::File(Arc::new(FileSite { file, written, section, key }))
    }
}
