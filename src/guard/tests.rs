//! What contracts demand and what violates them, by whole contracts; and that no order matters.

use std::path::Path;

use assert_fs::{TempDir, prelude::*};
use proptest::prelude::*;

use super::{Content, Contract, ContractError, EnvironmentName, Finding, Given, Guard, Surroundings, Values};
use crate::{
    config::{self, Config},
    diagnostic::{BreachKind as B, Severity},
    environment::{Variable, Variables},
    value::{Graph, Text},
};

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

fn config(yaml: &str) -> Config {
    let folder = TempDir::new().unwrap();
    let file = folder.child("esc-shell.yaml");
    file.write_str(yaml).unwrap();
    Config { file: "esc-shell.yaml".into(), ..config::load(file.path()).unwrap() }
}

fn environment(name: &str) -> EnvironmentName {
    EnvironmentName { organization: Some("org".into()), project: "app".into(), environment: name.into() }
}

/// Adds up several files and what is typed, for environment `dev`.
fn guard(sources: &[&str], required: &[&str]) -> Result<Guard, Vec<ContractError>> {
    let mut contract = Contract::default();
    for (at, source) in sources.iter().enumerate() {
        let file = if at == 0 { "esc-shell.yaml" } else { "other.yaml" };
        contract.add_config(&Config { file: file.into(), ..config(source) });
    }
    for text in required {
        contract.require(text).map_err(|error| vec![error])?;
    }
    contract.guard(&[environment("dev")])
}

fn surroundings() -> Surroundings {
    Surroundings { now: NOW, ci: false, folder: Some(Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()) }
}

fn given(content: Content) -> Given<usize> {
    Given { content, file: false, place: 0 }
}

fn values(texts: &[(&str, &str)]) -> Values<usize> {
    let mut values = Values::new(true);
    for (name, text) in texts {
        values.named.insert((*name).into(), given(Content::Text((*text).into())));
    }
    values
}

fn kinds(findings: Vec<Finding<usize>>) -> Vec<B> {
    findings.into_iter().map(|finding| finding.kind).collect()
}

/// Returns what texts violate of a contract for `dev`.
fn violated(yaml: &str, texts: &[(&str, &str)]) -> Vec<B> {
    kinds(guard(&[yaml], &[]).unwrap().judge(&values(texts), &surroundings()))
}

/// Returns what is wrong with a contract, each error with the places that it names.
fn wrong(sources: &[&str], required: &[&str]) -> Vec<String> {
    let shown = |file: &Path| file.display().to_string();
    let told = |error: ContractError| {
        let other = error.other.map(|other| format!(" | {}", other.text(shown))).unwrap_or_default();
        let first = format!("{}: {}{other}", error.site.text(shown), error.message);
        [first].into_iter().chain(error.hints).collect::<Vec<_>>().join(" | ")
    };
    guard(sources, required).unwrap_err().into_iter().map(told).collect()
}

fn name(name: &str) -> String {
    name.to_owned()
}

fn missing(name: &str) -> B {
    B::Missing { name: name.into(), from: None, suggestion: None }
}

#[test]
fn missing_empty_and_unknown_are_different() {
    let guard = guard(&["variables: {A: , B: , C: , D: {required: false}, E: {min-length: 0}}"], &[]).unwrap();
    let mut values = values(&[("B", ""), ("E", "")]);
    values.named.insert("C".into(), given(Content::Unknown));
    let expected = [missing("A"), B::Empty { name: name("B") }, B::Unknown { name: name("C") }];
    assert_eq!(kinds(guard.judge(&values, &surroundings())), expected);
    // What a check does not know is no violation.
    values.named.insert("C".into(), given(Content::Later));
    values.open_ended = true;
    assert_eq!(kinds(guard.judge(&values, &surroundings())), [B::Empty { name: name("B") }]);
}

#[test]
fn a_default_stands_in_and_an_empty_text_does_not() {
    let yaml = "variables: {PORT: {type: port, default: 8080}, DSN: {required: false, type: url}}";
    assert_eq!(violated(yaml, &[]), []);
    assert_eq!(violated(yaml, &[("PORT", ""), ("DSN", "")]), [B::Empty { name: name("PORT") }]);
    let violations = violated(yaml, &[("PORT", "0"), ("DSN", "x")]);
    assert!(matches!(
        violations.as_slice(),
        [B::Type { wanted: "url", reason: Some(_), .. }, B::Type { wanted: "port", .. }]
    ));
}

#[test]
fn a_similar_name_is_suggested_when_it_is_not_declared() {
    let kind = |suggestion: Option<&str>| B::Missing {
        name: name("DATABASE_URL"),
        from: None,
        suggestion: suggestion.map(name),
    };
    let yaml = "variables: {DATABASE_URL: }";
    assert_eq!(violated(yaml, &[("DATABASE_URI", "x"), ("OTHER", "x")]), [kind(Some("DATABASE_URI"))]);
    assert_eq!(violated("variables: {DATABASE_URL: , DATABASE_URI: }", &[("DATABASE_URI", "x")]), [kind(None)]);
}

#[test]
fn every_limit_is_told_at_once() {
    let yaml = "variables:
  A: {pattern: '^x', min-length: 3, max-length: 3}
  N: {type: int, min: 2, max: 3.5}
  M: {type: int, min: 2, max: 3.5}
  U: {type: url, schemes: [postgres, PostgreSQL]}
  V: {type: url, schemes: [postgres, PostgreSQL]}
  E: {type: enum, values: [a, 1_000]}
  F: {type: enum, values: [a, 1_000]}
  S: {values: [x], max-length: 0}
";
    let texts = [
        ("A", "é"),
        ("N", "1"),
        ("M", "99999999999999999999999"),
        ("U", "postgresql://h"),
        ("V", "mysql://h"),
        ("E", "1_000"),
        ("F", "1000"),
        ("S", "é"),
    ];
    let expected = [
        B::Pattern { name: name("A"), pattern: name("^x") },
        B::TooShort { name: name("A"), least: 3 },
        B::Value { name: name("F"), values: vec![name("a"), name("1_000")] },
        B::TooLarge { name: name("M"), most: name("3.5") },
        B::TooSmall { name: name("N"), least: name("2") },
        B::TooLong { name: name("S"), most: 0 },
        B::Value { name: name("S"), values: vec![name("x")] },
        B::Scheme { name: name("V"), schemes: vec![name("postgres"), name("postgresql")] },
    ];
    assert_eq!(violated(yaml, &texts), expected);
}

#[test]
fn rules_hold_between_variables() {
    let yaml = "variables: {A: {required: false, requires: [B]}, D: {default: x}}
rules:
  - one-of: [A, P]
  - one-of: [P, D]
  - requires: {T: [K, L], Z: [K]}
  - conflicts: [T, B, D]
";
    let requires = |one: &str, missing: &[&str]| B::Requires {
        name: name(one),
        missing: missing.iter().map(|one| name(one)).collect(),
    };
    assert_eq!(violated(yaml, &[]), [B::OneOf { names: vec![name("A"), name("P")] }]);
    // An empty text is as good as none.
    let violations = violated(yaml, &[("A", "x"), ("B", ""), ("T", "x"), ("K", "x")]);
    let conflict = B::Conflicts { names: vec![name("D"), name("T")] };
    assert_eq!(violations, [requires("A", &["B"]), requires("T", &["L"]), conflict]);
}

#[test]
fn environments_limit_what_holds() {
    let mut contract = Contract::default();
    contract.add_config(&config(
        "variables: {A: {in: [staging, app/prod]}, B: {in: [other/dev]}, C: {in: [org/app/dev]}}
rules: [{one-of: [X, Y], in: [prod]}]",
    ));
    let names = |environments: &[&str]| {
        let environments: Vec<_> = environments.iter().map(|name| environment(name)).collect();
        let findings = contract.guard(&environments).unwrap().judge(&values(&[]), &surroundings());
        kinds(findings).into_iter().map(|kind| kind.code()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["dev"]), ["contract-missing"]);
    assert_eq!(names(&["staging"]), ["contract-missing"]);
    assert_eq!(names(&["base", "prod"]), ["contract-missing", "contract-one-of"]);
    assert_eq!(names(&["base"]), [""; 0]);
    assert!(!environment("dev").is("x/org/app/dev") && !environment("dev").is("org/dev"));
}

#[test]
fn severity_depends_on_where_it_runs() {
    let guard = guard(&["variables: {A: {severity: {local: warn}}, B: {severity: warn}, C: }"], &["B"]).unwrap();
    let severities = |ci| {
        let findings = guard.judge(&values(&[]), &Surroundings { ci, ..surroundings() });
        findings.into_iter().map(|finding| finding.severity).collect::<Vec<_>>()
    };
    let (error, warning) = (Severity::Error, Severity::Warning);
    assert_eq!(severities(false), [warning, error, error], "who types `--require B` means it");
    assert_eq!(severities(true), [error; 3]);
}

#[test]
fn tokens_and_credentials_end() {
    let claims = |exp: i64| {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE};
        let claims = BASE.encode(format!(r#"{{"exp":{exp}}}"#));
        format!("{}.{claims}.c2ln", BASE.encode(r#"{"alg":"HS256"}"#))
    };
    let yaml = "variables: {T: {type: jwt}}";
    assert_eq!(violated(yaml, &[("T", &claims(NOW + 5))]), []);
    assert_eq!(violated(yaml, &[("T", &claims(NOW - 5))]), [B::Expired { name: name("T"), seconds: 5 }]);
    let yaml = "variables: {AWS_SESSION_TOKEN: }";
    let ending = |end: &'static str| violated(yaml, &[("AWS_SESSION_TOKEN", "x"), ("AWS_CREDENTIAL_EXPIRATION", end)]);
    assert_eq!(ending("2026-01-01T00:00:01Z"), []);
    let expired = B::Expired { name: name("AWS_SESSION_TOKEN"), seconds: 3600 };
    assert_eq!(ending("2026-01-01T00:00:00+01:00"), [expired]);
    assert_eq!(ending("soon"), []);
    assert_eq!(violated("variables: {X: }", &[("X", "x"), ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z")]), []);
}

#[test]
fn files_are_judged_by_their_content_and_paths_are_right() {
    let mut values = values(&[]);
    for (name, text) in [("CERT", "no pem"), ("CONF", "no path\n"), ("KEY", "k")] {
        values.named.insert(name.into(), Given { file: true, ..given(Content::Text(text.into())) });
    }
    let guard = guard(&["variables: {CERT: {type: pem}, CONF: {type: file}, KEY: {min-length: 9}}"], &[]).unwrap();
    let kinds: Vec<_> = kinds(guard.judge(&values, &surroundings())).iter().map(B::code).collect();
    assert_eq!(kinds, ["contract-type", "contract-min-length"]);
}

#[test]
fn values_come_from_paths() {
    let guard =
        guard(&["variables: {A: {from: 'aws.region', type: aws-region}, B: {from: 'l[0]'}, C: {from: 'l'}}"], &[]);
    let guard = guard.unwrap();
    assert_eq!(guard.paths().map(crate::syntax::path::display).collect::<Vec<_>>(), ["aws.region", "l[0]", "l"]);
    let mut values = values(&[("A", "nothing that counts"), ("B", "x")]);
    values.at_paths =
        vec![Some(given(Content::Text("eu-central-1".into()))), None, Some(given(Content::Other("a list")))];
    let not_text = B::NotText { name: name("C"), found: "a list" };
    assert_eq!(
        kinds(guard.judge(&values, &surroundings())),
        [B::Missing { name: name("B"), from: Some(name("l[0]")), suggestion: None }, not_text]
    );
}

#[test]
fn what_is_delivered_follows_the_contract() {
    let mut graph = Graph::new();
    let node = graph.null();
    let variable = |name: &str, text: &str| Variable {
        name: name.into(),
        text: text.into(),
        secret: false,
        unknown: false,
        origin: Some(node),
    };
    let settled = |yaml: &str| {
        let list = [("A", "a"), ("HELD", "h"), ("OTHER", "o"), ("PORT", "80")];
        let mut variables =
            Variables { variables: list.map(|(name, text)| variable(name, text)).into(), files: Vec::new() };
        let taken = |index| (index == 0).then(|| variable("", "taken"));
        guard(&[yaml], &[]).unwrap().settle(&mut variables, taken);
        let shown = |one: &Variable| {
            format!("{}={}{}", one.name, one.text.as_str().unwrap(), if one.secret { " secret" } else { "" })
        };
        variables.variables.iter().map(shown).collect::<Vec<_>>()
    };
    let yaml = "variables:
  A: {from: x.y}
  B: {from: x.z, required: false}
  HELD: {in: [prod]}
  PORT: {type: port}
  NEW: {default: 1.50}
  Z: {required: false, secret: false}
";
    assert_eq!(settled(yaml), ["A=taken secret", "HELD=h", "NEW=1.50", "OTHER=o", "PORT=80"]);
    let drop = format!("{yaml}undeclared: drop\nrules: [{{conflicts: [Q, R]}}]\n");
    assert_eq!(settled(&drop), ["A=taken secret", "HELD=h", "NEW=1.50", "PORT=80"]);
    assert_eq!(
        settled("variables: {OTHER: {secret: false}, PORT: {type: port, secret: true}}")[2..],
        ["OTHER=o", "PORT=80 secret"]
    );
}

#[test]
fn the_strictest_wins() {
    let sources = [
        "variables: {A: {type: number, min: 1, max: 9, min-length: 1, values: [3, 5, 12], required: false, help: a}}",
        "variables: {A: {type: port, min: 2, max: 10.5, max-length: 1, values: [12, 5, 4], help: b, owner: o}}",
    ];
    for order in [[0, 1], [1, 0]] {
        let guard = guard(&order.map(|at| sources[at]), &["A:int"]).unwrap();
        let codes = |text: &str| -> Vec<&str> {
            kinds(guard.judge(&values(&[("A", text)]), &surroundings())).iter().map(B::code).collect()
        };
        assert_eq!(codes("5"), [""; 0]);
        assert_eq!(codes("3"), ["contract-value"]);
        assert_eq!(codes("1"), ["contract-min", "contract-value"]);
        assert_eq!(codes("12"), ["contract-max-length", "contract-max"]);
        assert_eq!(codes("4.5"), ["contract-type", "contract-max-length", "contract-value"]);
        let findings = guard.judge(&values(&[]), &surroundings());
        assert_eq!((findings[0].kind.code(), findings[0].sites.len()), ("contract-missing", 3));
        assert_eq!(findings[0].advice.len(), 3);
    }
}

#[test]
fn a_contradiction_names_both_places() {
    let twice = |one: &str, other: &str| {
        wrong(&[&format!("variables: {{A: {one}}}"), &format!("# other\nvariables: {{A: {other}}}")], &[])
    };
    for (one, other, message) in [
        ("{type: url}", "{type: port}", "`A` is declared as `url` and as `port`"),
        ("{type: file}", "{type: dir}", "`A` is declared as `file` and as `dir`"),
        ("{default: 1}", "{default: 2}", "`A` is declared with two defaults"),
        ("{from: a}", "{from: b}", "`A` is declared with two paths"),
        ("{min-length: 5}", "{max-length: 4}", "no text of `A` is long and short enough"),
        ("{type: int, min: 5}", "{type: int, max: 4.5}", "no number of `A` is large and small enough"),
        ("{values: [a]}", "{values: [b]}", "no value of `A` is allowed by both declarations"),
        ("{type: port}", "{schemes: [a]}", "`A`: `schemes` is for the type `url`"),
    ] {
        assert_eq!(twice(one, other), [format!("other.yaml:2:13: {message} | esc-shell.yaml:1:13")], "{one} {other}");
    }
    assert_eq!(
        twice("{default: x}", "{secret: true}"),
        [
            "other.yaml:2:13: `A` is secret, and has a default | esc-shell.yaml:1:13 | a default stands in plain sight: remove it, or write `secret: false`"
        ]
    );
    assert_eq!(
        wrong(&["variables: {A: {type: url}}"], &["A:port"]),
        ["`--require`: `A` is declared as `url` and as `port` | esc-shell.yaml:1:13"]
    );
    // What is implied gives way.
    assert!(guard(&["variables: {A: {type: port, default: 80}}", "variables: {A: }"], &["A:int"]).is_ok());
}

#[test]
fn demands_that_nothing_can_meet_are_refused() {
    for (variable, message) in [
        ("{type: enum}", "`A` is an `enum`, and no `values` are listed | add `values: [a, b]`"),
        (
            "{required: true, default: x}",
            "`A` is required, and has a default | remove one of the two: a default is what there is when the value is missing",
        ),
        ("{requires: [A]}", "`A` requires itself"),
        ("{pattern: '(s3cret'}", "`pattern` of `A` is no regular expression: "),
        ("{from: 'a['}", "`from` of `A` is no property path: a bracket is not closed | write it as "),
        ("{min: 1}", "`A`: `min` and `max` are for the type `int`, `number` or `port`"),
        (
            "{type: port, default: 0}",
            "the default of `A` does not fit its type `port`: expected a whole number from 1 to 65535",
        ),
        ("{default: abc, max-length: 2}", "the default of `A` does not fit what is declared beside it"),
        ("{type: int, min: 3, max: 2}", "no number of `A` is large and small enough"),
    ] {
        let found = wrong(&[&format!("variables: {{A: {variable}}}")], &[]);
        assert!(found.len() == 1 && found[0].starts_with(&format!("esc-shell.yaml:1:13: {message}")), "{found:?}");
    }
    // All of them at once.
    assert_eq!(wrong(&["variables: {A: {type: enum}, B: {requires: [B]}}"], &[]).len(), 2);
}

#[test]
fn what_is_typed_is_a_name_and_a_type() {
    assert_eq!(
        wrong(&[], &["A:sting"]),
        ["`--require`: `--require`: there is no type `sting` | did you mean `string`?"]
    );
    assert_eq!(
        wrong(&[], &["A:qqqqqq"]),
        ["`--require`: `--require`: there is no type `qqqqqq` | `esc-shell contract types` lists them"]
    );
    for text in ["", "A-B", ":port", "1A", "A B:port"] {
        assert!(wrong(&[], &[text])[0].contains("is no name of a variable"), "{text}");
    }
}

#[test]
fn nothing_declared_is_nothing_to_do() {
    let mut contract = Contract::default();
    contract.add_config(&config("project: p"));
    assert!(contract.is_empty());
    contract.add_config(&config("undeclared: drop"));
    assert!(!contract.is_empty());
}

/// A declaration of a name out of three, as YAML; not always one that can be met.
fn declaration() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(config::contract::VariableType::NAMES.to_vec());
    let key = prop_oneof![
        kind.prop_map(|kind| format!("type: {kind}")),
        (0..5_u8).prop_map(|count| format!("min-length: {count}")),
        (0..40_u8).prop_map(|count| format!("max-length: {count}")),
        (-5..5_i8).prop_map(|bound| format!("min: {bound}")),
        (0..9_u8).prop_map(|bound| format!("max: {bound}.5")),
        prop::sample::select(vec![
            "required: false",
            "default: 7",
            "default: x",
            "secret: true",
            "secret: false",
            "pattern: '^[a-z]'",
            "pattern: '('",
            "schemes: [https, ssh]",
            "schemes: [ssh]",
            "values: [a, 7, x]",
            "values: [7]",
            "requires: [A]",
            "requires: [B, C]",
            "from: a.b",
            "severity: warn",
            "in: [dev]",
            "in: [prod]",
        ])
        .prop_map(str::to_owned),
    ];
    (prop::sample::select(vec!["A", "B", "C"]), prop::collection::btree_map("k[0-9]{2}", key, 0..5)).prop_map(
        |(name, keys)| {
            let mut seen = std::collections::BTreeMap::new();
            for key in keys.into_values() {
                let (key, value) = key.split_once(": ").unwrap();
                seen.insert(key.to_owned(), value.to_owned());
            }
            let keys: Vec<String> = seen.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
            format!("variables: {{{name}: {{{}}}}}", keys.join(", "))
        },
    )
}

fn content() -> impl Strategy<Value = Content> {
    let text = prop_oneof![
        any::<String>().prop_map(Text::from),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Text::from),
        "[a-z]{1,6}://[a-z:@,\\[\\]/?#%0-9]{0,20}".prop_map(Text::from),
        "[0-9a-fA-F.+:/-]{0,40}".prop_map(Text::from),
        "-----BEGIN [A-Z]{1,3}-----\n[A-Za-z0-9+/=\n-]{0,80}".prop_map(Text::from),
        "eyJhbGciOiJIUzI1NiJ9\\.[A-Za-z0-9_=-]{0,40}\\.[a-z]{0,4}".prop_map(Text::from),
    ];
    prop_oneof![
        8 => text.prop_map(Content::Text),
        1 => Just(Content::Unknown),
        1 => Just(Content::Later),
        1 => Just(Content::Other("a list")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_order_matters_and_nothing_panics(
        sources in prop::collection::vec(declaration(), 0..5),
        contents in prop::collection::btree_map(prop::sample::select(vec!["A", "B", "C"]), content(), 0..3),
        at_path in prop::option::of(content()),
        opened in any::<bool>(),
    ) {
        let configs: Vec<Config> = sources.iter().map(|yaml| config(yaml)).collect();
        let judged = |configs: &mut dyn Iterator<Item = &Config>| {
            let mut contract = Contract::default();
            configs.for_each(|config| contract.add_config(config));
            let guard = contract.guard(&[environment("dev")]).ok()?;
            let mut values = Values::new(opened);
            values.named.extend(contents.iter().map(|(name, content)| ((*name).into(), given(content.clone()))));
            values.at_paths = guard.paths().map(|_| at_path.clone().map(given)).collect();
            let mut found: Vec<String> = guard
                .judge(&values, &surroundings())
                .into_iter()
                .map(|finding| format!("{:?} {:?}", finding.kind, finding.severity))
                .collect();
            found.sort();
            Some(found)
        };
        prop_assert_eq!(judged(&mut configs.iter()), judged(&mut configs.iter().rev()));
    }

    #[test]
    fn every_check_takes_every_text(content in content()) {
        if let Content::Text(text) = content {
            for row in &super::types::TYPES {
                let _ = (row.check)(&text.to_str_lossy(), &surroundings());
            }
        }
    }
}
