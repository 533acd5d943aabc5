//! Environments that were opened for their variables: what `export`, `run` and `envrc` have in common.
//!
//! ```text
//! guarded::open (all environments, all problems told, the contract) -> paths of files -> entries -> a format
//! ```
//!
//! Nothing is left of a run in which one environment failed. Of several environments the later one wins, by name.

use std::path::PathBuf;

use super::show;
use crate::{
    cli::{failure::Failure, located::Located, output::Output, workbench::Workbench},
    dialect::Dialect,
    environment::Variables,
    eval::{Evaluation, Found, Mode, Roots},
    render::RenderError,
    session::{Read, fingerprint},
    syntax::path::Step,
    value::View,
};

/// What is asked for beside `environmentVariables` and `files`.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Asked {
    /// Everything.
    pub(in crate::cli) all: bool,
    /// Values at these paths; one that is not there is no problem of its own.
    pub(in crate::cli) paths: Vec<Vec<Step>>,
}

impl Asked {
    fn roots(&self) -> Roots {
        if self.all {
            return Roots::All;
        }
        Roots::Paths(show::sections().into_iter().chain(self.paths.iter().cloned()).collect())
    }
}

/// One environment that was opened.
pub(in crate::cli) struct OpenedEnvironment {
    /// Its name, `[org/][project/]env`; of a project that is not known the environment only.
    pub(in crate::cli) reference: String,
    /// Which state of it: for a local one, of everything that was read.
    pub(in crate::cli) revision: String,
    /// Its values.
    pub(in crate::cli) evaluation: Evaluation,
    /// What tells it from one of the same name: where its definition is from.
    place: String,
    reads: Vec<Read>,
    /// What providers read.
    files: Vec<PathBuf>,
}

/// Environments that were opened for their variables, without an error.
pub(in crate::cli) struct Opened {
    /// The environments in the order in which they were named.
    pub(in crate::cli) environments: Vec<OpenedEnvironment>,
    /// The variables and files of all of them.
    pub(in crate::cli) variables: Variables,
}

impl Opened {
    /// Opens environments, or the default one where none is named; `names` are the references as they were typed. Nothing is held
    /// against a contract: commands that deliver use [`guarded::open`](super::guarded::open).
    ///
    /// # Errors
    /// When one of them can't be opened: all of them are tried, and everything is told.
    pub(super) fn open_unguarded(
        names: &[String],
        asked: &Asked,
        workbench: &Workbench,
        output: &mut Output,
    ) -> Result<Self, Failure> {
        let wanted: Vec<Option<&str>> =
            if names.is_empty() { vec![None] } else { names.iter().map(|name| Some(name.as_str())).collect() };
        let roots = asked.roots();
        let (mut environments, mut codes) = (Vec::new(), Vec::new());
        for name in wanted {
            let opened = workbench
                .locate(name)
                .and_then(|located| OpenedEnvironment::open(&located, roots.clone(), workbench, output));
            match opened {
                Ok(environment) => environments.push(environment),
                Err(failure) => {
                    output.fail(&failure);
                    codes.push(failure.code());
                }
            }
        }
        if let Some(failure) = Failure::worst(codes) {
            return Err(failure);
        }
        Self::of(environments, output)
    }

    /// Puts opened environments together.
    ///
    /// # Errors
    /// When the texts of their values are too large together.
    pub(super) fn of(environments: Vec<OpenedEnvironment>, output: &Output) -> Result<Self, Failure> {
        let mut variables = Variables::default();
        for environment in &environments {
            let Some(root) = environment.evaluation.root() else { continue };
            show::warn_of_dropped(root, output);
            let own = Variables::of(root, Dialect::Local).map_err(RenderError::from)?;
            variables.overlay(own);
        }
        Ok(Self { environments, variables })
    }

    /// Returns the value at a path that was asked for, by its index, and the index of the environment that it is from.
    pub(in crate::cli) fn found(&self, path: &[Step], index: usize) -> Option<(usize, View<'_>)> {
        let mut last_first = self.environments.iter().enumerate().rev();
        last_first.find_map(|(at, environment)| Some((at, environment.found(path, index)?)))
    }

    /// Returns what was delivered: `reference@revision`, joined by commas.
    pub(in crate::cli) fn proof(&self) -> String {
        let one = |environment: &OpenedEnvironment| format!("{}@{}", environment.reference, environment.revision);
        self.environments.iter().map(one).collect::<Vec<_>>().join(",")
    }

    /// Returns the name of the folder that holds the files of an export: the same for the same environments.
    pub(in crate::cli) fn folder(&self) -> String {
        let names: Vec<String> =
            self.environments.iter().map(|environment| environment.reference.replace('/', ".")).collect();
        let name: String = names.join("_").chars().take(100).collect();
        let places = self.environments.iter().map(|environment| environment.place.as_bytes());
        format!("{name}-{}", fingerprint(places))
    }

    /// Returns the files that were read, definitions and those of `local-file`, each once, sorted.
    pub(in crate::cli) fn files(&self) -> Vec<PathBuf> {
        let reads = self.environments.iter().flat_map(|environment| &environment.reads);
        let mut files: Vec<PathBuf> = reads.filter_map(|read| read.path.clone()).collect();
        files.extend(self.environments.iter().flat_map(|environment| environment.files.iter().cloned()));
        files.sort();
        files.dedup();
        files
    }
}

impl OpenedEnvironment {
    /// Opens what roots name of an environment.
    ///
    /// # Errors
    /// When one of its diagnostics is an error; they are told.
    pub(super) fn open(
        located: &Located,
        roots: Roots,
        workbench: &Workbench,
        output: &mut Output,
    ) -> Result<Self, Failure> {
        let (evaluation, reads, files) = workbench.evaluate_reading(located, Dialect::Local, Mode::Open, roots)?;
        show::passed(&evaluation, output)?;
        let (reference, place) = (located.reference(), located.place());
        Ok(Self { reference, revision: located.revision(&reads), evaluation, place, reads, files })
    }

    fn found(&self, path: &[Step], index: usize) -> Option<View<'_>> {
        // The sections come first.
        match self.evaluation.found.get(show::sections().len() + index) {
            Some(Found::Value(node)) => Some(self.evaluation.view(*node)),
            Some(Found::Missing) => None,
            None => show::at(self.evaluation.root()?, path),
        }
    }
}
