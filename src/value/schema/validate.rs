//! Checks a value against a schema.
//!
//! Everything is checked, nothing short-circuits, and a never schema fails without a word. Each check looks at a bounded
//! number of values; what matched once is not looked at again, so shared parts cost little.

use std::{collections::HashMap, sync::Arc};

use super::{
    super::{Kind, NodeId, Origin, Shape, View},
    Blame, Keywords, Schema, SchemaRef, Type, Violation,
    equal::equal,
    infer::schema_of,
    limits,
    place::Place,
};

/// How many pairs of a value and a schema one check looks at.
const MAX_VISITS: u32 = 1_000_000;

/// One violation and the definition that is to blame.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The definition of the offending value.
    pub origin: Origin,
    /// Path of the offending part below that definition (`bar`, `[1]`); empty for itself.
    pub prefix: String,
    /// What is wrong.
    pub violation: Violation,
}

/// Checks a value against a compiled schema and adds what is wrong to the findings; returns whether it matches.
///
/// A failure may come without a finding: nothing is said about what meets a never schema. A value that would take more
/// than 1,000,000 steps fails with [`Violation::TooLarge`] alone.
#[must_use]
pub fn validate(value: View<'_>, accept: &SchemaRef, blame: &dyn Blame, findings: &mut Vec<Finding>) -> bool {
    validate_within(MAX_VISITS, value, accept, blame, findings)
}

fn validate_within(
    visits: u32,
    value: View<'_>,
    accept: &SchemaRef,
    blame: &dyn Blame,
    findings: &mut Vec<Finding>,
) -> bool {
    let before = findings.len();
    let mut check = Check::new(blame, findings, visits);
    let matches = check.value(value, accept);
    if check.visits == 0 {
        findings.truncate(before);
        let origin = value.node().origin;
        findings.push(Finding { origin, prefix: String::new(), violation: Violation::TooLarge });
        return false;
    }
    matches
}

/// A check under way.
pub(super) struct Check<'c> {
    pub(super) blame: &'c dyn Blame,
    findings: &'c mut Vec<Finding>,
    /// How many visits are left.
    visits: u32,
    /// Pairs that match or, where a schema refers to itself, are being checked; the schema is kept alive.
    values: HashMap<(NodeId, *const Schema), SchemaRef>,
    /// Likewise of the schema of an unknown and the schema that is to accept it.
    pub(super) schemas: HashMap<(*const Schema, *const Schema), [SchemaRef; 2]>,
    /// Schemas of unknowns that hold a value.
    inferred: HashMap<NodeId, SchemaRef>,
}

impl<'c> Check<'c> {
    fn new(blame: &'c dyn Blame, findings: &'c mut Vec<Finding>, visits: u32) -> Self {
        Self { blame, findings, visits, values: HashMap::new(), schemas: HashMap::new(), inferred: HashMap::new() }
    }

    pub(super) fn report(&mut self, place: &Place<'_>, violation: Violation) -> bool {
        self.findings.push(Finding { origin: place.origin, prefix: place.prefix(), violation });
        false
    }

    /// Counts a visit; returns false when none is left.
    pub(super) fn visit(&mut self) -> bool {
        self.visits = self.visits.saturating_sub(1);
        self.visits > 0
    }

    fn value(&mut self, value: View<'_>, accept: &SchemaRef) -> bool {
        let keywords = match &**accept {
            Schema::Any => return true,
            Schema::Never => return false,
            Schema::Keywords(keywords) => keywords,
        };
        if !self.visit() {
            return false;
        }
        if value.is_unknown() || matches!(value.kind(), Kind::Sealed(_)) {
            let schema = self.schema_of_unknown(value);
            return self.schema(&schema, accept, &Place::new(value.node().origin));
        }
        let key = (value.id(), Arc::as_ptr(accept));
        if self.values.contains_key(&key) {
            return true;
        }
        self.values.insert(key, Arc::clone(accept));
        let matches = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.known(value, keywords));
        if !matches {
            self.values.remove(&key);
        }
        matches
    }

    fn schema_of_unknown(&mut self, value: View<'_>) -> SchemaRef {
        match (&value.node().shape, value.kind()) {
            (Shape::Given(schema), _) => Arc::clone(schema),
            (Shape::Value, Kind::Unknown | Kind::Sealed(_)) => Schema::any(),
            (Shape::Value, _) => Arc::clone(self.inferred.entry(value.id()).or_insert_with(|| schema_of(value))),
        }
    }

    fn known(&mut self, value: View<'_>, accept: &Keywords) -> bool {
        let place = Place::new(value.node().origin);
        let mut matches = true;
        if let Some(rare) = &accept.rare {
            if let Some(target) = rare.reference.as_ref().and_then(super::Reference::target) {
                matches &= self.value(value, &target);
            }
            matches &= self.any_branch(&rare.any_of, &place, |check, branch| check.value(value, branch));
            matches &= self.one_branch(value, &rare.one_of, &place);
        }
        if let Some(constant) = &accept.constant
            && !equal(value, constant.view())
        {
            matches = self.report(&place, Violation::Const(constant.clone()));
        }
        if !accept.one_of_values.is_empty() && !accept.one_of_values.iter().any(|one| equal(value, one.view())) {
            matches = self.report(
                &place,
                match &*accept.one_of_values {
                    [constant] => Violation::Const(constant.clone()),
                    values => Violation::Enum(values.to_vec()),
                },
            );
        }
        matches & self.typed(value, accept, &place)
    }

    /// Checks the type and the keywords of the value's own type.
    fn typed(&mut self, value: View<'_>, accept: &Keywords, place: &Place<'_>) -> bool {
        let got = match value.kind() {
            Kind::Null => Type::Null,
            Kind::Bool(_) => Type::Boolean,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(_) => Type::Array,
            Kind::Object(_) => Type::Object,
            Kind::Unknown | Kind::Sealed(_) => return true,
        };
        if let Some(expected) = accept.kind
            && expected != got
        {
            return self.report(place, Violation::Type { expected: expected.name(), got: got.name() });
        }
        let mut matches = true;
        match value.kind() {
            Kind::List(_) => {
                for (index, item) in value.items().enumerate() {
                    if let Some(schema) = accept.prefix_items.get(index).or(accept.items.as_ref()) {
                        matches &= self.value(item, schema);
                    }
                }
            }
            Kind::Object(_) => {
                for (key, property) in value.entries() {
                    if let Some(schema) = accept.properties.get(key).or(accept.additional_properties.as_ref()) {
                        matches &= self.value(property, schema);
                    }
                }
                matches &= self.required(value, accept, place);
            }
            _ => {}
        }
        for violation in accept.rare.iter().flat_map(|rare| limits::broken(value, rare)) {
            matches = self.report(place, violation);
        }
        matches
    }

    fn required(&mut self, object: View<'_>, accept: &Keywords, place: &Place<'_>) -> bool {
        let dependent = accept.rare.iter().flat_map(|rare| &rare.dependent_required);
        let dependent = dependent.filter(|(key, _)| object.get(key).is_some()).flat_map(|(_, names)| names);
        let missing: Vec<_> =
            accept.required.iter().chain(dependent).filter(|key| object.get(key).is_none()).cloned().collect();
        missing.is_empty() || self.report(place, Violation::Required(missing))
    }

    /// Tells whether a branch matches, or there is none; findings are kept when all fail.
    pub(super) fn any_branch(
        &mut self,
        branches: &[SchemaRef],
        place: &Place<'_>,
        mut matches: impl FnMut(&mut Self, &SchemaRef) -> bool,
    ) -> bool {
        if branches.is_empty() {
            return true;
        }
        let before = self.findings.len();
        if branches.iter().any(|branch| matches(self, branch)) {
            self.findings.truncate(before);
            return true;
        }
        self.report(place, Violation::NoneOf)
    }

    /// Tells whether exactly one branch matches, or there is none; findings are kept when all fail.
    fn one_branch(&mut self, value: View<'_>, branches: &[SchemaRef], place: &Place<'_>) -> bool {
        if branches.is_empty() {
            return true;
        }
        let before = self.findings.len();
        let matching = branches.iter().filter(|branch| self.value(value, branch)).take(2).count();
        if matching > 0 {
            self.findings.truncate(before);
        }
        match matching {
            0 => self.report(place, Violation::OneOfNone),
            1 => true,
            _ => self.report(place, Violation::OneOfMany),
        }
    }
}

#[cfg(test)]
mod tests;
