//! `esc-shell get`.

use super::show;
use crate::{
    cli::{args::GetArgs, exit, failure::Failure, output::Output, workbench::Workbench},
    dialect::Dialect,
    environment::VARIABLES,
    eval::{Evaluation, Mode, Roots},
    render::Scope,
    shell,
    syntax::path::{Step, display},
    value::Key,
};

/// Prints one variable or value.
pub(in crate::cli) fn get(args: &GetArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    let (environment, name) = match args.words.as_slice() {
        [environment, name] => (Some(environment.as_str()), name.as_str()),
        [name] => (None, name.as_str()),
        _ => unreachable!("one or two words are required"),
    };
    let typed = show::typed_path(name)?;
    if typed.is_empty() {
        // An empty variable of a script must not print everything.
        return Err(Failure::new(exit::USAGE, "the name is empty").hint("name a variable or a property path"));
    }
    workbench.lifetime = args.session.lifetime;
    let located = workbench.locate(environment)?;
    let variable = vec![Step::Key(Key::from(VARIABLES)), Step::Key(Key::from(name))];
    let (evaluation, is_variable) = if located.local().is_some() {
        // Which of the two it is has to be known before anything is opened: a check opens nothing.
        let checked = workbench.evaluate(&located, Dialect::Local, Mode::Check, Roots::All)?;
        let is_variable = is_variable(&checked, name);
        let path = if is_variable { &variable } else { &typed };
        let roots = if args.all { Roots::All } else { Roots::Paths(vec![path.clone()]) };
        (workbench.evaluate(&located, Dialect::Local, Mode::Open, roots)?, is_variable)
    } else {
        // Pulumi Cloud opens everything, so it is asked once.
        let evaluation = workbench.evaluate(&located, Dialect::Local, Mode::Open, Roots::All)?;
        let is_variable = is_variable(&evaluation, name);
        (evaluation, is_variable)
    };
    let path = if is_variable { variable } else { typed };
    show::passed(&evaluation, output)?;
    let what = if is_variable { "variable" } else { "variable, nor a value at" };
    let text = match show::found(&evaluation, &path) {
        Some(view) => show::value(&evaluation, view, Scope::Value, args.format, show::secrets(args.redact))?,
        None if args.allow_missing && args.format == crate::render::Format::String => String::new(),
        None if args.allow_missing => show::nothing(&evaluation, args.format)?,
        None => return Err(show::missing(what, &if is_variable { name.to_owned() } else { display(&path) })),
    };
    output.data(&text);
    Ok(())
}

/// Tells whether a name is a variable's; where a provider gives the variables, a name that is no top-level value is taken for one.
fn is_variable(checked: &Evaluation, name: &str) -> bool {
    let Some(root) = checked.root() else { return false };
    match root.get(VARIABLES) {
        Some(section) if section.is_unknown() => shell::is_name(name) && root.get(name).is_none(),
        Some(section) => section.get(name).is_some(),
        None => false,
    }
}
