//! What is expected of one variable, and how a value violates it.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Surroundings,
    site::Site,
    types::{self, Type, Wrong},
};
use crate::{
    config::contract::{Severity, VariableType},
    diagnostic::BreachKind,
    syntax::path::Step,
    value::{Text, number::Extended, schema::Pattern},
};

/// What is expected of one variable.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the contract")]
pub(super) struct Expectation {
    pub(super) name: Arc<str>,
    pub(super) sites: Vec<Site>,
    pub(super) required: bool,
    pub(super) default: Option<String>,
    pub(super) secret: bool,
    /// It must come as a file.
    pub(super) file: bool,
    /// Where its value stands, when that is not `environmentVariables`.
    pub(super) from: Option<Vec<Step>>,
    pub(super) requires: BTreeSet<String>,
    pub(super) severity: Severity,
    /// What the declarations say to do.
    pub(super) advice: Vec<String>,
    /// An empty text is right: whoever allows no characters means it.
    pub(super) may_be_empty: bool,
    pub(super) form: Form,
}

/// What a value looks like.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) kind: &'static Type,
    pub(super) patterns: Vec<Pattern>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) min: Option<String>,
    pub(super) max: Option<String>,
    pub(super) schemes: Option<Vec<String>>,
    pub(super) values: Option<Vec<String>>,
}

impl Expectation {
    /// Returns how a value violates it; each rule that is violated once.
    pub(super) fn breaches(&self, text: &Text, surroundings: &Surroundings) -> Vec<BreachKind> {
        self.form.breaches(&self.name, text, surroundings)
    }

    /// Tells whether a path fits as well as a content would.
    pub(super) fn is_path(&self) -> bool {
        types::is_within(self.form.kind.kind, VariableType::Path)
    }
}

impl Form {
    /// Returns how a value violates it; each rule that is violated once.
    pub(super) fn breaches(&self, name: &str, text: &Text, surroundings: &Surroundings) -> Vec<BreachKind> {
        let mut breaches = Vec::new();
        let owned = || name.to_owned();
        // What is no UTF-8 is of no type but `string`; what else is said about it can still be told.
        let lossy = text.to_str_lossy();
        let checked = match text.as_str() {
            None if self.kind.kind != VariableType::String => Err(Wrong::Form(Some("it is no UTF-8"))),
            _ => (self.kind.check)(&lossy, surroundings),
        };
        match checked {
            Ok(()) => {}
            Err(Wrong::Form(reason)) => breaches.push(BreachKind::Type {
                name: owned(),
                wanted: self.kind.kind.name(),
                about: self.kind.about,
                reason,
            }),
            Err(Wrong::Expired(seconds)) => breaches.push(BreachKind::Expired { name: owned(), seconds }),
            Err(Wrong::Early(seconds)) => breaches.push(BreachKind::Early { name: owned(), seconds }),
        }
        let failing = self.patterns.iter().filter(|pattern| !pattern.is_match(text));
        breaches
            .extend(failing.map(|pattern| BreachKind::Pattern { name: owned(), pattern: pattern.text.to_string() }));
        if self.min_length.is_some() || self.max_length.is_some() {
            let length = lossy.chars().count() as u64;
            let short = self.min_length.filter(|least| length < *least);
            let long = self.max_length.filter(|most| length > *most);
            breaches.extend(short.map(|least| BreachKind::TooShort { name: owned(), least }));
            breaches.extend(long.map(|most| BreachKind::TooLong { name: owned(), most }));
        }
        if let Some(value) = Extended::parse(&lossy) {
            let outside = |limit: &Option<String>, is: fn(&Extended, &Extended) -> bool| {
                limit.clone().filter(|limit| Extended::parse(limit).is_some_and(|limit| is(&value, &limit)))
            };
            let small = outside(&self.min, |value, limit| value < limit);
            let large = outside(&self.max, |value, limit| value > limit);
            breaches.extend(small.map(|least| BreachKind::TooSmall { name: owned(), least }));
            breaches.extend(large.map(|most| BreachKind::TooLarge { name: owned(), most }));
        }
        if let Some(schemes) = &self.schemes
            && let Some(scheme) = types::scheme(&lossy)
            && !schemes.contains(&scheme.to_lowercase())
        {
            breaches.push(BreachKind::Scheme { name: owned(), schemes: schemes.clone() });
        }
        if let Some(values) = &self.values
            && !values.iter().any(|value| **value == *lossy)
        {
            breaches.push(BreachKind::Value { name: owned(), values: values.clone() });
        }
        breaches
    }
}
