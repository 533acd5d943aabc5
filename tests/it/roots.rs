//! What is asked for is what is opened.

use esc_shell::{
    diagnostic::Severity,
    eval::{Found, Options, Roots},
    value::{Secrets, View, json},
};

use crate::support::counting::{Counting, Documents, Log, calls, evaluate, options};

/// Documents, paths, and the calls that they need.
type Case = (&'static [(&'static str, &'static str)], &'static [&'static str], &'static [&'static str]);

const CASES: &[Case] = &[
    // A provider beside what is asked for.
    (&[("env", "values: {a: {fn::open::count: {id: a}}, b: 1, v: '${b}'}")], &["v"], &[]),
    (&[("env", "values: {a: {fn::open::count: {id: a}}, b: 1, v: '${b}'}")], &["a"], &["count a"]),
    // Through imports: a sibling in an imported object, an import that is hidden, an import that is not.
    (
        &[
            ("env", "imports: [base]\nvalues: {v: '${aws.region}'}"),
            ("base", "values: {aws: {region: r, login: {fn::open::count: {id: login}}}}"),
        ],
        &["v"],
        &[],
    ),
    (
        &[
            ("env", "imports: [base]\nvalues: {v: '${aws.login.id}'}"),
            ("base", "values: {aws: {region: r, login: {fn::open::count: {id: login}}}}"),
        ],
        &["v"],
        &["count login"],
    ),
    (
        &[
            ("env", "imports: [base]\nvalues: {aws: {x: 1}}"),
            ("base", "values: {aws: {region: r, login: {fn::open::count: {id: login}}}}"),
        ],
        &["aws.region", "aws.x"],
        &[],
    ),
    (
        &[
            ("env", "imports: [base]\nvalues: {aws: {x: 1}}"),
            ("base", "values: {aws: {region: r, login: {fn::open::count: {id: login}}}}"),
        ],
        &["aws"],
        &["count login"],
    ),
    // Merges: a scalar hides what it lies on; an object needs it, but its own properties don't.
    (&[("env", "imports: [base]\nvalues: {p: 1}"), ("base", "values: {p: {fn::open::count: {id: p}}}")], &["p"], &[]),
    (
        &[("env", "imports: [base]\nvalues: {p: {k: 1}}"), ("base", "values: {p: {fn::open::count: {id: p}}}")],
        &["p.k"],
        &[],
    ),
    (
        &[("env", "imports: [base]\nvalues: {p: {k: 1}}"), ("base", "values: {p: {fn::open::count: {id: p}}}")],
        &["p.id"],
        &["count p"],
    ),
    (
        &[("env", "imports: [base]\nvalues: {p: {k: 1}}"), ("base", "values: {p: {fn::open::count: {id: p}}}")],
        &["p"],
        &["count p"],
    ),
    (
        &[
            ("env", "imports: [one, two]"),
            ("one", "values: {p: {fn::open::count: {id: one}}}"),
            ("two", "values: {p: text}"),
        ],
        &["p"],
        &[],
    ),
    (
        &[
            ("env", "imports: [one, two]"),
            ("one", "values: {p: {fn::open::count: {id: one}}}"),
            ("two", "values: {p: {fn::open::count: {id: two}}}"),
        ],
        &["p"],
        &["count one", "count two"],
    ),
    // Imports that are not merged.
    (
        &[
            ("env", "imports: [{base: {merge: false}}]\nvalues: {v: '${imports.base.x}'}"),
            ("base", "values: {x: 1, y: {fn::open::count: {id: y}}}"),
        ],
        &["v"],
        &[],
    ),
    // Inline references.
    (
        &[
            ("env", "values: {v: '${environments.p.e.x}', w: '${environments.p.e.y.id}'}"),
            ("p/e", "values: {x: 1, y: {fn::open::count: {id: y}}}"),
        ],
        &["v"],
        &[],
    ),
    (
        &[
            ("env", "values: {v: '${environments.p.e.x}', w: '${environments.p.e.y.id}'}"),
            ("p/e", "values: {x: 1, y: {fn::open::count: {id: y}}}"),
        ],
        &["w"],
        &["count y"],
    ),
    // Interpolations, accesses into what was opened, inputs that need another provider.
    (
        &[("env", "values: {a: {fn::open::count: {id: a}}, b: {fn::open::count: {id: b}}, v: 'x ${a.id}'}")],
        &["v"],
        &["count a"],
    ),
    (
        &[(
            "env",
            "values: {a: {fn::open::count: {id: a}}, b: {fn::open::count: {id: b, in: '${a}'}}, v: '${b.in.id}'}",
        )],
        &["v"],
        &["count a", "count b"],
    ),
    (
        &[("env", "values: {l: [{fn::open::count: {id: l0}}, {fn::open::count: {id: l1}}], v: '${l[1].id}'}")],
        &["v"],
        &["count l1"],
    ),
    (
        &[
            ("env", "imports: [base]\nvalues: {v: '${l[0].id}'}"),
            ("base", "values: {l: [{fn::open::count: {id: l0}}, {fn::open::count: {id: l1}}]}"),
        ],
        &["v"],
        &["count l0"],
    ),
    // Arguments.
    (
        &[(
            "env",
            "values: {a: {fn::open::count: {id: a}}, v: {fn::join: [',', ['${a.id}']]}, w: {fn::toJSON: {k: 1}}}",
        )],
        &["w"],
        &[],
    ),
    (
        &[(
            "env",
            "values: {a: {fn::open::count: {id: a}}, v: {fn::join: [',', ['${a.id}']]}, w: {fn::toJSON: {k: 1}}}",
        )],
        &["v"],
        &["count a"],
    ),
    // Finals: the value that counts is opened, the one that does not is not; finality alone opens nothing.
    (
        &[
            ("env", "imports: [base]\nvalues: {f: {fn::open::count: {id: own}}}"),
            ("base", "values: {f: {fn::final: {fn::open::count: {id: base}}}}"),
        ],
        &["f"],
        &["count base"],
    ),
    (
        &[
            ("env", "imports: [base]\nvalues: {f: 1}"),
            ("base", "values: {o: {fn::open::count: {id: o}}, f: '${o.id}'}"),
        ],
        &["f"],
        &[],
    ),
    // Nothing asked for, and something that is not there.
    (&[("env", "values: {a: {fn::open::count: {id: a}}}")], &["environmentVariables", "files"], &[]),
    (&[("env", "values: {a: {fn::open::count: {id: a}}}")], &["b.c"], &[]),
];

#[test]
fn only_what_the_roots_reach_is_opened() {
    for (texts, roots, expected) in CASES {
        let log = Log::default();
        let mut documents = Documents::default();
        for (name, text) in *texts {
            documents.insert(name, (*text).to_owned());
        }
        let evaluation = evaluate(&mut documents, &Counting::new(&log), options(roots));
        let mut made = log.borrow().clone();
        made.sort();
        assert_eq!(made, *expected, "{texts:?} {roots:?}");
        let errors: Vec<_> = evaluation.all_diagnostics().filter(|message| message.is_error()).collect();
        assert!(errors.is_empty(), "{texts:?}: {errors:?}");
    }
}

#[test]
fn everything_opens_what_is_overridden_too() {
    let texts = [("env", "imports: [base]\nvalues: {p: 1}"), ("base", "values: {p: {fn::open::count: {id: p}}}")];
    let log = Log::default();
    let all = esc_shell::eval::Options { roots: Roots::All, ..options(&[]) };
    let _ = evaluate(&mut Documents::new(texts), &Counting::new(&log), all);
    assert_eq!(*log.borrow(), ["count p"]);
}

#[test]
fn what_is_not_asked_for_is_checked() {
    let (calls, codes) =
        calls([("env", "values: {v: 1, w: '${nope}', a: {fn::open::count: {id: '${gone}'}}}")], &["v"]);
    assert!(calls.is_empty());
    assert_eq!(codes, ["unknown-prop", "unknown-prop"]);
}

#[test]
fn a_broken_document_is_only_checked() {
    let (calls, codes) = calls([("env", "values: {v: {fn::open::count: {id: v}}, w: '${nope', x: '${gone}'}")], &["v"]);
    assert!(calls.is_empty());
    assert_eq!(codes, ["path-brace", "unknown-prop", "unknown-prop"]);
}

#[test]
fn a_provider_that_is_not_here_is_told_before_its_inputs_are_opened() {
    let text = "values: {l: {fn::open::count: {id: l}}, v: {fn::open::absent: {login: '${l}'}}}";
    let (made, codes) = calls([("env", text)], &["v"]);
    assert!(made.is_empty());
    assert_eq!(codes, ["open"]);
    let (made, codes) = calls([("env", text)], &["l"]);
    assert_eq!(made, ["count l"]);
    assert!(codes.is_empty());
}

#[test]
fn import_cycles_are_told_whatever_is_asked_for() {
    let texts = [
        ("env", "imports: [b]\nvalues: {v: 1, x: '${environments.p.c.ok}'}"),
        ("b", "values: {k: '${environments.p.c.ok}'}"),
        ("p/c", "values: {ok: 1, back: '${environments.p.d.y}'}"),
        ("p/d", "values: {y: '${environments.p.c.ok}'}"),
    ];
    for roots in [&["v"][..], &["x"], &["k", "x"], &[]] {
        let (_, codes) = calls(texts, roots);
        assert_eq!(codes, ["import-cycle"], "{roots:?}");
    }
}

#[test]
fn leaves_are_opened_when_they_are_reached() {
    let text = "values:
  s: {fn::open::sealed: {id: one, a: A, b: B, plain: 1}}
  t: {fn::open::sealed: {id: two, c: C}}
  v: 'x ${s.a} ${t.c}'
  w: ${s.plain}
  j: {fn::toJSON: '${s}'}
";
    assert_eq!(calls([("env", text)], &["w"]).0, ["sealed one"]);
    assert_eq!(calls([("env", text)], &["s.b"]).0, ["sealed one", "unseal one B"]);
    assert_eq!(calls([("env", text)], &["v"]).0, ["sealed one", "sealed two", "unseal one A", "unseal two C"]);
    assert_eq!(calls([("env", text)], &["j"]).0, ["sealed one", "unseal one A,B"]);
}

#[test]
fn opened_leaves_are_secret_and_the_others_stay_closed() {
    let text = "values: {s: {fn::open::sealed: {id: one, a: A, b: B}}, v: 'x ${s.a}'}";
    let log = Log::default();
    let evaluation = evaluate(&mut Documents::new([("env", text)]), &Counting::new(&log), options(&["v"]));
    let Some(Found::Value(node)) = evaluation.found.first() else { panic!("v is there") };
    let view = evaluation.view(*node);
    assert_eq!(view.as_str(), Some("x opened A"));
    assert!(view.is_secret());
    let root = evaluation.root().expect("there is an environment");
    let shown = json::compact(root.get("s").expect("s is there")).expect("it is small");
    assert!(!shown.contains("opened B"), "{shown}");
    assert_eq!(json::indented(view, Secrets::Masked).expect("it is small").trim(), "\"[secret]\"");
}

#[test]
fn all_leaves_are_opened_at_once_where_everything_is_asked_for() {
    let texts = [
        ("env", "imports: [one, two]\nvalues: {v: 'x ${s.a}', c: {fn::toJSON: '${s}'}}"),
        ("one", "values: {s: {fn::open::sealed: {id: one, a: A, b: B}}, w: '${s.b}'}"),
        ("two", "values: {t: {fn::open::sealed: {id: one, a: A, d: D}}, u: '${t.d}'}"),
    ];
    let log = Log::default();
    let everything = Options { roots: Roots::All, ..options(&[]) };
    let evaluation = evaluate(&mut Documents::new(texts), &Counting::new(&log), everything);
    assert_eq!(*log.borrow(), ["sealed one", "sealed one", "unseal one A,B,D"]);
    let root = evaluation.root().expect("there is an environment");
    let shown = json::compact(root).expect("it is small");
    for part in [r#""v":"x opened A""#, r#""u":"opened D""#, r#""b":"opened B""#, r#""d":"opened D""#] {
        assert!(shown.contains(part), "{part} {shown}");
    }
    assert!(!shown.contains("[unknown]"), "{shown}");
    assert!(root.get("s").and_then(|s| s.get("b")).is_some_and(View::is_secret));
}

#[test]
fn a_key_of_a_secret_that_holds_json_is_read_with_a_warning() {
    let text =
        r#"values: {s: {fn::secret: '{"url": "u", "n": {"m": 1.50}}'}, v: "${s.url}", w: "${s.n.m}", x: "${s.nope}"}"#;
    let log = Log::default();
    let evaluation = evaluate(&mut Documents::new([("env", text)]), &Counting::new(&log), options(&["v", "w"]));
    let codes: Vec<_> =
        evaluation.all_diagnostics().map(|message| (message.problem.code(), message.severity)).collect();
    assert_eq!(codes.iter().filter(|(code, _)| *code == "json-access").count(), 2);
    assert!(codes.contains(&("unknown-prop", Severity::Error)));
    let Found::Value(w) = evaluation.found[1] else { panic!("w is there") };
    assert_eq!((evaluation.view(w).as_number(), evaluation.view(w).is_secret()), (Some("1.50"), true));
}

#[test]
fn where_everything_is_asked_for_every_leaf_is_opened() {
    let log = Log::default();
    let mut documents = Documents::new([
        ("env", "imports: [base]\nvalues: {s: {fn::open::sealed: {id: one, a: A}}}"),
        ("base", "values: {t: [{fn::open::sealed: {id: two, b: B}}]}"),
    ]);
    let everything = Options { roots: Roots::All, ..options(&[]) };
    let evaluation = evaluate(&mut documents, &Counting::new(&log), everything);
    let root = evaluation.root().expect("there is an environment");
    let opened = |view: View<'_>| (view.as_str().map(str::to_owned), view.is_secret());
    assert_eq!(opened(root.get("s").unwrap().get("a").unwrap()), (Some("opened A".to_owned()), true));
    let imported = root.get("t").unwrap().item(0).unwrap();
    assert_eq!(opened(imported.get("b").unwrap()), (Some("opened B".to_owned()), true));
    let mut calls = log.borrow().clone();
    calls.sort();
    assert_eq!(calls, ["sealed one", "sealed two", "unseal one A", "unseal two B"]);
}
