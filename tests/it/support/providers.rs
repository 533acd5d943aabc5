//! The test providers and rotators of the vectors.

use esc_shell::{
    diagnostic::{Failure, FailureKind},
    provider::{RotatorSignature, Signature},
    value::{
        Flags, Graph, Key, Origin, Value, View,
        schema::{Keywords, Pattern, Rare, Reference, Schema, SchemaRef, Type},
    },
};

/// Returns the schemas of a test provider.
pub fn signature(name: &str) -> Option<Signature> {
    let any = Schema::any();
    Some(match name {
        "test" | "secret-wrapper" | "bench" => Signature { inputs: any.clone(), outputs: any },
        "error" => Signature { inputs: Schema::record([("why", Schema::string())]), outputs: any },
        "schema" => Signature { inputs: everything(), outputs: everything() },
        _ => return None,
    })
}

/// Returns the schemas of a test rotator.
pub fn rotator_signature(name: &str) -> Option<RotatorSignature> {
    Some(match name {
        "swap" => {
            let state = Schema::record([("a", Schema::string()), ("b", Schema::string())]);
            RotatorSignature { inputs: Schema::any(), state: state.clone(), outputs: state }
        }
        "echo" => {
            let inputs = Keywords {
                kind: Some(Type::Object),
                properties: [(Key::from("next"), Schema::string())].into(),
                required: vec!["next".into()],
                rare: Some(Box::new(Rare { rotate_only: vec!["next".into()], ..Rare::default() })),
                ..Keywords::default()
            };
            let state = Keywords {
                kind: Some(Type::Object),
                properties: [("current", Schema::string()), ("previous", Schema::string())]
                    .map(|(name, schema)| (Key::from(name), schema))
                    .into(),
                required: vec!["current".into()],
                ..Keywords::default()
            };
            let state: SchemaRef = shared(state);
            RotatorSignature { inputs: shared(inputs), state: state.clone(), outputs: state }
        }
        _ => return None,
    })
}

/// Opens a test provider.
pub fn open(name: &str, inputs: View<'_>) -> Result<Value, Failure> {
    match name {
        "test" | "schema" => Ok(Value::copy(inputs)),
        "secret-wrapper" => {
            let mut graph = Graph::new();
            let root = graph.graft(inputs, Origin::NONE, Flags::empty());
            let mut node = graph.node(root).clone();
            node.flags = node.flags | Flags::SECRET;
            let root = graph.push(node);
            Ok(Value::new(graph, root))
        }
        "bench" => Ok(text("opened")),
        "error" => {
            let why = inputs.get("why").and_then(View::as_str).unwrap_or_default();
            Err(failure(why))
        }
        other => Err(failure(&format!("unknown provider {other:?}"))),
    }
}

/// Opens the state of a test rotator.
pub fn open_rotator(name: &str, inputs: View<'_>, state: Option<View<'_>>) -> Result<Value, Failure> {
    let Some(state) = state else {
        let mut graph = Graph::new();
        let root = graph.object([]);
        return Ok(Value::new(graph, root));
    };
    if name == "echo"
        && let Some(next) = inputs.get("next").and_then(View::as_str)
        && state.get("current").and_then(View::as_str) != Some(next)
    {
        return Err(failure("the state is not current"));
    }
    Ok(Value::copy(state))
}

/// Makes the new state of a test rotator.
pub fn rotate(name: &str, inputs: View<'_>, state: Option<View<'_>>) -> Result<Value, Failure> {
    let mut graph = Graph::new();
    let take = |graph: &mut Graph, name: &str| match state.and_then(|state| state.get(name)) {
        Some(value) => graph.graft(value, Origin::NONE, Flags::empty()),
        None => graph.null(),
    };
    let root = if name == "swap" {
        let (a, b) = (take(&mut graph, "a"), take(&mut graph, "b"));
        graph.object([("a".into(), b), ("b".into(), a)])
    } else {
        let Some(next) = inputs.get("next").filter(|next| !next.is_unknown()) else {
            return Err(failure("next is unknown"));
        };
        let current = take(&mut graph, "current");
        let next = graph.graft(next, Origin::NONE, Flags::empty());
        graph.object([("current".into(), next), ("previous".into(), current)])
    };
    Ok(Value::new(graph, root))
}

/// A failure whose text the vectors compare.
pub fn failure(message: &str) -> Failure {
    Failure::new(FailureKind::Provider, message)
}

fn text(text: &str) -> Value {
    let mut graph = Graph::new();
    let root = graph.string(text);
    Value::new(graph, root)
}

fn number(text: &str) -> Value {
    let mut graph = Graph::new();
    let root = graph.number(text);
    Value::new(graph, root)
}

fn boolean(value: bool) -> Value {
    let mut graph = Graph::new();
    let root = graph.bool(value);
    Value::new(graph, root)
}

fn shared(keywords: Keywords) -> SchemaRef {
    SchemaRef::new(keywords.into())
}

fn constant(kind: Type, value: Value) -> SchemaRef {
    shared(Keywords { kind: Some(kind), constant: Some(value), ..Keywords::default() })
}

fn limited(kind: Type, set: impl FnOnce(&mut Rare)) -> SchemaRef {
    let mut limits = Rare::default();
    set(&mut limits);
    shared(Keywords { kind: Some(kind), rare: Some(Box::new(limits)), ..Keywords::default() })
}

fn tuple(items: impl IntoIterator<Item = SchemaRef>) -> SchemaRef {
    shared(Keywords {
        kind: Some(Type::Array),
        prefix_items: items.into_iter().collect(),
        items: Some(Schema::never()),
        ..Keywords::default()
    })
}

/// The schema that uses every keyword.
fn everything() -> SchemaRef {
    let string_or_number = || vec![Schema::string(), Schema::of(Type::Number)];
    let hello_list = {
        let mut graph = Graph::new();
        let items = [graph.string("hello"), graph.number("42")];
        let root = graph.list(items);
        Value::new(graph, root)
    };
    let hello_world = {
        let mut graph = Graph::new();
        let world = graph.string("world");
        let root = graph.object([("hello".into(), world)]);
        Value::new(graph, root)
    };
    let one = || Some("1".into());
    let dependent = Keywords {
        kind: Some(Type::Object),
        properties: [(Key::from("foo"), Schema::string()), (Key::from("bar"), Schema::of(Type::Number))].into(),
        rare: Some(Box::new(Rare {
            dependent_required: [("foo".into(), vec!["bar".into()])].into(),
            ..Rare::default()
        })),
        ..Keywords::default()
    };
    let reference = Rare { reference: Some(Reference::new("#/$defs/defRecord")), ..Rare::default() };
    let properties: [(&str, SchemaRef); 35] = [
        ("null", Schema::of(Type::Null)),
        ("boolean", Schema::of(Type::Boolean)),
        ("false", constant(Type::Boolean, boolean(false))),
        ("true", constant(Type::Boolean, boolean(true))),
        ("number", Schema::of(Type::Number)),
        ("pi", constant(Type::Number, number("3.14"))),
        ("string", Schema::string()),
        ("hello", constant(Type::String, text("hello"))),
        ("array", Schema::array(Schema::any())),
        ("tuple", tuple([constant(Type::String, text("hello")), constant(Type::String, text("world"))])),
        ("map", Schema::map(Schema::any())),
        ("record", Schema::record([("foo", Schema::string())])),
        (
            "anyOf",
            shared(Keywords {
                rare: Some(Box::new(Rare { any_of: string_or_number(), ..Rare::default() })),
                ..Keywords::default()
            }),
        ),
        (
            "oneOf",
            shared(Keywords {
                rare: Some(Box::new(Rare { one_of: string_or_number(), ..Rare::default() })),
                ..Keywords::default()
            }),
        ),
        ("ref", shared(Keywords { rare: Some(Box::new(reference)), ..Keywords::default() })),
        ("const-array", constant(Type::Array, hello_list)),
        ("const-object", constant(Type::Object, hello_world)),
        (
            "enum",
            shared(Keywords {
                kind: Some(Type::String),
                one_of_values: vec![text("foo"), text("bar")],
                ..Keywords::default()
            }),
        ),
        ("never", Schema::never()),
        ("always", Schema::any()),
        ("double", tuple([Schema::string(), Schema::of(Type::Number)])),
        ("triple", tuple([Schema::string(), Schema::of(Type::Number), Schema::of(Type::Boolean)])),
        ("dependentReq", shared(dependent)),
        ("multiple", limited(Type::Number, |limits| limits.multiple_of = Some("2".into()))),
        ("minimum", limited(Type::Number, |limits| limits.minimum = one())),
        ("exclusiveMinimum", limited(Type::Number, |limits| limits.exclusive_minimum = one())),
        ("maximum", limited(Type::Number, |limits| limits.maximum = one())),
        ("exclusiveMaximum", limited(Type::Number, |limits| limits.exclusive_maximum = one())),
        ("minLength", limited(Type::String, |limits| limits.min_length = one())),
        ("maxLength", limited(Type::String, |limits| limits.max_length = one())),
        ("pattern", limited(Type::String, |limits| limits.pattern = Some(Pattern::new("^foo[0-9]+$")))),
        ("minItems", limited(Type::Array, |limits| limits.min_items = Some("3".into()))),
        ("maxItems", limited(Type::Array, |limits| limits.max_items = Some("2".into()))),
        ("minProperties", limited(Type::Object, |limits| limits.min_properties = one())),
        ("maxProperties", limited(Type::Object, |limits| limits.max_properties = one())),
    ];
    let record = Schema::record([("baz", constant(Type::String, text("qux")))]);
    let properties = properties.into_iter().map(|(name, schema)| (Key::from(name), schema)).collect();
    shared(Keywords {
        kind: Some(Type::Object),
        properties,
        rare: Some(Box::new(Rare { defs: [("defRecord".into(), record)].into(), ..Rare::default() })),
        ..Keywords::default()
    })
}
