//! All declarations of one variable, added up. The strictest wins; a contradiction is an error that names both places.

use std::sync::Arc;

use super::{
    Surroundings,
    contract::Declaration,
    expectation::{Expectation, Form},
    site::{ContractError, Site},
    types::{self, Type},
};
use crate::{
    config::contract::{Bound, Level, Severity, VariableType},
    diagnostic::BreachKind,
    syntax::path::parse_typed,
    value::{
        number::{Extended, format_float},
        schema::Pattern,
    },
};

/// A limit, and the declaration that it is from.
#[derive(Clone, Debug)]
struct Held<T> {
    value: T,
    site: Site,
}

/// Adds up the declarations of one variable, at least one.
pub(super) fn merge(declared: &[&Declaration]) -> Result<Expectation, Vec<ContractError>> {
    let mut merger = Merger { name: Arc::clone(&declared[0].name), errors: Vec::new() };
    let expectation = merger.expectation(declared);
    if merger.errors.is_empty() { Ok(expectation) } else { Err(merger.errors) }
}

struct Merger {
    name: Arc<str>,
    errors: Vec<ContractError>,
}

impl Merger {
    fn error(&mut self, site: &Site, message: impl Into<String>) -> &mut ContractError {
        self.errors.push(ContractError::new(site, message));
        self.errors.last_mut().expect("one was added")
    }

    /// Reports two declarations that nothing can meet together.
    fn contradiction(&mut self, message: String, site: &Site, other: &Site) {
        self.errors.push(ContractError::new(site, message).and(other));
    }

    fn expectation(&mut self, declared: &[&Declaration]) -> Expectation {
        for declaration in declared {
            self.alone(declaration);
        }
        let kind = self.kind(declared);
        let default = self.same(declared, "defaults", |declaration| {
            declaration.variable.default.as_ref().map(|literal| literal.0.clone())
        });
        let from = self.same(declared, "paths", |declaration| declaration.variable.from.clone());
        let from = from.and_then(|held| match parse_typed(&held.value) {
            Ok(steps) if !steps.is_empty() => Some(steps),
            result => {
                let reason = result.err().map_or_else(|| "it is empty".to_owned(), |error| error.to_string());
                let message = format!("`from` of `{}` is no property path: {reason}", self.name);
                self.error(&held.site, message).hints.push("write it as `urls.api`, `list[0]` or `a[\"b c\"]`".into());
                None
            }
        });
        let variables = || declared.iter().map(|declaration| &declaration.variable);
        let form = self.form(declared, &kind);
        if let Some(default) = &default {
            self.default(default, &form);
            let secret = declared.iter().find(|declaration| declaration.variable.secret == Some(true));
            if let Some(secret) = secret {
                let message = format!("`{}` is secret, and has a default", self.name);
                self.contradiction(message, &secret.site, &default.site);
                let hint = "a default stands in plain sight: remove it, or write `secret: false`";
                self.errors.last_mut().expect("one was added").hints.push(hint.into());
            }
        }
        let mut advice: Vec<String> = Vec::new();
        let lines = variables().flat_map(|variable| {
            let owner = variable.owner.as_ref().map(|owner| format!("owner: {owner}"));
            let docs = variable.docs.as_ref().map(|docs| format!("documentation: {docs}"));
            [variable.help.clone(), owner, docs]
        });
        for line in lines.flatten() {
            if !advice.contains(&line) {
                advice.push(line);
            }
        }
        let secret = |declaration: &&Declaration| {
            let variable = &declaration.variable;
            variable.secret.unwrap_or(variable.default.is_none() && form.kind.secret)
        };
        Expectation {
            name: Arc::clone(&self.name),
            sites: declared.iter().map(|declaration| declaration.site.clone()).collect(),
            required: variables().any(|variable| variable.required.unwrap_or(variable.default.is_none())),
            secret: declared.iter().any(secret),
            default: default.map(|held| held.value),
            file: declared.iter().any(|declaration| declaration.file),
            from,
            requires: variables().flat_map(|variable| variable.requires.iter().cloned()).collect(),
            severity: Severity {
                ci: worst(variables().map(|variable| variable.severity.ci)),
                local: worst(variables().map(|variable| variable.severity.local)),
            },
            advice,
            may_be_empty: variables().all(|variable| variable.min_length == Some(0)),
            form,
        }
    }

    /// Judges what one declaration says by itself.
    fn alone(&mut self, declaration: &Declaration) {
        let Declaration { name, variable, site, .. } = declaration;
        if variable.required == Some(true) && variable.default.is_some() {
            let hint = "remove one of the two: a default is what there is when the value is missing";
            self.error(site, format!("`{name}` is required, and has a default")).hints.push(hint.into());
        }
        if variable.requires.iter().any(|needed| **needed == **name) {
            self.error(site, format!("`{name}` requires itself"));
        }
        if variable.from.is_some() && declaration.file {
            self.error(site, format!("`from` of `{name}` is for variables, and this is a file"));
        }
    }

    fn kind(&mut self, declared: &[&Declaration]) -> Held<&'static Type> {
        let mut held = Held { value: types::describe(VariableType::String), site: declared[0].site.clone() };
        for declaration in declared {
            let Some(kind) = declaration.variable.kind else { continue };
            if types::is_within(kind, held.value.kind) {
                held = Held { value: types::describe(kind), site: declaration.site.clone() };
            } else if !types::is_within(held.value.kind, kind) {
                let (one, other) = (held.value.kind.name(), kind.name());
                let message = format!("`{}` is declared as `{one}` and as `{other}`", self.name);
                self.contradiction(message, &declaration.site, &held.site);
            }
        }
        held
    }

    /// Returns what every declaration that says something says.
    fn same(
        &mut self,
        declared: &[&Declaration],
        what: &str,
        get: impl Fn(&Declaration) -> Option<String>,
    ) -> Option<Held<String>> {
        let mut held: Option<Held<String>> = None;
        for declaration in declared {
            let Some(value) = get(declaration) else { continue };
            match &held {
                Some(first) if first.value != value => {
                    let message = format!("`{}` is declared with two {what}", self.name);
                    self.contradiction(message, &declaration.site, &first.site);
                }
                Some(_) => {}
                None => held = Some(Held { value, site: declaration.site.clone() }),
            }
        }
        held
    }

    /// Returns the strictest of some limits; `stricter` tells whether the first is.
    fn strictest<T>(
        declared: &[&Declaration],
        get: impl Fn(&Declaration) -> Option<T>,
        stricter: impl Fn(&T, &T) -> bool,
    ) -> Option<Held<T>> {
        let limits = declared
            .iter()
            .filter_map(|declaration| Some(Held { value: get(declaration)?, site: declaration.site.clone() }));
        limits.reduce(|held, new| if stricter(&new.value, &held.value) { new } else { held })
    }

    /// Returns the words that all lists have that are given.
    fn common(
        &mut self,
        declared: &[&Declaration],
        what: &str,
        get: impl Fn(&Declaration) -> Vec<String>,
    ) -> Option<Held<Vec<String>>> {
        let mut held: Option<Held<Vec<String>>> = None;
        for declaration in declared {
            let words = get(declaration);
            if words.is_empty() {
                continue;
            }
            held = Some(match held {
                None => Held { value: words, site: declaration.site.clone() },
                Some(first) => {
                    let value: Vec<String> = first.value.iter().filter(|word| words.contains(word)).cloned().collect();
                    if value.is_empty() {
                        let message = format!("no {what} of `{}` is allowed by both declarations", self.name);
                        self.contradiction(message, &declaration.site, &first.site);
                        return Some(first);
                    }
                    Held { value, site: first.site }
                }
            });
        }
        held
    }

    fn form(&mut self, declared: &[&Declaration], kind: &Held<&'static Type>) -> Form {
        let min_length = Self::strictest(declared, |one| one.variable.min_length, |new, held| new > held);
        let max_length = Self::strictest(declared, |one| one.variable.max_length, |new, held| new < held);
        if let (Some(min), Some(max)) = (&min_length, &max_length)
            && min.value > max.value
        {
            let message = format!("no text of `{}` is long and short enough", self.name);
            self.contradiction(message, &max.site, &min.site);
        }
        let min = Self::strictest(declared, |one| one.variable.min.map(text), |new, held| number(new) > number(held));
        let max = Self::strictest(declared, |one| one.variable.max.map(text), |new, held| number(new) < number(held));
        if let (Some(min), Some(max)) = (&min, &max)
            && number(&min.value) > number(&max.value)
        {
            let message = format!("no number of `{}` is large and small enough", self.name);
            self.contradiction(message, &max.site, &min.site);
        }
        let lower = |words: &[String]| words.iter().map(|word| word.to_lowercase()).collect();
        let schemes = self.common(declared, "scheme", |one| lower(&one.variable.schemes));
        let values =
            self.common(declared, "value", |one| one.variable.values.iter().map(|literal| literal.0.clone()).collect());
        let is_number = types::is_within(kind.value.kind, VariableType::Number);
        for (held, fits, key, wanted) in [
            (
                min.as_ref().or(max.as_ref()).map(|held| &held.site),
                is_number,
                "`min` and `max` are",
                "`int`, `number` or `port`",
            ),
            (schemes.as_ref().map(|held| &held.site), kind.value.kind == VariableType::Url, "`schemes` is", "`url`"),
        ] {
            if let Some(site) = held
                && !fits
            {
                let message = format!("`{}`: {key} for the type {wanted}", self.name);
                self.contradiction(message, site, &kind.site);
            }
        }
        if kind.value.kind == VariableType::Enum && values.is_none() {
            let message = format!("`{}` is an `enum`, and no `values` are listed", self.name);
            self.error(&kind.site, message).hints.push("add `values: [a, b]`".into());
        }
        let mut patterns: Vec<Pattern> = Vec::new();
        for declaration in declared {
            let Some(text) = &declaration.variable.pattern else { continue };
            if patterns.iter().any(|pattern| *pattern.text == **text) {
                continue;
            }
            match Pattern::parse(text.as_str()) {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => {
                    let message = format!("`pattern` of `{}` is no regular expression: {error}", self.name);
                    self.error(&declaration.site, message).hints.push("the syntax is that of RE2".into());
                }
            }
        }
        Form {
            kind: kind.value,
            patterns,
            min_length: min_length.map(|held| held.value),
            max_length: max_length.map(|held| held.value),
            min: min.map(|held| held.value),
            max: max.map(|held| held.value),
            schemes: schemes.map(|held| held.value),
            values: values.map(|held| held.value),
        }
    }

    /// Holds a default against the form; its time is none of the contract's.
    fn default(&mut self, default: &Held<String>, form: &Form) {
        let anywhere = Surroundings { now: 0, ci: false, folder: None };
        let mut breaches = form.breaches(&self.name, &default.value.as_str().into(), &anywhere);
        breaches.retain(|breach| !matches!(breach, BreachKind::Expired { .. } | BreachKind::Early { .. }));
        if let Some(breach) = breaches.first() {
            let wanted = match breach {
                BreachKind::Type { wanted, about, .. } => format!("its type `{wanted}`: expected {about}"),
                _ => "what is declared beside it".to_owned(),
            };
            self.error(&default.site, format!("the default of `{}` does not fit {wanted}", self.name));
        }
    }
}

fn worst(mut levels: impl Iterator<Item = Level>) -> Level {
    if levels.any(|level| level == Level::Error) { Level::Error } else { Level::Warn }
}

/// Writes a bound as a number's text.
fn text(bound: Bound) -> String {
    match bound {
        Bound::Integer(value) => value.to_string(),
        Bound::Decimal(value) => format_float(value),
    }
}

fn number(text: &str) -> Option<Extended> {
    Extended::parse(text)
}
