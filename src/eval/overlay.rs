//! Merging: one value over another, key by key where both are objects.
//!
//! A merged object holds its inherited properties beside its own, so looking one up never walks through layers, and
//! importing a thousand environments costs what they hold. The graph is never changed: merging makes new nodes.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::machine::Machine;
use crate::value::{
    Flags, Key, Kind, Node, NodeId, Object, Shape,
    schema::{SchemaRef, Type, merge, schema_of},
};

/// The flags that a node has of itself.
const OWN: [Flags; 4] = [Flags::SECRET, Flags::UNKNOWN, Flags::FINAL, Flags::ROTATE_ONLY];

/// What one merge has done already: parts that are shared are merged once.
#[derive(Default)]
struct Memo {
    pairs: HashMap<(NodeId, NodeId), NodeId>,
    columns: HashMap<Box<[NodeId]>, NodeId>,
}

impl Machine {
    /// Lets an object literal, whose properties are merged already, inherit the others of its base.
    pub(super) fn inherit(&mut self, own: NodeId, base: NodeId) -> NodeId {
        let Kind::Object(top) = self.graph.node(own).kind.clone() else { return own };
        self.join(own, &top, base, |_, top, _| top)
    }

    /// Merges a value over another.
    pub(super) fn overlay(&mut self, top: NodeId, base: NodeId, frozen: bool) -> NodeId {
        self.overlay_once(top, base, frozen, &mut Memo::default())
    }

    fn overlay_once(&mut self, top: NodeId, base: NodeId, frozen: bool, memo: &mut Memo) -> NodeId {
        if top == base && !self.graph.node(top).flags.has(Flags::SHAPED_INSIDE) {
            return top;
        }
        if let Some(done) = memo.pairs.get(&(top, base)) {
            return *done;
        }
        let merged = match self.graph.node(top).kind.clone() {
            Kind::Object(object) => stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                let merged =
                    self.join(top, &object, base, |machine, top, base| machine.overlay_once(top, base, frozen, memo));
                if frozen { self.freeze(merged) } else { merged }
            }),
            _ => {
                let shape = self.merged_shape(top, base);
                let node = self.graph.node(top).clone();
                self.graph.push(Node { base: Some(base), shape, ..node })
            }
        };
        memo.pairs.insert((top, base), merged);
        merged
    }

    /// Joins the properties of an object with those of its base.
    fn join(
        &mut self,
        top: NodeId,
        object: &Arc<Object>,
        base: NodeId,
        mut child: impl FnMut(&mut Self, NodeId, NodeId) -> NodeId,
    ) -> NodeId {
        let below = self.graph.node(base).clone();
        let (entries, beneath, lowest) = match &below.kind {
            Kind::Object(lower) if !below.flags.has(Flags::UNKNOWN) => {
                // What a scalar layer hides is not inherited, although properties still merge with it.
                let hides = object.beneath.is_some();
                let mut entries = Vec::with_capacity(object.entries.len() + lower.entries.len());
                let mut inherited = lower.listed().peekable();
                for (key, top) in &object.entries {
                    while let Some((name, node)) = inherited.next_if(|(name, _)| name < key) {
                        if !hides {
                            entries.push((Arc::clone(name), *node));
                        }
                    }
                    let _ = inherited.next_if(|(name, _)| name == key);
                    let node = lower.get(key).map_or(*top, |lower| child(self, *top, lower));
                    entries.push((Arc::clone(key), node));
                }
                if !hides {
                    entries.extend(inherited.cloned());
                }
                if hides {
                    (entries, object.beneath, object.lowest_keys())
                } else {
                    (entries, lower.beneath, lower.lowest_keys())
                }
            }
            Kind::Unknown | Kind::Object(_) => {
                let mut entries = Vec::with_capacity(object.entries.len());
                for (key, top) in &object.entries {
                    let node = match self.property(base, key) {
                        Some(lower) if matches!(self.graph.node(*top).kind, Kind::Object(_) | Kind::Unknown) => {
                            child(self, *top, lower)
                        }
                        _ => *top,
                    };
                    entries.push((Arc::clone(key), node));
                }
                (entries, object.beneath.or(Some(base)), object.lowest_keys())
            }
            _ => (object.entries.to_vec(), object.beneath.or(Some(base)), object.lowest_keys()),
        };
        let shape = self.merged_shape(top, base);
        let joined = Object {
            entries: entries.into(),
            own: Some(object.own_keys()),
            lowest: Some(lowest),
            beneath,
            frozen: object.frozen,
        };
        self.replace_object(top, joined, Some(base), shape)
    }

    /// Merges layers, the top one first; layers that are all plain objects are joined at once.
    pub(super) fn overlay_all(&mut self, layers: &[NodeId]) -> NodeId {
        self.overlay_all_once(layers, &mut Memo::default())
    }

    fn overlay_all_once(&mut self, layers: &[NodeId], memo: &mut Memo) -> NodeId {
        let plain = |machine: &Self, node: &NodeId| {
            let value = machine.graph.node(*node);
            match &value.kind {
                Kind::Object(object) if !value.flags.has(Flags::UNKNOWN) => object.beneath.is_none() && !object.frozen,
                _ => false,
            }
        };
        let [top, upper @ .., last] = layers else { return layers[0] };
        if layers.len() == 2 || !plain(self, top) || !upper.iter().chain([last]).all(|layer| plain(self, layer)) {
            let mut merged = *last;
            for layer in layers[..layers.len() - 1].iter().rev() {
                merged = self.overlay_once(*layer, merged, false, memo);
            }
            return merged;
        }
        if let Some(done) = memo.columns.get(layers) {
            return *done;
        }
        let mut columns: BTreeMap<Key, Vec<NodeId>> = BTreeMap::new();
        for layer in layers {
            let Kind::Object(object) = &self.graph.node(*layer).kind else { continue };
            for (key, node) in &object.entries {
                columns.entry(Arc::clone(key)).or_default().push(*node);
            }
        }
        let entries = columns
            .into_iter()
            .map(|(key, column)| {
                let merge = || self.overlay_all_once(&column, memo);
                (key, stacker::maybe_grow(64 * 1024, 1024 * 1024, merge))
            })
            .collect();
        let (Kind::Object(first), Kind::Object(lowest)) =
            (self.graph.node(*top).kind.clone(), self.graph.node(*last).kind.clone())
        else {
            unreachable!("every layer was found to be a plain object")
        };
        let shape = if layers.iter().all(|layer| follows_from_value(self.graph.node(*layer))) {
            Shape::Value
        } else {
            let lowest = schema_of(self.graph.view(*last));
            let upper = layers[..layers.len() - 1].iter().rev();
            Shape::Given(upper.fold(lowest, |below, layer| self.layered_schema(*layer, below)))
        };
        let joined = Object {
            entries,
            own: Some(first.own_keys()),
            lowest: Some(lowest.lowest_keys()),
            beneath: None,
            frozen: false,
        };
        let merged = self.replace_object(*top, joined, Some(layers[1]), shape);
        memo.columns.insert(layers.into(), merged);
        merged
    }

    /// Makes a node like another with other properties.
    fn replace_object(&mut self, like: NodeId, object: Object, base: Option<NodeId>, shape: Shape) -> NodeId {
        let node = self.graph.node(like);
        let (origin, flags) = (node.origin, own_flags(node.flags));
        let id = self.graph.add(Kind::Object(Arc::new(object)), flags, origin);
        let mut node = self.graph.node(id).clone();
        (node.base, node.shape) = (base, shape);
        self.graph.replace(id, node);
        id
    }

    /// The schema of a merged value follows from its properties unless something in a layer has one of its own.
    fn merged_shape(&self, top: NodeId, base: NodeId) -> Shape {
        let (upper, lower) = (self.graph.node(top), self.graph.node(base));
        let Kind::Object(object) = &upper.kind else {
            let schemas = [top, base].map(|node| schema_of(self.graph.view(node)));
            return match schemas {
                [above, below] if is_object(&above) && is_object(&below) => Shape::Given(merge(&above, &below)),
                _ => upper.shape.clone(),
            };
        };
        let hidden = object.beneath.is_some_and(|beneath| !is_object(&schema_of(self.graph.view(beneath))));
        if !hidden && follows_from_value(upper) && follows_from_value(lower) {
            return Shape::Value;
        }
        if hidden {
            // What merges beneath the layer that hides it does not reach the schema.
            return Shape::Given(schema_of(self.graph.view(top)));
        }
        Shape::Given(self.layered_schema(top, schema_of(self.graph.view(base))))
    }

    /// Merges the schema of a layer over that of the layers beneath. A layer that lies on others merges with them once more,
    /// which costs inherited properties their keywords.
    fn layered_schema(&self, top: NodeId, below: SchemaRef) -> SchemaRef {
        let below = match self.graph.node(top).base {
            Some(own) => merge(&schema_of(self.graph.view(own)), &below),
            None => below,
        };
        merge(&schema_of(self.graph.view(top)), &below)
    }

    /// Lets an object list its own keys only (quirk Q7).
    fn freeze(&mut self, node: NodeId) -> NodeId {
        let value = self.graph.node(node).clone();
        let Kind::Object(object) = &value.kind else { return node };
        let frozen = Object { frozen: true, ..object.as_ref().clone() };
        self.replace_object(node, frozen, value.base, value.shape)
    }

    /// Lets every object of a value list all its keys again, as a copy does.
    pub(super) fn thaw(&mut self, node: NodeId) -> NodeId {
        self.thaw_once(node, &mut HashMap::new())
    }

    fn thaw_once(&mut self, node: NodeId, done: &mut HashMap<NodeId, NodeId>) -> NodeId {
        if !self.graph.node(node).flags.has(Flags::FROZEN_INSIDE) {
            return node;
        }
        if let Some(thawed) = done.get(&node) {
            return *thawed;
        }
        let value = self.graph.node(node).clone();
        let mut inner = |child: NodeId| stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.thaw_once(child, done));
        let thawed = match &value.kind {
            Kind::List(items) => {
                let items: Arc<[NodeId]> = items.iter().map(|item| inner(*item)).collect();
                let id = self.graph.add(Kind::List(items), own_flags(value.flags), value.origin);
                let mut new = self.graph.node(id).clone();
                (new.base, new.shape) = (value.base, value.shape);
                self.graph.replace(id, new);
                id
            }
            Kind::Object(object) => {
                let entries = object.entries.iter().map(|(key, child)| (Arc::clone(key), inner(*child))).collect();
                let thawed = Object { entries, frozen: false, ..object.as_ref().clone() };
                self.replace_object(node, thawed, value.base, value.shape)
            }
            _ => node,
        };
        done.insert(node, thawed);
        thawed
    }
}

/// Tells whether the schema of an object is what its properties say, however often it is merged.
fn follows_from_value(node: &Node) -> bool {
    matches!((&node.shape, &node.kind), (Shape::Value, Kind::Object(_))) && !node.flags.has(Flags::SHAPED_INSIDE)
}

fn is_object(schema: &SchemaRef) -> bool {
    schema.kind() == Some(Type::Object)
}

fn own_flags(flags: Flags) -> Flags {
    OWN.into_iter().fold(Flags::empty(), |all, flag| all | flags.only(flag))
}
