//! What is declared, from all sources.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    expectation::Expectation,
    judge::Guard,
    merge::merge,
    site::{ContractError, Site, SiteKey, Sites},
    types,
};
use crate::{
    config::{
        Config, ContractFile,
        contract::{Rule, Undeclared, Variable},
    },
    diagnostic::suggest,
    shell::is_name,
};

/// The option that declares a variable.
const REQUIRE: &str = "--require";

/// A variable that one source declares.
#[derive(Clone, Debug)]
pub(super) struct Declaration {
    pub(super) name: Arc<str>,
    pub(super) variable: Variable,
    /// It must come as a file, and what is said is about the content.
    pub(super) file: bool,
    pub(super) site: Site,
}

/// The name of an environment that is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentName {
    /// The organization, where one is known.
    pub organization: Option<String>,
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
}

impl EnvironmentName {
    /// Tells whether `env`, `project/env` or `organization/project/env` means it.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        let mut parts = text.rsplit('/');
        let own = [Some(&self.environment), Some(&self.project), self.organization.as_ref()];
        own.iter().all(|own| parts.next().is_none_or(|part| own.is_some_and(|own| own == part)))
            && parts.next().is_none()
    }
}

/// Everything that is declared, in the order of the sources.
#[derive(Clone, Debug, Default)]
pub struct Contract {
    declarations: Vec<Declaration>,
    rules: Vec<(Rule, Site)>,
    undeclared: Undeclared,
}

impl Contract {
    /// Tells whether nothing is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.declarations.is_empty() && self.rules.is_empty() && self.undeclared == Undeclared::Export
    }

    /// Adds what `esc-shell.yaml` declares.
    pub fn add_config(&mut self, config: &Config) {
        let sites = Sites::new(&config.file, &config.written);
        self.add(&sites, "variables", false, &config.variables);
        self.add_rules(&sites, &config.rules);
        self.add_undeclared(config.undeclared);
    }

    /// Adds what a contract file declares.
    pub fn add_file(&mut self, file: &ContractFile) {
        let sites = Sites::new(&file.file, &file.written);
        self.add(&sites, "variables", false, &file.variables);
        self.add(&sites, "files", true, &file.files);
        self.add_rules(&sites, &file.rules);
        self.add_undeclared(file.undeclared);
    }

    fn add<'v>(
        &mut self,
        sites: &Sites<'_>,
        section: &'static str,
        file: bool,
        variables: impl IntoIterator<Item = (&'v String, &'v Variable)>,
    ) {
        self.declarations.extend(variables.into_iter().map(|(name, variable)| {
            let name: Arc<str> = name.as_str().into();
            let site = sites.of(section, SiteKey::Name(Arc::clone(&name)));
            Declaration { name, variable: variable.clone(), file, site }
        }));
    }

    fn add_rules(&mut self, sites: &Sites<'_>, rules: &[Rule]) {
        let sited = rules.iter().enumerate().map(|(at, rule)| (rule.clone(), sites.of("rules", SiteKey::Item(at))));
        self.rules.extend(sited);
    }

    /// Leaves undeclared variables out when one source says so.
    fn add_undeclared(&mut self, undeclared: Undeclared) {
        if undeclared == Undeclared::Drop {
            self.undeclared = Undeclared::Drop;
        }
    }

    /// Adds `NAME` or `NAME:type`, as somebody typed it.
    ///
    /// # Errors
    /// When the name is no variable's, or there is no such type.
    pub fn require(&mut self, text: &str) -> Result<(), ContractError> {
        let site = Site::Option(REQUIRE);
        let (name, kind) = text.split_once(':').map_or((text, None), |(name, kind)| (name, Some(kind)));
        if !is_name(name) {
            return Err(ContractError::new(&site, format!("`{REQUIRE}`: `{name}` is no name of a variable"))
                .hint(format!("write `{REQUIRE} NAME` or `{REQUIRE} NAME:type`")));
        }
        let kind = kind.map(|kind| types::named(kind).map(|row| row.kind).ok_or(kind)).transpose();
        let kind = kind.map_err(|unknown| {
            let error = ContractError::new(&site, format!("`{REQUIRE}`: there is no type `{unknown}`"));
            match suggest::property(unknown, types::TYPES.iter().map(|row| row.kind.name())) {
                Some(similar) => error.hint(format!("did you mean `{similar}`?")),
                None => error.hint("`esc-shell contract types` lists them"),
            }
        })?;
        let variable = Variable { kind, ..Variable::default() };
        self.declarations.push(Declaration { name: name.into(), variable, file: false, site });
        Ok(())
    }

    /// Says what happens to undeclared variables, whatever the sources say.
    pub fn set_undeclared(&mut self, undeclared: Undeclared) {
        self.undeclared = undeclared;
    }

    /// Adds up what holds for some environments that are opened together.
    ///
    /// # Errors
    /// Every contradiction, and every demand that nothing can meet.
    pub fn guard(&self, environments: &[EnvironmentName]) -> Result<Guard, Vec<ContractError>> {
        let holds = |names: &[String]| {
            names.is_empty() || names.iter().any(|name| environments.iter().any(|environment| environment.is(name)))
        };
        let holding = |declaration: &&Declaration| holds(&declaration.variable.environments);
        let names: BTreeSet<&Arc<str>> =
            self.declarations.iter().filter(holding).map(|declaration| &declaration.name).collect();
        let mut expectations: Vec<Expectation> = Vec::with_capacity(names.len());
        let mut errors = Vec::new();
        for name in names {
            let declared: Vec<&Declaration> =
                self.declarations.iter().filter(holding).filter(|declaration| declaration.name == *name).collect();
            match merge(&declared) {
                Ok(expectation) => expectations.push(expectation),
                Err(more) => errors.extend(more),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let rules = self.rules.iter().filter(|(rule, _)| holds(&rule.environments)).cloned().collect();
        let kept = (self.undeclared == Undeclared::Drop).then(|| self.names().into_iter().map(str::to_owned).collect());
        Ok(Guard::new(expectations, rules, kept))
    }

    /// Returns every variable that is declared or named in a rule, whatever environment it is for.
    #[must_use]
    pub fn names(&self) -> BTreeSet<&str> {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for Declaration { name, variable, .. } in &self.declarations {
            names.insert(name);
            names.extend(variable.requires.iter().map(String::as_str));
        }
        for (rule, _) in &self.rules {
            names.extend(rule.one_of.iter().chain(&rule.conflicts).map(String::as_str));
            names.extend(
                rule.requires.iter().flat_map(|(name, needed)| [name].into_iter().chain(needed)).map(String::as_str),
            );
        }
        names
    }

    /// Returns the variables that some environment should have, with the place of their declaration: those without a default
    /// and without a path of their own.
    pub fn wanted(&self) -> impl Iterator<Item = (&str, &Site)> {
        let wanted =
            |declaration: &&Declaration| declaration.variable.default.is_none() && declaration.variable.from.is_none();
        self.declarations.iter().filter(wanted).map(|declaration| (&*declaration.name, &declaration.site))
    }

    /// Returns the environments that the contract names, with the place of what holds for them.
    pub fn environments(&self) -> impl Iterator<Item = (&str, &Site)> {
        let of_variables =
            self.declarations.iter().map(|declaration| (&declaration.variable.environments, &declaration.site));
        let of_rules = self.rules.iter().map(|(rule, site)| (&rule.environments, site));
        of_variables.chain(of_rules).flat_map(|(names, site)| names.iter().map(move |name| (name.as_str(), site)))
    }
}
