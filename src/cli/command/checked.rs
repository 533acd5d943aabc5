//! A contract that is held against what a check knows: nothing is opened, and what is not known is no violation.

use std::{collections::BTreeSet, sync::Arc};

use super::{guarded::name_of, violations::tell};
use crate::{
    cli::{
        complaint::Complaint, complaint::Point, failure::Failure, located::Located, output::Output,
        workbench::Workbench,
    },
    config::Place,
    diagnostic::{Breach, BreachKind, Diagnostic, Problem, suggest},
    eval::Evaluation,
    guard::{Content, Contract, ContractError, EnvironmentName, Given, Site, Surroundings, Values},
    render::RenderError,
    syntax::path::Step,
    value::{Kind, Origin, TooLarge, View},
};

/// A contract, and what was seen of the environments so far.
pub(super) struct Checked {
    contract: Contract,
    /// All environments are checked, and not some that were named.
    all: bool,
    /// The files of environments that others import: what such a one lacks may be in those.
    imported: BTreeSet<Arc<str>>,
    environments: Vec<EnvironmentName>,
    names: BTreeSet<String>,
    missing: BTreeSet<String>,
    open_ended: bool,
    told: Vec<ContractError>,
}

impl Checked {
    pub(super) fn new(contract: Contract, evaluations: &[Evaluation], all: bool) -> Self {
        let imports = |evaluation: &Evaluation| -> Vec<Arc<str>> {
            evaluation.sources.iter().skip(1).map(|(_, source)| Arc::clone(&source.file)).collect()
        };
        Self {
            contract,
            all,
            imported: evaluations.iter().flat_map(imports).collect(),
            environments: Vec::new(),
            names: BTreeSet::new(),
            missing: BTreeSet::new(),
            open_ended: false,
            told: Vec::new(),
        }
    }

    /// Holds an environment against the contract; returns the violations, which are told.
    ///
    /// # Errors
    /// When the contract is wrong itself: told once, whatever environments there are.
    pub(super) fn judge(
        &mut self,
        located: &Located,
        evaluation: &Evaluation,
        workbench: &Workbench,
        output: &mut Output,
    ) -> Result<Vec<Diagnostic>, Failure> {
        let name = name_of(located);
        self.environments.push(name.clone());
        let guard = self.contract.guard(&[name]).map_err(|mut errors| {
            errors.retain(|error| !self.told.contains(error));
            self.told.extend(errors.iter().cloned());
            Failure::contract(errors, |file| workbench.shown(file))
        })?;
        let paths: Vec<&[Step]> = guard.paths().collect();
        let mut values = values(evaluation, &paths).map_err(RenderError::from)?;
        // What is broken may have anything.
        values.open_ended |= evaluation.root().is_none() && evaluation.all_diagnostics().any(Diagnostic::is_error);
        self.names.extend(values.named.keys().map(ToString::to_string));
        self.open_ended |= values.open_ended;
        values.open_ended |=
            self.all && located.local().is_some_and(|definition| self.imported.contains(definition.shown.as_str()));
        // Whether a file exists is seen where it is used.
        let surroundings = Surroundings { folder: None, ..workbench.guard_surroundings() };
        let findings = guard.judge(&values, &surroundings);
        for finding in &findings {
            if let BreachKind::Missing { name, .. } = &finding.kind {
                self.missing.insert(name.clone());
            }
        }
        Ok(tell(findings, &[evaluation], workbench, output))
    }

    /// Returns what the contract names and no environment has, when all of them were seen.
    pub(super) fn strangers(&self, workbench: &Workbench) -> Vec<Complaint> {
        if !self.all {
            return Vec::new();
        }
        let mut strangers = Vec::new();
        let mut add = |kind: BreachKind, site: &Site| {
            let problem = Problem::Contract(Box::new(Breach { kind, advice: Vec::new(), declared: None }));
            let point = |Place { line, column, byte }| Point { line, column, byte };
            let warning = Complaint {
                file: site.file().map(|file| workbench.shown(file)),
                at: site.place().map(point),
                hints: problem.help(),
                ..Complaint::warning(problem.code(), problem.message())
            };
            if !strangers.contains(&warning) {
                strangers.push(warning);
            }
        };
        for (name, site) in self.contract.wanted().filter(|_| !self.open_ended) {
            if !self.names.contains(name) && !self.missing.contains(name) {
                let declared = self.contract.names();
                let others = self.names.iter().map(String::as_str).filter(|other| !declared.contains(other));
                let suggestion = suggest::property(name, others).map(str::to_owned);
                add(BreachKind::Nowhere { name: name.to_owned(), suggestion }, site);
            }
        }
        for (name, site) in self.contract.environments() {
            if !self.environments.iter().any(|environment| environment.is(name)) {
                let others = self.environments.iter().map(|environment| environment.environment.as_str());
                let suggestion = suggest::property(name, others).map(str::to_owned);
                add(BreachKind::NoEnvironment { name: name.to_owned(), suggestion }, site);
            }
        }
        strangers
    }
}

type At = (usize, Origin);

/// Collects what a check knows.
fn values(evaluation: &Evaluation, paths: &[&[Step]]) -> Result<Values<At>, TooLarge> {
    let mut values = Values::new(false);
    let Some(root) = evaluation.root() else { return Ok(values) };
    values.add(root, located)?;
    for path in paths {
        let given = at(&values, root, path)?;
        values.at_paths.push(given);
    }
    Ok(values)
}

fn located(view: View<'_>) -> At {
    (0, view.node().origin)
}

/// Finds the value at a path. What lies in something that is not known, or in a text that may be JSON, is known later.
fn at(values: &Values<At>, root: View<'_>, path: &[Step]) -> Result<Option<Given<At>>, TooLarge> {
    let mut view = root;
    for step in path {
        if view.is_unknown() || matches!(view.kind(), Kind::String(_) | Kind::Sealed(_)) {
            return Ok(Some(Given { content: Content::Later, file: false, place: located(view) }));
        }
        let next = match step {
            Step::Key(key) => view.get(key),
            Step::Index(index) => usize::try_from(*index).ok().and_then(|index| view.item(index)),
        };
        match next {
            Some(next) => view = next,
            None => return Ok(None),
        }
    }
    values.given(view, false, located(view)).map(Some)
}
