//! The variables and files of an evaluated environment.

use super::{FILES, FilePaths, VARIABLES};
use crate::{
    dialect::Dialect,
    value::{Key, Kind, NodeId, Text, TooLarge, View, text_form},
};

/// A variable, or a file and the variable that will hold its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, as the environment has it: not checked.
    pub name: Key,
    /// Its text, or the file's content.
    pub text: Text,
    /// To be redacted.
    pub secret: bool,
    /// The value is not known; the text is `[unknown]`.
    pub unknown: bool,
    /// The node that it was made of; absent when it is of no environment.
    pub origin: Option<NodeId>,
}

/// What an environment delivers; both lists are sorted by name, in byte order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    /// `environmentVariables`.
    pub variables: Vec<Variable>,
    /// `files`.
    pub files: Vec<Variable>,
}

/// What a shell or a process is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment<'v> {
    /// The variable's name: not checked.
    pub name: &'v str,
    /// Its value.
    pub text: Text,
    /// To be redacted; the path of a file is not.
    pub secret: bool,
    /// The value is not known; the text is `[unknown]`.
    pub unknown: bool,
}

impl Variables {
    /// Collects the scalars of `environmentVariables` and `files`; lists and objects in them are ignored, as are sections that
    /// are no known object. In a secret section all is secret, but for the reference, which looks at each entry alone (Q8).
    ///
    /// # Errors
    /// When there is more text than can be written.
    pub fn of(root: View<'_>, dialect: Dialect) -> Result<Self, TooLarge> {
        Ok(Self { variables: section(root, VARIABLES, dialect)?, files: section(root, FILES, dialect)? })
    }

    /// Puts the variables and files of another environment over these: by name, whichever of both it is.
    pub fn overlay(&mut self, other: Self) {
        let given = |one: &Variable| [&other.variables, &other.files].iter().any(|list| has(list, &one.name));
        for list in [&mut self.variables, &mut self.files] {
            list.retain(|one| !given(one));
        }
        for (list, more) in [(&mut self.variables, other.variables), (&mut self.files, other.files)] {
            list.extend(more);
            list.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }

    /// Returns one assignment for each name, sorted; the path of a file goes before a variable of the same name.
    ///
    /// A file without a path is an unknown value.
    #[must_use]
    pub fn assignments(&self, paths: &FilePaths) -> Vec<Assignment<'_>> {
        let mut all = self.assignments_as_listed(paths);
        // The sort is stable, so of equal names the last stays the last.
        all.sort_by(|a, b| a.name.cmp(b.name));
        all.reverse();
        all.dedup_by(|other, kept| other.name == kept.name);
        all.reverse();
        all
    }

    /// Returns the variables and then the files, as the reference lists them: a name that is both comes twice.
    ///
    /// A file without a path is an unknown value.
    #[must_use]
    pub fn assignments_as_listed(&self, paths: &FilePaths) -> Vec<Assignment<'_>> {
        let variables = self.variables.iter().map(|variable| Assignment {
            name: &variable.name,
            text: variable.text.clone(),
            secret: variable.secret,
            unknown: variable.unknown,
        });
        let files = self.files.iter().map(|file| {
            let path = paths.get(&file.name);
            Assignment {
                name: &file.name,
                text: path.map_or(crate::value::UNKNOWN, String::as_str).into(),
                secret: false,
                unknown: path.is_none(),
            }
        });
        variables.chain(files).collect()
    }
}

/// Tells whether a sorted list has a name.
fn has(list: &[Variable], name: &Key) -> bool {
    list.binary_search_by(|one| one.name.cmp(name)).is_ok()
}

/// Collects the scalars of one section.
fn section(root: View<'_>, name: &str, dialect: Dialect) -> Result<Vec<Variable>, TooLarge> {
    let Some(section) = root.get(name).filter(|section| !section.is_unknown()) else {
        return Ok(Vec::new());
    };
    let secret = dialect == Dialect::Local && (root.is_secret() || section.is_secret());
    section
        .entries()
        .filter(|(_, value)| is_scalar(*value))
        .map(|(name, value)| {
            let form = text_form(value)?;
            Ok(Variable {
                name: name.clone(),
                text: form.text,
                secret: secret || form.secret,
                unknown: form.unknown,
                origin: Some(value.id()),
            })
        })
        .collect()
}

/// Tells whether a value becomes a variable or a file.
pub(super) fn is_scalar(value: View<'_>) -> bool {
    !matches!(value.kind(), Kind::List(_) | Kind::Object(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Flags, Graph, Origin, schema::Schema};

    fn entries<const N: usize>(list: [(&str, NodeId); N]) -> [(Key, NodeId); N] {
        list.map(|(key, id)| (key.into(), id))
    }

    fn shown(list: &[Variable]) -> Vec<(&str, &str, bool, bool)> {
        list.iter().map(|one| (one.name.as_ref(), one.text.as_str().unwrap(), one.secret, one.unknown)).collect()
    }

    #[test]
    fn scalars_become_text_and_the_rest_is_ignored() {
        let mut graph = Graph::new();
        let (null, number, yes) = (graph.null(), graph.number("1.50"), graph.bool(true));
        let (string, secret) = (graph.string("a\nb"), graph.secret("s"));
        let unknown = graph.unknown(Schema::any());
        let list = graph.list([string]);
        let kept = graph.add(Kind::List([string].into()), Flags::UNKNOWN, Origin::NONE);
        let all = [
            ("b", number),
            ("a", null),
            ("t", yes),
            ("S", secret),
            ("s", string),
            ("u", unknown),
            ("l", list),
            ("k", kept),
        ];
        let section = graph.object(entries(all));
        let files = graph.object(entries([("F", secret), ("O", section)]));
        let root = graph.object(entries([(VARIABLES, section), (FILES, files)]));
        let found = Variables::of(graph.view(root), Dialect::Local).unwrap();
        let expected = [
            ("S", "s", true, false),
            ("a", "", false, false),
            ("b", "1.50", false, false),
            ("s", "a\nb", false, false),
            ("t", "true", false, false),
            ("u", "[unknown]", false, true),
        ];
        assert_eq!(shown(&found.variables), expected);
        assert_eq!(shown(&found.files), [("F", "s", true, false)]);
        assert_eq!(found.variables[0].origin, Some(secret));
    }

    #[test]
    fn a_section_that_is_no_known_object_gives_nothing() {
        let mut graph = Graph::new();
        let string = graph.string("{}");
        let object = graph.object(entries([("A", string)]));
        let kind = graph.node(object).kind.clone();
        let partly = graph.add(kind, Flags::UNKNOWN, Origin::NONE);
        let list = graph.list([string]);
        let unknown = graph.unknown(Schema::any());
        for section in [string, list, unknown, partly] {
            let root = graph.object(entries([(VARIABLES, section)]));
            assert_eq!(Variables::of(graph.view(root), Dialect::Local).unwrap(), Variables::default());
        }
        assert_eq!(Variables::of(graph.view(string), Dialect::Local).unwrap(), Variables::default());
    }

    #[test]
    fn a_secret_section_makes_its_entries_secret() {
        let mut graph = Graph::new();
        let one = graph.number("1");
        let object = graph.object(entries([("A", one)]));
        let kind = graph.node(object).kind.clone();
        let secret = graph.add(kind, Flags::SECRET, Origin::NONE);
        let root = graph.object(entries([(VARIABLES, secret)]));
        assert_eq!(
            shown(&Variables::of(graph.view(root), Dialect::Local).unwrap().variables),
            [("A", "1", true, false)]
        );
    }

    #[test]
    fn what_is_put_over_wins_by_name() {
        let mut graph = Graph::new();
        let [low, high] = ["low", "high"].map(|text| graph.string(text));
        let mut of = |variables: &[(&str, NodeId)], files: &[(&str, NodeId)]| {
            let [variables, files] =
                [variables, files].map(|list| graph.object(list.iter().map(|(key, id)| ((*key).into(), *id))));
            let root = graph.object(entries([(VARIABLES, variables), (FILES, files)]));
            Variables::of(graph.view(root), Dialect::Local).unwrap()
        };
        let mut below = of(&[("A", low), ("B", low), ("C", low)], &[("F", low), ("G", low)]);
        below.overlay(of(&[("B", high), ("D", high), ("F", high)], &[("C", high)]));
        let names = |list: &[Variable]| -> Vec<String> {
            list.iter().map(|one| format!("{}={}", one.name, one.text.as_str().unwrap())).collect()
        };
        assert_eq!(names(&below.variables), ["A=low", "B=high", "D=high", "F=high"]);
        assert_eq!(names(&below.files), ["C=high", "G=low"]);
    }

    #[test]
    fn a_path_goes_before_a_variable_of_its_name() {
        let mut graph = Graph::new();
        let (one, secret) = (graph.number("1"), graph.secret("s"));
        let section = graph.object(entries([("A", one), ("Z", secret)]));
        let files = graph.object(entries([("A", secret), ("M", secret)]));
        let root = graph.object(entries([(VARIABLES, section), (FILES, files)]));
        let found = Variables::of(graph.view(root), Dialect::Local).unwrap();
        let paths = FilePaths::from([("A".into(), "/a".to_owned())]);
        let row = |name, text: &str, secret, unknown| Assignment { name, text: text.into(), secret, unknown };
        let expected = [row("A", "/a", false, false), row("M", "[unknown]", false, true), row("Z", "s", true, false)];
        assert_eq!(found.assignments(&paths), expected);
        let names: Vec<&str> = found.assignments_as_listed(&paths).iter().map(|one| one.name).collect();
        assert_eq!(names, ["A", "Z", "A", "M"]);
    }
}
