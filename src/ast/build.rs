//! Builds the declaration of an environment from its tree.

use std::{collections::HashSet, sync::Arc};

use super::{
    builtin::{Builtin, Call, Name, Pure, RotateCall, Secret, TABLE, Validate},
    declare,
    environment::Environment,
    expr::{Entry, Expr, Form, Place},
    id::ExprId,
    import::Import,
};
use crate::{
    diagnostic::{Diagnostic, Problem, Severity, Sink, suggest},
    dialect::Dialect,
    source::{Source, SourceId, SourceMap, Span},
    syntax::{
        self, Data, NodeId, Scalar, Tree,
        fix::SECTIONS,
        path::PathError,
        template::{self, Template},
    },
    value::Key,
};

const FIELDS: [&str; 3] = ["description", "imports", "values"];

impl Environment {
    /// Parses a source. Load messages go to the sink; `None` when the text is no YAML: then there is nothing to evaluate.
    pub fn parse(sources: &SourceMap, source: SourceId, dialect: Dialect, sink: &mut Sink) -> Option<Arc<Self>> {
        let mut messages = Sink::default();
        let tree = syntax::parse(sources, source, dialect, &mut messages);
        let unreadable = messages.has_errors();
        sink.append(messages);
        if unreadable {
            return None;
        }
        Some(Arc::new(Builder { tree, source: sources.get(source), dialect, sink, exprs: Vec::new() }.environment()))
    }
}

struct Builder<'a> {
    tree: Tree,
    source: &'a Source,
    dialect: Dialect,
    sink: &'a mut Sink,
    exprs: Vec<Expr>,
}

impl Builder<'_> {
    fn environment(mut self) -> Environment {
        let (mut imports, mut values) = (None, None);
        match self.tree.root() {
            None if self.source.text.is_empty() => {}
            None => self.report_whole(Problem::NotObject { what: "environment" }),
            Some(root) => match self.tree.node(root).data.clone() {
                Data::Mapping(entries) => (imports, values) = self.sections(&entries),
                Data::Scalar { scalar: Scalar::Null, .. } => {
                    self.report_whole(Problem::NotObject { what: "environment" });
                }
                _ => self.report(Problem::NotObject { what: "environment" }, root),
            },
        }
        let (imports, has_import_entries) = imports.map_or_else(Default::default, |node| self.imports(node));
        let values = values.and_then(|node| self.values(node)).or_else(|| self.no_values());
        let mut environment = Environment {
            tree: self.tree,
            imports,
            has_import_entries,
            exprs: self.exprs,
            values,
            declarations: Sink::default(),
        };
        environment.declarations = declare::problems(&environment, self.source);
        environment
    }

    /// Sorts the top-level entries out; of equal fields the last wins.
    fn sections(&mut self, entries: &[(NodeId, NodeId)]) -> (Option<NodeId>, Option<NodeId>) {
        let (mut description, mut imports, mut values) = (None, None, None);
        let mut seen: HashSet<Arc<str>> = HashSet::new();
        for (key, value) in entries {
            let name = Arc::clone(self.tree.text(*key));
            if seen.contains(&name) {
                self.report(Problem::DupField { name: name.to_string() }, *key);
            }
            let field = FIELDS.iter().find(|field| field.eq_ignore_ascii_case(&name));
            match field {
                Some(&"description") => description = Some(*value),
                Some(&"imports") => imports = Some(*value),
                Some(_) => values = Some(*value),
                None if self.dialect == Dialect::Local && SECTIONS.contains(&name.as_ref()) => {
                    self.report(Problem::MisplacedSection { name: name.to_string() }, *key);
                }
                None => {
                    self.report(Problem::UnknownField { name: name.to_string() }, *key);
                }
            }
            seen.insert(name);
        }
        if let Some(node) = description {
            let mut errors = Vec::new();
            let literal = match &self.tree.node(node).data {
                Data::Scalar { scalar: Scalar::String, text, .. } => {
                    matches!(template::parse(text, &mut errors), Template::Literal(_))
                }
                _ => false,
            };
            self.report_path_errors(node, errors);
            if !literal {
                self.report(Problem::FieldType { field: "description", expected: "a literal string" }, node);
            }
        }
        (imports, values)
    }

    fn imports(&mut self, node: NodeId) -> (Vec<Import>, bool) {
        let Data::Sequence(items) = self.tree.node(node).data.clone() else {
            self.report(Problem::NotList { what: "imports" }, node);
            return (Vec::new(), false);
        };
        let imports = items.iter().filter_map(|item| self.import(*item)).collect();
        (imports, !items.is_empty())
    }

    fn import(&mut self, node: NodeId) -> Option<Import> {
        match self.tree.node(node).data.clone() {
            Data::Scalar { scalar: Scalar::String, text, .. } => Some(Import { name: text, node, merge: true }),
            Data::Mapping(entries) => {
                let [(key, options)] = entries.as_slice() else {
                    self.report(Problem::ImportOneKey, node);
                    return None;
                };
                let merge = self.import_options(*options);
                Some(Import { name: Arc::clone(self.tree.text(*key)), node: *key, merge })
            }
            _ => {
                self.report(Problem::ImportForm, node);
                None
            }
        }
    }

    /// Reads `merge`; a wrong type counts as `false` (Q1).
    fn import_options(&mut self, node: NodeId) -> bool {
        let Data::Mapping(entries) = self.tree.node(node).data.clone() else {
            self.report(Problem::NotObject { what: "import" }, node);
            return true;
        };
        let mut merge = true;
        let mut seen: HashSet<Arc<str>> = HashSet::new();
        for (key, value) in entries {
            let name = Arc::clone(self.tree.text(key));
            if seen.contains(&name) {
                self.report(Problem::DupField { name: name.to_string() }, key);
            }
            if name.eq_ignore_ascii_case("merge") {
                merge = match self.tree.node(value).data {
                    Data::Scalar { scalar: Scalar::Bool(merge), .. } => merge,
                    _ => {
                        self.report(Problem::FieldType { field: "merge", expected: "a boolean" }, value);
                        false
                    }
                };
            }
            seen.insert(name);
        }
        merge
    }

    /// Builds the object of `values`: its keys are taken raw.
    fn values(&mut self, node: NodeId) -> Option<ExprId> {
        let Data::Mapping(entries) = self.tree.node(node).data.clone() else {
            self.report(Problem::NotObject { what: "values" }, node);
            return None;
        };
        let root = self.reserve(node, ExprId(0), Place::Root);
        let mut built = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let name: Key = Arc::clone(self.tree.text(key));
            if name.starts_with("fn::") {
                self.report(Problem::BuiltinTop { name: name.to_string() }, key);
            }
            let value = self.expr(value, root, Place::Property(Arc::clone(&name)));
            built.push(Entry { key: Some(name), node: key, value });
        }
        self.finish_object(root, built, declare::is_reserved);
        Some(root)
    }

    /// An environment of imports alone has an empty object of its own.
    fn no_values(&mut self) -> Option<ExprId> {
        let root = self.tree.root()?;
        let id = self.reserve(root, ExprId(0), Place::Root);
        self.finish_object(id, Vec::new(), declare::is_reserved);
        Some(id)
    }

    fn reserve(&mut self, node: NodeId, parent: ExprId, place: Place) -> ExprId {
        let id = ExprId(u32::try_from(self.exprs.len()).expect("10 MB of text hold far fewer than 2^32 expressions"));
        let parent = if place == Place::Root { id } else { parent };
        self.exprs.push(Expr { node, parent, place, form: Form::Null });
        id
    }

    fn set(&mut self, id: ExprId, form: Form) {
        self.exprs[id.0 as usize].form = form;
    }

    fn finish_object(&mut self, id: ExprId, entries: Vec<Entry>, dropped: fn(&str) -> bool) {
        let mut properties: Vec<(Key, ExprId)> = Vec::with_capacity(entries.len());
        for entry in &entries {
            if let Some(key) = &entry.key
                && !dropped(key)
            {
                properties.push((Arc::clone(key), entry.value));
            }
        }
        properties.sort_by(|a, b| a.0.cmp(&b.0));
        properties.dedup_by(|later, first| later.0 == first.0);
        self.set(id, Form::Object { entries, properties });
    }

    fn expr(&mut self, node: NodeId, parent: ExprId, place: Place) -> ExprId {
        let id = self.reserve(node, parent, place);
        match self.tree.node(node).data.clone() {
            Data::Scalar { scalar, text, .. } => {
                let form = match scalar {
                    Scalar::Null => Form::Null,
                    Scalar::Bool(value) => Form::Bool(value),
                    Scalar::Number(number) => Form::Number(number),
                    Scalar::NonFinite => {
                        self.report(Problem::JsonEnc, node);
                        Form::Null
                    }
                    Scalar::String => self.string(node, &text),
                };
                self.set(id, form);
            }
            Data::Sequence(items) => {
                let items = (0..).zip(items).map(|(at, item)| self.expr(item, id, Place::Item(at))).collect();
                self.set(id, Form::List(items));
            }
            Data::Mapping(entries) => self.mapping(id, node, &entries),
        }
        id
    }

    fn string(&mut self, node: NodeId, text: &Arc<str>) -> Form {
        let mut errors = Vec::new();
        let form = match template::parse(text, &mut errors) {
            Template::Literal(_) if !text.contains('$') => Form::String(Arc::clone(text)),
            Template::Literal(text) => Form::String(text.into()),
            Template::Reference(path) => Form::Reference(path),
            Template::Interpolation(parts) => Form::Interpolation(parts),
        };
        self.report_path_errors(node, errors);
        form
    }

    fn mapping(&mut self, id: ExprId, node: NodeId, entries: &[(NodeId, NodeId)]) {
        if let [(key, argument)] = entries {
            let name = Arc::clone(self.tree.text(*key));
            if let Some(builtin) = self.builtin(id, &name, *argument) {
                self.set(id, Form::Builtin(builtin));
                return;
            }
            if name.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("fn::")) {
                let known = TABLE.iter().map(|(name, _)| *name);
                let suggestion = suggest::property(&name, known).map(str::to_owned);
                self.report_at(Problem::ReservedPrefix { name: name.to_string(), suggestion }, *key, node);
            }
        } else {
            for (key, _) in entries {
                let name = Arc::clone(self.tree.text(*key));
                if name.starts_with("fn::") {
                    self.report(Problem::BuiltinNotAlone { name: name.to_string() }, node);
                }
            }
        }
        let mut built = Vec::with_capacity(entries.len());
        for (key_node, value) in entries {
            let text = Arc::clone(self.tree.text(*key_node));
            let key: Option<Key> = match self.string(*key_node, &text) {
                Form::String(key) => Some(key),
                _ => {
                    self.report(Problem::KeyNotString, *key_node);
                    None
                }
            };
            let place = Place::Property(key.clone().unwrap_or_else(|| Arc::clone(&text)));
            let value = self.expr(*value, id, place);
            built.push(Entry { key, node: *key_node, value });
        }
        self.finish_object(id, built, |_| false);
    }

    /// Builds a builtin call, or nothing when the key names none.
    fn builtin(&mut self, id: ExprId, key: &Arc<str>, argument: NodeId) -> Option<Builtin> {
        if let Some(provider) = key.strip_prefix("fn::open::") {
            let inputs = self.argument(id, argument);
            return Some(Builtin::Open(Call { provider: Some(provider.into()), inputs: Some(inputs) }));
        }
        if let Some(rotator) = key.strip_prefix("fn::rotate::") {
            return Some(self.rotate(id, key, Some(rotator), argument));
        }
        let (name, kind) = TABLE.iter().find(|(name, _)| *name == key.as_ref())?;
        Some(match kind {
            Name::Pure(pure) => {
                let value = self.argument(id, argument);
                if *pure == Pure::Concat && !matches!(self.exprs[value.0 as usize].form, Form::List(_)) {
                    self.report(Problem::ArgShape { builtin: name, expected: "a list of lists" }, argument);
                }
                Builtin::Pure(*pure, value)
            }
            Name::Join => Builtin::Join(self.pair(id, name, "a list of two: delimiter and values", argument)),
            Name::Split => Builtin::Split(self.pair(id, name, "a list of two: delimiter and string", argument)),
            Name::Open => self.open(id, name, argument),
            Name::Rotate => self.rotate(id, key, None, argument),
            Name::Secret => Builtin::Secret(self.secret(id, argument)),
            Name::Validate => self.validate(id, name, argument),
        })
    }

    fn argument(&mut self, call: ExprId, node: NodeId) -> ExprId {
        self.expr(node, call, Place::Argument)
    }

    fn pair(&mut self, id: ExprId, builtin: &'static str, expected: &'static str, node: NodeId) -> Option<[ExprId; 2]> {
        let argument = self.argument(id, node);
        if let Form::List(items) = &self.exprs[argument.0 as usize].form
            && let [first, second] = items[..]
        {
            // Parts of a pair have no base and no display path.
            return Some([first, second].map(|part| self.detach(part)));
        }
        self.report(Problem::ArgShape { builtin, expected }, node);
        None
    }

    /// Returns the last entry of a name in an argument's object literal, with its node.
    fn part(&self, argument: ExprId, name: &str) -> Option<ExprId> {
        let Form::Object { entries, .. } = &self.exprs[argument.0 as usize].form else { return None };
        entries.iter().rev().find(|entry| entry.key.as_deref() == Some(name)).map(|entry| entry.value)
    }

    fn is_object(&self, id: ExprId) -> bool {
        matches!(self.exprs[id.0 as usize].form, Form::Object { .. })
    }

    fn detach(&mut self, part: ExprId) -> ExprId {
        self.exprs[part.0 as usize].place = Place::Argument;
        part
    }

    fn open(&mut self, id: ExprId, name: &'static str, node: NodeId) -> Builtin {
        let argument = self.argument(id, node);
        if !self.is_object(argument) {
            self.report(Problem::ArgShape { builtin: name, expected: "a mapping with `provider` and `inputs`" }, node);
            return Builtin::Open(Call::default());
        }
        Builtin::Open(self.call(argument, node))
    }

    /// Reads `provider` and `inputs` of the long form.
    fn call(&mut self, argument: ExprId, node: NodeId) -> Call {
        let provider = match self.part(argument, "provider").map(|part| self.exprs[part.0 as usize].clone()) {
            None => {
                self.report(Problem::ProviderMissing, node);
                None
            }
            Some(Expr { form: Form::String(name), .. }) => Some(name),
            Some(part) => {
                self.report(Problem::ProviderLiteral, part.node);
                None
            }
        };
        Call { provider, inputs: self.inputs(argument, node) }
    }

    fn inputs(&mut self, argument: ExprId, node: NodeId) -> Option<ExprId> {
        let inputs = self.part(argument, "inputs");
        if inputs.is_none() {
            self.report(Problem::InputsMissing, node);
        }
        inputs.map(|inputs| self.detach(inputs))
    }

    fn rotate(&mut self, id: ExprId, key: &Arc<str>, rotator: Option<&str>, node: NodeId) -> Builtin {
        let argument = self.argument(id, node);
        let key = Arc::clone(key);
        if !self.is_object(argument) {
            let expected = "a mapping with `inputs` and `state`";
            self.report(Problem::ArgShape { builtin: "fn::rotate", expected }, node);
            return Builtin::Rotate(RotateCall { key, ..RotateCall::default() });
        }
        let call = match rotator {
            None => self.call(argument, node),
            Some(name) => Call { provider: Some(name.into()), inputs: self.inputs(argument, node) },
        };
        let state = self.part(argument, "state");
        if let Some(state) = state
            && !self.is_object(state)
        {
            let state_node = self.exprs[state.0 as usize].node;
            self.report(Problem::StateLiteral, state_node);
        }
        let state = state.map(|state| self.detach(state));
        Builtin::Rotate(RotateCall { call, state, key })
    }

    fn secret(&mut self, id: ExprId, node: NodeId) -> Secret {
        let argument = self.argument(id, node);
        match &self.exprs[argument.0 as usize].form {
            Form::String(text) => return Secret::Plaintext(Arc::clone(text)),
            Form::Object { entries, .. } => {
                if let [Entry { key: Some(key), value, .. }] = entries.as_slice()
                    && key.as_ref() == "ciphertext"
                    && let Form::String(text) = &self.exprs[value.0 as usize].form
                {
                    return Secret::Ciphertext(Arc::clone(text));
                }
            }
            _ => {}
        }
        self.report(Problem::SecretLiteral, node);
        Secret::Plaintext("".into())
    }

    fn validate(&mut self, id: ExprId, name: &'static str, node: NodeId) -> Builtin {
        let argument = self.argument(id, node);
        if !self.is_object(argument) {
            self.report(Problem::ArgShape { builtin: name, expected: "a mapping with `schema` and `value`" }, node);
            return Builtin::Validate(Validate::default());
        }
        let [schema, value] = ["schema", "value"].map(|part| {
            let found = self.part(argument, part);
            if found.is_none() {
                self.report(Problem::ValidateMissing { part }, node);
            }
            found.map(|found| self.detach(found))
        });
        Builtin::Validate(Validate { schema, value })
    }

    fn report_path_errors(&mut self, node: NodeId, errors: Vec<PathError>) {
        for (problem, part) in errors {
            let range =
                self.tree.sub_range(node, part, self.source).unwrap_or_else(|| self.tree.range(node, self.source));
            let _ = self.sink.report(Diagnostic {
                severity: Severity::Error,
                problem,
                span: Some(self.tree.sub_span(node, part, self.source)),
                range: Some(range),
                path: self.tree.document_path(node),
                extension: None,
            });
        }
    }

    fn report(&mut self, problem: Problem, node: NodeId) {
        self.report_at(problem, node, node);
    }

    fn report_at(&mut self, problem: Problem, node: NodeId, path_of: NodeId) {
        let _ = self.sink.report(Diagnostic {
            severity: problem.severity(),
            problem,
            span: Some(self.tree.span(node)),
            range: Some(self.tree.range(node, self.source)),
            path: self.tree.document_path(path_of),
            extension: None,
        });
    }

    /// Reports a problem of the whole text, which the reference gives no place.
    fn report_whole(&mut self, problem: Problem) {
        let _ = self.sink.report(Diagnostic {
            severity: problem.severity(),
            problem,
            span: Some(Span { source: self.tree.source, start: 0, end: 0 }),
            range: None,
            path: String::new(),
            extension: None,
        });
    }
}
