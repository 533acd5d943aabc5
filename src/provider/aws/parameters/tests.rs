//! How parameters are asked for, and what an answer means.

use super::*;
use crate::provider::testing::written;

fn wanted(names: &[(&str, bool)]) -> Vec<Wanted> {
    let entry = |(at, (name, decrypt)): (usize, &(&str, bool))| Wanted {
        key: format!("k{at}").into(),
        name: (*name).to_owned(),
        decrypt: *decrypt,
    };
    names.iter().enumerate().map(entry).collect()
}

fn asked(names: &[(&str, bool)]) -> Vec<(bool, Vec<String>)> {
    requests(&wanted(names)).iter().map(|(decrypt, chunk)| (*decrypt, super::names(chunk))).collect()
}

#[test]
fn names_are_cut_at_their_selector() {
    let cases = [
        ("/a/b", ("/a/b", "")),
        ("/a/b:3", ("/a/b", ":3")),
        ("name:label", ("name", ":label")),
        ("arn:aws:ssm:eu-west-1:1:parameter/a/b", ("arn:aws:ssm:eu-west-1:1:parameter/a/b", "")),
        ("arn:aws:ssm:eu-west-1:1:parameter/a/b:3", ("arn:aws:ssm:eu-west-1:1:parameter/a/b", ":3")),
    ];
    for (name, want) in cases {
        assert_eq!(split(name), want, "{name}");
    }
}

#[test]
fn requests_hold_ten_of_one_kind_and_no_parameter_in_two_versions() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let kinds = asked(&[("/a", false), ("/b", true), ("/c", false)]);
    assert_eq!(kinds, [(false, names(&["/a", "/c"])), (true, names(&["/b"]))]);
    let versions = asked(&[("/a", false), ("/a:1", false), ("/a:2", false), ("/b:1", false), ("/a", false)]);
    assert_eq!(versions, [(false, names(&["/a", "/b:1"])), (false, names(&["/a:1"])), (false, names(&["/a:2"]))]);
    let many: Vec<String> = (0..23).map(|at| format!("/p{at:02}")).collect();
    let many: Vec<(&str, bool)> = many.iter().map(|name| (name.as_str(), false)).collect();
    assert_eq!(asked(&many).iter().map(|(_, names)| names.len()).collect::<Vec<_>>(), [10, 10, 3]);
    let twice = asked(&[&many[..10], &many[..10]].concat());
    assert_eq!(twice.iter().map(|(_, names)| names.len()).collect::<Vec<_>>(), [10]);
}

#[test]
fn only_a_plain_string_is_no_secret() {
    let cases = [
        (ParameterType::String, false, r#""a,b""#),
        (ParameterType::String, true, r#"!"a,b""#),
        (ParameterType::StringList, false, r#"![!"a", !"b"]"#),
        (ParameterType::StringList, true, r#"![!"a", !"b"]"#),
        (ParameterType::SecureString, false, r#"!"a,b""#),
        (ParameterType::SecureString, true, r#"!"a,b""#),
    ];
    for (kind, decrypt, want) in cases {
        let parameter = Parameter::builder().r#type(kind.clone()).value("a,b").build();
        let mut graph = Graph::new();
        let root = value(&mut graph, &wanted(&[("/a", decrypt)])[0], parameter);
        assert_eq!(written(graph.view(root)), want, "{kind:?} {decrypt}");
    }
}

#[test]
fn an_answer_is_told_by_its_name() {
    let parameter = Parameter::builder().name("/a/b").arn("arn:aws:ssm:eu-west-1:1:parameter/a/b").build();
    for name in ["/a/b", "/a/b:3", "arn:aws:ssm:eu-west-1:1:parameter/a/b", "arn:aws:ssm:eu-west-1:1:parameter/a/b:x"] {
        assert!(is(&parameter, name), "{name}");
    }
    assert!(!is(&parameter, "/a"));
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let message = |missing: &[&str]| {
        absent(missing.iter().map(|name| (*name).to_owned()).collect(), "eu-west-1").map(|failure| failure.message)
    };
    let many = message(&["`/b`", "`/a`", "`/b`"]);
    assert_eq!(many.as_deref(), Some("there are no parameters `/a` and `/b` in eu-west-1"));
    assert_eq!(message(&["`/a`"]).as_deref(), Some("there is no parameter `/a` in eu-west-1"));
    assert_eq!(message(&[]), None);
}
