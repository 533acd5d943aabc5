//! Schemas of unknowns against the schemas that are to accept them.

use super::{
    super::{
        super::{Flags, Graph, Kind, Origin},
        Blame,
        testing::{check, schema},
        validate,
    },
    *,
};

fn wrong(given: &str, accept: &str) -> Vec<String> {
    let graph = &mut Graph::new();
    let unknown = graph.unknown(schema(given));
    match check(graph.view(unknown), &schema(accept)) {
        (true, findings) => {
            assert!(findings.is_empty(), "{given} matches {accept} with findings {findings:?}");
            findings
        }
        (false, findings) if findings.is_empty() => vec!["silent".to_owned()],
        (false, findings) => findings,
    }
}

const NUMBER: &str = r#"{"type":"number"}"#;
const STRING: &str = r#"{"type":"string"}"#;

#[test]
fn types_and_branches() {
    let either = r#"{"anyOf":[{"type":"string"},{"type":"number"}]}"#;
    for (given, accept, expected) in [
        ("true", STRING, &[][..]),
        (STRING, "true", &[]),
        ("true", "true", &[]),
        ("false", "true", &[]),
        ("true", "false", &["silent"]),
        ("false", STRING, &["silent"]),
        (STRING, "false", &["silent"]),
        (STRING, STRING, &[]),
        (NUMBER, STRING, &[": string, not number"]),
        ("{}", STRING, &[]),
        (NUMBER, "{}", &[]),
        (either, STRING, &[]),
        (either, r#"{"type":"boolean"}"#, &[": boolean, not string", ": boolean, not number", ": none of"]),
        (NUMBER, either, &[]),
        (either, either, &[]),
        (r#"{"type":"boolean"}"#, either, &[": string, not boolean", ": number, not boolean", ": none of"]),
        (NUMBER, r#"{"oneOf":[{"type":"number"},{"type":"number"}]}"#, &[]),
        (r#"{"type":"boolean"}"#, r#"{"oneOf":[{"type":"number"}]}"#, &[": number, not boolean", ": none of"]),
        (r#"{"oneOf":[{"type":"string"}]}"#, NUMBER, &[": number, not string", ": none of"]),
        (r#"{"type":"string"}"#, r#"{"type":"string","const":"a","enum":["b"],"minLength":3,"pattern":"^x"}"#, &[]),
        (r#"{"type":"number"}"#, r#"{"minimum":1,"multipleOf":2,"const":5}"#, &[]),
    ] {
        assert_eq!(wrong(given, accept), expected, "{given} {accept}");
    }
}

#[test]
fn lists() {
    let tuple = r#"{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"items":false}"#;
    let strings = r#"{"type":"array","items":{"type":"string"}}"#;
    let anything = r#"{"type":"array"}"#;
    let triple =
        r#"{"type":"array","prefixItems":[{"type":"string"},{"type":"number"},{"type":"null"}],"items":false}"#;
    for (given, accept, expected) in [
        (tuple, tuple, &[][..]),
        (tuple, strings, &["[1]: string, not number"]),
        (tuple, anything, &[]),
        (anything, tuple, &[]),
        (strings, tuple, &["[1]: number, not string"]),
        (tuple, triple, &["silent"]),
        (triple, tuple, &["silent"]),
        (strings, r#"{"items":{"type":"number"}}"#, &[": number, not string"]),
        (strings, r#"{"items":{"items":{"type":"number"}}}"#, &[]),
        (
            r#"{"type":"array","prefixItems":[{"type":"array","prefixItems":[true,{"type":"null"}]}]}"#,
            r#"{"items":{"items":{"type":"number"}}}"#,
            &["[0][1]: number, not null"],
        ),
        (strings, r#"{"type":"array","minItems":3,"maxItems":1}"#, &[]),
        (strings, r#"{"type":"object","required":["a"]}"#, &[": object, not array"]),
    ] {
        assert_eq!(wrong(given, accept), expected, "{given} {accept}");
    }
}

#[test]
fn objects() {
    let record = r#"{"type":"object","properties":{"foo":{"type":"string"}},"required":["foo"]}"#;
    let map = r#"{"type":"object","additionalProperties":true}"#;
    let numbers = r#"{"type":"object","additionalProperties":{"type":"number"}}"#;
    let closed = r#"{"type":"object","properties":{"foo":{"type":"string"}},"additionalProperties":false}"#;
    for (given, accept, expected) in [
        (record, record, &[][..]),
        (record, map, &[]),
        (map, record, &[]),
        (numbers, record, &[]),
        (closed, record, &[]),
        (record, closed, &[]),
        (record, numbers, &["foo: number, not string"]),
        (numbers, r#"{"additionalProperties":{"type":"string"}}"#, &[": string, not number"]),
        (numbers, closed, &["silent"]),
        (closed, numbers, &["foo: number, not string"]),
        (record, r#"{"properties":{"bar":true},"additionalProperties":false}"#, &["silent"]),
        (record, r#"{"required":["bar","foo","x-y"]}"#, &["bar: must promise bar", r#"["x-y"]: must promise x-y"#]),
        (
            record,
            r#"{"required":["bar"],"dependentRequired":{"foo":["a","b"],"bar":["c"]}}"#,
            &["bar: must promise bar", "a: must promise a", "b: must promise b"],
        ),
        (r#"{"type":"object","properties":{"foo":true}}"#, record, &["foo: must promise foo"]),
        (record, r#"{"type":"object","minProperties":5,"maxProperties":0}"#, &[]),
        (STRING, record, &[": object, not string"]),
        ("{}", record, &[]),
    ] {
        assert_eq!(wrong(given, accept), expected, "{given} {accept}");
    }
}

#[test]
fn references() {
    let foo = r#"{"type":"object","properties":{"foo":{"type":"string"}},"required":["foo"]}"#;
    let reference = |target: &str| format!(r##"{{"$ref":"#/$defs/t","$defs":{{"t":{target}}}}}"##);
    assert_eq!(wrong(&reference(foo), &reference(foo)), [""; 0]);
    assert_eq!(wrong(foo, &reference(NUMBER)), [": number, not object"]);
    assert_eq!(wrong(&reference(foo), NUMBER), [": number, not object"]);
    assert_eq!(wrong(foo, &reference(r#"{"type":"object","required":["baz"]}"#)), ["baz: must promise baz"]);
    let list = reference(r##"{"type":"object","properties":{"next":{"$ref":"#/$defs/t"}}}"##);
    assert_eq!(wrong(&list, &list), [""; 0]);
    assert_eq!(
        wrong(&list, r#"{"properties":{"next":{"properties":{"next":{"type":"null"}}}}}"#),
        ["next.next: null, not object"]
    );
}

#[test]
fn unknowns_that_hold_a_value_count_by_their_schema() {
    let graph = &mut Graph::new();
    let (number, unknown) = (graph.number("1"), graph.unknown(schema(STRING)));
    let list = graph.add(Kind::List([number, unknown].into()), Flags::UNKNOWN, Origin::NONE);
    let outer = graph.list([list]);
    for (accept, expected) in [
        (r#"{"items":{"maxItems":1,"items":{"maximum":0}}}"#, &["[1]: none"][..0]),
        (r#"{"items":{"items":{"type":"number"}}}"#, &["[1]: number, not string"]),
        (r#"{"items":{"prefixItems":[{"type":"null"}]}}"#, &["[0]: null, not number"]),
    ] {
        assert_eq!(check(graph.view(outer), &schema(accept)).1, expected, "{accept}");
    }
}

/// Definition 1 is `{a: <2>}`, definition 2 is `[<3>]`.
struct Literals;

impl Blame for Literals {
    fn item(&self, list: Origin, index: usize) -> Option<Origin> {
        (list == Origin(2) && index == 0).then_some(Origin(3))
    }

    fn property(&self, object: Origin, key: &str) -> Option<Origin> {
        (object == Origin(1) && key == "a").then_some(Origin(2))
    }
}

#[test]
fn blame_goes_to_the_definition() {
    let given = r#"{"type":"object","required":["a"],"properties":{"a":{"type":"array","prefixItems":
        [{"type":"array","items":{"type":"null"}},{"type":"null"}]}}}"#;
    for (accept, origin, prefix) in [
        (r#"{"type":"null"}"#, 1, ""),
        (r#"{"required":["b"]}"#, 1, "b"),
        (r#"{"additionalProperties":{"type":"null"}}"#, 2, ""),
        (r#"{"properties":{"a":{"items":{"type":"array"}}}}"#, 2, "[1]"),
        (r#"{"properties":{"a":{"prefixItems":[{"type":"string"}]}}}"#, 3, ""),
        (r#"{"properties":{"a":{"prefixItems":[{"prefixItems":[true,{"type":"string"}]}]}}}"#, 3, "[1]"),
    ] {
        let graph = &mut Graph::new();
        let unknown = graph.unknown(schema(given));
        let mut node = graph.node(unknown).clone();
        node.origin = Origin(1);
        let id = graph.push(node);
        let mut findings = Vec::new();
        assert!(!validate(graph.view(id), &schema(accept), &Literals, &mut findings));
        let places: Vec<_> = findings.iter().map(|finding| (finding.origin, finding.prefix.as_str())).collect();
        assert_eq!(places, [(Origin(origin), prefix)], "{accept}");
    }
}

#[test]
fn deep_and_doubling_schemas() {
    let deep = |leaf: SchemaRef| (0..10_000).fold(leaf, |inner, _| Schema::array(inner));
    let graph = &mut Graph::new();
    let unknown = graph.unknown(deep(Schema::string()));
    assert_eq!(check(graph.view(unknown), &deep(Schema::of(Type::Null))).1, [": null, not string"]);

    let doubling =
        |leaf: SchemaRef| (0..64).fold(leaf, |inner, _| Schema::record([("l", Arc::clone(&inner)), ("r", inner)]));
    let unknown = graph.unknown(doubling(Schema::string()));
    assert_eq!(check(graph.view(unknown), &doubling(Schema::string())), (true, vec![]));
}
