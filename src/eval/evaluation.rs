//! The result of an evaluation.

use std::{sync::Arc, time::SystemTime};

use super::{cell::State, environment::EnvId, machine::Machine, rotation::Rotation};
use crate::{
    ast,
    diagnostic::{Diagnostic, Omitted, redact::Redactor},
    source::{Range, SourceId, SourceMap, Span},
    value::{
        Flags, Graph, Kind, NodeId, Origin, View,
        schema::{Schema, SchemaRef, merge, schema_of},
    },
};

/// A value that was asked for by path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Here it is.
    Value(NodeId),
    /// Nothing is there.
    Missing,
}

/// Where an environment's expressions are, so that origins can be told as places.
struct Document {
    first_cell: u32,
    source: SourceId,
    declaration: Arc<ast::Environment>,
    key: Arc<str>,
}

/// The values of an environment, and everything there is to say about them.
pub struct Evaluation {
    graph: Graph,
    root: Option<NodeId>,
    schema: SchemaRef,
    documents: Vec<Document>,
    /// The range of each origin, where somebody else evaluated.
    received: Vec<Range>,
    /// The texts that were read.
    pub sources: SourceMap,
    /// Messages of the root document's own text, sorted.
    pub load_diagnostics: Vec<Diagnostic>,
    /// Messages of the evaluation, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// How many messages there are besides.
    pub omitted: Omitted,
    /// Rotator calls that were selected, in the order of evaluation.
    pub rotations: Vec<Rotation>,
    /// What is at each path that was asked for, in their order; empty when everything was.
    pub found: Vec<Found>,
    /// When the first of the values that were opened expires, where one does.
    pub expires: Option<SystemTime>,
}

impl Machine {
    /// Ends a finished evaluation.
    #[must_use]
    pub fn finish(mut self) -> Evaluation {
        let root_cell = if self.environments.is_empty() { None } else { self.root_cell(EnvId::ROOT) };
        let root = root_cell.and_then(|cell| match self.cells[cell.0 as usize].state {
            State::Done(node) => Some(node),
            _ => None,
        });
        let schema = root.map_or_else(Schema::any, |root| {
            let schema = schema_of(self.graph.view(root));
            let base = root_cell.and_then(|cell| self.base(cell)).and_then(|base| self.peek(base));
            base.map_or_else(|| schema.clone(), |base| merge(&schema, &schema_of(self.graph.view(base))))
        });
        let (mut diagnostics, omitted) = std::mem::take(&mut self.messages).into_sorted();
        self.redact(&mut diagnostics);
        let documents = self
            .environments
            .iter()
            .map(|environment| Document {
                first_cell: environment.first_cell,
                source: environment.source,
                declaration: Arc::clone(&environment.declaration),
                key: Arc::clone(&environment.key),
            })
            .collect();
        let found = self.found.iter().map(|node| node.map_or(Found::Missing, Found::Value)).collect();
        Evaluation {
            graph: self.graph,
            root,
            schema,
            documents,
            received: Vec::new(),
            sources: self.sources,
            load_diagnostics: self.load_messages,
            diagnostics,
            omitted: omitted + self.load_omitted,
            rotations: self.rotations,
            found,
            expires: None,
        }
    }

    /// Masks what the run knows as secret, where a provider repeats it or a schema is made of it.
    ///
    /// The reference shows such texts as they are, and so does its dialect.
    fn redact(&self, messages: &mut [Diagnostic]) {
        if !self.is_local() || !messages.iter().any(|message| message.problem.shows_texts()) {
            return;
        }
        let nodes = self.graph.ids().map(|id| self.graph.node(id));
        let secrets = nodes.filter(|node| node.flags.has(Flags::SECRET));
        let redactor = Redactor::new(secrets.filter_map(|node| match &node.kind {
            Kind::String(text) => text.as_str(),
            Kind::Number(text) => Some(text),
            _ => None,
        }));
        for message in messages {
            redactor.redact(&mut message.problem);
        }
    }
}

impl Evaluation {
    /// Makes the result of an evaluation that somebody else did: `ranges` tells where each origin of the graph is, and `sources`
    /// holds what texts there are of it.
    #[must_use]
    pub fn received(
        graph: Graph,
        root: Option<NodeId>,
        ranges: Vec<Range>,
        sources: SourceMap,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        Self {
            graph,
            root,
            schema: Schema::any(),
            documents: Vec::new(),
            received: ranges,
            sources,
            load_diagnostics: Vec::new(),
            diagnostics,
            omitted: Omitted::default(),
            rotations: Vec::new(),
            found: Vec::new(),
            expires: None,
        }
    }

    /// Returns the environment's value, an object; `None` when there is no environment: an empty document or an unreadable one.
    #[must_use]
    pub fn root(&self) -> Option<View<'_>> {
        self.root.map(|root| self.graph.view(root))
    }

    /// Returns a node of the result.
    #[must_use]
    pub fn view(&self, node: NodeId) -> View<'_> {
        self.graph.view(node)
    }

    /// Returns the graph, for those who add to it.
    pub fn graph_mut(&mut self) -> &mut Graph {
        &mut self.graph
    }

    /// Returns the environment's schema.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns all messages, those of the load first.
    pub fn all_diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.load_diagnostics.iter().chain(&self.diagnostics)
    }

    /// Returns the keys of the environments that were read, the root's first.
    pub fn environments(&self) -> impl Iterator<Item = &Arc<str>> {
        self.documents.iter().map(|document| &document.key)
    }

    /// Returns the bytes of the expression that defines a value.
    #[must_use]
    pub fn span(&self, origin: Origin) -> Option<Span> {
        let (document, expr) = self.definition(origin)?;
        Some(document.declaration.tree.span(document.declaration.expr(expr).node))
    }

    /// Returns the reference's range of the expression that defines a value; all zero without one.
    #[must_use]
    pub fn range(&self, origin: Origin) -> Range {
        let Some((document, expr)) = self.definition(origin) else {
            return self.received.get(origin.0 as usize).cloned().unwrap_or_default();
        };
        let tree = &document.declaration.tree;
        tree.range(document.declaration.expr(expr).node, self.sources.get(document.source))
    }

    fn definition(&self, origin: Origin) -> Option<(&Document, ast::ExprId)> {
        if origin == Origin::NONE {
            return None;
        }
        let at = self.documents.partition_point(|document| document.first_cell <= origin.0);
        let document = self.documents.get(at.checked_sub(1)?)?;
        let expr = ast::ExprId(origin.0 - document.first_cell);
        ((expr.0 as usize) < document.declaration.exprs.len()).then_some((document, expr))
    }
}
