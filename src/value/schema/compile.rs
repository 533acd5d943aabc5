//! Binds `$ref`s and checks what can be wrong in a schema.
//!
//! A `$ref` outside of the root's `$defs` owns the definitions; one inside only looks at them, or they would own themselves.
//! What is bound stays bound: a compiled schema may be a part of another.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{Binding, Definitions, Keywords, Reference, Schema, SchemaRef, limits};

/// Why a schema can't be used; the text never shows a value of the schema but the names of its `$ref`s.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CompileError(pub String);

/// Binds every `$ref` to the `$defs` of the schema, which is shared as far as nothing in it changes.
///
/// # Errors
/// When a `$ref` is no `#/$defs/NAME` of a definition, a length or count is no unsigned integer, or a limit no number.
pub fn compile(schema: &SchemaRef) -> Result<SchemaRef, CompileError> {
    let none = BTreeMap::new();
    let names = schema.keywords().and_then(|keywords| keywords.rare.as_ref()).map_or(&none, |rare| &rare.defs);
    let mut binder = Binder { names, definitions: Arc::default(), done: HashMap::new() };
    let compiled = binder.schema(schema, false)?;
    if Arc::strong_count(&binder.definitions) > 1 {
        let definitions = names
            .iter()
            .map(|(name, schema)| Ok((Arc::clone(name), binder.schema(schema, true)?)))
            .collect::<Result<_, _>>()?;
        binder.definitions.get_or_init(|| definitions);
    }
    Ok(compiled)
}

struct Binder<'s> {
    names: &'s BTreeMap<super::Key, SchemaRef>,
    definitions: Arc<Definitions>,
    /// By schema, and whether it stands in the definitions.
    done: HashMap<(*const Schema, bool), SchemaRef>,
}

impl Binder<'_> {
    fn schema(&mut self, schema: &SchemaRef, within: bool) -> Result<SchemaRef, CompileError> {
        let Some(keywords) = schema.keywords() else { return Ok(Arc::clone(schema)) };
        let key = (Arc::as_ptr(schema), within);
        if let Some(compiled) = self.done.get(&key) {
            return Ok(Arc::clone(compiled));
        }
        let compiled = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.keywords(keywords, within))?;
        let compiled = compiled.map_or_else(|| Arc::clone(schema), |keywords| Arc::new(keywords.into()));
        self.done.insert(key, Arc::clone(&compiled));
        Ok(compiled)
    }

    /// Returns the compiled keywords, or `None` when nothing changes.
    fn keywords(&mut self, keywords: &Keywords, within: bool) -> Result<Option<Keywords>, CompileError> {
        let rare = keywords.rare.as_deref();
        rare.map_or(Ok(()), limits::check)?;
        let binding = match rare.and_then(|rare| rare.reference.as_ref()) {
            Some(reference) if matches!(reference.definitions, Binding::Unbound) => Some(self.bind(reference, within)?),
            _ => None,
        };
        let children = keywords.children().map(|child| self.schema(child, within)).collect::<Result<Vec<_>, _>>()?;
        if binding.is_none() && keywords.children().zip(&children).all(|(old, new)| Arc::ptr_eq(old, new)) {
            return Ok(None);
        }
        let mut compiled = keywords.clone();
        for (old, new) in compiled.children_mut().zip(children) {
            *old = new;
        }
        let reference = compiled.rare.as_mut().and_then(|rare| rare.reference.as_mut());
        if let (Some(reference), Some(binding)) = (reference, binding) {
            reference.definitions = binding;
        }
        Ok(Some(compiled))
    }

    fn bind(&self, reference: &Reference, within: bool) -> Result<Binding, CompileError> {
        let Some(name) = reference.name() else {
            return Err(CompileError(format!("`$ref` must be `#/$defs/NAME`, not `{}`", reference.text)));
        };
        if !self.names.contains_key(name.as_str()) {
            return Err(CompileError(format!("`$ref` names `{name}`, which is not in `$defs`")));
        }
        if within {
            return Ok(Binding::Within(Arc::downgrade(&self.definitions)));
        }
        Ok(Binding::Owned(Arc::clone(&self.definitions)))
    }
}

impl Reference {
    /// Returns a reference that is still to be compiled.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), definitions: Binding::Unbound }
    }

    /// Returns the schema that is meant, once it is compiled.
    pub(super) fn target(&self) -> Option<SchemaRef> {
        let definitions = match &self.definitions {
            Binding::Unbound => return None,
            Binding::Owned(definitions) => Arc::clone(definitions),
            Binding::Within(definitions) => definitions.upgrade()?,
        };
        definitions.get()?.get(self.name()?.as_str()).cloned()
    }

    /// Returns the name in `$defs`.
    fn name(&self) -> Option<String> {
        let mut decoded = Vec::with_capacity(self.text.len());
        let mut rest = self.text.strip_prefix('#')?.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            let byte = if *first == b'%' {
                let (digits, after) = after.split_at_checked(2)?;
                rest = after;
                let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
                u8::from_str_radix(digits, 16).ok()?
            } else {
                *first
            };
            decoded.push(byte);
        }
        let path = String::from_utf8(decoded).ok()?;
        path.strip_prefix("/$defs/").filter(|name| !name.contains('/')).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Rare, *};

    fn reference(text: &str) -> SchemaRef {
        Arc::new(Keywords::from(Rare { reference: Some(Reference::new(text)), ..Rare::default() }).into())
    }

    fn root(item: SchemaRef, defs: Vec<(&str, SchemaRef)>) -> SchemaRef {
        let defs = defs.into_iter().map(|(name, schema)| (name.into(), schema)).collect();
        let rare = Some(Box::new(Rare { defs, ..Rare::default() }));
        Arc::new(Keywords { items: Some(item), rare, ..Keywords::default() }.into())
    }

    fn target(schema: &Schema) -> Option<SchemaRef> {
        schema.keywords()?.rare.as_ref()?.reference.as_ref()?.target()
    }

    fn item(schema: &SchemaRef) -> SchemaRef {
        schema.keywords().and_then(|keywords| keywords.items.clone()).expect("the schema has items")
    }

    #[test]
    fn references_name_definitions() {
        for (text, name) in [
            ("#/$defs/a", Some("a")),
            ("#/$defs/a%20b%2b", Some("a b+")),
            ("#/%24defs/é", Some("é")),
            ("#/$defs/", Some("")),
            ("#/$defs/a/b", None),
            ("#/$defs/a%2Fb", None),
            ("#/$defs/%f", None),
            ("#/$defs/%+f", None),
            ("#/$defs/%ff", None),
            ("#/definitions/a", None),
            ("#", None),
            ("a", None),
            ("https://example.com#/$defs/a", None),
        ] {
            assert_eq!(Reference::new(text).name().as_deref(), name, "{text}");
        }
    }

    #[test]
    fn references_are_bound() {
        let tree = root(
            reference("#/$defs/list"),
            vec![("list", Schema::array(reference("#/$defs/leaf"))), ("leaf", Schema::string())],
        );
        assert!(target(&item(&tree)).is_none());
        let list = {
            let compiled = compile(&tree).expect("all names are defined");
            assert!(Arc::ptr_eq(&compile(&compiled).expect("it is compiled"), &compiled));
            item(&compiled)
        };
        let inner = target(&list).expect("the reference owns the definitions");
        let leaf = target(&item(&inner)).expect("the definitions live");
        assert_eq!(leaf.kind(), Some(super::super::Type::String));
        drop(list);
        assert!(target(&item(&inner)).is_none(), "definitions don't keep themselves alive");
    }

    #[test]
    fn the_definitions_are_those_of_the_root() {
        let inner = root(reference("#/$defs/outer"), vec![("inner", Schema::string())]);
        let outer = root(Arc::clone(&inner), vec![("outer", Schema::string())]);
        assert_eq!(
            compile(&inner).map(drop),
            Err(CompileError("`$ref` names `outer`, which is not in `$defs`".into()))
        );
        assert!(target(&item(&item(&compile(&outer).expect("the root defines it")))).is_some());
        let compiled = compile(&root(reference("#/$defs/a"), vec![("a", Schema::string())])).expect("it is defined");
        let nested = compile(&root(compiled, vec![])).expect("it is bound already");
        assert!(target(&item(&item(&nested))).is_some());
    }

    #[test]
    fn wrong_schemas_are_told() {
        let rare = |set: fn(&mut Rare)| {
            let mut rare = Rare::default();
            set(&mut rare);
            Schema::array(Arc::new(Keywords::from(rare).into()))
        };
        for (schema, message) in [
            (reference("#/$defs/a"), Some("`$ref` names `a`, which is not in `$defs`")),
            (reference("#/a"), Some("`$ref` must be `#/$defs/NAME`, not `#/a`")),
            (rare(|r| r.min_length = Some("-1".into())), Some("`minLength` must be an integer that is not negative")),
            (rare(|r| r.max_length = Some("1.0".into())), Some("`maxLength` must be an integer that is not negative")),
            (rare(|r| r.min_items = Some("1e2".into())), Some("`minItems` must be an integer that is not negative")),
            (
                rare(|r| r.max_items = Some("18446744073709551616".into())),
                Some("`maxItems` must be an integer that is not negative"),
            ),
            (rare(|r| r.max_items = Some("18446744073709551615".into())), None),
            (rare(|r| r.min_properties = Some("007".into())), None),
            (
                rare(|r| r.max_properties = Some("+7".into())),
                Some("`maxProperties` must be an integer that is not negative"),
            ),
            (rare(|r| r.multiple_of = Some("x".into())), Some("`multipleOf` must be a finite number")),
            (rare(|r| r.minimum = Some("NaN".into())), Some("`minimum` must be a finite number")),
            (rare(|r| r.maximum = Some("-1.5E+7".into())), None),
        ] {
            assert_eq!(compile(&schema).err().map(|error| error.0).as_deref(), message);
        }
    }

    #[test]
    fn deep_and_doubling_schemas() {
        let deep = (0..10_000).fold(reference("#/$defs/a"), |inner, _| Schema::array(inner));
        drop(compile(&root(Arc::clone(&deep), vec![("a", Schema::string()), ("b", deep)])).expect("it is defined"));
        let doubling =
            (0..64).fold(reference("#/$defs/a"), |inner, _| Schema::record([("l", Arc::clone(&inner)), ("r", inner)]));
        let compiled = item(&compile(&root(doubling, vec![("a", Schema::string())])).expect("it is defined"));
        let properties = &compiled.keywords().expect("it is a record").properties;
        assert!(Arc::ptr_eq(&properties["l"], &properties["r"]));
    }
}
