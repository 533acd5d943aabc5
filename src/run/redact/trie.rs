//! A prefix tree in three flat arrays: nodes are numbered breadth first, so the children of a node stand side by side.

/// A position in a [`Trie`].
pub(super) type Node = u32;

/// Where every word begins.
pub(super) const ROOT: Node = 0;

/// A set of words that is walked a byte at a time.
pub(super) struct Trie {
    /// The byte that leads to each node.
    labels: Vec<u8>,
    /// The first child of each node, and one entry more: those of node `n` are `first[n]..first[n + 1]`.
    first: Vec<Node>,
    /// Tells for each node whether a word ends there.
    ends: Vec<bool>,
    /// The child of the root for each byte, or the root: it is where nearly all walks end.
    top: Vec<Node>,
}

impl Trie {
    /// Makes a tree of words; none may be empty.
    pub(super) fn new(mut words: Vec<Vec<u8>>) -> Self {
        words.sort_unstable();
        words.dedup();
        let mut trie = Self { labels: vec![0], first: Vec::new(), ends: Vec::new(), top: vec![ROOT; 256] };
        // The words that go through each node, and how long its own text is.
        let mut through = vec![(0..words.len(), 0)];
        let mut at = 0;
        while let Some((range, depth)) = through.get(at).cloned() {
            at += 1;
            trie.first.push(index(trie.labels.len()));
            let mut words_left = range.start;
            // The shortest comes first, and there is one of each.
            let ends = range.start < range.end && words[range.start].len() == depth;
            trie.ends.push(ends);
            words_left += usize::from(ends);
            while words_left < range.end {
                let label = words[words_left][depth];
                let same = words[words_left..range.end].partition_point(|word| word[depth] == label);
                trie.labels.push(label);
                through.push((words_left..words_left + same, depth + 1));
                words_left += same;
            }
        }
        trie.first.push(index(trie.labels.len()));
        for (at, label) in trie.labels(ROOT).to_vec().into_iter().enumerate() {
            trie.top[usize::from(label)] = 1 + index(at);
        }
        trie
    }

    /// Returns the bytes that lead on from a node, in order.
    pub(super) fn labels(&self, node: Node) -> &[u8] {
        let node = node as usize;
        &self.labels[self.first[node] as usize..self.first[node + 1] as usize]
    }

    /// Follows a byte.
    #[inline]
    pub(super) fn child(&self, node: Node, byte: u8) -> Option<Node> {
        if node == ROOT {
            return Some(self.top[usize::from(byte)]).filter(|node| *node != ROOT);
        }
        let at = self.labels(node).iter().position(|label| *label == byte)?;
        Some(self.first[node as usize] + index(at))
    }

    /// Follows several bytes.
    pub(super) fn descendant(&self, node: Node, bytes: &[u8]) -> Option<Node> {
        bytes.iter().try_fold(node, |node, byte| self.child(node, *byte))
    }

    /// Tells whether a word ends at a node.
    #[inline]
    pub(super) fn ends(&self, node: Node) -> bool {
        self.ends[node as usize]
    }

    /// Tells whether nothing leads on from a node.
    #[inline]
    pub(super) fn is_leaf(&self, node: Node) -> bool {
        self.first[node as usize] == self.first[node as usize + 1]
    }
}

fn index(at: usize) -> Node {
    Node::try_from(at).expect("secrets are smaller than four gigabytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_and_no_other() {
        let words = ["a", "abc", "abd", "b", "bcd", "zz"];
        let trie = Trie::new(words.iter().map(|word| word.as_bytes().to_vec()).collect());
        let has = |word: &str| trie.descendant(ROOT, word.as_bytes()).is_some_and(|node| trie.ends(node));
        for word in words {
            assert!(has(word), "{word}");
        }
        for other in ["", "ab", "abcd", "bc", "c", "z", "zzz"] {
            assert!(!has(other), "{other}");
        }
        assert_eq!(trie.labels(ROOT), b"abz");
        assert!(trie.is_leaf(trie.descendant(ROOT, b"abd").unwrap()));
        assert!(!trie.is_leaf(trie.descendant(ROOT, b"a").unwrap()));
    }

    #[test]
    fn nothing_is_in_a_tree_of_nothing() {
        let trie = Trie::new(Vec::new());
        assert!(trie.is_leaf(ROOT) && !trie.ends(ROOT) && trie.child(ROOT, b'a').is_none());
    }
}
