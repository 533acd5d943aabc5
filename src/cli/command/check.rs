//! `esc-shell check`.

use super::fix;
use crate::{
    cli::{args::CheckArgs, exit, failure::Failure, output::Output, workbench::Workbench},
    diagnostic::{Count, Diagnostic, Problem, Severity},
    dialect::Dialect,
    eval::{Evaluation, Mode, Roots},
    source::Span,
    store::Definition,
};

/// Checks environments; all local ones when none is named.
pub(in crate::cli) fn check(args: &CheckArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    let definitions = definitions(args, workbench)?;
    if args.fix {
        fix::fix(&definitions, output)?;
    }
    let mut all = Vec::new();
    let (mut errors, mut warnings) = (0, 0);
    for definition in &definitions {
        let (evaluation, diagnostics) = judge(args, definition, workbench)?;
        for diagnostic in output.tell(&diagnostics, &evaluation.sources, true) {
            match diagnostic.severity {
                Severity::Error => errors += 1,
                Severity::Warning => warnings += 1,
            }
        }
        all.extend(diagnostics);
    }
    let checked = Count(definitions.len(), "environment");
    output.say(&format!("{checked} checked: {}, {}", Count(errors, "error"), Count(warnings, "warning")));
    match Failure::of(&all) {
        // What hosted ESC would not find is a fault of the definition.
        Some(_) if args.portable => Err(Failure::told(exit::DEFINITION)),
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

fn definitions(args: &CheckArgs, workbench: &Workbench) -> Result<Vec<Definition>, Failure> {
    let names: Vec<String> = if args.environments.is_empty() {
        workbench.store.list()?.into_iter().map(|listed| listed.name).collect()
    } else {
        args.environments.clone()
    };
    if names.is_empty() {
        return Err(Failure::new(exit::PROVIDER, "there is nothing to check: no local environments found")
            .hint("name a file, or the folder with your definitions: `environments` in esc-shell.yaml"));
    }
    names.iter().map(|name| workbench.definition(Some(name))).collect()
}

/// Checks a definition by the local rules, or by those of hosted ESC.
fn judge(
    args: &CheckArgs,
    definition: &Definition,
    workbench: &Workbench,
) -> Result<(Evaluation, Vec<Diagnostic>), Failure> {
    let check = |dialect| workbench.evaluate(definition.clone(), dialect, Mode::Check, Roots::All);
    let local = check(Dialect::Local)?;
    if !args.portable {
        let diagnostics = local.all_diagnostics().cloned().collect();
        return Ok((local, diagnostics));
    }
    let hosted = check(Dialect::Hosted)?;
    let mut diagnostics: Vec<Diagnostic> = hosted.all_diagnostics().cloned().collect();
    for used in local.all_diagnostics() {
        let Problem::Extension(extension) = used.problem else { continue };
        let allowed = diagnostics
            .iter_mut()
            .find(|diagnostic| diagnostic.is_error() && diagnostic.extension.is_none() && is_about(diagnostic, used));
        match allowed {
            // The reference's own error, with the extension that allows it here.
            Some(error) => error.extension = Some(extension),
            None => {
                // The two runs number their files differently; what an import that hosted ESC does not find would say is left out.
                let span = used.span.and_then(|span| {
                    let file = &local.sources.get(span.source).file;
                    let (source, _) = hosted.sources.iter().find(|(_, source)| source.file == *file)?;
                    Some(Span { source, ..span })
                });
                if span.is_some() {
                    diagnostics.push(Diagnostic { severity: Severity::Error, span, ..used.clone() });
                }
            }
        }
    }
    Ok((hosted, diagnostics))
}

/// Tells whether two messages are about the same part of a document.
fn is_about(diagnostic: &Diagnostic, used: &Diagnostic) -> bool {
    let same_file = match (&diagnostic.range, &used.range) {
        (Some(one), Some(other)) => one.environment == other.environment,
        _ => false,
    };
    same_file
        && !used.path.is_empty()
        && (used.path.starts_with(&diagnostic.path) || diagnostic.path.starts_with(&used.path))
}
