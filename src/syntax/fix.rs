//! Moves sections that stand beside `values` into it, by lines: comments, styles and everything else stay as they are.

use super::{
    compose,
    tree::{Data, NodeId, Tree},
};
use crate::{
    diagnostic::Sink,
    dialect::Dialect,
    source::{Source, SourceMap},
};

/// The sections that belong under `values`.
pub const SECTIONS: [&str; 2] = ["environmentVariables", "files"];

/// Returns the text with misplaced sections moved, and how many they were; `None` when there is nothing to mend or it is not
/// mechanical: the document is broken, written in flow style, or `values` has such a section already.
#[must_use]
pub fn fixed(text: &str) -> Option<(String, usize)> {
    let mut current = text.to_owned();
    let mut moved = 0;
    while let Some(next) = move_one(&current) {
        current = next;
        moved += 1;
    }
    (moved > 0).then_some((current, moved))
}

fn parse(text: &str) -> Option<Tree> {
    let mut sources = SourceMap::default();
    let source = sources.add(Source::new("", "", text));
    let mut sink = Sink::default();
    let tree = compose::parse(&sources, source, Dialect::Local, &mut sink);
    (!sink.has_errors()).then_some(tree)
}

fn entries(tree: &Tree, id: NodeId) -> Option<&[(NodeId, NodeId)]> {
    match &tree.node(id).data {
        Data::Mapping(entries) => Some(entries),
        _ => None,
    }
}

fn move_one(text: &str) -> Option<String> {
    let tree = parse(text)?;
    let top = entries(&tree, tree.root()?)?;
    let named = |name: &str| top.iter().find(|(key, _)| tree.text(*key).eq_ignore_ascii_case(name));
    let (at, (key, _)) = top.iter().enumerate().find(|(_, (key, _))| SECTIONS.contains(&tree.text(*key).as_ref()))?;
    let name = tree.text(*key);
    let lines = Lines::new(text);
    let (first, key_column) = lines.place(tree.node(*key).start);
    let next = top.get(at + 1).map(|(key, _)| lines.place(tree.node(*key).start).0);
    // A block mapping has each of its keys on a line of its own, at the same column.
    if key_column != 0 || top.iter().any(|(key, _)| lines.place(tree.node(*key).start).1 != 0) {
        return None;
    }
    let end = lines.end_of_block(first, next.unwrap_or(lines.count()));
    let section = &lines.0[first..end];
    let (indent, behind) = match named("values") {
        Some((_, values)) => {
            let inner = entries(&tree, *values)?;
            if inner.iter().any(|(key, _)| tree.text(*key) == name) {
                return None;
            }
            let (line, column) = lines.place(tree.node(inner.first()?.0).start);
            let own_line = lines.0[line][..column].chars().all(|c| c == ' ');
            if !own_line || column == 0 {
                return None;
            }
            let after = top.iter().map(|(key, _)| lines.place(tree.node(*key).start).0).filter(|at| *at > line).min();
            (column, Some(lines.end_of_block(line, after.unwrap_or(lines.count()))))
        }
        None => (2, None),
    };
    let pad = " ".repeat(indent);
    let shifted: Vec<String> = section
        .iter()
        .map(|line| if line.trim().is_empty() { (*line).to_owned() } else { format!("{pad}{line}") })
        .collect();
    let mut out: Vec<String> = Vec::new();
    for (at, line) in lines.0.iter().enumerate() {
        if behind == Some(at) {
            out.extend(shifted.iter().cloned());
        }
        if at == first && behind.is_none() {
            out.push("values:".to_owned());
            out.extend(shifted.iter().cloned());
        }
        if !(first..end).contains(&at) {
            out.push((*line).to_owned());
        }
    }
    if behind == Some(lines.count()) {
        out.extend(shifted);
    }
    let mended = out.join(ending(text)) + if text.ends_with('\n') { ending(text) } else { "" };
    is_moved(text, &mended, name).then_some(mended)
}

/// Proves the mend: the section has the same content in its new place, and everything else is as it was.
fn is_moved(before: &str, after: &str, name: &str) -> bool {
    let (Ok(before), Ok(after)) = (super::data(before), super::data(after)) else { return false };
    let text = |view: Option<crate::value::View<'_>>| view.and_then(|view| crate::value::json::compact(view).ok());
    let (old, new) = (before.view(), after.view());
    let kept = old.entries().all(|(key, value)| match key.as_ref() {
        key if key == name => text(new.get("values").and_then(|values| values.get(name))) == text(Some(value)),
        key if key.eq_ignore_ascii_case("values") => value
            .entries()
            .all(|(inner, value)| text(new.get(key).and_then(|values| values.get(inner))) == text(Some(value))),
        key => text(new.get(key)) == text(Some(value)),
    });
    kept && new.get(name).is_none()
}

/// A text by lines, without their ends.
struct Lines<'t>(Vec<&'t str>, Vec<usize>);

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Self(text.lines().collect(), starts)
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns line and column of a byte, both from 0.
    fn place(&self, byte: u32) -> (usize, usize) {
        let line = self.1.partition_point(|start| *start <= byte as usize) - 1;
        (line, byte as usize - self.1[line])
    }

    /// Returns the line behind a block: blank lines, and comments at its own column, belong to what follows.
    fn end_of_block(&self, first: usize, next: usize) -> usize {
        let mut end = next;
        while end > first + 1 && (self.0[end - 1].trim().is_empty() || self.0[end - 1].starts_with('#')) {
            end -= 1;
        }
        end
    }
}

fn ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_move_below_values() {
        for (before, after) in [
            (
                "values:\n  a: 1\nenvironmentVariables:\n  A: ${a}\n",
                "values:\n  a: 1\n  environmentVariables:\n    A: ${a}\n",
            ),
            (
                "# top\nenvironmentVariables:\n  A: |\n    x\n\n    y # z\n\n# values\nvalues:\n    a: 1\n\n# end\n",
                "# top\n\n# values\nvalues:\n    a: 1\n    environmentVariables:\n      A: |\n        x\n\n        y # z\n\n# end\n",
            ),
            ("imports: [b]\nfiles: {F: x}", "imports: [b]\nvalues:\n  files: {F: x}"),
            (
                "files:\r\n  F: x\r\nvalues:\r\n  a: 1\r\nenvironmentVariables: {A: b}\r\n",
                "values:\r\n  a: 1\r\n  files:\r\n    F: x\r\n  environmentVariables: {A: b}\r\n",
            ),
        ] {
            let (mended, _) = fixed(before).unwrap_or_else(|| panic!("{before}"));
            assert_eq!(mended, after);
            assert!(fixed(&mended).is_none(), "a second run changes nothing");
        }
    }

    #[test]
    fn what_is_not_mechanical_stays() {
        for text in [
            "values:\n  a: 1\n",
            "{values: {a: 1}, files: {F: x}}\n",
            "values: {a: 1}\nfiles: {F: x}\n",
            "values:\n  files: {G: y}\nfiles: {F: x}\n",
            "values:\n  a: [\nfiles: {F: x}\n",
            "values:\nfiles: {F: x}\n",
            "",
        ] {
            assert!(fixed(text).is_none(), "{text}");
        }
    }
}
