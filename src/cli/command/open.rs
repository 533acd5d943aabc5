//! `esc-shell open`.

use super::{
    files::Exported,
    opened::{Opened, OpenedEnvironment},
    show,
};
use crate::{
    cli::{args::OpenArgs, exit, failure::Failure, output::Output, workbench::Workbench},
    environment::with_file_paths,
    eval::Roots,
    render::Scope,
    syntax::path::display,
    value::{Secrets, View},
};

/// Opens an environment and prints it, or a part of it.
pub(in crate::cli) fn open(args: &OpenArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    let path = args.path.as_deref().map(show::typed_path).transpose()?.filter(|path| !path.is_empty());
    let format = args.format;
    if format.holds_variables_only() && path.is_some() {
        let message = format!("the format `{}` holds variables only, so it takes no property path", format.name());
        return Err(Failure::new(exit::USAGE, message).hint("use `--format string` for one value"));
    }
    workbench.lifetime = args.session.lifetime;
    let located = workbench.locate(args.environment.as_deref())?;
    let roots = match &path {
        _ if args.all => Roots::All,
        Some(path) => Roots::Paths(vec![path.clone()]),
        None if format.holds_variables_only() => Roots::Paths(show::sections()),
        None => Roots::All,
    };
    let everything = roots == Roots::All;
    let environment = OpenedEnvironment::open(&located, roots, workbench, output).inspect_err(|failure| {
        let in_vain = located.local().is_some() && matches!(failure.code(), exit::IDENTITY | exit::PROVIDER);
        if in_vain && everything && !args.all {
            output.say("help: ask for less: `--format dotenv` or a property path opens only what it needs");
        }
    })?;
    let secrets = show::secrets(args.redact);
    if format.holds_variables_only() || args.files {
        return whole(args, secrets, Opened::of(vec![environment], output)?, workbench, output);
    }
    let evaluation = environment.evaluation;
    let Some(root) = evaluation.root() else {
        // An environment without values prints nothing, as the reference does.
        return match &path {
            Some(path) if !args.allow_missing => Err(show::missing("value at", &display(path))),
            _ => Ok(()),
        };
    };
    let text = match &path {
        None => show::value(&evaluation, root, Scope::Environment, format, secrets)?,
        Some(path) => match show::found(&evaluation, path) {
            Some(view) => show::value(&evaluation, view, Scope::Value, format, secrets)?,
            None if args.allow_missing => show::nothing(&evaluation, format)?,
            None => return Err(show::missing("value at", &display(path))),
        },
    };
    output.data(&text);
    Ok(())
}

/// Prints a whole environment, whose files are written too.
fn whole(
    args: &OpenArgs,
    secrets: Secrets,
    mut opened: Opened,
    workbench: &Workbench,
    output: &mut Output,
) -> Result<(), Failure> {
    let exported = Exported::prepare(&opened.folder(), &opened.variables.files, workbench, output)?;
    let paths = exported.paths();
    let text = if args.format.holds_variables_only() {
        show::variables(&opened.variables, &paths, args.format, secrets)?
    } else {
        let evaluation = &mut opened.environments[0].evaluation;
        let Some(root) = evaluation.root().map(View::id) else { return Ok(()) };
        let root = with_file_paths(evaluation.graph_mut(), root, &paths);
        show::value(evaluation, evaluation.view(root), Scope::Environment, args.format, secrets)?
    };
    exported.commit()?;
    output.data(&text);
    Ok(())
}
