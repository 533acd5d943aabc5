//! What holds for every definition: it never panics, results don't depend on which answer comes first, secrets stay hidden.
//!
//! The same definitions are tried each time; with `PROPTEST_CASES` it is so many others.

use std::{collections::BTreeSet, fmt::Write as _};

use esc_shell::{
    diagnostic::render::{self as messages, Style},
    dialect::Dialect,
    environment::{FilePaths, Variables},
    eval::{Evaluation, Found, Mode, Options, Roots},
    render::{self, Scope},
    syntax::path::{Step, parse_typed},
    value::{Flags, Kind, Secrets, View, schema::to_json},
};
use proptest::{prelude::*, test_runner::RngSeed};

use crate::support::{
    document::{self, SECRET},
    memory::{CANARY, Documents, Pace, evaluate, options},
};

fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => config,
        None => ProptestConfig { cases: 100, rng_seed: RngSeed::Fixed(1), ..config },
    }
}

/// Everything that an evaluation says, but for the traces of what was reached on demand.
fn snapshot(evaluation: &Evaluation, calls: &BTreeSet<String>, traces: bool) -> String {
    let mut out = String::new();
    for message in evaluation.all_diagnostics() {
        let span = message.span.map(|span| (&evaluation.sources.get(span.source).file, span.start, span.end));
        let _ =
            writeln!(out, "{:?} {:?} {:?} {} {span:?}", message.severity, message.problem, message.range, message.path);
    }
    let mut shown = |what: &str, view: View<'_>| {
        for secrets in [Secrets::Shown, Secrets::Masked] {
            let _ = writeln!(out, "{what} {secrets:?}: {:?}", render::json(view, secrets));
        }
        if traces {
            let _ = writeln!(
                out,
                "{what}: {:?}",
                render::detailed(view, Scope::Value, |origin| evaluation.range(origin), Secrets::Shown)
            );
        }
    };
    if let Some(root) = evaluation.root() {
        shown("root", root);
    }
    for found in &evaluation.found {
        match found {
            Found::Value(node) => shown("found", evaluation.view(*node)),
            Found::Missing => shown("missing", evaluation.root().expect("there is an environment")),
        }
    }
    let _ = writeln!(out, "{}", to_json(evaluation.schema()));
    for rotation in &evaluation.rotations {
        let patch =
            rotation.patch.as_ref().map(|patch| (&patch.path, render::json(patch.state.view(), Secrets::Shown)));
        let _ = writeln!(out, "{} {:?} {patch:?}", rotation.path, rotation.status);
    }
    for call in calls {
        let _ = writeln!(out, "{call}");
    }
    out
}

/// The lines that only one of two texts has.
fn difference(expected: &str, got: &str) -> String {
    let only = |sign: char, one: &str, other: &str| -> String {
        one.lines()
            .filter(|line| !other.contains(line))
            .fold(String::new(), |text, line| text + &format!("{sign} {line}\n"))
    };
    let lines = only('-', expected, got) + &only('+', got, expected);
    if lines.is_empty() {
        format!("the lines are the same, in another order or number:\n{expected}\n{got}")
    } else {
        lines
    }
}

/// Every way to evaluate.
fn ways() -> Vec<Options> {
    let paths = ["a", "o.b", "environmentVariables", "c[0]"].map(|path| parse_typed(path).expect("it is a path"));
    let mut ways = Vec::new();
    for dialect in [Dialect::Local, Dialect::Hosted] {
        for mode in [Mode::Check, Mode::Open, Mode::Rotate(None)] {
            ways.push(options(dialect, mode));
        }
        let roots = Roots::Paths(paths.to_vec());
        ways.push(Options { roots, gate: true, ..options(dialect, Mode::Open) });
        ways.push(Options { show_secrets: true, ..options(dialect, Mode::Check) });
    }
    ways
}

fn same_whatever_comes_first(documents: &Documents, seed: u64) -> Result<(), TestCaseError> {
    for way in ways() {
        let traces = way.roots == Roots::All;
        let (evaluation, calls) = evaluate(documents, way.clone(), Pace::Ready);
        let expected = snapshot(&evaluation, &calls, traces);
        for pace in [Pace::Ready, Pace::Late, Pace::Shuffled(seed), Pace::Shuffled(seed.rotate_left(32) | 1)] {
            let (evaluation, calls) = evaluate(documents, way.clone(), pace);
            let got = snapshot(&evaluation, &calls, traces);
            prop_assert!(expected == got, "{way:?} {pace:?}\n{}", difference(&expected, &got));
        }
        if way.mode == Mode::Check {
            prop_assert!(calls.is_empty(), "a check calls {calls:?}");
        }
    }
    Ok(())
}

/// Everything that is shown with secrets masked.
fn masked(evaluation: &Evaluation) -> Vec<String> {
    let mut out = Vec::new();
    let views = evaluation.found.iter().filter_map(|found| match found {
        Found::Value(node) => Some(evaluation.view(*node)),
        Found::Missing => None,
    });
    for view in evaluation.root().into_iter().chain(views) {
        let ranges = |origin| evaluation.range(origin);
        out.extend(render::json(view, Secrets::Masked));
        out.extend(render::yaml(view, Secrets::Masked));
        out.extend(render::string(view, Secrets::Masked));
        out.extend(render::detailed(view, Scope::Value, ranges, Secrets::Masked));
        if let Ok(variables) = Variables::of(view, Dialect::Local) {
            let paths = FilePaths::new();
            let assignments = variables.assignments(&paths);
            let entries = || render::entries(&assignments, Secrets::Masked);
            for text in [
                entries().and_then(|entries| render::shell(&entries)),
                entries().and_then(|entries| render::dotenv(&entries)),
                Ok(render::dotenv_compat(&variables, &paths, Secrets::Masked)),
                Ok(render::shell_compat(&variables, &paths, Secrets::Masked)),
            ] {
                out.push(text.unwrap_or_else(|errors| errors.0.iter().map(ToString::to_string).collect()));
            }
        }
    }
    let all: Vec<_> = evaluation.all_diagnostics().cloned().collect();
    for style in [Style::Human, Style::Short, Style::Json, Style::Github] {
        let options = messages::Options { style, width: 10_000, ..messages::Options::default() };
        out.push(messages::render(&all, &evaluation.sources, options));
    }
    out
}

fn secrets_stay_hidden(documents: &Documents) -> Result<(), TestCaseError> {
    for way in ways().into_iter().filter(|way| way.dialect == Dialect::Local) {
        let (evaluation, _) = evaluate(documents, way.clone(), Pace::Ready);
        for text in masked(&evaluation) {
            prop_assert!(!text.contains(SECRET) && !text.contains(CANARY), "{way:?} shows\n{text}");
        }
    }
    Ok(())
}

/// Follows a path in a value as it is.
fn walk<'g>(view: View<'g>, path: &[Step]) -> Option<View<'g>> {
    path.iter().try_fold(view, |view, step| match step {
        Step::Key(key) => view.get(key),
        Step::Index(index) => view.item(usize::try_from(*index).ok()?),
    })
}

/// Every path of a value, to a depth.
fn paths_of(view: View<'_>, depth: usize, path: &mut Vec<Step>, out: &mut Vec<Vec<Step>>) {
    if depth == 0 || view.is_unknown() {
        return;
    }
    let parts: Vec<(Step, View<'_>)> = match view.kind() {
        Kind::Object(_) => view.entries().map(|(key, part)| (Step::Key(key.clone()), part)).collect(),
        Kind::List(_) => (0..).map(Step::Index).zip(view.items()).collect(),
        _ => Vec::new(),
    };
    for (step, part) in parts {
        path.push(step);
        out.push(path.clone());
        paths_of(part, depth - 1, path, out);
        path.pop();
    }
}

/// What is asked for by path is what is there when everything is asked for, and asks no more of providers.
fn parts_are_parts_of_the_whole(documents: &Documents) -> Result<(), TestCaseError> {
    for dialect in [Dialect::Local, Dialect::Hosted] {
        let (whole, all_calls) = evaluate(documents, options(dialect, Mode::Open), Pace::Ready);
        if whole.all_diagnostics().any(esc_shell::diagnostic::Diagnostic::is_error) {
            continue;
        }
        let Some(root) = whole.root() else { continue };
        let mut paths = Vec::new();
        paths_of(root, 3, &mut Vec::new(), &mut paths);
        for path in paths {
            let expected = walk(root, &path).expect("it was found there");
            let roots = Roots::Paths(vec![path.clone()]);
            let (part, calls) = evaluate(documents, Options { roots, ..options(dialect, Mode::Open) }, Pace::Ready);
            let context = || format!("{dialect:?} {path:?}");
            prop_assert!(calls.is_subset(&all_calls), "{calls:?} {}", context());
            let Some(Found::Value(found)) = part.found.first() else {
                return Err(TestCaseError::fail(format!("nothing is found: {}", context())));
            };
            let found = part.view(*found);
            for secrets in [Secrets::Shown, Secrets::Masked] {
                prop_assert_eq!(render::json(found, secrets), render::json(expected, secrets), "{}", context());
            }
            prop_assert_eq!(found.has(Flags::SECRET), expected.has(Flags::SECRET), "{}", context());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn answers_may_come_in_any_order(documents in document::documents(), seed in 1_u64..) {
        same_whatever_comes_first(&documents.0, seed)?;
    }

    #[test]
    fn secrets_are_never_shown_masked(documents in document::documents()) {
        secrets_stay_hidden(&documents.0)?;
    }

    #[test]
    fn a_part_is_a_part_of_the_whole(documents in document::documents()) {
        parts_are_parts_of_the_whole(&documents.0)?;
    }
}
