//! Reads a schema from a value.
//!
//! The names of keywords match in any case (quirk Q17); of the same keyword in several spellings the last in byte order
//! counts. What is no keyword is ignored.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    super::{Flags, Key, Kind, NodeId, Value, View},
    Keywords, Pattern, Rare, Reference, Schema, SchemaRef, Type,
};

/// Why a value is no schema; the text names the keyword and never shows a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DecodeError(pub String);

type Result<T> = std::result::Result<T, DecodeError>;

/// Reads a schema, which is still to be compiled, from a known value: `true`, `false` or an object of keywords.
///
/// # Errors
/// When a keyword has a value of the wrong type, or a `pattern` is no regular expression.
pub fn decode(value: View<'_>) -> Result<SchemaRef> {
    Decoder { done: HashMap::new() }.schema(value)
}

struct Decoder {
    done: HashMap<NodeId, SchemaRef>,
}

impl Decoder {
    fn schema(&mut self, value: View<'_>) -> Result<SchemaRef> {
        match value.kind() {
            Kind::Bool(true) => return Ok(Schema::any()),
            Kind::Bool(false) => return Ok(Schema::never()),
            Kind::Object(_) if !value.is_unknown() => {}
            _ => return Err(DecodeError("a schema must be a boolean or an object".to_owned())),
        }
        if let Some(schema) = self.done.get(&value.id()) {
            return Ok(Arc::clone(schema));
        }
        let keywords = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.keywords(value))?;
        let schema = Arc::new(Schema::from(keywords));
        self.done.insert(value.id(), Arc::clone(&schema));
        Ok(schema)
    }

    fn keywords(&mut self, value: View<'_>) -> Result<Keywords> {
        let (mut keywords, mut rare, mut is_rare) = (Keywords::default(), Rare::default(), false);
        for (key, value) in value.entries() {
            // An absent keyword can be said by null.
            if matches!(value.kind(), Kind::Null) {
                continue;
            }
            let item = Item { keyword: key, value };
            let known = match key.to_ascii_lowercase().as_str() {
                "type" => item.kind().map(|kind| keywords.kind = kind),
                "const" => item.value().map(|constant| keywords.constant = Some(constant)),
                "enum" => item.values().map(|values| keywords.one_of_values = values),
                "properties" => self.schemas_by_name(&item).map(|schemas| keywords.properties = schemas),
                "additionalproperties" => {
                    self.schema(value).map(|schema| keywords.additional_properties = Some(schema))
                }
                "required" => item.names().map(|names| keywords.required = names),
                "prefixitems" => self.schemas(&item).map(|schemas| keywords.prefix_items = schemas),
                "items" => self.schema(value).map(|schema| keywords.items = Some(schema)),
                lower => {
                    let known = self.rare(lower, &item, &mut rare)?;
                    is_rare |= known;
                    Ok(())
                }
            };
            known?;
        }
        keywords.rare = is_rare.then(|| Box::new(rare));
        Ok(keywords)
    }

    /// Reads one of the rarer keywords; returns whether it is one.
    fn rare(&mut self, lower: &str, item: &Item<'_>, rare: &mut Rare) -> Result<bool> {
        match lower {
            "$defs" => rare.defs = self.schemas_by_name(item)?,
            "$ref" => rare.reference = item.text()?.map(Reference::new),
            "anyof" => rare.any_of = self.schemas(item)?,
            "oneof" => rare.one_of = self.schemas(item)?,
            "dependentrequired" => {
                let entries = item
                    .entries()?
                    .map(|(key, value)| Ok((Arc::clone(key), Item { keyword: item.keyword, value }.names()?)));
                rare.dependent_required = entries.collect::<Result<_>>()?;
            }
            "minproperties" => rare.min_properties = Some(item.number()?),
            "maxproperties" => rare.max_properties = Some(item.number()?),
            "minitems" => rare.min_items = Some(item.number()?),
            "maxitems" => rare.max_items = Some(item.number()?),
            "uniqueitems" => rare.unique_items = item.boolean()?,
            "multipleof" => rare.multiple_of = Some(item.number()?),
            "minimum" => rare.minimum = Some(item.number()?),
            "maximum" => rare.maximum = Some(item.number()?),
            "exclusiveminimum" => rare.exclusive_minimum = Some(item.number()?),
            "exclusivemaximum" => rare.exclusive_maximum = Some(item.number()?),
            "minlength" => rare.min_length = Some(item.number()?),
            "maxlength" => rare.max_length = Some(item.number()?),
            "pattern" => rare.pattern = item.text()?.map(|text| item.pattern(text)).transpose()?,
            "title" => rare.title = item.text()?,
            "description" => rare.description = item.text()?,
            "default" => rare.default = Some(item.value()?),
            "deprecated" => rare.deprecated = item.boolean()?,
            "examples" => rare.examples = item.values()?,
            "secret" => rare.secret = item.boolean()?,
            "rotateonly" => rare.rotate_only = item.names()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn schemas(&mut self, item: &Item<'_>) -> Result<Vec<SchemaRef>> {
        item.items()?.map(|schema| self.schema(schema)).collect()
    }

    fn schemas_by_name(&mut self, item: &Item<'_>) -> Result<BTreeMap<Key, SchemaRef>> {
        item.entries()?.map(|(key, schema)| Ok((Arc::clone(key), self.schema(schema)?))).collect()
    }
}

/// A keyword as it was written, and its value.
struct Item<'g> {
    keyword: &'g str,
    value: View<'g>,
}

impl<'g> Item<'g> {
    fn error<T>(&self, wanted: &str) -> Result<T> {
        Err(DecodeError(format!("`{}` must be {wanted}", self.keyword)))
    }

    /// Returns the type; an empty name is none.
    fn kind(&self) -> Result<Option<Type>> {
        let Some(text) = self.text()? else { return Ok(None) };
        match Type::ALL.into_iter().find(|kind| kind.name() == &*text) {
            Some(kind) => Ok(Some(kind)),
            None => self.error("`string`, `number`, `boolean`, `array`, `object` or `null`"),
        }
    }

    /// Returns a text that is not empty: an empty one says nothing.
    fn text(&self) -> Result<Option<Arc<str>>> {
        match self.value.kind() {
            Kind::String(text) if !self.value.is_unknown() => {
                Ok(Some(text.to_str_lossy()).filter(|text| !text.is_empty()).map(Arc::from))
            }
            _ => self.error("a string"),
        }
    }

    fn pattern(&self, text: Arc<str>) -> Result<Pattern> {
        Pattern::parse(text)
            .map_err(|error| DecodeError(format!("`{}` is no regular expression: {error}", self.keyword)))
    }

    fn number(&self) -> Result<Arc<str>> {
        self.value.as_number().map_or_else(|| self.error("a number"), |text| Ok(text.into()))
    }

    fn boolean(&self) -> Result<bool> {
        self.value.as_bool().map_or_else(|| self.error("a boolean"), Ok)
    }

    /// Copies a value that must be wholly known.
    fn value(&self) -> Result<Value> {
        if self.value.has(Flags::UNKNOWN_INSIDE) || self.value.has(Flags::SEALED_INSIDE) {
            return self.error("known");
        }
        Ok(Value::copy(self.value))
    }

    fn values(&self) -> Result<Vec<Value>> {
        self.items()?.map(|value| Item { keyword: self.keyword, value }.value()).collect()
    }

    fn names(&self) -> Result<Vec<Key>> {
        let name = |value: View<'g>| match value.kind() {
            Kind::String(text) if !value.is_unknown() => Ok(Key::from(text.to_str_lossy())),
            _ => self.error("a list of strings"),
        };
        self.items()?.map(name).collect()
    }

    fn items(&self) -> Result<impl Iterator<Item = View<'g>> + use<'g>> {
        match self.value.kind() {
            Kind::List(_) if !self.value.is_unknown() => Ok(self.value.items()),
            _ => self.error("a list"),
        }
    }

    fn entries(&self) -> Result<impl Iterator<Item = (&'g Key, View<'g>)> + use<'g>> {
        match self.value.kind() {
            Kind::Object(_) if !self.value.is_unknown() => Ok(self.value.entries()),
            _ => self.error("an object"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{super::Graph, testing::from_json, to_json},
        *,
    };

    fn decode_json(text: &str) -> Result<String> {
        decode(from_json(text).view()).map(|schema| to_json(&schema))
    }

    #[test]
    fn every_keyword_survives() {
        for text in [
            "true",
            "false",
            r#"{"type":""}"#,
            r##"{"type":"","$defs":{"x":{"type":"string"}},"$ref":"#/$defs/x"}"##,
            r#"{"type":"","anyOf":[true,false]}"#,
            r#"{"type":"","oneOf":[{"type":"null"}]}"#,
            r#"{"type":"array","const":[1.50,{"a":null}]}"#,
            r#"{"type":"string","enum":["b","a",null,1E5]}"#,
            r#"{"type":"object","properties":{"a":{"type":"number"},"b":true},"additionalProperties":false,"required":["b","a"]}"#,
            r#"{"type":"object","dependentRequired":{"a":["c","b"]},"minProperties":1,"maxProperties":2}"#,
            r#"{"type":"array","prefixItems":[{"type":"boolean"}],"items":{"type":"string"},"minItems":1,"maxItems":2,"uniqueItems":true}"#,
            r#"{"type":"number","multipleOf":0.1,"minimum":1e2,"maximum":2,"exclusiveMinimum":3,"exclusiveMaximum":-4}"#,
            r#"{"type":"string","minLength":1,"maxLength":2,"pattern":"^\\d \" \u0001 é"}"#,
            r#"{"type":"","title":"t","description":"d","default":{"x":[]},"examples":[1,{}],"deprecated":true,"secret":true,"rotateOnly":["a"]}"#,
        ] {
            assert_eq!(decode_json(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_says_nothing_is_dropped() {
        for (text, expected) in [
            (r#"{"TYPE":"number","MinLength":3}"#, r#"{"type":"number","minLength":3}"#),
            (r#"{"Type":"number","type":"string"}"#, r#"{"type":"string"}"#),
            (r#"{"unknownWord":1,"$schema":"x"}"#, r#"{"type":""}"#),
            (r#"{"const":null,"default":null,"TYPE":null,"$ref":"","title":"","pattern":""}"#, r#"{"type":""}"#),
            (r#"{"required":[],"properties":{},"enum":[],"anyOf":[],"deprecated":false}"#, r#"{"type":""}"#),
        ] {
            assert_eq!(decode_json(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn wrong_values_are_told_by_keyword() {
        for (text, message) in [
            ("1", "a schema must be a boolean or an object"),
            (r#"{"items":[]}"#, "a schema must be a boolean or an object"),
            (r#"{"TYPE":"integer"}"#, "`TYPE` must be `string`, `number`, `boolean`, `array`, `object` or `null`"),
            (r#"{"Type":1}"#, "`Type` must be a string"),
            (r#"{"minimum":"1"}"#, "`minimum` must be a number"),
            (r#"{"secret":1}"#, "`secret` must be a boolean"),
            (r#"{"rotateOnly":[1]}"#, "`rotateOnly` must be a list of strings"),
            (r#"{"rotateOnly":"a"}"#, "`rotateOnly` must be a list"),
            (r#"{"properties":[]}"#, "`properties` must be an object"),
            (r#"{"dependentRequired":{"a":1}}"#, "`dependentRequired` must be a list"),
            (r#"{"pattern":"("}"#, "`pattern` is no regular expression: unclosed group"),
        ] {
            assert_eq!(decode_json(text), Err(DecodeError(message.to_owned())), "{text}");
        }
    }

    #[test]
    fn constants_must_be_known() {
        let graph = &mut Graph::new();
        let unknown = graph.unknown(Schema::any());
        let list = graph.list([unknown]);
        for keyword in ["const", "enum", "default", "type", "properties"] {
            let schema = graph.object([(Key::from(keyword), list)]);
            assert!(decode(graph.view(schema)).is_err(), "{keyword}");
        }
    }

    #[test]
    fn deep_and_doubling_schemas() {
        let graph = &mut Graph::new();
        let mut deep = graph.bool(true);
        let mut doubling = deep;
        for _ in 0..10_000 {
            deep = graph.object([("items".into(), deep)]);
            let branches = graph.list([doubling, doubling]);
            doubling = graph.object([("prefixItems".into(), branches)]);
        }
        drop(decode(graph.view(deep)).expect("it is a schema"));
        let schema = decode(graph.view(doubling)).expect("it is a schema");
        let items = &schema.keywords().expect("it has keywords").prefix_items;
        assert!(Arc::ptr_eq(&items[0], &items[1]));
    }
}
