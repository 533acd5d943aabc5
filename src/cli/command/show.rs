//! What `open` and `get` have in common: asking for paths, and writing what was found.

use crate::{
    cli::{complaint::Complaint, exit, failure::Failure, output::Output},
    diagnostic::printable,
    environment::{FILES, FilePaths, VARIABLES, Variables},
    eval::{Evaluation, Found},
    render::{self, Format, RenderError, RenderErrors, Scope},
    syntax::path::{self, Step, TypedPathError},
    value::{Graph, Key, Kind, Secrets, View},
};

/// Reads a property path that somebody typed.
pub(super) fn typed_path(text: &str) -> Result<Vec<Step>, Failure> {
    path::parse_typed(text).map_err(|error: TypedPathError| {
        Failure::new(exit::USAGE, format!("`{}` is no property path: {error}", printable(text)))
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
    output.omit(evaluation.omitted, verbose);
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

/// Writes the variables, files with their paths.
pub(super) fn variables(
    variables: &Variables,
    paths: &FilePaths,
    format: Format,
    secrets: Secrets,
) -> Result<String, RenderErrors> {
    let assignments = variables.assignments(paths);
    Ok(match format {
        Format::ShellCompat => render::shell_compat(variables, paths, secrets),
        Format::DotenvCompat => render::dotenv_compat(variables, paths, secrets),
        Format::Dotenv => render::dotenv(&render::entries(&assignments, secrets)?)?,
        _ => render::shell(&render::entries(&assignments, secrets)?)?,
    })
}

/// Says which entries become no variables: an empty variable is easier to find than one that is not there.
pub(super) fn warn_of_dropped(root: View<'_>, output: &Output) {
    let kind = |view: View<'_>| match view.kind() {
        Kind::List(_) => Some("a list"),
        Kind::Object(_) => Some("an object"),
        _ => None,
    };
    for name in [VARIABLES, FILES] {
        let Some(section) = root.get(name).filter(|section| !section.is_unknown()) else { continue };
        if !matches!(section.kind(), Kind::Object(_) | Kind::Null) {
            let warning = Complaint::warning("dropped", format!("`{name}` is no object, so it gives nothing"));
            output.warn(&warning.hint(format!("write `NAME: value` pairs below `{name}:`")));
        }
        for (entry, what) in section.entries().filter_map(|(entry, value)| Some((entry, kind(value)?))) {
            let message = format!("`{name}.{}` is {what}, which is no text, and is left out", printable(entry));
            output.warn(
                &Complaint::warning("dropped", message).hint("make it a text: `fn::toJSON`, or `fn::join` for a list"),
            );
        }
    }
}

/// Returns what is at a path: the one that was asked for, or any when everything was.
pub(super) fn found<'e>(evaluation: &'e Evaluation, path: &[Step]) -> Option<View<'e>> {
    match evaluation.found.first() {
        Some(Found::Value(node)) => Some(evaluation.view(*node)),
        Some(Found::Missing) => None,
        None => at(evaluation.root()?, path),
    }
}

/// Returns what is at a path.
pub(super) fn at<'v>(root: View<'v>, path: &[Step]) -> Option<View<'v>> {
    path.iter().try_fold(root, |view, step| match step {
        Step::Key(key) => view.get(key),
        Step::Index(index) => view.item(usize::try_from(*index).ok()?),
    })
}

/// Fails because nothing is at a path.
pub(super) fn missing(what: &str, path: &str) -> Failure {
    Failure::new(exit::CONTRACT, format!("there is no {what} `{}`", printable(path)))
        .hint("`esc-shell open ENV` shows what there is; `--allow-missing` makes it no failure")
}

/// Returns how secrets are written.
pub(super) fn secrets(redact: bool) -> Secrets {
    if redact { Secrets::Masked } else { Secrets::Shown }
}
