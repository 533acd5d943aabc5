//! The schema of schemas, which `fn::validate` holds its `schema` against.

use std::sync::{Arc, OnceLock};

use super::{
    super::{Graph, Value},
    Keywords, Rare, Reference, Schema, SchemaRef, Type, compile,
};

/// Returns the compiled schema that every schema matches: a boolean, or an object of keywords of the right types.
///
/// # Panics
/// Never: the one name that it refers to is defined.
#[must_use]
pub fn schema_of_schemas() -> SchemaRef {
    static META: OnceLock<SchemaRef> = OnceLock::new();
    Arc::clone(META.get_or_init(|| compile(&build()).expect("its only name is defined")))
}

fn build() -> SchemaRef {
    let itself = rare(Rare { reference: Some(Reference::new("#/$defs/schema")), ..Rare::default() });
    let schemas = || Schema::array(Arc::clone(&itself));
    let schemas_by_name = || Schema::map(Arc::clone(&itself));
    let names = || Schema::array(Schema::string());
    let number = || Schema::of(Type::Number);
    let properties = [
        ("$defs", schemas_by_name()),
        ("$ref", Schema::string()),
        ("anyOf", schemas()),
        ("oneOf", schemas()),
        ("type", type_name()),
        ("const", Schema::any()),
        ("enum", Schema::array(Schema::any())),
        ("properties", schemas_by_name()),
        ("additionalProperties", Arc::clone(&itself)),
        ("required", names()),
        ("dependentRequired", Schema::map(names())),
        ("minProperties", number()),
        ("maxProperties", number()),
        ("prefixItems", schemas()),
        ("items", Arc::clone(&itself)),
        ("minItems", number()),
        ("maxItems", number()),
        ("uniqueItems", Schema::of(Type::Boolean)),
        ("multipleOf", number()),
        ("minimum", number()),
        ("maximum", number()),
        ("exclusiveMinimum", number()),
        ("exclusiveMaximum", number()),
        ("minLength", number()),
        ("maxLength", number()),
        ("pattern", Schema::string()),
        ("title", Schema::string()),
        ("description", Schema::string()),
        ("default", Schema::any()),
        ("deprecated", Schema::of(Type::Boolean)),
        ("examples", Schema::array(Schema::any())),
    ];
    let object = Keywords {
        kind: Some(Type::Object),
        properties: properties.into_iter().map(|(name, schema)| (name.into(), schema)).collect(),
        ..Keywords::default()
    };
    let either = rare(Rare { any_of: vec![Schema::of(Type::Boolean), Arc::new(object.into())], ..Rare::default() });
    rare(Rare {
        defs: [("schema".into(), either)].into(),
        reference: Some(Reference::new("#/$defs/schema")),
        ..Rare::default()
    })
}

fn rare(rare: Rare) -> SchemaRef {
    Arc::new(Keywords::from(rare).into())
}

fn type_name() -> SchemaRef {
    let text = |kind: Type| {
        let mut graph = Graph::new();
        let id = graph.string(kind.name());
        Value::new(graph, id)
    };
    let names = Type::ALL.into_iter().map(text).collect();
    Arc::new(Keywords { kind: Some(Type::String), one_of_values: names, ..Keywords::default() }.into())
}
