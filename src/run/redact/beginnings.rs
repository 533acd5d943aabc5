//! Which places of a text are looked at: those where the first four bytes fit, or may be spelled in another way.
//!
//! Of two places next to each other one look at a table tells whether a word may begin there, which is what makes a stream fast.

use super::{
    spelling,
    trie::{Node, ROOT, Trie},
};

/// Bit `n` of two bytes says that they may be those of a word from its byte `n` on.
const FROM_FIRST: u8 = 1;
const FROM_SECOND: u8 = 1 << 1;
const FROM_THIRD: u8 = 1 << 2;

/// A word may begin with these two bytes, and is spelled in a way that further bytes do not tell.
const AT_ONCE: u8 = 1 << 6;

/// A word may begin at one of these two bytes, or just before them.
const NEAR: u8 = 1 << 7;

/// A table of two bytes, and one of the byte that ends a text.
pub(super) struct Beginnings {
    pairs: Vec<u8>,
    singles: [bool; 256],
}

impl Beginnings {
    /// Makes the tables of words that have at least four bytes. `may_go_on` tells whether words begin with a text and have more.
    pub(super) fn new(tries: [&Trie; 2], may_go_on: impl Fn(&[u8]) -> bool) -> Self {
        let mut tables = Self { pairs: vec![0; 1 << 16], singles: [false; 256] };
        for byte in 0..=u8::MAX {
            tables.singles[usize::from(byte)] = may_go_on(&[byte]);
        }
        let special: Vec<u8> = (0..=u8::MAX).filter(|byte| is_special(*byte)).collect();
        for &special in &special {
            let mut begins = false;
            for other in 0..=u8::MAX {
                tables.pairs[pair([special, other])] |= FROM_THIRD;
                for text in [[other, special], [special, other]] {
                    if tables.singles[usize::from(text[0])] && may_go_on(&text) {
                        tables.pairs[pair(text)] |= AT_ONCE;
                        begins = true;
                    }
                }
            }
            // Any of the two may stand in any of the pairs that are looked at.
            for other in (0..=u8::MAX).filter(|_| begins) {
                tables.pairs[pair([special, other])] |= NEAR;
                tables.pairs[pair([other, special])] |= NEAR;
            }
        }
        for trie in tries {
            tables.add(trie, ROOT, FROM_FIRST, &special);
        }
        tables
    }

    /// Adds the pairs that begin at a byte of the words.
    fn add(&mut self, trie: &Trie, node: Node, place: u8, special: &[u8]) {
        for &first in trie.labels(node) {
            let child = trie.child(node, first).expect("a label leads on");
            let near = if place == FROM_THIRD { 0 } else { NEAR };
            for second in trie.labels(child).iter().chain(special) {
                self.pairs[pair([first, *second])] |= place | near;
            }
            if place != FROM_THIRD {
                self.add(trie, child, place << 1, special);
            }
        }
    }

    /// Returns the first place from `from` on where a word may begin.
    pub(super) fn first(&self, text: &[u8], from: usize) -> Option<usize> {
        let pairs: &[u8; 1 << 16] = self.pairs.as_slice().try_into().expect("the table has this size");
        let (twos, _) = text.get(from..)?.as_chunks::<2>();
        for (number, two) in twos.iter().enumerate() {
            if pairs[pair(*two)] & NEAR != 0 {
                let at = from + 2 * number;
                let found = (at.saturating_sub(1).max(from)..=at + 1).find(|at| self.fits(text, *at));
                if found.is_some() {
                    return found;
                }
            }
        }
        // What stands at the end is judged by less.
        (text.len().saturating_sub(2).max(from)..text.len()).find(|at| self.fits(text, *at))
    }

    /// Tells whether a word may begin at a place, by all that is there of its first four bytes.
    fn fits(&self, text: &[u8], at: usize) -> bool {
        let two = |at: usize| Some(self.pairs[pair([*text.get(at)?, *text.get(at + 1)?])]);
        match two(at) {
            None => self.singles[usize::from(text[at])],
            Some(bits) if bits & AT_ONCE != 0 => true,
            Some(bits) => {
                bits & FROM_FIRST != 0
                    && two(at + 1).is_none_or(|bits| bits & FROM_SECOND != 0)
                    && two(at + 2).is_none_or(|bits| bits & FROM_THIRD != 0)
            }
        }
    }
}

/// Tells whether a byte may stand for something else than itself.
const fn is_special(byte: u8) -> bool {
    spelling::may_begin(byte) || byte == b'\n'
}

fn pair([first, second]: [u8; 2]) -> usize {
    usize::from(first) << 8 | usize::from(second)
}
