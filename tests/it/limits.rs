//! Limits: a clear error, never a hang, a crash or an exponential.

use std::{
    fmt::Write as _,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use esc_shell::{
    dialect::Dialect,
    environment::Variables,
    eval::{Evaluation, Mode, Options, Roots},
    render::{self, Scope},
    syntax::path::parse_typed,
    value::Secrets,
};

use crate::support::memory::{Documents, Pace, documents, evaluate, options};

/// What came of an evaluation: the codes of its messages, and which formats could be written.
#[derive(Debug)]
struct Outcome {
    codes: Vec<&'static str>,
    written: Vec<(&'static str, bool)>,
    bytes: usize,
}

fn bounded<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(move || {
        let result = work();
        let _ = sender.send(());
        result
    });
    let thread = thread.expect("a system that runs tests has threads");
    match receiver.recv_timeout(Duration::from_secs(100)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: it hangs"),
        _ => thread.join().unwrap_or_else(|_| panic!("{what}: it crashes")),
    }
}

fn outcome(evaluation: &Evaluation, dialect: Dialect) -> Outcome {
    let mut codes: Vec<_> = evaluation.all_diagnostics().map(|message| message.problem.code()).collect();
    codes.sort_unstable();
    let mut written = Vec::new();
    let mut bytes = 0;
    if let Some(root) = evaluation.root() {
        let secrets = Secrets::Shown;
        let texts = [
            ("yaml", render::yaml(root, secrets)),
            ("detailed", render::detailed(root, Scope::Environment, |origin| evaluation.range(origin), secrets)),
        ];
        for (format, text) in texts {
            written.push((format, text.is_ok()));
            bytes += text.map_or(0, |text| text.len());
        }
        written.push(("variables", Variables::of(root, dialect).is_ok()));
    }
    Outcome { codes, written, bytes }
}

fn run(what: &str, documents: Documents, options: Options) -> Outcome {
    let start = Instant::now();
    let name = what.to_owned();
    let out = bounded(what, move || {
        let start = Instant::now();
        let dialect = options.dialect;
        let (evaluation, _) = evaluate(&documents, options, Pace::Ready);
        let evaluated = start.elapsed();
        let out = outcome(&evaluation, dialect);
        let rendered = start.elapsed().saturating_sub(evaluated);
        let start = Instant::now();
        drop(evaluation);
        eprintln!("{name:50} eval {evaluated:?} render {rendered:?} drop {:?}", start.elapsed());
        out
    });
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for c in &out.codes {
        if let Some(l) = counts.last_mut()
            && l.0 == *c
        {
            l.1 += 1;
        } else {
            counts.push((c, 1));
        }
    }
    eprintln!(
        "{:50} {:?} {:?} {:?} {}",
        "",
        start.elapsed(),
        counts,
        out.written.iter().filter(|w| !w.1).collect::<Vec<_>>(),
        out.bytes
    );
    out
}

#[allow(clippy::needless_pass_by_value, reason = "callers make one for each call")]
fn all(what: &str, docs: Documents) {
    for mode in [Mode::Open, Mode::Check] {
        run(&format!("{what} {mode:?}"), docs.clone(), options(Dialect::Local, mode));
    }
}

fn paths(what: &str, docs: Documents, paths: &[&str]) {
    let roots = Roots::Paths(paths.iter().map(|path| parse_typed(path).unwrap()).collect());
    run(&format!("{what} paths"), docs, Options { roots, ..options(Dialect::Local, Mode::Open) });
}

fn env(text: impl Into<String>) -> Documents {
    documents([("env", text.into())])
}

#[test]
fn x_nesting() {
    for n in [126, 127, 128, 129, 1000, 100_000] {
        all(&format!("flow {n}"), env(format!("values: {{a: {}{}}}", "[".repeat(n), "]".repeat(n))));
        all(&format!("flow map {n}"), env(format!("values: {{a: {}1{}}}", "{b: ".repeat(n), "}".repeat(n))));
        all(&format!("open brackets {n}"), env(format!("values: {{a: {}", "[".repeat(n))));
        all(&format!("block seq {n}"), env(format!("values:\n  a:\n    {}1\n", "- ".repeat(n))));
        if n <= 1000 {
            let mut text = "values:\n".to_owned();
            for level in 1..=n {
                let _ = writeln!(text, "{}k:", " ".repeat(level));
            }
            all(&format!("block map {n}"), env(text));
        }
    }
}

const DEEP_OPS: &[(&str, &str)] = &[
    ("reference", "r: '${d}'"),
    ("merge", "d: {x: 1}"),
    ("tojson", "j: {fn::toJSON: '${d}'}"),
    ("tostring", "j: {fn::toString: '${d}'}"),
    ("interp", "j: 'x ${d}'"),
    ("toyaml", "j: {fn::toYAML: '${d}'}"),
    ("final", "j: {fn::final: '${d}'}"),
    ("validate", "j: {fn::validate: {schema: {type: object}, value: '${d}'}}"),
    (
        "validate rec",
        "j: {fn::validate: {schema: {$ref: '#/$defs/n', $defs: {n: {items: {$ref: '#/$defs/n'}, additionalProperties: {$ref: '#/$defs/n'}}}}, value: '${d}'}}",
    ),
    ("validate schema", "j: {fn::validate: {schema: '${d}', value: '${d}'}}"),
    ("validate const", "j: {fn::validate: {schema: {const: '${d}'}, value: '${d}'}}"),
    ("open", "j: {fn::open::test: {v: '${d}'}}"),
    ("open schema", "j: {fn::open::schema: {array: '${d}', map: '${d}'}}"),
    ("wrapper", "j: {fn::open::secret-wrapper: {v: '${d}'}}"),
    ("concat", "j: {fn::concat: [['${d}'], ['${d}']]}"),
    ("join", "j: {fn::join: [',', '${d}']}"),
    ("merge2", "d: '${e}'\ne: '${imports.base.d}'"),
];

#[test]
fn x_deep_json() {
    for (open, close, what) in [("[", "]", "list"), ("{\"a\":", "}", "object")] {
        for n in [9_999, 10_000, 10_001] {
            let leaf = if what == "object" { "1" } else { "" };
            let json = format!("{}{leaf}{}", open.repeat(n), close.repeat(n));
            let base = format!("values:\n  d: {{fn::fromJSON: '{json}'}}\n");
            all(&format!("json {what} {n}"), env(base.clone()));
            if n == 9_999 {
                for (op, text) in DEEP_OPS {
                    let text = text.replace('\n', "\n  ");
                    let docs =
                        documents([("env", format!("imports: [base]\nvalues:\n  {text}\n")), ("base", base.clone())]);
                    all(&format!("json {what} {n} imported {op}"), docs.clone());
                    paths(&format!("json {what} {n} imported {op}"), docs, &["j", "d", "r"]);
                }
                let docs = documents([
                    ("env", "imports: [base, over]".to_owned()),
                    ("base", base.clone()),
                    ("over", base.clone()),
                    ("third", base.clone()),
                ]);
                all(&format!("json {what} two deep imports"), docs.clone());
                let docs = documents([
                    ("env", "imports: [base, over, third]".to_owned()),
                    ("base", base.clone()),
                    ("over", base.clone()),
                    ("third", base.clone()),
                ]);
                all(&format!("json {what} three deep imports"), docs.clone());
            }
        }
    }
}

fn doubling(depth: usize, step: &str) -> String {
    let mut text = format!("  v{depth}: x\n");
    for level in (0..depth).rev() {
        let _ = writeln!(text, "  v{level}: {}", step.replace('N', &format!("v{}", level + 1)));
    }
    text
}

#[test]
fn x_doubling() {
    for (what, step) in [
        ("lists", "['${N}', '${N}']"),
        ("objects", "{a: '${N}', b: '${N}'}"),
        ("strings", "'${N}${N}'"),
        ("tostring", "{fn::toString: ['${N}', '${N}']}"),
        ("tojson", "{fn::toJSON: ['${N}', '${N}']}"),
        ("toyaml", "{fn::toYAML: ['${N}', '${N}']}"),
        ("concat", "{fn::concat: [['${N}'], ['${N}']]}"),
        ("join", "{fn::join: ['', ['${N}', '${N}']]}"),
        ("final", "{fn::final: {a: '${N}', b: '${N}'}}"),
        ("open", "{fn::open::test: {a: '${N}', b: '${N}'}}"),
        ("wrapper", "{fn::open::secret-wrapper: {a: '${N}', b: '${N}'}}"),
        ("sealed", "{fn::open::sealed: {a: '${N}', b: '${N}'}}"),
        ("validate", "{fn::validate: {schema: {type: object}, value: {a: '${N}', b: '${N}'}}}"),
        (
            "validate rec",
            "{fn::validate: {schema: {$ref: '#/$defs/n', $defs: {n: {additionalProperties: {$ref: '#/$defs/n'}}}}, value: {a: '${N}', b: '${N}'}}}",
        ),
        (
            "validate wrong",
            "{fn::validate: {schema: {$ref: '#/$defs/n', $defs: {n: {type: object, additionalProperties: {$ref: '#/$defs/n'}}}}, value: {a: '${N}', b: '${N}'}}}",
        ),
    ] {
        let docs = env(format!("values:\n{}", doubling(40, step)));
        all(&format!("doubling {what}"), docs.clone());
        paths(&format!("doubling {what}"), docs, &["v0"]);
    }
    for depth in [40] {
        let one = doubling(depth, "{a: '${N}', b: '${N}'}");
        let other = doubling(depth, "{b: '${N}', c: '${N}'}");
        let third = doubling(depth, "{a: '${N}', c: '${N}'}");
        let fin = doubling(depth, "{fn::final: {a: '${N}', b: '${N}'}}");
        let val = doubling(depth, "{fn::validate: {schema: true, value: {a: '${N}', b: '${N}'}}}");
        let opn = doubling(depth, "{fn::open::test: {a: '${N}', b: '${N}'}}");
        for (what, layers) in [
            ("two", vec![&one, &other]),
            ("three", vec![&one, &other, &third]),
            ("same", vec![&one, &one]),
            ("same three", vec![&one, &one, &one]),
            ("final over", vec![&one, &fin]),
            ("over final", vec![&fin, &one]),
            ("validate over", vec![&one, &val]),
            ("over validate", vec![&val, &one]),
            ("val over val", vec![&val, &val]),
            ("val over val over val", vec![&val, &val, &val]),
            ("open over", vec![&one, &opn]),
            ("over open", vec![&opn, &one]),
            ("open over open", vec![&opn, &opn]),
            ("3 open", vec![&opn, &opn, &opn]),
        ] {
            let names: Vec<String> = (0..layers.len()).map(|at| format!("l{at}")).collect();
            for own in [None, Some(doubling(depth, "{d: '${N}', a: '${N}'}"))] {
                let mut docs = Documents::new();
                for (name, layer) in names.iter().zip(&layers) {
                    docs.insert(name.clone(), format!("values:\n{layer}").into());
                }
                let own_text = own.as_ref().map_or(String::new(), |own| format!("values:\n{own}"));
                docs.insert("env".into(), format!("imports: [{}]\n{own_text}", names.join(", ")).into());
                all(&format!("merge {what} own {}", own.is_some()), docs.clone());
                paths(&format!("merge {what} own {}", own.is_some()), docs, &["v0"]);
            }
        }
    }
}

#[test]
fn x_chains() {
    for n in [100, 1000, 10_000, 19_000, 21_000, 100_000] {
        let mut text = "values:\n".to_owned();
        for at in 0..n {
            let _ = writeln!(text, "  v{at}: ${{v{}}}", at + 1);
        }
        let _ = writeln!(text, "  v{n}: 1");
        all(&format!("chain {n}"), env(text.clone()));
        paths(&format!("chain {n}"), env(text.clone()), &["v0"]);
        let text = text.replace("${", "x${");
        if n <= 1000 {
            all(&format!("interp chain {n}"), env(text));
        }
    }
}

#[test]
fn x_imports() {
    for n in [99, 100, 101, 102, 1000] {
        let mut docs = Documents::new();
        docs.insert("env".into(), b"imports: [i1]\nvalues: {a: 1}".to_vec());
        for at in 1..=n {
            docs.insert(
                format!("i{at}"),
                format!("imports: [i{}]\nvalues: {{o: {{k{at}: 1}}, v{at}: '${{o}}'}}", at + 1).into(),
            );
        }
        docs.insert(format!("i{}", n + 1), b"values: {o: {z: 1}}".to_vec());
        all(&format!("import depth {}", n + 1), docs.clone());
        paths(&format!("import depth {}", n + 1), docs, &["o"]);
    }
    for n in [10, 100, 1000, 5000] {
        let mut docs = Documents::new();
        let names: Vec<String> = (0..n).map(|at| format!("i{at}")).collect();
        docs.insert(
            "env".into(),
            format!("imports: [{}]\nvalues: {{environmentVariables: {{OWN: x}}}}", names.join(", ")).into(),
        );
        for at in 0..n {
            docs.insert(format!("i{at}"), format!("values: {{environmentVariables: {{V{at}: 1}}}}").into());
        }
        all(&format!("import width {n}"), docs.clone());
        paths(&format!("import width {n}"), docs, &["environmentVariables"]);
    }
    for n in [5, 10, 15, 20, 25] {
        let mut docs = Documents::new();
        docs.insert(
            "env".into(),
            b"imports: [a0, b0]\nvalues: {o: {own: 1}, r: '${o}', s: '${s0.t}', w: '${nope}'}".to_vec(),
        );
        for at in 0..n {
            for side in ["a", "b"] {
                let imports = if at + 1 < n { format!("imports: [a{0}, b{0}]\n", at + 1) } else { String::new() };
                docs.insert(
                    format!("{side}{at}"),
                    format!("{imports}values: {{o: {{{side}{at}: 1}}, s{at}: {{t: '${{o}}'}}}}").into(),
                );
            }
        }
        all(&format!("diamond {n}"), docs.clone());
        for p in ["o", "r", "s", "o.a0", "nope"] {
            paths(&format!("diamond {n} {p}"), docs.clone(), &[p]);
        }
    }
}

#[test]
fn x_size() {
    let line = "  v0000000: 1234567890123456789012345678901234567890\n";
    let count = 10 * 1024 * 1024 / line.len();
    for (what, docs) in [
        ("10 MB of variables", {
            let mut text = "values:\n".to_owned();
            for at in 0..count {
                let _ = writeln!(text, "  v{at:07}: 1234567890123456789012345678901234567890");
            }
            env(text)
        }),
        ("10 MB scalar", env(format!("values: {{a: '{}'}}", "x".repeat(10 * 1024 * 1024 - 100)))),
        ("10 MB scalar unclosed accesses", env(format!("values: {{a: '{}'}}", "${".repeat(5 * 1024 * 1024 - 100)))),
        ("10 MB too", env(format!("values: {{a: '{}'}}", "x".repeat(10 * 1024 * 1024)))),
        ("10 MB flow ints", env(format!("values: {{a: [{}]}}", "1,".repeat(5 * 1024 * 1024 - 100)))),
        ("10 MB flow refs", env(format!("values: {{a: [{}]}}", "'${a}',".repeat(10 * 1024 * 1024 / 7 - 100)))),
        (
            "10 MB flow broken refs",
            env(format!("values: {{b: 1, a: [{}]}}", "'${c}',".repeat(10 * 1024 * 1024 / 7 - 100))),
        ),
        ("10 MB top keys", env((0..900_000).fold(String::new(), |text, n| text + &format!("k{n}: 1\n")))),
        ("10 MB dup keys", env(format!("values:\n{}", "  k: 1\n".repeat(10 * 1024 * 1024 / 8)))),
        ("10 MB imports", env(format!("imports: [{}]\n", "a,".repeat(5 * 1024 * 1024 - 100)))),
        ("10 MB comments", env("# x\n".repeat(10 * 1024 * 1024 / 4))),
        ("10 MB blank", env(" \n".repeat(10 * 1024 * 1024 / 2))),
        ("10 MB anchors", env(format!("values: {{a: [{}]}}", "&a 1,".repeat(10 * 1024 * 1024 / 6)))),
        ("10 MB aliases", env(format!("values: {{b: &a 1, a: [{}]}}", "*a ,".repeat(10 * 1024 * 1024 / 4 - 100)))),
        ("10 MB tags", env(format!("values: {{a: [{}]}}", "!!int x,".repeat(10 * 1024 * 1024 / 8 - 100)))),
        ("10 MB long path", env(format!("values: {{a: '${{{}}}'}}", "a.".repeat(5 * 1024 * 1024 - 100)))),
        ("10 MB null keys", env(format!("values:\n{}", "  ? \n".repeat(2 * 1024 * 1024 - 100)))),
        ("10 MB null keys", env(format!("values:\n{}", "  1: 2\n".repeat(1024 * 1024 - 100)))),
        ("10 MB dquoted", env(format!("values: {{a: \"{}\"}}", "\\'".repeat(5 * 1024 * 1024 - 100)))),
        ("10 MB dashes", env(format!("values: {{a: 1}}\n{}", "---\n".repeat(2 * 1024 * 1024)))),
        ("sum", {
            let mut docs: Documents = (0..11)
                .map(|at| (format!("i{at}"), format!("values: {{a{at}: '{}'}}", "x".repeat(1024 * 1024)).into()))
                .collect();
            docs.insert("env".into(), b"imports: [i0,i1,i2,i3,i4,i5,i6,i7,i8,i9,i10]".to_vec());
            docs
        }),
    ] {
        run(what, docs, options(Dialect::Local, Mode::Open));
    }
}

#[test]
fn x_bytes() {
    for (what, bytes) in [
        ("empty", &b""[..]),
        ("comment", b"# only"),
        ("blank", b"\n"),
        ("utf8 bad", b"values: {a: \xff}"),
        ("nul", b"values: {a: \0}"),
        ("nul2", b"values: {a: \"\\0\"}"),
        ("bom", b"\xef\xbb\xbfvalues: {a: 1}"),
        ("crlf", b"values:\r\n  a: 1\r\n  b: |\r\n    x\r\n    y\r\n"),
        ("utf16le", b"\xff\xfev\0a\0l\0u\0e\0s\0:\0 \0{\0a\0:\0 \x001\0}\0"),
        ("utf16be", b"\xfe\xff\0v\0a\0l\0u\0e\0s\0:\0 \0{\0a\0:\0 \x001\0}"),
        ("utf16 odd", b"\xff\xfev"),
        ("utf16 no bom", b"v\0a\0l\0"),
        ("cr", b"values:\r  a: 1\r"),
    ] {
        run(what, [("env".to_owned(), bytes.to_vec())].into(), options(Dialect::Local, Mode::Open));
    }
}

#[test]
fn x_finality() {
    for (what, env, base, ps) in [
        (
            "cycle in import",
            "imports: [base]\nvalues: {a: 1}".to_owned(),
            "values: {a: '${b}', b: '${a}'}".to_owned(),
            &["a"][..],
        ),
        (
            "self in import",
            "imports: [base]\nvalues: {a: {x: 1}}".to_owned(),
            "values: {a: '${a}', b: {c: '${b.c}'}}".to_owned(),
            &["a", "b.c"],
        ),
        (
            "obj",
            "imports: [base]\nvalues: {a: {x: 1}}".to_owned(),
            "values: {a: {x: '${a}', y: '${a.y}'}}".to_owned(),
            &["a.x", "a.y", "a"],
        ),
    ] {
        let docs = documents([("env", env), ("base", base)]);
        all(what, docs.clone());
        for p in ps {
            paths(&format!("{what} {p}"), docs.clone(), &[p]);
        }
    }
    let n = 15000;
    let mut text = "values:\n".to_owned();
    for at in 0..n {
        let _ = writeln!(text, "  v{at}: ${{v{}}}", at + 1);
    }
    let _ = writeln!(text, "  v{n}: 1");
    let docs = documents([("env", "imports: [base]\nvalues: {v0: 1, v1: {x: 1}}".to_owned()), ("base", text)]);
    all("chain in import", docs.clone());
    for p in ["v0", "v1", "v1.x"] {
        paths(&format!("chain in import {p}"), docs.clone(), &[p]);
    }
}
