//! What `open` and `get` have in common: asking for paths, and writing what was found.

use crate::{
    cli::{exit, failure::Failure, output::Output},
    dialect::Dialect,
    environment::{FILES, FilePaths, VARIABLES, Variables},
    eval::{Evaluation, Found},
    render::{self, Format, RenderError, Scope},
    syntax::path::{self, Step, TypedPathError},
    value::{Graph, Key, Secrets, View},
};

/// Reads a property path that somebody typed.
pub(super) fn typed_path(text: &str) -> Result<Vec<Step>, Failure> {
    path::parse_typed(text).map_err(|error: TypedPathError| {
        Failure::new(exit::USAGE, format!("`{}` is no property path: {error}", text.escape_debug()))
            .hint("write it as `urls.api`, `list[0]` or `a[\"b c\"]`")
    })
}

/// Returns the paths of the sections that become variables.
pub(super) fn sections() -> Vec<Vec<Step>> {
    [VARIABLES, FILES].map(|name| vec![Step::Key(Key::from(name))]).into()
}

/// Tells what an evaluation found; fails when one of it is an error.
pub(super) fn passed(evaluation: &Evaluation, output: &mut Output) -> Result<(), Failure> {
    let verbose = output.verbose;
    let _ = output.tell(evaluation.all_diagnostics(), &evaluation.sources, verbose);
    match Failure::of(evaluation.all_diagnostics()) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

/// Writes one value.
pub(super) fn value(
    evaluation: &Evaluation,
    view: View<'_>,
    scope: Scope,
    format: Format,
    secrets: Secrets,
) -> Result<String, RenderError> {
    match format {
        Format::Json => render::json(view, secrets),
        Format::Yaml => render::yaml(view, secrets),
        Format::String => render::string(view, secrets),
        _ => render::detailed(view, scope, |origin| evaluation.range(origin), secrets),
    }
}

/// Writes what stands for nothing: `null`, or an empty line.
pub(super) fn nothing(evaluation: &Evaluation, format: Format) -> Result<String, RenderError> {
    let mut graph = Graph::new();
    let null = graph.null();
    value(evaluation, graph.view(null), Scope::Value, format, Secrets::Shown)
}

/// Writes the variables.
pub(super) fn variables(evaluation: &Evaluation, format: Format, secrets: Secrets) -> Result<String, Failure> {
    let Some(root) = evaluation.root() else { return Ok(String::new()) };
    let variables = Variables::of(root, Dialect::Local).map_err(RenderError::from)?;
    if !variables.files.is_empty() {
        let names: Vec<String> = variables.files.iter().map(|file| format!("`{}`", file.name.escape_debug())).collect();
        return Err(Failure::new(
            exit::PROVIDER,
            format!("`files` of the environment can't be written by this build: {}", names.join(", ")),
        )
        .hint("print their contents with `--format json`, or one with `esc-shell get ENV files.NAME`"));
    }
    let paths = FilePaths::new();
    Ok(match format {
        Format::Dotenv => render::dotenv(&variables, &paths, secrets)?,
        Format::ShellCompat => render::shell_compat(&variables, &paths, secrets),
        Format::DotenvCompat => render::dotenv_compat(&variables, &paths, secrets),
        _ => render::shell(&variables, &paths, secrets)?,
    })
}

/// Returns what is at a path: the one that was asked for, or any when everything was.
pub(super) fn found<'e>(evaluation: &'e Evaluation, path: &[Step]) -> Option<View<'e>> {
    match evaluation.found.first() {
        Some(Found::Value(node)) => Some(evaluation.view(*node)),
        Some(Found::Missing) => None,
        None => path.iter().try_fold(evaluation.root()?, |view, step| match step {
            Step::Key(key) => view.get(key),
            Step::Index(index) => view.item(usize::try_from(*index).ok()?),
        }),
    }
}

/// Fails because nothing is at a path.
pub(super) fn missing(what: &str, path: &str) -> Failure {
    Failure::new(exit::CONTRACT, format!("there is no {what} `{}`", path.escape_debug()))
        .hint("`esc-shell open ENV` shows what there is; `--allow-missing` makes it no failure")
}

/// Returns how secrets are written.
pub(super) fn secrets(redact: bool) -> Secrets {
    if redact { Secrets::Masked } else { Secrets::Shown }
}
