//! Assignments that a shell evaluates; what is written is `templates/shell`.

use minijinja::Value;

use super::{RenderError, engine, error::checked_text};
use crate::{
    environment::{FilePaths, Variables},
    value::{SECRET, Secrets},
};

const POSIX: &str = include_str!("../../templates/shell/posix.sh");

/// Renders `export NAME='…'` lines for bash and every POSIX shell, sorted by name; the path of a file goes before a variable of
/// its name.
///
/// # Errors
/// All of [`RenderError`] that concern a variable.
pub fn shell(variables: &Variables, paths: &FilePaths, secrets: Secrets) -> Result<String, RenderError> {
    let assignments = variables.assignments(paths);
    let list = assignments.iter().map(|assignment| {
        let text = checked_text(assignment)?;
        let text = if secrets == Secrets::Masked && assignment.secret { SECRET } else { text };
        Ok(Value::from_pairs([("name", assignment.name), ("value", text)]))
    });
    let list: Vec<Value> = list.collect::<Result<_, RenderError>>()?;
    engine::render("posix.sh", POSIX, Value::from_pairs([("variables", Value::from(list))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        environment::VARIABLES,
        value::{Graph, NodeId, schema::Schema},
    };

    fn try_render(
        entry: impl FnOnce(&mut Graph) -> NodeId,
        name: &str,
        secrets: Secrets,
    ) -> Result<String, RenderError> {
        let mut graph = Graph::new();
        let value = entry(&mut graph);
        let section = graph.object([(name.into(), value)]);
        let root = graph.object([(VARIABLES.into(), section)]);
        shell(&Variables::of(graph.view(root), crate::dialect::Dialect::Local).unwrap(), &FilePaths::new(), secrets)
    }

    #[test]
    fn values_are_quoted_and_names_are_checked() {
        let name = || "A".to_owned();
        assert_eq!(try_render(|g| g.string("$(id)\n"), "A", Secrets::Shown).as_deref(), Ok("export A='$(id)\n'\n"));
        assert_eq!(try_render(|g| g.secret("s"), "A", Secrets::Shown).as_deref(), Ok("export A='s'\n"));
        assert_eq!(try_render(|g| g.secret("s"), "A", Secrets::Masked).as_deref(), Ok("export A='[secret]'\n"));
        assert_eq!(try_render(|g| g.string("a\0"), "A", Secrets::Shown), Err(RenderError::Nul { name: name() }));
        assert_eq!(
            try_render(|g| g.string(&b"\xff"[..]), "A", Secrets::Shown),
            Err(RenderError::NotUtf8 { name: name() })
        );
        assert_eq!(
            try_render(|g| g.unknown(Schema::any()), "A", Secrets::Shown),
            Err(RenderError::Unknown { name: name() })
        );
        let bad = RenderError::InvalidName { name: "x;rm".into() };
        assert_eq!(try_render(|g| g.string("a"), "x;rm", Secrets::Shown), Err(bad));
    }

    #[test]
    fn an_empty_environment_is_an_empty_text() {
        assert_eq!(shell(&Variables::default(), &FilePaths::new(), Secrets::Shown).as_deref(), Ok(""));
    }
}
