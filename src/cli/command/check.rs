//! `esc-shell check`.

use std::collections::BTreeSet;

use super::{checked::Checked, fix, guarded, plaintext};
use crate::{
    cli::{args::CheckArgs, exit, failure::Failure, located::Located, output::Output, workbench::Workbench},
    diagnostic::{Count, Diagnostic, Omitted, Problem, Severity},
    dialect::Dialect,
    eval::{Evaluation, Mode, Roots},
    source::Span,
};

/// Checks environments; all local ones when none is named.
pub(in crate::cli) fn check(args: &CheckArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    let mut codes = Vec::new();
    let file = guarded::contract_file(&args.sources, workbench)?;
    let contract = guarded::gather(&args.sources, file.as_ref(), workbench)?;
    let names = match &file {
        Some(file) if args.environments.is_empty() => &file.environments,
        _ => &args.environments,
    };
    let environments = environments(names, workbench, output, &mut codes)?;
    if args.fix {
        fix::fix(environments.iter().filter_map(Located::local), output)?;
    }
    let mut found = Found { errors: codes.len(), codes, ..Found::default() };
    let mut evaluations = Vec::with_capacity(environments.len());
    let mut plaintexts = BTreeSet::new();
    let mut judged = Vec::with_capacity(environments.len());
    for environment in &environments {
        let (evaluation, diagnostics) = match judge(args, environment, workbench) {
            Ok(judged) => judged,
            Err(failure) => {
                output.fail(&failure);
                found.errors += failure.complaints.len();
                found.codes.push(failure.code());
                continue;
            }
        };
        found.count(output.tell(&diagnostics, &evaluation.sources, true));
        output.omit(evaluation.omitted, true);
        found.add(evaluation.omitted);
        if let Some(definition) = environment.local() {
            found.warnings += plaintext::warn(definition, &evaluation.sources, &mut plaintexts, output);
        }
        found.codes.extend(Failure::of(&diagnostics).map(|failure| failure.code()));
        evaluations.push(evaluation);
        judged.push(environment);
    }
    if !contract.is_empty() {
        let mut checked = Checked::new(contract, &evaluations, names.is_empty());
        for (environment, evaluation) in judged.into_iter().zip(&evaluations) {
            match checked.judge(environment, evaluation, workbench, output) {
                Ok(violations) => {
                    found.count(&violations);
                    found.codes.extend(Failure::of(&violations).map(|failure| failure.code()));
                }
                Err(failure) => {
                    output.fail(&failure);
                    found.errors += failure.complaints.len();
                    found.codes.push(failure.code());
                }
            }
        }
        let strangers = checked.strangers(workbench);
        for stranger in &strangers {
            output.warn(stranger);
        }
        found.warnings += strangers.len();
    }
    let Found { errors, warnings, codes } = found;
    let checked = Count(environments.len(), "environment");
    output.say(&format!("{checked} checked: {}, {}", Count(errors, "error"), Count(warnings, "warning")));
    Failure::worst(codes).map_or(Ok(()), Err)
}

/// What was found so far.
#[derive(Default)]
struct Found {
    errors: usize,
    warnings: usize,
    codes: Vec<u8>,
}

impl Found {
    fn count<'d>(&mut self, told: impl IntoIterator<Item = &'d Diagnostic>) {
        for diagnostic in told {
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
            }
        }
    }

    fn add(&mut self, Omitted { errors, warnings, extensions }: Omitted) {
        let narrow = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        self.errors += narrow(errors);
        self.warnings += narrow(warnings + extensions);
    }
}

/// Finds what is to be checked. A name that leads nowhere is told, and the others are checked all the same.
fn environments(
    names: &[String],
    workbench: &Workbench,
    output: &Output,
    codes: &mut Vec<u8>,
) -> Result<Vec<Located>, Failure> {
    if names.is_empty() {
        let all = workbench.local_definitions()?;
        if all.is_empty() {
            let nothing = Failure::new(exit::PROVIDER, "there is nothing to check: no local environments found");
            return Err(workbench
                .store
                .remarks()
                .into_iter()
                .fold(nothing, Failure::hint)
                .hint("name a file: `esc-shell check ./dev.yaml`"));
        }
        return Ok(all.into_iter().map(|definition| Located::Local(Box::new(definition))).collect());
    }
    let mut found = Vec::new();
    for name in names {
        match workbench.locate(Some(name)) {
            Ok(environment) => found.push(environment),
            Err(failure) => {
                output.fail(&failure);
                codes.push(failure.code());
            }
        }
    }
    Ok(found)
}

/// Checks an environment by the local rules, or by those of hosted ESC; Pulumi Cloud judges its own, and others where it is asked to.
fn judge(
    args: &CheckArgs,
    environment: &Located,
    workbench: &Workbench,
) -> Result<(Evaluation, Vec<Diagnostic>), Failure> {
    if let (true, Some(definition)) = (args.cloud, environment.local()) {
        let evaluation = workbench.check_in_cloud(definition)?;
        let diagnostics = evaluation.all_diagnostics().cloned().collect();
        return Ok((evaluation, diagnostics));
    }
    let check = |dialect| workbench.evaluate(environment, dialect, Mode::Check, Roots::All);
    let local = check(Dialect::Local)?;
    if !args.portable || environment.local().is_none() {
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
