//! Limits: each is an error with a code and a place, and what lies just below it works. Never a hang, a crash or an exponential.
//!
//! Nothing here is timed: shared structure that were expanded, or work that grew with the square, would never come to an end
//! at these sizes. Every test has a test thread's small stack.

use std::{collections::BTreeMap, fmt::Write as _};

use esc_shell::{
    dialect::Dialect,
    environment::Variables,
    eval::{Evaluation, Mode, Options, Roots},
    render::{self, Scope},
    syntax::path::parse_typed,
    value::Secrets,
};

use crate::support::memory::{Documents, Pace, documents, evaluate, options};

const MB: usize = 1024 * 1024;

/// One document, `env`.
fn env(text: impl Into<String>) -> Documents {
    documents([("env", text.into())])
}

/// Evaluates in every mode, and everything or by path, which must agree; returns the evaluation of everything in open mode.
fn evaluated(documents: &Documents, path: &str) -> Evaluation {
    let open = || options(Dialect::Local, Mode::Open);
    let (whole, _) = evaluate(documents, open(), Pace::Ready);
    let (checked, _) = evaluate(documents, options(Dialect::Local, Mode::Check), Pace::Ready);
    let roots = Roots::Paths(vec![parse_typed(path).unwrap()]);
    let (part, _) = evaluate(documents, Options { roots, ..open() }, Pace::Ready);
    assert_eq!(told(&checked), told(&whole), "checked");
    assert_eq!(told(&part), told(&whole), "`{path}` alone");
    whole
}

/// The messages of an evaluation, as `code file:line:column`.
fn told(evaluation: &Evaluation) -> Vec<String> {
    let told = evaluation.all_diagnostics().map(|message| match message.span {
        None => message.problem.code().to_owned(),
        Some(span) => {
            let source = evaluation.sources.get(span.source);
            let (line, column) = source.line_column(span.start);
            format!("{} {}:{line}:{column}", message.problem.code(), source.file)
        }
    });
    told.collect()
}

/// Evaluates everything in open mode.
fn evaluated_open(documents: &Documents) -> Evaluation {
    evaluate(documents, options(Dialect::Local, Mode::Open), Pace::Ready).0
}

/// Evaluates everything in open mode; returns the messages.
fn told_of(documents: &Documents) -> Vec<String> {
    told(&evaluated_open(documents))
}

/// Counts the messages of each code.
fn counted(documents: &Documents) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for message in told_of(documents) {
        *counts.entry(message.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
    }
    counts
}

/// Tells which formats refuse to write an environment out. (`string` quotes quotes: it refuses some thirty levels.)
fn refusals(evaluation: &Evaluation) -> Vec<&'static str> {
    let root = evaluation.root().expect("there is an environment");
    let secrets = Secrets::Shown;
    let detailed = render::detailed(root, Scope::Environment, |origin| evaluation.range(origin), secrets);
    let written = [
        ("json", render::json(root, secrets).is_ok()),
        ("yaml", render::yaml(root, secrets).is_ok()),
        ("detailed", detailed.is_ok()),
        ("variables", Variables::of(root, Dialect::Local).is_ok()),
    ];
    written.into_iter().filter_map(|(format, done)| (!done).then_some(format)).collect()
}

#[test]
fn yaml_nests_128_levels() {
    // The document and `values` are two of them.
    for (what, open, leaf, close, column) in [("list", "[", "", "]", 139), ("mapping", "{b: ", "1", "}", 517)] {
        let text = |levels: usize| format!("values: {{a: {}{leaf}{}}}", open.repeat(levels), close.repeat(levels));
        let deepest = evaluated(&env(text(126)), "a");
        assert_eq!(told(&deepest), Vec::<String>::new(), "{what}");
        assert_eq!(refusals(&deepest), Vec::<&str>::new(), "{what}");
        assert_eq!(told(&evaluated(&env(text(127)), "a")), [format!("limit env.yaml:1:{column}")], "{what}");
        // Where it is deeper the parser notices first, a few characters to the left or right.
        for levels in [128, 1_000, 100_000] {
            let told = told(&evaluated(&env(text(levels)), "a"));
            assert!(told.len() == 1 && told[0].starts_with("limit env.yaml:1:"), "{what}: {told:?}");
        }
    }
    let block = |levels: usize| {
        (1..=levels).fold("values:\n".to_owned(), |mut text, level| {
            let _ = writeln!(text, "{}k:", " ".repeat(level));
            text
        })
    };
    assert_eq!(told_of(&env(block(127))), Vec::<String>::new());
    assert_eq!(told_of(&env(block(128))), ["limit env.yaml:129:129"]);
    for text in
        [format!("values:\n  a:\n    {}1\n", "- ".repeat(100_000)), format!("values: {{a: {}", "[".repeat(100_000))]
    {
        let told = told_of(&env(text));
        assert!(told.len() == 1 && told[0].starts_with("limit env.yaml:"), "{told:?}");
    }
}

fn deep(open: &str, leaf: &str, close: &str, levels: usize) -> String {
    format!("values:\n  d: {{fn::fromJSON: '{}{leaf}{}'}}\n", open.repeat(levels), close.repeat(levels))
}

/// What can be done to a value `d` ten thousand levels deep.
const DEEP: [&str; 11] = [
    "j: '${d}'",
    "d: {x: 1}",
    "j: {fn::toJSON: '${d}'}",
    "j: {fn::final: '${d}'}",
    "j: {fn::concat: [['${d}'], ['${d}']]}",
    "j: {fn::open::test: {v: '${d}'}}",
    "j: {fn::open::secret-wrapper: {v: '${d}'}}",
    "j: {fn::open::schema: {ref: {baz: qux}, v: '${d}'}}",
    "j: {fn::validate: {schema: {$ref: '#/$defs/n', $defs: {n: {items: {$ref: '#/$defs/n'}, additionalProperties: {$ref: '#/$defs/n'}}}}, value: '${d}'}}",
    "j: {fn::validate: {schema: {const: '${d}'}, value: '${d}'}}",
    "d: '${e}'\n  e: '${imports.base.d}'",
];

#[test]
fn json_nests_10_000_levels() {
    for (open, leaf, close) in [("[", "", "]"), ("{\"a\":", "1", "}")] {
        for values in DEEP {
            let base = deep(open, leaf, close, 10_000);
            let documents = documents([("env", format!("imports: [base]\nvalues:\n  {values}\n")), ("base", base)]);
            assert_eq!(told_of(&documents), Vec::<String>::new(), "{open} {values}");
        }
        for levels in [10_001, 1_000_000] {
            assert_eq!(told_of(&env(deep(open, leaf, close, levels))), ["limit env.yaml:2:6"], "{open}");
        }
    }
}

#[test]
fn what_merges_level_by_level_may_be_deep_too() {
    let (one, other) = (deep("{\"a\":", "1", "}", 10_000), deep("{\"a\":", "{\"b\":2}", "}", 9_999));
    let documents = documents([("env", "imports: [one, other]\n".to_owned()), ("one", one), ("other", other)]);
    let (evaluation, _) = evaluate(&documents, options(Dialect::Local, Mode::Open), Pace::Ready);
    assert_eq!(told(&evaluation), Vec::<String>::new());
    let mut view = evaluation.root().unwrap().get("d").unwrap();
    for _ in 0..9_999 {
        view = view.get("a").unwrap();
    }
    assert_eq!(view.get("a").unwrap().as_number(), Some("1"));
    assert_eq!(view.get("b").unwrap().as_number(), Some("2"));
}

/// `v0` to `v40`, each with the next one twice.
fn doubling(step: &str) -> String {
    (0..40).fold("values:\n".to_owned(), |text, level| {
        text + &format!("  v{level}: {}\n", step.replace("NEXT", &format!("${{v{}}}", level + 1)))
    }) + "  v40: y\n"
}

#[test]
fn doubling_costs_nothing_until_it_is_written() {
    for step in [
        "['NEXT', 'NEXT']",
        "{a: 'NEXT', b: 'NEXT'}",
        "{fn::final: {a: 'NEXT', b: 'NEXT'}}",
        "{fn::concat: [['NEXT'], ['NEXT']]}",
        "{fn::validate: {schema: {type: object}, value: {a: 'NEXT', b: 'NEXT'}}}",
    ] {
        let evaluation = evaluated(&env(doubling(step)), "v0");
        assert_eq!(told(&evaluation), Vec::<String>::new(), "{step}");
        let root = evaluation.root().unwrap();
        let mut refused = vec![render::json(root, Secrets::Shown).is_err()];
        refused.push(render::yaml(root, Secrets::Shown).is_err());
        refused.push(render::string(root, Secrets::Shown).is_err());
        assert_eq!(refused, [true; 3], "{step}");
        let leaf = root.get("v40").unwrap();
        assert_eq!(render::string(leaf, Secrets::Shown).unwrap(), "y\n", "a part of it is written");
    }
}

#[test]
fn at_most_1_000_000_values_are_written() {
    let values = |level: usize| {
        doubling("['NEXT', 'NEXT']")
            + &format!("  j: {{fn::toJSON: '${{v{level}}}'}}\n  t: {{fn::toYAML: '${{v{level}}}'}}\n")
            + &format!("  s: {{fn::toString: '${{v{level}}}'}}\n  i: 'x ${{v{level}}}'\n")
            + &format!("  o: {{fn::open::test: {{v: '${{v{level}}}'}}}}\n")
            + "  environmentVariables: {V: '${i}'}\n"
    };
    // 2^20 - 1 values, that is 40 - 19 levels from the end.
    let all = [43, 44, 45, 46, 47].map(|line| format!("limit env.yaml:{line}:6"));
    assert_eq!(told_of(&env(values(21))), all);
    assert_eq!(told_of(&env(values(0))), all);
    let fewer = doubling("['NEXT', 'NEXT']") + "  j: {fn::toJSON: '${v22}'}\n";
    assert_eq!(told_of(&env(fewer)), Vec::<String>::new());
}

#[test]
fn doubling_providers_and_schemas_cost_nothing() {
    // Values are counted before a provider is called with them.
    for provider in ["test", "secret-wrapper"] {
        let step = format!("{{fn::open::{provider}: {{a: 'NEXT', b: 'NEXT'}}}}");
        assert_eq!(told_of(&env(doubling(&step))), ["limit env.yaml:23:8"], "{provider}");
    }
    let recursive = "{fn::validate: {schema: {$ref: '#/$defs/n', $defs: {n: {additionalProperties: {$ref: '#/$defs/n'}}}}, value: {a: 'NEXT', b: 'NEXT'}}}";
    assert_eq!(told_of(&env(doubling(recursive))), Vec::<String>::new());
}

#[test]
fn values_need_one_another_20_000_times() {
    let chain = |length: usize| {
        (0..length).fold("values:\n".to_owned(), |text, at| text + &format!("  v{at:05}: ${{v{:05}}}\n", at + 1))
            + &format!("  v{length:05}: 1\n")
    };
    // `values` is one of them.
    let longest = env(chain(19_998));
    assert_eq!(told_of(&longest), Vec::<String>::new());
    assert_eq!(told_of(&env(chain(19_999))), ["limit env.yaml:20001:11"]);
}

#[test]
fn imports_nest_100_levels() {
    let nested = |levels: usize| {
        let mut all = documents([("env", "imports: [i1]".to_owned()), ("last", "values: {o: {z: 1}}".to_owned())]);
        for level in 1..=levels {
            let next = if level < levels { format!("i{}", level + 1) } else { "last".to_owned() };
            let text = format!("imports: [{next}]\nvalues: {{o: {{k{level}: 1}}, v{level}: '${{o}}'}}\n");
            all.insert(format!("i{level}"), text.into());
        }
        all
    };
    let deepest = evaluated(&nested(99), "o");
    assert_eq!(told(&deepest), Vec::<String>::new());
    let merged = deepest.root().unwrap().get("o").unwrap();
    assert_eq!(merged.entries().count(), 100);
    assert_eq!(told(&evaluated(&nested(100), "o")), ["limit i100.yaml:1:11"]);
    assert_eq!(told(&evaluated(&nested(500), "o")), ["limit i100.yaml:1:11"]);
}

#[test]
fn shared_imports_are_evaluated_once() {
    let mut all = documents([("env", "imports: [a0, b0]\nvalues: {r: '${o}'}".to_owned())]);
    for level in 0..30 {
        for side in ["a", "b"] {
            let next = if level < 29 { format!("imports: [a{0}, b{0}]\n", level + 1) } else { String::new() };
            let text = format!("{next}values: {{o: {{{side}{level}: 1}}, s{level}: {{t: '${{o}}'}}}}\n");
            all.insert(format!("{side}{level}"), text.into());
        }
    }
    let diamonds = evaluated(&all, "r");
    assert_eq!(told(&diamonds), Vec::<String>::new());
    assert_eq!(diamonds.root().unwrap().get("r").unwrap().entries().count(), 60);
}

#[test]
fn definitions_have_10_mb_together() {
    let scalar = |bytes: usize| format!("values: {{a: '{}'}}\n", "x".repeat(bytes - 16));
    assert_eq!(told_of(&env(scalar(10 * MB))), Vec::<String>::new());
    assert_eq!(told_of(&env(scalar(10 * MB + 1))), ["limit"], "no place: nothing of it is read");
    let mut several: Documents = (0..10).map(|at| (format!("i{at}"), scalar(MB).into())).collect();
    several.insert("env".into(), b"imports: [i0, i1, i2, i3, i4, i5, i6, i7, i8, i9]".to_vec());
    assert_eq!(told_of(&several), ["limit"]);
}

#[test]
fn of_many_mistakes_the_first_are_told_and_all_are_counted() {
    let count = 5_000;
    for (what, text, code, messages) in [
        ("unknown names", format!("values: {{b: 1, a: [{}]}}", "'${c}',".repeat(count)), "unknown-prop", count),
        // All of them are told at the place where the cycle was entered, and what is the same is told once.
        ("cycles", format!("values: {{a: [{}]}}", "'${a}',".repeat(count)), "cycle", 1),
        ("aliases", format!("values: {{b: &a 1, a: [{}]}}", "*a ,".repeat(count)), "alias", count),
        ("tags", format!("values: {{a: [{}]}}", "!!int x,".repeat(count)), "tag", count),
        ("keys", format!("values:\n{}", "  k: 1\n".repeat(count)), "dup-key", count - 1),
        ("sections", (0..count).fold(String::new(), |text, at| text + &format!("k{at}: 1\n")), "unknown-field", count),
        ("imports", format!("imports: [{}]\nvalues: {{}}", "nowhere,".repeat(count)), "load", count),
        ("numbers as keys", format!("values:\n{}", "  1: 2\n".repeat(count)), "map-key", count),
        ("an unclosed path", format!("values: {{a: '{}'}}", "${".repeat(count)), "path-brace", 1),
        ("a long path", format!("values: {{b: 1, a: '${{b{}}}'}}", ".b".repeat(count)), "not-container", 1),
    ] {
        let documents = env(text);
        let omitted = evaluated_open(&documents).omitted;
        let told = counted(&documents);
        assert!(told.values().sum::<usize>() <= 1_000, "{what}");
        let omitted = usize::try_from(omitted.errors + omitted.warnings + omitted.extensions).unwrap();
        assert_eq!(told[code] + omitted, messages, "{what}");
    }
}

#[test]
fn bytes_that_are_no_text_are_told() {
    for (what, bytes, expected, json) in [
        ("empty", &b""[..], &[][..], None),
        ("only a comment", b"# only", &["not-object env.yaml:1:1"], None),
        ("only a blank line", b"\n", &["not-object env.yaml:1:1"], None),
        ("no UTF-8", b"values: {a: \xff}", &["yaml env.yaml:1:13"], None),
        ("NUL", b"values: {a: \0}", &["yaml env.yaml:1:13"], None),
        ("an escaped NUL", b"values: {a: \"\\0\"}", &[], Some(r#"{"a":"\u0000"}"#)),
        ("a byte-order mark", b"\xef\xbb\xbfvalues: {a: 1}", &[], Some(r#"{"a":1}"#)),
        (
            "carriage returns",
            b"values:\r\n  a: 1\r\n  b: |\r\n    x\r\n    y\r\n",
            &[],
            Some(r#"{"a":1,"b":"x\ny\n"}"#),
        ),
        ("old line ends", b"values:\r  a: 1\r", &[], Some(r#"{"a":1}"#)),
        ("UTF-16", b"\xff\xfev\0a\0l\0u\0e\0s\0:\0 \0{\0a\0:\0 \x001\0}\0", &[], Some(r#"{"a":1}"#)),
        ("half of UTF-16", b"\xff\xfev\0a", &["yaml env.yaml:1:2"], None),
        ("UTF-16 without a mark", b"v\0a\0l\0", &["yaml env.yaml:1:2"], None),
    ] {
        let evaluation = evaluated_open(&[("env".to_owned(), bytes.to_vec())].into());
        assert_eq!(told(&evaluation), expected, "{what}");
        let shown = evaluation.root().map(|root| render::json(root, Secrets::Shown).unwrap());
        let shown = shown.map(|text| text.split_whitespace().collect::<String>());
        assert_eq!(shown.as_deref(), json, "{what}");
    }
}
