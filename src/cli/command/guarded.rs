//! Environments that are opened under a contract: asked for what it needs, held against it, and made what it says.
//!
//! Where no contract is declared nothing is done here.

use std::mem;

use super::{
    opened::{Asked, Opened},
    violations::tell,
};
use crate::{
    cli::{
        args::{ContractSources, GuardArgs},
        failure::Failure,
        located::{InCloud, Located},
        output::Output,
        workbench::Workbench,
    },
    config::{self, ContractFile},
    environment::Variable,
    guard::{Contract, EnvironmentName, Guard, Values},
    render::RenderError,
    syntax::path::Step,
    value::{Key, Kind, TooLarge, View, text_form},
};

/// Opens environments, or those that the contract or the configuration names where `names` is empty.
///
/// # Errors
/// When one of them can't be opened, or the contract is wrong or violated; everything is told.
pub(in crate::cli) fn open(
    names: &[String],
    all: bool,
    guards: &GuardArgs,
    workbench: &Workbench,
    output: &mut Output,
) -> Result<Opened, Failure> {
    let file = contract_file(&guards.sources, workbench)?;
    let mut contract = gather(&guards.sources, file.as_ref(), workbench)?;
    if let Some(undeclared) = guards.undeclared {
        contract.set_undeclared(undeclared.into());
    }
    let names = match &file {
        Some(file) if names.is_empty() => &file.environments,
        _ => names,
    };
    if contract.is_empty() {
        return Opened::open_unguarded(names, &Asked { all, paths: Vec::new() }, workbench, output);
    }
    let named: Vec<EnvironmentName> = wanted(names)
        // One that can't be found is told when it is opened.
        .filter_map(|name| workbench.locate(name).ok())
        .map(|located| name_of(&located))
        .collect();
    let guard = contract.guard(&named).map_err(|errors| Failure::contract(errors, |file| workbench.shown(file)))?;
    let paths: Vec<Vec<Step>> = guard.paths().map(<[Step]>::to_vec).collect();
    let asked = Asked { all, paths };
    let mut opened = Opened::open_unguarded(names, &asked, workbench, output)?;
    judge(&guard, &asked.paths, &opened, workbench, output)?;
    settle(&guard, &asked.paths, &mut opened)?;
    Ok(opened)
}

/// Reads the contract file that is named.
pub(super) fn contract_file(sources: &ContractSources, workbench: &Workbench) -> Result<Option<ContractFile>, Failure> {
    let Some(file) = &sources.contract else { return Ok(None) };
    let loaded = config::load_contract(&workbench.absolute(file));
    loaded.map(Some).map_err(|errors| Failure::config(errors, |file| workbench.shown(file)))
}

/// Adds up all sources of the contract.
pub(super) fn gather(
    sources: &ContractSources,
    file: Option<&ContractFile>,
    workbench: &Workbench,
) -> Result<Contract, Failure> {
    let mut contract = Contract::default();
    if let Some(config) = workbench.config() {
        contract.add_config(config);
    }
    if let Some(file) = file {
        contract.add_file(file);
    }
    let errors: Vec<_> = sources.require.iter().filter_map(|text| contract.require(text).err()).collect();
    if errors.is_empty() { Ok(contract) } else { Err(Failure::contract(errors, |file| workbench.shown(file))) }
}

/// Returns the names of what is opened; none is the default.
pub(super) fn wanted(names: &[String]) -> impl Iterator<Item = Option<&str>> {
    let default = names.is_empty().then_some(None);
    default.into_iter().chain(names.iter().map(|name| Some(name.as_str())))
}

/// Returns what a contract calls an environment.
pub(super) fn name_of(located: &Located) -> EnvironmentName {
    match located {
        Located::Local(definition) => EnvironmentName {
            organization: definition.organization.as_deref().map(str::to_owned),
            project: definition.project.to_string(),
            environment: definition.environment.to_string(),
        },
        Located::Cloud(InCloud { environment, .. }) => EnvironmentName {
            organization: Some(environment.organization.to_string()),
            project: environment.project.to_string(),
            environment: environment.environment.to_string(),
        },
    }
}

/// Holds what was opened against the contract.
fn judge(
    guard: &Guard,
    paths: &[Vec<Step>],
    opened: &Opened,
    workbench: &Workbench,
    output: &mut Output,
) -> Result<(), Failure> {
    let place = |at: usize| move |view: View<'_>| (at, view.node().origin);
    let values = || -> Result<_, TooLarge> {
        let mut values = Values::new(true);
        for (at, environment) in opened.environments.iter().enumerate() {
            if let Some(root) = environment.evaluation.root() {
                values.add(root, place(at))?;
            }
        }
        for (index, path) in paths.iter().enumerate() {
            let found = opened.found(path, index);
            let given = found.map(|(at, view)| values.given(view, false, place(at)(view))).transpose()?;
            values.at_paths.push(given);
        }
        Ok(values)
    };
    let values = values().map_err(RenderError::from)?;
    let findings = guard.judge(&values, &workbench.guard_surroundings());
    let environments: Vec<_> = opened.environments.iter().map(|environment| &environment.evaluation).collect();
    let diagnostics = tell(findings, &environments, workbench, output);
    Failure::of(&diagnostics).map_or(Ok(()), Err)
}

/// Makes of the variables what the contract says.
fn settle(guard: &Guard, paths: &[Vec<Step>], opened: &mut Opened) -> Result<(), Failure> {
    let mut taken = Vec::with_capacity(paths.len());
    for (index, path) in paths.iter().enumerate() {
        let found = opened.found(path, index).map(|(_, view)| view);
        // What is no text was told; it is left out where that is but a warning.
        let scalar = found.filter(|view| !matches!(view.kind(), Kind::List(_) | Kind::Object(_)));
        taken.push(scalar.map(variable).transpose().map_err(RenderError::from)?);
    }
    let mut variables = mem::take(&mut opened.variables);
    guard.settle(&mut variables, |index| taken[index].take());
    opened.variables = variables;
    Ok(())
}

/// Makes a variable of a value; its name is the contract's.
fn variable(view: View<'_>) -> Result<Variable, TooLarge> {
    let form = text_form(view)?;
    Ok(Variable {
        name: Key::from(""),
        text: form.text,
        secret: form.secret,
        unknown: form.unknown,
        origin: Some(view.id()),
    })
}
