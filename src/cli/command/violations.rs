//! Violations of a contract as messages: with the place of the value, and where the contract demands it.

use crate::{
    cli::{output::Output, workbench::Workbench},
    diagnostic::{Breach, Diagnostic, Problem, list},
    eval::Evaluation,
    guard::{Finding, Site},
    source::Range,
    value::Origin,
};

/// Tells violations; a place is an environment, by its index, and the origin of a value in it. Returns them as diagnostics.
pub(super) fn tell(
    findings: Vec<Finding<(usize, Origin)>>,
    environments: &[&Evaluation],
    workbench: &Workbench,
    output: &mut Output,
) -> Vec<Diagnostic> {
    let mut told = Vec::with_capacity(findings.len());
    // What is in no environment should be in the last one, which goes before the others.
    let last = environments.len().saturating_sub(1);
    let mut of_each: Vec<Vec<Diagnostic>> = environments.iter().map(|_| Vec::new()).collect();
    for finding in findings {
        let at = finding.at.map_or(last, |(at, _)| at);
        let Some(evaluation) = environments.get(at) else { continue };
        of_each[at].push(diagnostic(finding, evaluation, workbench));
    }
    for (evaluation, diagnostics) in environments.iter().zip(of_each) {
        let _ = output.tell(&diagnostics, &evaluation.sources, true);
        told.extend(diagnostics);
    }
    told
}

fn diagnostic(finding: Finding<(usize, Origin)>, evaluation: &Evaluation, workbench: &Workbench) -> Diagnostic {
    let Finding { kind, severity, advice, sites, at } = finding;
    // Of a value that Pulumi Cloud gave, only the range is known; without a place of its own it is about the definition.
    let range = at.map(|(_, origin)| evaluation.range(origin)).filter(|range| range.begin.line > 0);
    let environment = evaluation.sources.iter().next().map(|(_, source)| source.environment.clone());
    Diagnostic {
        severity,
        problem: Problem::Contract(Box::new(Breach { kind, advice, declared: Some(declared(&sites, workbench)) })),
        span: at.and_then(|(_, origin)| evaluation.span(origin)),
        range: range.or_else(|| environment.map(|environment| Range { environment, ..Range::default() })),
        path: String::new(),
        extension: None,
    }
}

/// Names the places that declare something, each once.
fn declared(sites: &[Site], workbench: &Workbench) -> String {
    let mut places: Vec<String> = sites.iter().map(|site| site.text(|file| workbench.shown(file))).collect();
    places.dedup();
    list(&places)
}
