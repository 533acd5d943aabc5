//! A whole document.

use super::{expr::Expr, id::ExprId, import::Import};
use crate::{diagnostic::Sink, syntax::Tree};

/// The declaration of an environment.
#[derive(Debug)]
pub struct Environment {
    /// The document.
    pub tree: Tree,
    /// Imports in the order written; broken entries are left out.
    pub imports: Vec<Import>,
    /// Whether `imports` has entries at all, broken ones included.
    pub has_import_entries: bool,
    /// Every expression; children stand behind their parent.
    pub exprs: Vec<Expr>,
    /// The object of `values`, empty when there are none; absent when the document is no mapping.
    pub values: Option<ExprId>,
    /// Messages that belong to the declaration of values: reserved and repeated keys.
    pub declarations: Sink,
}

impl Environment {
    /// Returns an expression.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// Tells whether there is nothing to evaluate.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let entries = self.values.map(|id| &self.expr(id).form);
        let has_values = matches!(entries, Some(super::Form::Object { entries, .. }) if !entries.is_empty());
        !has_values && !self.has_import_entries
    }
}
