//! The texts that are written: `templates/init`, filled in.

use minijinja::Value;

use super::{declared::Declared, definition::Definition};
use crate::render::{RenderError, template};

const CONFIG: &str = include_str!("../../templates/init/esc-shell.yaml");
const BASE: &str = include_str!("../../templates/init/base.yaml");
const ENVIRONMENT: &str = include_str!("../../templates/init/environment.yaml");

/// The workflow of GitHub Actions, as it is: its own `${{ … }}` is none of ours.
pub(super) const WORKFLOW: &str = include_str!("../../templates/init/workflow.yaml");

const FLAKE: &str = include_str!("../../templates/init/flake.nix");
const FLAKE_LINES: &str = include_str!("../../templates/init/flake-lines.txt");

/// Writes the flake of a project that has none.
pub(super) fn flake(environment: &str) -> Result<String, RenderError> {
    template("flake.nix", FLAKE, Value::from_pairs([("environment", environment)]))
}

/// Writes the lines that a flake of flake-parts needs.
pub(super) fn flake_lines(environment: &str) -> Result<String, RenderError> {
    template("flake-lines.txt", FLAKE_LINES, Value::from_pairs([("environment", environment)]))
}

/// Writes `esc-shell.yaml`.
pub(super) fn config(
    organization: Option<&str>,
    project: &str,
    folder: &str,
    variables: &[Declared],
) -> Result<String, RenderError> {
    let variables = variables
        .iter()
        .map(|declared| Value::from_pairs([("name", declared.name.as_str()), ("rules", declared.rules().as_str())]));
    let values = Value::from_pairs([
        ("organization", Value::from(organization.unwrap_or_default())),
        ("project", Value::from(project)),
        ("folder", Value::from(folder)),
        ("variables", Value::from(variables.collect::<Vec<_>>())),
    ]);
    template("esc-shell.yaml", CONFIG, values)
}

/// Writes `base.yaml`, with constants for the example or without.
pub(super) fn base(example: bool) -> Result<String, RenderError> {
    template("base.yaml", BASE, Value::from_pairs([("example", example)]))
}

/// Writes the definition of an environment.
pub(super) fn environment(project: &str, definition: &Definition) -> Result<String, RenderError> {
    let pairs = |list: &[(String, String)], names: [&'static str; 2]| {
        let pairs =
            list.iter().map(|(one, other)| Value::from_pairs([(names[0], one.as_str()), (names[1], other.as_str())]));
        Value::from(pairs.collect::<Vec<_>>())
    };
    let (stack_key, stack) = definition.stack.as_ref().map_or(("", ""), |(key, stack)| (key, stack));
    let values = Value::from_pairs([
        ("name", Value::from(definition.name)),
        // With its project, the name means the same to hosted ESC.
        ("base", Value::from(format!("{project}/base"))),
        ("about", Value::from(definition.about.as_str())),
        ("stack_key", Value::from(stack_key)),
        ("stack", Value::from(stack)),
        ("dotenvs", pairs(&definition.dotenvs, ["key", "path"])),
        ("variables", pairs(&definition.variables, ["name", "key"])),
        ("api", Value::from(definition.api.unwrap_or_default())),
        ("open", Value::from(definition.open.clone())),
    ]);
    template("environment.yaml", ENVIRONMENT, values)
}
