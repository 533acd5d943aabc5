//! `esc-shell open`.

use super::show;
use crate::{
    cli::{args::OpenArgs, exit, failure::Failure, output::Output, workbench::Workbench},
    dialect::Dialect,
    eval::{Mode, Roots},
    render::Scope,
    syntax::path::display,
};

/// Opens an environment and prints it, or a part of it.
pub(in crate::cli) fn open(args: &OpenArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    let path = args.path.as_deref().map(show::typed_path).transpose()?.filter(|path| !path.is_empty());
    let format = args.format;
    if format.holds_variables_only() && path.is_some() {
        let message = format!("the format `{}` holds variables only, so it takes no property path", format.name());
        return Err(Failure::new(exit::USAGE, message).hint("use `--format string` for one value"));
    }
    let definition = workbench.definition(args.environment.as_deref())?;
    let roots = match &path {
        _ if args.all => Roots::All,
        Some(path) => Roots::Paths(vec![path.clone()]),
        None if format.holds_variables_only() => Roots::Paths(show::sections()),
        None => Roots::All,
    };
    let everything = roots == Roots::All;
    let evaluation = workbench.evaluate(definition, Dialect::Local, Mode::Open, roots)?;
    if let Err(failure) = show::passed(&evaluation, output) {
        let opened_in_vain = everything && !args.all && path.is_none() && failure.code() != exit::DEFINITION;
        if opened_in_vain {
            output.say("help: ask for less: `--format dotenv` or a property path opens only what it needs");
        }
        return Err(failure);
    }
    let secrets = show::secrets(args.redact);
    if format.holds_variables_only() {
        output.data(&show::variables(&evaluation, format, secrets, output)?);
        return Ok(());
    }
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
