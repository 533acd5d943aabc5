//! Checks the schema of an unknown against the schema that is to accept it.
//!
//! Only the shape counts: constants, limits and patterns wait until the value is known.

use std::{collections::HashSet, sync::Arc};

use super::{Key, Keywords, Reference, Schema, SchemaRef, Type, Violation, place::Place, validate::Check};

impl Check<'_> {
    /// Tells whether what a schema describes is acceptable, as far as schemas can tell.
    pub(super) fn schema(&mut self, given: &SchemaRef, accept: &SchemaRef, place: &Place<'_>) -> bool {
        let (from, to) = match (&**given, &**accept) {
            (Schema::Any, _) | (_, Schema::Any) => return true,
            (Schema::Never, _) | (_, Schema::Never) => return false,
            (Schema::Keywords(from), Schema::Keywords(to)) => (from, to),
        };
        if !self.visit() {
            return false;
        }
        let key = (Arc::as_ptr(given), Arc::as_ptr(accept));
        if self.schemas.contains_key(&key) {
            return true;
        }
        self.schemas.insert(key, [Arc::clone(given), Arc::clone(accept)]);
        let matches = stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            self.indirect(given, from, accept, to, place) & self.shape(given, from, to, place)
        });
        if !matches {
            self.schemas.remove(&key);
        }
        matches
    }

    /// Checks references, and the branches of what is given.
    fn indirect(
        &mut self,
        given: &SchemaRef,
        from: &Keywords,
        accept: &SchemaRef,
        to: &Keywords,
        place: &Place<'_>,
    ) -> bool {
        let mut matches = true;
        if let Some(target) = target(to) {
            matches &= self.schema(given, &target, place);
        }
        if let Some(target) = target(from) {
            matches &= self.schema(&target, accept, place);
        }
        if let Some(rare) = &from.rare {
            for branches in [&rare.any_of, &rare.one_of] {
                matches &= self.any_branch(branches, place, |check, branch| check.schema(branch, accept, place));
            }
        }
        matches
    }

    /// Checks the type, the branches of what is accepted, and the parts.
    fn shape(&mut self, given: &SchemaRef, from: &Keywords, to: &Keywords, place: &Place<'_>) -> bool {
        let mut matches = true;
        let mismatch = from.kind.zip(to.kind).filter(|(got, expected)| got != expected);
        if let Some((got, expected)) = mismatch {
            matches = self.report(place, Violation::Type { expected: expected.name(), got: got.name() });
        }
        if let Some(rare) = &to.rare {
            for branches in [&rare.any_of, &rare.one_of] {
                matches &= self.any_branch(branches, place, |check, branch| check.schema(given, branch, place));
            }
        }
        match from.kind {
            _ if mismatch.is_some() => matches,
            Some(Type::Array) => matches & self.items(from, to, place),
            Some(Type::Object) => matches & self.properties(from, to, place),
            _ => matches,
        }
    }

    fn items(&mut self, from: &Keywords, to: &Keywords, place: &Place<'_>) -> bool {
        let (any, mut matches) = (Schema::any(), true);
        let (rest, accepted_rest) = (from.items.as_ref().unwrap_or(&any), to.items.as_ref().unwrap_or(&any));
        for index in 0..from.prefix_items.len().max(to.prefix_items.len()) {
            let given = from.prefix_items.get(index).unwrap_or(rest);
            let accept = to.prefix_items.get(index).unwrap_or(accepted_rest);
            matches &= self.schema(given, accept, &place.item(self.blame, index));
        }
        // No further items are given: there is nothing to accept.
        if !rest.is_never() {
            matches &= self.schema(rest, accepted_rest, place);
        }
        matches
    }

    fn properties(&mut self, from: &Keywords, to: &Keywords, place: &Place<'_>) -> bool {
        let mut matches = true;
        for (key, given) in &from.properties {
            if let Some(accept) = to.properties.get(key).or(to.additional_properties.as_ref()) {
                matches &= self.schema(given, accept, &place.property(self.blame, key));
            }
        }
        match &from.additional_properties {
            None => {
                for key in unpromised(from, to) {
                    let place = place.property(self.blame, key);
                    matches = self.report(&place, Violation::RequiredSchema(vec![Arc::clone(key)]));
                }
            }
            Some(given) if !given.is_never() => {
                if let Some(accept) = &to.additional_properties {
                    matches &= self.schema(given, accept, place);
                }
            }
            Some(_) => {}
        }
        matches
    }
}

fn target(keywords: &Keywords) -> Option<SchemaRef> {
    keywords.rare.as_ref()?.reference.as_ref().and_then(Reference::target)
}

/// Returns the properties that are to be there and that the given schema does not require.
fn unpromised<'s>(from: &Keywords, to: &'s Keywords) -> Vec<&'s Key> {
    let promised: HashSet<&Key> = from.required.iter().collect();
    let dependent = to.rare.iter().flat_map(|rare| &rare.dependent_required);
    let dependent = dependent.filter(|(key, _)| promised.contains(key)).flat_map(|(_, names)| names);
    to.required.iter().chain(dependent).filter(|key| !promised.contains(key)).collect()
}

#[cfg(test)]
mod tests;
