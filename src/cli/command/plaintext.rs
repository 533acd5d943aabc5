//! Plaintext secrets of definitions in a flake: Nix copies every tracked file of one into its store, which everybody on the machine
//! can read.

use std::collections::BTreeSet;

use crate::{
    cli::{
        complaint::{Complaint, Point},
        output::Output,
    },
    diagnostic::Sink,
    dialect::Dialect,
    source::{Source, SourceMap},
    store::Definition,
    syntax::{self, Data, NodeId, Tree},
};

/// Warns of each plaintext in the definitions that were read for one, when a flake holds it; returns how many warnings there are.
/// `told` keeps what was told before.
pub(super) fn warn(
    definition: &Definition,
    read: &SourceMap,
    told: &mut BTreeSet<(String, u32)>,
    output: &Output,
) -> usize {
    if definition.commit.is_some() || !in_flake(definition) {
        return 0;
    }
    let mut count = 0;
    for (_, source) in read.iter() {
        for byte in plaintexts(source) {
            if !told.insert((source.file.to_string(), byte)) {
                continue;
            }
            let (line, column) = source.line_column(byte);
            let message = "a plaintext `fn::secret` in a flake: Nix copies every tracked file to its store, which everybody can read";
            let warning = Complaint::warning("plaintext-in-flake", message)
                .hint("let a provider read it, such as `aws-secrets`, or `local-file` of a file that git ignores");
            let at = Some(Point { line: line.into(), column: column.into(), byte: byte.into() });
            output.warn(&Complaint { file: Some(source.file.to_string()), at, ..warning });
            count += 1;
        }
    }
    count
}

/// Tells whether a folder of the repository, from the definition's own upward, holds a flake.
fn in_flake(definition: &Definition) -> bool {
    for folder in definition.folder().ancestors() {
        if folder.join("flake.nix").exists() {
            return true;
        }
        if folder.join(".git").exists() {
            return false;
        }
    }
    false
}

/// Returns where the calls of `fn::secret` stand whose argument is no ciphertext.
fn plaintexts(source: &Source) -> Vec<u32> {
    let mut sources = SourceMap::default();
    let id = sources.add(Source::new("", "", &*source.text));
    // What is wrong with it was told before.
    let tree = syntax::parse(&sources, id, Dialect::Local, &mut Sink::default());
    let mut found = Vec::new();
    let mut open: Vec<NodeId> = tree.root().into_iter().collect();
    while let Some(node) = open.pop() {
        match &tree.node(node).data {
            Data::Scalar { .. } => {}
            Data::Sequence(items) => open.extend(items),
            Data::Mapping(entries) => {
                for (key, value) in entries {
                    if &**tree.text(*key) == "fn::secret" && !is_ciphertext(&tree, *value) {
                        found.push(tree.node(*key).start);
                    }
                    open.push(*value);
                }
            }
        }
    }
    found.sort_unstable();
    found
}

fn is_ciphertext(tree: &Tree, argument: NodeId) -> bool {
    let Data::Mapping(entries) = &tree.node(argument).data else { return false };
    entries.iter().any(|(key, _)| &**tree.text(*key) == "ciphertext")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ciphertexts_are_none() {
        let text = "values:\n  a: {fn::secret: x}\n  b:\n    - fn::secret: {ciphertext: eA==}\n    - fn::secret:\n        k: v\n  \
                    # fn::secret: c\n";
        let source = Source::new("", "", text);
        let lines: Vec<u32> = plaintexts(&source).into_iter().map(|byte| source.line_column(byte).0).collect();
        assert_eq!(lines, [2, 5]);
        assert_eq!(plaintexts(&Source::new("", "", "a: [")), Vec::<u32>::new());
    }
}
