//! Reserved and repeated keys: told when an environment's values are declared, so once for each evaluation.

use super::{
    builtin::{Builtin, Secret},
    environment::Environment,
    expr::Form,
    id::ExprId,
};
use crate::{
    diagnostic::{Diagnostic, Problem, Severity, Sink},
    source::Source,
    syntax::NodeId,
    value::Key,
};

/// Tells whether a name can't be a top-level value.
pub(super) fn is_reserved(name: &str) -> bool {
    matches!(name, "imports" | "context" | "environments")
}

/// Finds the problems depth first in the order written; what is dropped is not looked into.
pub(super) fn problems(environment: &Environment, source: &Source) -> Sink {
    let mut walk = Walk { environment, source, sink: Sink::default() };
    if let Some(root) = environment.values {
        walk.expr(root, true);
    }
    walk.sink
}

struct Walk<'a> {
    environment: &'a Environment,
    source: &'a Source,
    sink: Sink,
}

impl Walk<'_> {
    fn expr(&mut self, id: ExprId, top: bool) {
        match &self.environment.expr(id).form {
            Form::List(items) => items.iter().for_each(|item| self.expr(*item, false)),
            Form::Object { entries, .. } => {
                let mut seen: std::collections::HashSet<&Key> = std::collections::HashSet::new();
                for entry in entries {
                    let Some(key) = &entry.key else { continue };
                    if top && is_reserved(key) {
                        self.report(Problem::Reserved { name: key.to_string() }, entry.node);
                    } else if seen.insert(key) {
                        self.expr(entry.value, false);
                    } else {
                        self.report(Problem::DupKey { name: key.to_string() }, entry.node);
                    }
                }
            }
            Form::Builtin(builtin) => self.arguments(builtin),
            _ => {}
        }
    }

    fn arguments(&mut self, builtin: &Builtin) {
        let parts = match builtin {
            Builtin::Pure(_, argument) => [Some(*argument), None],
            Builtin::Join(pair) | Builtin::Split(pair) => pair.map_or([None, None], |[a, b]| [Some(a), Some(b)]),
            Builtin::Open(call) => [call.inputs, None],
            Builtin::Rotate(rotate) => [rotate.call.inputs, rotate.state],
            Builtin::Secret(Secret::Plaintext(_) | Secret::Ciphertext(_)) => [None, None],
            Builtin::Validate(validate) => [validate.schema, validate.value],
        };
        parts.into_iter().flatten().for_each(|part| self.expr(part, false));
    }

    fn report(&mut self, problem: Problem, node: NodeId) {
        let tree = &self.environment.tree;
        let _ = self.sink.report(Diagnostic {
            severity: Severity::Error,
            problem,
            span: Some(tree.span(node)),
            range: Some(tree.range(node, self.source)),
            path: tree.document_path(node),
            extension: None,
        });
    }
}
