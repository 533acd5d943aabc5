//! What a set of variables violates: everything at once, in the order of the names.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Surroundings,
    expectation::Expectation,
    site::Site,
    values::{Content, Given, Values},
};
use crate::{
    config::contract::{Level, Rule, Severity as Severities},
    diagnostic::{BreachKind, Severity, suggest},
    environment::{Variable, Variables},
    syntax::path::{Step, display},
    value::Key,
};

/// Variables that hold AWS credentials.
const CREDENTIALS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// Variables that tell how long they are valid, as AWS's own tools write them.
const CREDENTIALS_END: [&str; 2] = ["AWS_CREDENTIAL_EXPIRATION", "AWS_SESSION_EXPIRATION"];

/// One violation. `P` is the place of a value, in the terms of whoever gave the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<P> {
    /// What is violated.
    pub kind: BreachKind,
    /// How bad it is, here.
    pub severity: Severity,
    /// What the contract says to do.
    pub advice: Vec<String>,
    /// Where it is declared.
    pub sites: Vec<Site>,
    /// Where the value is from; absent when there is none.
    pub at: Option<P>,
}

/// A contract, as it holds for environments that are opened together.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Sorted by name.
    expectations: Vec<Expectation>,
    rules: Vec<(Rule, Site)>,
    /// The variables that are delivered; absent when all are.
    kept: Option<BTreeSet<String>>,
}

impl Guard {
    pub(super) fn new(
        expectations: Vec<Expectation>,
        rules: Vec<(Rule, Site)>,
        kept: Option<BTreeSet<String>>,
    ) -> Self {
        Self { expectations, rules, kept }
    }

    /// Returns the paths that values are taken from, beside `environmentVariables` and `files`.
    pub fn paths(&self) -> impl Iterator<Item = &[Step]> {
        self.expectations.iter().filter_map(|expectation| expectation.from.as_deref())
    }

    /// Returns everything that values violate; [`Values::at_paths`] has one for each of [`Guard::paths`].
    #[must_use]
    pub fn judge<P: Clone>(&self, values: &Values<P>, surroundings: &Surroundings) -> Vec<Finding<P>> {
        let judge = Judge { guard: self, values, surroundings };
        let mut findings: Vec<Finding<P>> = Vec::new();
        for (expectation, given) in self.given(values) {
            let kinds = judge.variable(expectation, given);
            findings.extend(kinds.into_iter().map(|(kind, at)| judge.finding(expectation, kind, at)));
        }
        findings.extend(judge.credentials());
        findings.extend(self.rules.iter().flat_map(|(rule, site)| judge.rule(rule, site)));
        findings
    }

    /// Returns what is expected, each with the value that it is about.
    fn given<'g, P>(&'g self, values: &'g Values<P>) -> impl Iterator<Item = (&'g Expectation, Option<&'g Given<P>>)> {
        let mut at_paths = values.at_paths.iter();
        self.expectations.iter().map(move |expectation| {
            let given = match expectation.from {
                Some(_) => at_paths.next().and_then(Option::as_ref),
                None => values.named.get(&expectation.name),
            };
            (expectation, given)
        })
    }

    /// Makes what is delivered: values from paths and defaults are added, what is undeclared goes where that is wanted, and what the
    /// contract calls secret is. `at_path` gives the value at one of [`Guard::paths`], by its index.
    pub fn settle(&self, variables: &mut Variables, mut at_path: impl FnMut(usize) -> Option<Variable>) {
        let mut index = 0;
        for expectation in &self.expectations {
            let name = Key::from(&*expectation.name);
            if expectation.from.is_some() {
                let taken = at_path(index).map(|variable| Variable { name: Arc::clone(&name), ..variable });
                index += 1;
                variables.files.retain(|file| file.name != name);
                variables.variables.retain(|variable| variable.name != name);
                variables.variables.extend(taken);
            }
            let lists = || variables.variables.iter().chain(&variables.files);
            let is_there = lists().any(|variable| variable.name == name);
            match &expectation.default {
                Some(default) if !is_there => variables.variables.push(Variable {
                    name,
                    text: default.as_str().into(),
                    secret: false,
                    unknown: false,
                    origin: None,
                }),
                _ if expectation.secret => {
                    let all = variables.variables.iter_mut().chain(&mut variables.files);
                    all.filter(|variable| variable.name == name).for_each(|variable| variable.secret = true);
                }
                _ => {}
            }
        }
        variables.variables.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(kept) = &self.kept {
            variables.variables.retain(|variable| kept.contains(&*variable.name));
            variables.files.retain(|file| kept.contains(&*file.name));
        }
    }
}

struct Judge<'j, P> {
    guard: &'j Guard,
    values: &'j Values<P>,
    surroundings: &'j Surroundings,
}

impl<P: Clone> Judge<'_, P> {
    fn severity(&self, severities: Severities) -> Severity {
        let level = if self.surroundings.ci { severities.ci } else { severities.local };
        match level {
            Level::Error => Severity::Error,
            Level::Warn => Severity::Warning,
        }
    }

    fn finding(&self, expectation: &Expectation, kind: BreachKind, at: Option<P>) -> Finding<P> {
        Finding {
            kind,
            severity: self.severity(expectation.severity),
            advice: expectation.advice.clone(),
            sites: expectation.sites.clone(),
            at,
        }
    }

    /// Returns how one variable violates what is expected of it.
    fn variable(&self, expectation: &Expectation, given: Option<&Given<P>>) -> Vec<(BreachKind, Option<P>)> {
        let name = || expectation.name.to_string();
        let Some(given) = given else {
            let missing = expectation.required && expectation.default.is_none() && !self.values.open_ended;
            let kind = || BreachKind::Missing {
                name: name(),
                from: expectation.from.as_deref().map(display),
                suggestion: if expectation.from.is_some() { None } else { self.suggestion(expectation) },
            };
            return missing.then(|| (kind(), None)).into_iter().collect();
        };
        let at = || Some(given.place.clone());
        let mut kinds = Vec::new();
        if expectation.file && !given.file {
            kinds.push(BreachKind::NotFile { name: name() });
        }
        match &given.content {
            Content::Later => {}
            Content::Unknown => kinds.push(BreachKind::Unknown { name: name() }),
            Content::Other(found) => kinds.push(BreachKind::NotText { name: name(), found }),
            Content::Text(text) if text.as_bytes().is_empty() => {
                // Somebody who gives no text to an optional variable switches it off.
                let wanted = expectation.required || expectation.default.is_some();
                if wanted && !expectation.may_be_empty {
                    kinds.push(BreachKind::Empty { name: name() });
                }
            }
            // The path of a file is right by itself; what else is declared is about its content.
            Content::Text(_) if given.file && !expectation.file && expectation.is_path() => {}
            Content::Text(text) => kinds.extend(expectation.breaches(text, self.surroundings)),
        }
        if self.exists(&expectation.name) {
            let missing: Vec<String> =
                expectation.requires.iter().filter(|needed| self.lacks(needed)).cloned().collect();
            if !missing.is_empty() {
                kinds.push(BreachKind::Requires { name: name(), missing });
            }
        }
        kinds.into_iter().map(|kind| (kind, at())).collect()
    }

    /// Returns a variable that is there, is not declared, and has a similar name.
    fn suggestion(&self, expectation: &Expectation) -> Option<String> {
        let declared = |name: &str| self.guard.expectations.iter().any(|expectation| &*expectation.name == name);
        let others = self.values.named.keys().map(|name| &**name).filter(|name| !declared(name));
        suggest::property(&expectation.name, others).map(str::to_owned)
    }

    /// Tells whether a variable is there, with a text in it, or will be.
    fn exists(&self, name: &str) -> bool {
        let expected = self.guard.given(self.values).find(|(expectation, _)| &*expectation.name == name);
        let given = match expected {
            Some((_, given)) => given,
            None => self.values.named.get(name),
        };
        match given.map(|given| &given.content) {
            Some(Content::Text(text)) => !text.as_bytes().is_empty(),
            Some(_) => true,
            None => expected.is_some_and(|(expectation, _)| expectation.default.is_some()),
        }
    }

    /// Tells whether a variable is missing for certain.
    fn lacks(&self, name: &str) -> bool {
        let may_come = self.values.open_ended && !self.values.named.contains_key(name);
        !may_come && !self.exists(name)
    }

    fn place(&self, name: &str) -> Option<P> {
        self.values.named.get(name).map(|given| given.place.clone())
    }

    fn rule(&self, rule: &Rule, site: &Site) -> Vec<Finding<P>> {
        let mut kinds: Vec<(BreachKind, Option<P>)> = Vec::new();
        if !rule.one_of.is_empty() && rule.one_of.iter().all(|name| self.lacks(name)) {
            kinds.push((BreachKind::OneOf { names: rule.one_of.clone() }, None));
        }
        for (name, needed) in &rule.requires {
            let missing: Vec<String> = needed.iter().filter(|needed| self.lacks(needed)).cloned().collect();
            if self.exists(name) && !missing.is_empty() {
                kinds.push((BreachKind::Requires { name: name.clone(), missing }, self.place(name)));
            }
        }
        let present: BTreeSet<&String> = rule.conflicts.iter().filter(|name| self.exists(name)).collect();
        if present.len() > 1 {
            let at = present.iter().find_map(|name| self.place(name));
            kinds.push((BreachKind::Conflicts { names: present.into_iter().cloned().collect() }, at));
        }
        let finding =
            |(kind, at)| Finding { kind, severity: Severity::Error, advice: Vec::new(), sites: vec![site.clone()], at };
        kinds.into_iter().map(finding).collect()
    }

    /// Returns that AWS credentials have expired, when their end is known and the contract is about them.
    fn credentials(&self) -> Option<Finding<P>> {
        let mut expectations = self.guard.expectations.iter();
        let expectation = expectations.find(|expectation| CREDENTIALS.contains(&&*expectation.name))?;
        let given = CREDENTIALS_END.iter().find_map(|name| self.values.named.get(*name))?;
        let Content::Text(text) = &given.content else { return None };
        let end = text.as_str()?.parse::<jiff::Timestamp>().ok()?.as_second();
        let kind =
            BreachKind::Expired { name: expectation.name.to_string(), seconds: end.abs_diff(self.surroundings.now) };
        (end <= self.surroundings.now).then(|| self.finding(expectation, kind, Some(given.place.clone())))
    }
}
