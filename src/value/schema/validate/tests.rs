//! Every keyword against known values.

use super::{
    super::{
        super::{Flags, Graph, Object},
        schema_of_schemas,
        testing::{NoLiterals, check, from_json, schema},
    },
    *,
};

/// What a value gets wrong, nothing if it matches; `silent` when it fails without a finding.
fn wrong(value: &str, accept: &str) -> Vec<String> {
    match check(from_json(value).view(), &schema(accept)) {
        (true, findings) => {
            assert!(findings.is_empty(), "{value} matches {accept} with findings {findings:?}");
            findings
        }
        (false, findings) if findings.is_empty() => vec!["silent".to_owned()],
        (false, findings) => findings.into_iter().map(|finding| finding.replacen(": ", "", 1)).collect(),
    }
}

#[test]
fn types_and_constants() {
    for (accept, value, expected) in [
        ("true", "1", &[][..]),
        ("{}", "1", &[]),
        ("false", "1", &["silent"]),
        (r#"{"type":"null"}"#, "null", &[]),
        (r#"{"type":"null"}"#, "0", &["null, not number"]),
        (r#"{"type":"boolean"}"#, r#""true""#, &["boolean, not string"]),
        (r#"{"type":"number"}"#, "null", &["number, not null"]),
        (r#"{"type":"string"}"#, "[]", &["string, not array"]),
        (r#"{"type":"array"}"#, "{}", &["array, not object"]),
        (r#"{"type":"object"}"#, "true", &["object, not boolean"]),
        (r#"{"const":{"k":[1]}}"#, r#"{"k":[1]}"#, &[]),
        (r#"{"const":100}"#, "1e2", &["const 100"]),
        (r#"{"const":2,"type":"number"}"#, r#""x""#, &["const 2", "number, not string"]),
        (r#"{"enum":["a",1,null]}"#, "null", &[]),
        (r#"{"enum":["a",1,null]}"#, r#""b""#, &[r#"enum "a" 1 null"#]),
        (r#"{"enum":[1]}"#, r#""b""#, &["const 1"]),
    ] {
        assert_eq!(wrong(value, accept), expected, "{value} {accept}");
    }
}

#[test]
fn numbers() {
    for (accept, value, expected) in [
        (r#"{"multipleOf":0.1}"#, "0.3", &[][..]),
        (r#"{"multipleOf":2}"#, "3", &["multiple of 2"]),
        (r#"{"multipleOf":0}"#, "0", &[]),
        (r#"{"multipleOf":0}"#, "1", &["multiple of 0"]),
        (r#"{"minimum":1}"#, "1.0", &[]),
        (r#"{"minimum":1}"#, "0.5", &["at least 1"]),
        (r#"{"minimum":-0.0}"#, "0", &[]),
        (r#"{"exclusiveMinimum":1}"#, "1.5", &[]),
        (r#"{"exclusiveMinimum":1}"#, "1", &["more than 1"]),
        (r#"{"maximum":1e2}"#, "100", &[]),
        (r#"{"maximum":9007199254740993}"#, "9007199254740993.5", &["at most 9007199254740993"]),
        (r#"{"exclusiveMaximum":100.0}"#, "99", &[]),
        (r#"{"exclusiveMaximum":100.0}"#, "100", &["less than 100.0"]),
        (r#"{"minimum":3,"maximum":1,"multipleOf":2}"#, "1.5", &["multiple of 2", "at least 3", "at most 1"]),
        (r#"{"type":"string","minimum":3}"#, "1", &["string, not number"]),
        (r#"{"minimum":3,"minLength":9,"minItems":9,"minProperties":9,"required":["a"]}"#, "3", &[]),
    ] {
        assert_eq!(wrong(value, accept), expected, "{value} {accept}");
    }
}

#[test]
fn strings() {
    for (accept, value, expected) in [
        (r#"{"minLength":3,"maxLength":3}"#, r#""aé""#, &[][..]),
        (r#"{"minLength":1}"#, r#""""#, &["at least 1 bytes"]),
        (r#"{"maxLength":2}"#, r#""é世""#, &["at most 2 bytes"]),
        (r#"{"pattern":"^foo[0-9]+$"}"#, r#""foo12""#, &[]),
        (r#"{"pattern":"^a.b$"}"#, r#""a\nb""#, &["like ^a.b$"]),
        (r#"{"pattern":"b$"}"#, r#""ab\n""#, &["like b$"]),
        (r#"{"minLength":5,"pattern":"^b"}"#, r#""abc""#, &["at least 5 bytes", "like ^b"]),
    ] {
        assert_eq!(wrong(value, accept), expected, "{value} {accept}");
    }
}

#[test]
fn lists() {
    let tuple = r#"{"prefixItems":[{"type":"string"},{"type":"number"}],"items":false}"#;
    for (accept, value, expected) in [
        (tuple, r#"["a",1]"#, &[][..]),
        (tuple, r#"["a"]"#, &[]),
        (tuple, "[]", &[]),
        (tuple, r#"["a",1,2]"#, &["silent"]),
        (tuple, r#"[1,"a",2]"#, &["string, not number", "number, not string"]),
        (tuple, "{}", &[]),
        (r#"{"prefixItems":[true],"items":{"type":"number"}}"#, r#"["a","b",3]"#, &["number, not string"]),
        (r#"{"items":{"type":"number"}}"#, "[1,[2]]", &["number, not array"]),
        (r#"{"minItems":3}"#, "[1,2]", &["at least 3 items"]),
        (r#"{"maxItems":2}"#, "[1,2,3]", &["at most 2 items"]),
        (r#"{"minItems":1,"maxItems":2}"#, "[1]", &[]),
        (r#"{"uniqueItems":true}"#, "[1,1]", &[]),
    ] {
        assert_eq!(wrong(value, accept), expected, "{value} {accept}");
    }
}

#[test]
fn objects() {
    let closed = r#"{"properties":{"a":{"type":"string"}},"additionalProperties":false}"#;
    let dependent = r#"{"required":["d"],"dependentRequired":{"a":["c","b"],"x":["y"]}}"#;
    for (accept, value, expected) in [
        (closed, r#"{"a":"x"}"#, &[][..]),
        (closed, r#"{"a":"x","c":1}"#, &["silent"]),
        (closed, r#"{"a":1,"c":1}"#, &["string, not number"]),
        (r#"{"properties":{"a":{"type":"string"}}}"#, r#"{"b":1}"#, &[]),
        (r#"{"additionalProperties":{"type":"number"}}"#, r#"{"a":1,"b":"x"}"#, &["number, not string"]),
        (r#"{"required":["b","a"]}"#, r#"{"a":null,"b":1}"#, &[]),
        (r#"{"required":["b","a"]}"#, r#"{"c":1}"#, &["requires b a"]),
        (
            r#"{"properties":{"a":{"type":"string"}},"required":["a","b"]}"#,
            r#"{"a":1}"#,
            &["string, not number", "requires b"],
        ),
        (dependent, r#"{"a":1,"b":1,"c":1,"d":1}"#, &[]),
        (dependent, r#"{"b":1,"d":1}"#, &[]),
        (dependent, r#"{"a":1}"#, &["requires d c b"]),
        (r#"{"minProperties":1}"#, "{}", &["at least 1 properties"]),
        (r#"{"maxProperties":1}"#, r#"{"a":1,"b":2}"#, &["at most 1 properties"]),
        (r#"{"minProperties":1,"maxProperties":1}"#, r#"{"a":1}"#, &[]),
    ] {
        assert_eq!(wrong(value, accept), expected, "{value} {accept}");
    }
}

#[test]
fn branches_and_references() {
    let any = r#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#;
    let one = r#"{"oneOf":[{"type":"number","minimum":5},{"type":"number","maximum":1},{"maximum":0}]}"#;
    let list = r##"{"$ref":"#/$defs/list","$defs":{"list":{"anyOf":[{"type":"null"},{"type":"object",
        "properties":{"next":{"$ref":"#/$defs/list"}},"required":["next"]}]}},"maxProperties":1}"##;
    for (accept, value, expected) in [
        (any, "null", &[][..]),
        (any, "1", &["string, not number", "null, not number", "none of"]),
        (r#"{"anyOf":[false,{"const":"b"}]}"#, r#""a""#, &[r#"const "b""#, "none of"]),
        (r#"{"anyOf":[false]}"#, r#""a""#, &["none of"]),
        (one, "7", &[]),
        (one, "1", &[]),
        (one, "3", &["at least 5", "at most 1", "at most 0", "one of none"]),
        (one, "0", &["one of many"]),
        (r#"{"oneOf":[{"type":"string"},{"minLength":1}]}"#, r#""a""#, &["one of many"]),
        (
            r#"{"anyOf":[{"type":"string"}],"type":"number"}"#,
            "null",
            &["string, not null", "none of", "number, not null"],
        ),
        (list, r#"{"next":{"next":null}}"#, &[]),
        (
            list,
            r#"{"next":1,"x":1}"#,
            &[
                "null, not object",
                "null, not number",
                "object, not number",
                "none of",
                "none of",
                "at most 1 properties",
            ],
        ),
        (r##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a","type":"string"}}}"##, "1", &["string, not number"]),
    ] {
        assert_eq!(wrong(value, accept), expected, "{value} {accept}");
    }
}

#[test]
fn schemas_of_schemas() {
    let meta = schema_of_schemas();
    let all = r##"{"$defs":{"a":{"items":true}},"$ref":"#/$defs/a","anyOf":[true],"oneOf":[{}],"type":"null","const":null,
        "enum":[1,"a"],"properties":{"p":{"type":"array"}},"additionalProperties":false,"required":["p"],
        "dependentRequired":{"p":["q"]},"minProperties":1,"prefixItems":[false],"items":{},"uniqueItems":true,
        "multipleOf":2,"pattern":"a","title":"t","description":"d","default":{},"deprecated":false,"examples":[1],
        "secret":1,"rotateOnly":7,"unknown":[]}"##;
    for (value, expected) in [
        ("true", &[][..]),
        ("{}", &[]),
        (all, &[]),
        ("1", &[": boolean, not number", ": object, not number", ": none of"]),
        (
            r#"{"type":"integer"}"#,
            &[": boolean, not object", r#": enum "string" "number" "boolean" "array" "object" "null""#, ": none of"],
        ),
        (
            r#"{"items":{"maximum":"1"}}"#,
            &[": boolean, not object", ": boolean, not object", ": number, not string", ": none of", ": none of"],
        ),
        (r#"{"required":[1]}"#, &[": boolean, not object", ": string, not number", ": none of"]),
        (r#"{"dependentRequired":{"a":{}}}"#, &[": boolean, not object", ": array, not object", ": none of"]),
    ] {
        assert_eq!(
            check(from_json(value).view(), &meta),
            (expected.is_empty(), expected.iter().map(|s| (*s).to_owned()).collect())
        );
    }
}

#[test]
fn findings_blame_the_node() {
    let graph = &mut Graph::new();
    let one = graph.add(Kind::Number("1".into()), Flags::empty(), Origin(1));
    let two = graph.add(Kind::Number("2".into()), Flags::empty(), Origin(2));
    let list = graph.add(Kind::List([one, two].into()), Flags::empty(), Origin(3));
    let accept = schema(r#"{"items":{"minimum":2},"minItems":3}"#);
    let mut findings = Vec::new();
    assert!(!validate(graph.view(list), &accept, &NoLiterals, &mut findings));
    let origins: Vec<_> = findings.iter().map(|finding| (finding.origin, finding.prefix.as_str())).collect();
    assert_eq!(origins, [(Origin(1), ""), (Origin(3), "")]);
}

#[test]
fn merged_keys_are_checked_but_compared_by_layer() {
    let graph = &mut Graph::new();
    let (a, b) = (graph.number("1"), graph.number("2"));
    let mut object = |own: &str, frozen: bool| {
        let entries = [("a".into(), a), ("b".into(), b)].into();
        let object = Object { entries, own: Some([own.into()].into()), frozen, ..Object::default() };
        graph.add(Kind::Object(Arc::new(object)), Flags::empty(), Origin::NONE)
    };
    let (merged, frozen) = (object("b", false), object("b", true));
    for (id, accept, matches) in [
        (merged, r#"{"required":["a","b"],"minProperties":2}"#, true),
        (merged, r#"{"additionalProperties":{"maximum":1}}"#, false),
        (merged, r#"{"const":{"b":2}}"#, true),
        (frozen, r#"{"required":["a"]}"#, false),
        (frozen, r#"{"maxProperties":1}"#, true),
        (frozen, r#"{"const":{"b":2}}"#, true),
    ] {
        assert_eq!(check(graph.view(id), &schema(accept)).0, matches, "{accept}");
    }
}

#[test]
fn rotate_only_inputs_count_as_present() {
    let graph = &mut Graph::new();
    let skipped = graph.add(Kind::Unknown, Flags::ROTATE_ONLY, Origin::NONE);
    let object = graph.object([("next".into(), skipped)]);
    let accept = schema(r#"{"properties":{"next":{"type":"string"}},"required":["next"]}"#);
    assert_eq!(check(graph.view(object), &accept), (true, vec![]));
}

#[test]
fn deep_values() {
    let graph = &mut Graph::new();
    let mut deep = graph.number("1");
    let mut deep_schema = Schema::string();
    for _ in 0..10_000 {
        deep = graph.list([deep]);
        deep_schema = Schema::array(deep_schema);
    }
    assert_eq!(check(graph.view(deep), &deep_schema), (false, vec![": string, not number".to_owned()]));
    let recursive = schema(r##"{"$ref":"#/$defs/a","$defs":{"a":{"items":{"$ref":"#/$defs/a"}}}}"##);
    assert_eq!(check(graph.view(deep), &recursive), (true, vec![]));
}

#[test]
fn doubling_values_cost_little_unless_they_are_wrong() {
    let tree = |leaf: &str| {
        schema(
            &r##"{"$ref":"#/$defs/t","$defs":{"t":{"anyOf":[{"type":"LEAF"},{"type":"array","items":{"$ref":"#/$defs/t"}}]}}}"##
                .replace("LEAF", leaf),
        )
    };
    let doubling =
        |leaf: SchemaRef| (0..64).fold(leaf, |inner, _| Schema::record([("l", Arc::clone(&inner)), ("r", inner)]));
    let graph = &mut Graph::new();
    let mut value = graph.number("1");
    for _ in 0..64 {
        value = graph.list([value, value]);
    }
    let unknown = graph.unknown(doubling(Schema::of(Type::Number)));
    for (id, right, wrong) in [
        (value, tree("number"), tree("string")),
        (unknown, doubling(Schema::of(Type::Number)), doubling(Schema::string())),
    ] {
        let earlier = Finding { origin: Origin(7), prefix: String::new(), violation: Violation::NoneOf };
        let mut findings = vec![earlier];
        let mut check = |accept| validate_within(2_000, graph.view(id), accept, &NoLiterals, &mut findings);
        assert!(check(&right));
        assert!(!check(&wrong));
        assert!(matches!(
            &*findings,
            [Finding { origin: Origin(7), .. }, Finding { origin: Origin::NONE, violation: Violation::TooLarge, .. }]
        ));
    }
}
