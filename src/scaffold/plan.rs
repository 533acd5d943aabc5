//! What is to be written: a pure function of what was found and chosen.

use std::path::{Path, PathBuf};

use super::{
    definition::Definition,
    found::{Found, Role},
    text,
};
use crate::{
    config::FILE_NAME,
    diagnostic::list,
    direnv::{
        Form,
        block::{self, BlockError},
        snippet,
    },
    render::RenderError,
};

/// The lines that `.gitignore` gets: plain values, and what direnv keeps.
const IGNORED: [&str; 4] = [".env", ".env.*", "!.env.example", ".direnv/"];

/// What the person who runs `init` decides; whatever is left out is derived.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Organization of references.
    pub organization: Option<String>,
    /// Project of references.
    pub project: Option<String>,
    /// Folder for definitions, relative.
    pub environments: Option<PathBuf>,
    /// Whether a `flake.nix` is wanted.
    pub nix: bool,
    /// Whether a workflow of GitHub Actions is wanted.
    pub github: bool,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path, relative to the folder.
    pub path: PathBuf,
    /// What it holds now; nothing when there is none.
    pub before: Option<String>,
    /// What it will hold.
    pub after: String,
    /// What is done, as people are told: `new`, or what is added.
    pub what: String,
}

/// What `init` does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The files, in the order in which they are told.
    pub changes: Vec<Change>,
    /// What was found and left alone, one line each.
    pub remarks: Vec<String>,
    /// What is left to do, one line each.
    pub next: Vec<String>,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The block of an `.envrc` can't be made out.
    #[error("`.envrc` can't be changed: {0}")]
    Block(#[from] BlockError),
    /// A template can't be filled in, which is a mistake in it.
    #[error(transparent)]
    Template(#[from] RenderError),
}

/// Decides what to write.
///
/// # Errors
/// When an `.envrc` has markers that say nothing.
pub fn plan(found: &Found, choices: &Choices) -> Result<Plan, PlanError> {
    Planner { found, choices, plan: Plan::default() }.plan()
}

pub(super) struct Planner<'f> {
    pub(super) found: &'f Found,
    choices: &'f Choices,
    plan: Plan,
}

impl Planner<'_> {
    fn plan(mut self) -> Result<Plan, PlanError> {
        let definitions = self.definitions();
        let (organization, project) = self.names();
        if self.found.config.is_none() {
            let folder = shown(&self.folder());
            let text = text::config(organization.as_deref(), &project, &folder, &self.declared(&definitions))?;
            self.create(FILE_NAME, text);
        }
        if self.found.definitions.is_none() {
            let example = definitions.iter().any(|definition| definition.api.is_some());
            self.create(self.folder().join("base.yaml"), text::base(example)?);
            for definition in &definitions {
                let path = self.folder().join(format!("{}.yaml", definition.name));
                self.create(path, text::environment(&project, definition)?);
            }
        }
        self.envrc()?;
        self.gitignore();
        self.flake(&reference(organization.as_deref(), &project))?;
        if self.choices.github {
            self.create(".github/workflows/esc-shell.yaml", text::WORKFLOW.to_owned());
        }
        self.remarks();
        self.next(&definitions);
        Ok(self.plan)
    }

    /// Adds a file unless there is one.
    fn create(&mut self, path: impl Into<PathBuf>, after: String) {
        let path = path.into();
        if self.found.folder.join(&path).exists() {
            return;
        }
        self.plan.changes.push(Change { path, before: None, after, what: "new".to_owned() });
    }

    /// Puts the block into `.envrc`; a new one loads the flake first, since what it sets must not go before the environment.
    fn envrc(&mut self) -> Result<(), BlockError> {
        let before = self.found.envrc.as_ref().map(|(text, _)| text.clone());
        let flake = self.found.flake.is_some() || self.choices.nix;
        let start = match &before {
            Some(text) => text.as_str(),
            None if flake => "# shellcheck shell=bash\nuse flake\n",
            None => "# shellcheck shell=bash\n",
        };
        let after = block::put(start, &snippet(Form::Standalone, &[]))?;
        if before.as_ref() != Some(&after) {
            let what = if before.is_some() { "the block that loads the environment" } else { "new" };
            self.plan.changes.push(Change { path: ".envrc".into(), before, after, what: what.to_owned() });
        }
        Ok(())
    }

    /// Adds the lines that `.gitignore` lacks.
    fn gitignore(&mut self) {
        let before = self.found.gitignore.clone();
        let text = before.clone().unwrap_or_default();
        let known = |line: &&str| {
            let bare = |line: &str| line.trim().trim_start_matches('/').trim_end_matches('/').to_owned();
            text.lines().any(|other| bare(other) == bare(line))
        };
        let missing: Vec<&str> = IGNORED.into_iter().filter(|line| !known(line)).collect();
        if missing.is_empty() {
            return;
        }
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let after = format!("{text}{gap}{}\n", missing.join("\n"));
        let what = if before.is_some() { missing.join(", ") } else { "new".to_owned() };
        self.plan.changes.push(Change { path: ".gitignore".into(), before, after, what });
    }

    /// Adds a flake where one is wanted and there is none. Code that is there is never edited: it is said what it needs.
    fn flake(&mut self, environment: &str) -> Result<(), RenderError> {
        match &self.found.flake {
            None if self.choices.nix => self.create("flake.nix", text::flake(environment)?),
            Some(flake) if self.choices.nix && !flake.contains("esc-shell") => {
                let lines = text::flake_lines(environment)?;
                let lines = lines.trim_end().replace('\n', "\n  ");
                self.plan.next.push(format!("to open the environment in the dev shell, add to flake.nix:\n  {lines}"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Says what was found and not taken over.
    fn remarks(&mut self) {
        let remarks = &mut self.plan.remarks;
        if self.found.config.is_some() {
            remarks.push(format!("{FILE_NAME} is there already, and stays as it is"));
        }
        if let Some(folder) = &self.found.definitions {
            remarks.push(format!("{} holds definitions already, and stays as it is", shown(folder)));
        }
        for file in &self.found.dotenvs {
            if !file.unfit.is_empty() {
                let names: Vec<String> = file.unfit.iter().map(|name| format!("`{name}`")).collect();
                remarks.push(format!(
                    "{}: {} can't be the name of a variable, and is left out",
                    shown(&file.path),
                    list(&names)
                ));
            }
        }
        for name in &self.found.other_dotenvs {
            remarks.push(format!(
                "{name} belongs to none of dev, staging and prod, and is left out: name it with `--from`"
            ));
        }
        let Some((_, told)) = &self.found.envrc else { return };
        for line in &told.dotenv_lines {
            remarks.push(format!(".envrc:{line} loads a .env file itself: remove the line when dev has its variables"));
        }
        if !told.exported.is_empty() {
            let names: Vec<String> = told.exported.iter().map(|name| format!("`{name}`")).collect();
            remarks.push(format!(".envrc sets {} itself: what dev has goes before it", list(&names)));
        }
    }

    /// Says what is left to do.
    fn next(&mut self, definitions: &[Definition]) {
        if self.plan.changes.is_empty() {
            return;
        }
        let mut next = Vec::new();
        let examples = self.found.dotenvs.iter().filter(|file| file.role == Role::Example);
        if self.files(Role::Dev).iter().any(|file| file.role == Role::Example) {
            next.extend(examples.take(1).map(|file| format!("copy {} to .env, and fill it in", shown(&file.path))));
        }
        if self.found.definitions.is_none() {
            for definition in definitions.iter().filter(|definition| !definition.open.is_empty()) {
                let path = shown(&self.folder().join(format!("{}.yaml", definition.name)));
                next.push(format!(
                    "fill in {path}, and let `in` of {FILE_NAME} name {} for what holds there",
                    definition.name
                ));
            }
        }
        next.push("esc-shell check".to_owned());
        next.push("direnv allow".to_owned());
        next.append(&mut self.plan.next);
        self.plan.next = next;
    }

    /// Returns the folder of the definitions, relative.
    pub(super) fn folder(&self) -> PathBuf {
        let chosen = || self.choices.environments.clone();
        let configured = || self.found.config.as_ref().and_then(|config| config.environments.first().cloned());
        let usual = || PathBuf::from(if self.found.infra { "infra/pulumi/esc" } else { "esc" });
        chosen().or_else(|| self.found.definitions.clone()).or_else(configured).unwrap_or_else(usual)
    }

    /// Returns the organization and the project: as chosen, as the `.envrc` has them, as Pulumi has it, as the folder is called.
    fn names(&self) -> (Option<String>, String) {
        let reference = self.found.envrc.as_ref().and_then(|(_, told)| told.reference.clone()).unwrap_or_default();
        let (organization, project) = match reference.as_slice() {
            [organization, project, _] => (Some(organization.clone()), Some(project.clone())),
            [project, _] => (None, Some(project.clone())),
            _ => (None, None),
        };
        let pulumi = || self.found.pulumi.as_ref().map(|project| project.name.clone());
        let folder = || {
            let name =
                self.found.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let fits = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
            let name: String = name.chars().map(fits).collect();
            let name = name.trim_matches(['-', '.']);
            if name.is_empty() { "app".to_owned() } else { name.to_owned() }
        };
        let configured = self.found.config.as_ref();
        let (organization, project) = match configured {
            Some(config) => (config.organization.clone(), config.project.clone()),
            None => (organization, project),
        };
        (
            self.choices.organization.clone().or(organization),
            self.choices.project.clone().or(project).or_else(pulumi).unwrap_or_else(folder),
        )
    }
}

/// Returns the reference of dev.
fn reference(organization: Option<&str>, project: &str) -> String {
    organization.into_iter().chain([project, "dev"]).collect::<Vec<_>>().join("/")
}

/// Writes a path of the plan.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
