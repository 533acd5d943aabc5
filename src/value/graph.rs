//! The graph of evaluated nodes, and read-only views of it.

use std::{fmt, ops::BitOr, sync::Arc, time::SystemTime};

use super::{Text, schema::SchemaRef};

/// A property name.
pub type Key = Arc<str>;

/// Identifies a node of one [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// Returns the node's place among those of its graph; children stand before their parents.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The expression that defines a node, as a number that only the evaluation which made the graph can resolve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin(pub u32);

impl Origin {
    /// A node without a definition in a document: data of a provider, of the host or of the evaluator itself.
    pub const NONE: Self = Self(u32::MAX);
}

/// What is known of a node beside its value; flags with `INSIDE` are true of the node or of anything below it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    /// To be redacted.
    pub const SECRET: Self = Self(1);
    /// The value is not available; a `final` or `validate` result may still hold one.
    pub const UNKNOWN: Self = Self(1 << 1);
    /// Importers can't override it.
    pub const FINAL: Self = Self(1 << 2);
    /// A rotate-only input that was skipped.
    pub const ROTATE_ONLY: Self = Self(1 << 3);
    /// A secret at or below this node.
    pub const SECRET_INSIDE: Self = Self(1 << 4);
    /// An unknown at or below this node.
    pub const UNKNOWN_INSIDE: Self = Self(1 << 5);
    /// An unknown that is no skipped rotate-only input, at or below this node.
    pub const MISSING_INSIDE: Self = Self(1 << 6);
    /// A sealed leaf at or below this node.
    pub const SEALED_INSIDE: Self = Self(1 << 7);
    /// An object that shows only its own keys, at or below this node (quirk Q7).
    pub const FROZEN_INSIDE: Self = Self(1 << 8);
    /// An object schema that does not follow from a value, at or below this node.
    pub const SHAPED_INSIDE: Self = Self(1 << 9);

    const INSIDE: Self = Self(
        Self::SECRET_INSIDE.0
            | Self::UNKNOWN_INSIDE.0
            | Self::MISSING_INSIDE.0
            | Self::SEALED_INSIDE.0
            | Self::FROZEN_INSIDE.0
            | Self::SHAPED_INSIDE.0,
    );

    /// No flag.
    #[must_use]
    pub const fn empty() -> Self {
        Self(0)
    }

    /// Tells whether all the given flags are set.
    #[must_use]
    pub const fn has(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Returns these flags without the given ones.
    #[must_use]
    pub const fn without(self, flags: Self) -> Self {
        Self(self.0 & !flags.0)
    }

    /// Returns those of these flags that are also in the given ones.
    #[must_use]
    pub const fn only(self, flags: Self) -> Self {
        Self(self.0 & flags.0)
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags({:#b})", self.0)
    }
}

/// A secret that its provider can open later: only a leaf that is really asked for is decrypted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Seal {
    /// The provider that made it and can open it.
    pub provider: Arc<str>,
    /// What can be opened together and with one key, in the provider's own terms: a stack, or a salt.
    pub group: Arc<str>,
    /// The ciphertext, as the provider wants it back.
    pub ciphertext: Arc<str>,
}

/// What a node holds.
#[derive(Clone)]
pub enum Kind {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number's text, kept as it was written or received.
    Number(Arc<str>),
    /// A string.
    String(Text),
    /// A list.
    List(Arc<[NodeId]>),
    /// An object.
    Object(Arc<Object>),
    /// Nothing: not opened, failed, or never to be known here.
    Unknown,
    /// A secret that is opened when it is asked for.
    Sealed(Arc<Seal>),
}

/// The properties of an object, already merged with those of the layers it lies on.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// Merged properties in ascending byte order of their keys.
    pub entries: Box<[(Key, NodeId)]>,
    /// Keys of the top layer, ascending; `None` = all of `entries`.
    pub own: Option<Arc<[Key]>>,
    /// Keys of the lowest layer that is an object, ascending; `None` = the same as the top layer's.
    pub lowest: Option<Arc<[Key]>>,
    /// The first layer beneath that is no known object; it hides all below it.
    pub beneath: Option<NodeId>,
    /// Only own keys are listed, although the others can be accessed (quirk Q7).
    pub frozen: bool,
}

impl Object {
    /// Returns a property, inherited ones included.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<NodeId> {
        self.entries.binary_search_by(|(name, _)| name.as_ref().cmp(key)).ok().map(|at| self.entries[at].1)
    }

    /// Tells whether a key belongs to the top layer.
    #[must_use]
    pub fn owns(&self, key: &str) -> bool {
        match &self.own {
            None => true,
            Some(own) => own.binary_search_by(|name| name.as_ref().cmp(key)).is_ok(),
        }
    }

    /// Returns the properties that the object lists: merged ones, or own ones when it is frozen.
    pub fn listed(&self) -> impl Iterator<Item = &(Key, NodeId)> {
        self.entries.iter().filter(|(key, _)| !self.frozen || self.owns(key))
    }

    /// Returns the properties of the top layer.
    pub fn own(&self) -> impl Iterator<Item = &(Key, NodeId)> {
        self.entries.iter().filter(|(key, _)| self.owns(key))
    }

    /// Returns the keys of the top layer.
    #[must_use]
    pub fn own_keys(&self) -> Arc<[Key]> {
        match &self.own {
            Some(own) => Arc::clone(own),
            None => self.entries.iter().map(|(key, _)| Arc::clone(key)).collect(),
        }
    }

    /// Returns the keys of the lowest object layer: where a failed access looks for a suggestion.
    #[must_use]
    pub fn lowest_keys(&self) -> Arc<[Key]> {
        self.lowest.as_ref().map_or_else(|| self.own_keys(), Arc::clone)
    }
}

/// How the schema of a node is told from its value.
#[derive(Clone, Debug, Default)]
pub enum Shape {
    /// From the value itself: constants for scalars, element by element for containers.
    #[default]
    Value,
    /// The schema is given: a provider's output, a text that is no constant, or layers merged.
    Given(SchemaRef),
}

/// One evaluated value.
#[derive(Clone)]
pub struct Node {
    /// What it holds.
    pub kind: Kind,
    /// Its flags, those of everything below included.
    pub flags: Flags,
    /// Where it was defined.
    pub origin: Origin,
    /// The layer beneath, where it is known: only `trace` shows it.
    pub base: Option<NodeId>,
    /// How its schema is told.
    pub shape: Shape,
    /// How many values it has when it is written out, itself included; saturates.
    pub weight: u32,
}

/// Owns nodes; a node's children always stand before it.
#[derive(Clone, Default)]
pub struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    /// Returns an empty graph.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node with flags of its own; flags and weight of what is below are added to it.
    ///
    /// # Panics
    /// When a child is not yet in the graph.
    pub fn add(&mut self, kind: Kind, flags: Flags, origin: Origin) -> NodeId {
        let mut all = flags;
        let mut weight = 1_u32;
        let mut below = |nodes: &[Node], id: NodeId| {
            let node = &nodes[id.0 as usize];
            all = all | node.flags.only(Flags::INSIDE);
            weight = weight.saturating_add(node.weight);
        };
        match &kind {
            Kind::List(items) => items.iter().for_each(|id| below(&self.nodes, *id)),
            Kind::Object(object) => {
                object.listed().for_each(|(_, id)| below(&self.nodes, *id));
                if object.frozen {
                    all = all | Flags::FROZEN_INSIDE;
                }
            }
            Kind::Unknown => all = all | Flags::UNKNOWN,
            Kind::Sealed(_) => all = all | Flags::SECRET | Flags::SEALED_INSIDE,
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
        self.push(Node { kind, flags: inside(all), origin, base: None, shape: Shape::Value, weight })
    }

    /// Adds a node as it is, but for the flags that follow from its own: for copies with another origin, base or flag.
    ///
    /// # Panics
    /// After 2^32 nodes; the limits on definitions and JSON end a run long before.
    pub fn push(&mut self, mut node: Node) -> NodeId {
        node.flags = inside(node.flags) | shaped(&node.shape);
        let id = NodeId(u32::try_from(self.nodes.len()).expect("limits keep a graph far below 2^32 nodes"));
        self.nodes.push(node);
        id
    }

    /// Adds `null`.
    pub fn null(&mut self) -> NodeId {
        self.add(Kind::Null, Flags::empty(), Origin::NONE)
    }

    /// Adds a boolean.
    pub fn bool(&mut self, value: bool) -> NodeId {
        self.add(Kind::Bool(value), Flags::empty(), Origin::NONE)
    }

    /// Adds a number by its text.
    pub fn number(&mut self, text: impl Into<Arc<str>>) -> NodeId {
        self.add(Kind::Number(text.into()), Flags::empty(), Origin::NONE)
    }

    /// Adds a string.
    pub fn string(&mut self, text: impl Into<Text>) -> NodeId {
        self.add(Kind::String(text.into()), Flags::empty(), Origin::NONE)
    }

    /// Adds a secret string.
    pub fn secret(&mut self, text: impl Into<Text>) -> NodeId {
        self.add(Kind::String(text.into()), Flags::SECRET, Origin::NONE)
    }

    /// Adds an unknown of a schema.
    pub fn unknown(&mut self, schema: SchemaRef) -> NodeId {
        let id = self.add(Kind::Unknown, Flags::empty(), Origin::NONE);
        let node = &mut self.nodes[id.0 as usize];
        node.shape = Shape::Given(schema);
        node.flags = node.flags | shaped(&node.shape);
        id
    }

    /// Adds a list.
    pub fn list(&mut self, items: impl Into<Arc<[NodeId]>>) -> NodeId {
        self.add(Kind::List(items.into()), Flags::empty(), Origin::NONE)
    }

    /// Adds an object; entries may come in any order, the last of equal keys wins.
    pub fn object(&mut self, entries: impl IntoIterator<Item = (Key, NodeId)>) -> NodeId {
        let object = Object { entries: sorted(entries), ..Object::default() };
        self.add(Kind::Object(Arc::new(object)), Flags::empty(), Origin::NONE)
    }

    /// Returns a node.
    ///
    /// # Panics
    /// When the id comes from another graph.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Replaces a node in place: a sealed leaf that was opened. What lies above keeps its flags.
    pub(crate) fn replace(&mut self, id: NodeId, mut node: Node) {
        node.flags = node.flags | shaped(&node.shape);
        self.nodes[id.0 as usize] = node;
    }

    /// Returns a view of a node.
    #[must_use]
    pub fn view(&self, id: NodeId) -> View<'_> {
        View { graph: self, id }
    }

    /// Returns all nodes, children before their parents.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).expect("a graph has fewer than 2^32 nodes")).map(NodeId)
    }

    /// Returns how many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Tells whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Copies a value into this graph, sharing kept; every node gets the origin, and the extra flags where they are given.
    pub fn graft(&mut self, value: View<'_>, origin: Origin, flags: Flags) -> NodeId {
        let mut copied: std::collections::HashMap<NodeId, NodeId> = std::collections::HashMap::new();
        let mut stack = vec![value.id];
        while let Some(id) = stack.last().copied() {
            if copied.contains_key(&id) {
                stack.pop();
                continue;
            }
            let node = value.graph.node(id);
            let before = stack.len();
            let mut want = |child: NodeId| {
                if !copied.contains_key(&child) {
                    stack.push(child);
                }
            };
            match &node.kind {
                Kind::List(items) => items.iter().rev().for_each(|child| want(*child)),
                Kind::Object(object) => object.entries.iter().rev().for_each(|(_, child)| want(*child)),
                _ => {}
            }
            if stack.len() > before {
                continue;
            }
            stack.pop();
            let kind = match &node.kind {
                Kind::List(items) => Kind::List(items.iter().map(|child| copied[child]).collect()),
                Kind::Object(object) => {
                    let entries = object.entries.iter().map(|(key, child)| (Arc::clone(key), copied[child])).collect();
                    Kind::Object(Arc::new(Object { entries, ..Object::default() }))
                }
                other => other.clone(),
            };
            let own = node.flags.only(Flags::SECRET | Flags::UNKNOWN | Flags::ROTATE_ONLY) | flags;
            let new = self.add(kind, own, origin);
            // What is known tells its own schema.
            if matches!(node.kind, Kind::Unknown) {
                let copy = &mut self.nodes[new.0 as usize];
                copy.shape = node.shape.clone();
                copy.flags = copy.flags | shaped(&copy.shape);
            }
            copied.insert(id, new);
        }
        copied[&value.id]
    }
}

/// Sorts entries by key; of equal keys the last wins.
pub(crate) fn sorted(entries: impl IntoIterator<Item = (Key, NodeId)>) -> Box<[(Key, NodeId)]> {
    let mut list: Vec<(Key, NodeId)> = entries.into_iter().collect();
    if !list.is_sorted_by(|a, b| a.0 < b.0) {
        list.reverse();
        list.sort_by(|a, b| a.0.cmp(&b.0));
        list.dedup_by(|later, earlier| later.0 == earlier.0);
    }
    list.into()
}

/// Adds the flags that follow from a node's own.
fn inside(flags: Flags) -> Flags {
    let mut all = flags;
    if flags.has(Flags::SECRET) {
        all = all | Flags::SECRET_INSIDE;
    }
    if flags.has(Flags::UNKNOWN) {
        all = all | Flags::UNKNOWN_INSIDE;
        if !flags.has(Flags::ROTATE_ONLY) {
            all = all | Flags::MISSING_INSIDE;
        }
    }
    all
}

/// Tells the flag that follows from a schema of a node's own.
fn shaped(shape: &Shape) -> Flags {
    match shape {
        Shape::Given(schema) if schema.kind() == Some(super::schema::Type::Object) => Flags::SHAPED_INSIDE,
        _ => Flags::empty(),
    }
}

/// A read-only look at one node.
#[derive(Clone, Copy)]
pub struct View<'g> {
    graph: &'g Graph,
    id: NodeId,
}

impl<'g> View<'g> {
    /// Returns the node's id.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Returns the graph that holds the node.
    #[must_use]
    pub fn graph(self) -> &'g Graph {
        self.graph
    }

    /// Returns the node.
    #[must_use]
    pub fn node(self) -> &'g Node {
        self.graph.node(self.id)
    }

    /// Returns what the node holds.
    #[must_use]
    pub fn kind(self) -> &'g Kind {
        &self.node().kind
    }

    /// Tells whether all the given flags are set.
    #[must_use]
    pub fn has(self, flags: Flags) -> bool {
        self.node().flags.has(flags)
    }

    /// Tells whether the value is not available.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self.has(Flags::UNKNOWN)
    }

    /// Tells whether the value is to be redacted.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self.has(Flags::SECRET)
    }

    /// Returns a listed property of a known object.
    #[must_use]
    pub fn get(self, key: &str) -> Option<View<'g>> {
        match self.kind() {
            Kind::Object(object) if !object.frozen || object.owns(key) => object.get(key).map(|id| self.at(id)),
            _ => None,
        }
    }

    /// Returns an element of a known list.
    #[must_use]
    pub fn item(self, index: usize) -> Option<View<'g>> {
        match self.kind() {
            Kind::List(items) => items.get(index).map(|id| self.at(*id)),
            _ => None,
        }
    }

    /// Returns the listed properties of an object in ascending byte order, nothing for other kinds.
    pub fn entries(self) -> impl Iterator<Item = (&'g Key, View<'g>)> {
        let object = match self.kind() {
            Kind::Object(object) => Some(object),
            _ => None,
        };
        object.into_iter().flat_map(|object| object.listed()).map(move |(key, id)| (key, self.at(*id)))
    }

    /// Returns the elements of a list, nothing for other kinds.
    pub fn items(self) -> impl Iterator<Item = View<'g>> {
        let items: &'g [NodeId] = match self.kind() {
            Kind::List(items) => items,
            _ => &[],
        };
        items.iter().map(move |id| self.at(*id))
    }

    /// Returns the text of a known UTF-8 string.
    #[must_use]
    pub fn as_str(self) -> Option<&'g str> {
        match self.kind() {
            Kind::String(text) if !self.is_unknown() => text.as_str(),
            _ => None,
        }
    }

    /// Returns a known boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) if !self.is_unknown() => Some(*value),
            _ => None,
        }
    }

    /// Returns the text of a known number.
    #[must_use]
    pub fn as_number(self) -> Option<&'g str> {
        match self.kind() {
            Kind::Number(text) if !self.is_unknown() => Some(text),
            _ => None,
        }
    }

    /// Looks at another node of the same graph.
    #[must_use]
    pub fn at(self, id: NodeId) -> View<'g> {
        View { graph: self.graph, id }
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind() {
            Kind::Null => "null",
            Kind::Bool(_) => "boolean",
            Kind::Number(_) => "number",
            Kind::String(_) => "string",
            Kind::List(_) => "list",
            Kind::Object(_) => "object",
            Kind::Unknown => "unknown",
            Kind::Sealed(_) => "sealed",
        };
        write!(f, "View({kind}, {:?})", self.node().flags)
    }
}

/// A value that owns its graph: what is handed to a provider, and what comes back.
#[derive(Clone)]
pub struct Value {
    graph: Arc<Graph>,
    root: NodeId,
    expires: Option<SystemTime>,
}

impl Value {
    /// Wraps a graph and the node that is meant.
    #[must_use]
    pub fn new(graph: Graph, root: NodeId) -> Self {
        Self { graph: Arc::new(graph), root, expires: None }
    }

    /// Says until when it is good: credentials of a session are not for ever.
    #[must_use]
    pub fn until(self, expires: Option<SystemTime>) -> Self {
        Self { expires, ..self }
    }

    /// Returns until when it is good, where that is known.
    #[must_use]
    pub fn expires(&self) -> Option<SystemTime> {
        self.expires
    }

    /// Copies what a view shows, sharing kept.
    #[must_use]
    pub fn copy(view: View<'_>) -> Self {
        let mut graph = Graph::new();
        let root = graph.graft(view, Origin::NONE, Flags::empty());
        Self::new(graph, root)
    }

    /// Returns a view of the whole.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        self.graph.view(self.root)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kind(…)")
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({:?})", self.flags)
    }
}
