//! Messages of an evaluation, with the places of the expressions they are about.

use super::{cell::CellId, environment::EnvId, machine::Machine};
use crate::{
    ast::Place,
    diagnostic::{Diagnostic, Problem, Severity},
    syntax::{NodeId as SyntaxId, append_index, append_key},
};

impl Machine {
    /// Reports a problem at a cell's expression.
    pub(super) fn report(&mut self, cell: CellId, problem: Problem) {
        let severity = problem.severity();
        self.report_as(cell, None, problem, severity);
    }

    /// Reports a problem at a part of the string that a cell's expression is.
    pub(super) fn report_part(&mut self, cell: CellId, part: (usize, usize), problem: Problem) {
        let severity = problem.severity();
        self.report_as(cell, Some(part), problem, severity);
    }

    /// Reports a problem with a severity of its own.
    pub(super) fn report_as(
        &mut self,
        cell: CellId,
        part: Option<(usize, usize)>,
        problem: Problem,
        severity: Severity,
    ) {
        let (environment, expr) = self.expr(cell);
        let tree = &environment.declaration.tree;
        let source = self.sources.get(environment.source);
        let range = part.and_then(|part| tree.sub_range(expr.node, part, source));
        let diagnostic = Diagnostic {
            severity,
            problem,
            span: Some(part.map_or_else(|| tree.span(expr.node), |part| tree.sub_span(expr.node, part, source))),
            range: Some(range.unwrap_or_else(|| tree.range(expr.node, source))),
            path: tree.document_path(expr.node),
            extension: None,
        };
        self.messages.add(self.current, diagnostic);
    }

    /// Reports a problem at a node of an environment's document.
    pub(super) fn report_node(&mut self, environment: EnvId, node: SyntaxId, problem: Problem) {
        let environment = self.env(environment);
        let tree = &environment.declaration.tree;
        let diagnostic = Diagnostic {
            severity: problem.severity(),
            problem,
            span: Some(tree.span(node)),
            range: Some(tree.range(node, self.sources.get(environment.source))),
            path: tree.document_path(node),
            extension: None,
        };
        self.messages.add(self.current, diagnostic);
    }

    /// Returns the document path of a cell.
    pub(super) fn document_path(&self, cell: CellId) -> String {
        let (environment, expr) = self.expr(cell);
        environment.declaration.tree.document_path(expr.node)
    }

    /// Returns the path of a cell below `values`; empty inside of a builtin's argument.
    pub(super) fn display_path(&self, cell: CellId) -> String {
        let (environment, _) = self.expr(cell);
        let mut steps = Vec::new();
        let mut current = self.expr(cell).1;
        while current.place != Place::Root {
            if current.place == Place::Argument {
                // A builtin's argument starts a path of its own, which begins empty.
                break;
            }
            steps.push(&current.place);
            current = environment.declaration.expr(current.parent);
        }
        let top = current.place == Place::Root;
        let mut path = String::new();
        for (at, step) in steps.into_iter().rev().enumerate() {
            match step {
                Place::Property(key) if at == 0 && top => path.push_str(key),
                Place::Property(key) => append_key(&mut path, key),
                Place::Item(index) => append_index(&mut path, u64::from(*index)),
                Place::Root | Place::Argument => {}
            }
        }
        path
    }
}
