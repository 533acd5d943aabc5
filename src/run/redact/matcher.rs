//! Finds where words stand in a text, however they are spelled.
//!
//! A walk goes from one place through a tree of words. Where the text can be read in several ways it follows each of them, but
//! no state twice, and only so many: a secret of backslashes can be read in more ways than anybody writes it. What is not encoded
//! is followed always.

use std::cell::RefCell;

use super::{
    beginnings::Beginnings,
    spelling::{self, Spelling},
    trie::{Node, ROOT, Trie},
    words::{LONGEST, SHORTEST_PART, Words},
};

/// An encoded text may be broken into lines that are indented by so much.
const INDENT: usize = 64;

/// So many ways to read a text are followed side by side.
const WAYS: usize = 8;

/// So often a walk may fork or turn: enough for the longest word at each byte of which all ways are followed.
const TURNS: usize = 2 * WAYS * LONGEST;

/// The words, ready to be looked for.
pub(super) struct Matcher {
    plain: Trie,
    base64: Trie,
    beginnings: Beginnings,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Where the longest word ends that begins there.
    pub(super) end: Option<usize>,
    /// The text ends, and with more of it there might be a longer one.
    pub(super) open: bool,
}

/// Where a walk is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Step {
    at: usize,
    node: Node,
    /// Something on the way was encoded.
    encoded: bool,
}

/// A walk through one of the trees; kept for its memory.
#[derive(Default)]
pub(super) struct Walk {
    pending: Vec<Step>,
}

impl Matcher {
    pub(super) fn new(words: Words) -> Self {
        let [plain, base64] = [words.plain, words.base64].map(Trie::new);
        let walk = RefCell::default();
        let may_go_on = |text: &[u8]| look(&plain, &base64, text, 0, &mut walk.borrow_mut()).open;
        let beginnings = Beginnings::new([&plain, &base64], may_go_on);
        Self { plain, base64, beginnings }
    }

    /// Tells whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_leaf(ROOT)
    }

    /// Returns the first place from `from` on where a word may begin.
    pub(super) fn candidate(&self, text: &[u8], from: usize) -> Option<usize> {
        self.beginnings.first(text, from)
    }

    /// Looks for words that begin at a place.
    pub(super) fn at(&self, text: &[u8], start: usize, walk: &mut Walk) -> Found {
        look(&self.plain, &self.base64, text, start, walk)
    }
}

fn look(plain: &Trie, base64: &Trie, text: &[u8], start: usize, walk: &mut Walk) -> Found {
    let plain = walk.through(plain, false, text, start);
    let base64 = walk.through(base64, true, text, start);
    Found { end: plain.end.max(base64.end), open: plain.open || base64.open }
}

impl Walk {
    /// Goes through a tree from a place of a text; `broken` lets the text have line breaks where the words have none.
    fn through(&mut self, trie: &Trie, broken: bool, text: &[u8], start: usize) -> Found {
        let mut found = Found::default();
        self.follow(trie, broken, text, start, Step { at: start, node: ROOT, encoded: false }, &mut found);
        for _ in 0..TURNS {
            let Some(step) = self.earliest() else { return found };
            self.follow(trie, broken, text, start, step, &mut found);
        }
        self.pending.clear();
        found
    }

    /// Takes the step that is earliest in the text: all that lead to the same state were made before it.
    fn earliest(&mut self) -> Option<Step> {
        match self.pending.len() {
            0 | 1 => self.pending.pop(),
            all => {
                let earliest = (0..all).min_by_key(|at| self.pending[*at].at)?;
                Some(self.pending.swap_remove(earliest))
            }
        }
    }

    fn add(&mut self, step: Step) {
        if (self.pending.len() < WAYS || !step.encoded) && !self.pending.contains(&step) {
            self.pending.push(step);
        }
    }

    /// Reads on as long as there is one way to read.
    fn follow(&mut self, trie: &Trie, broken: bool, text: &[u8], start: usize, mut step: Step, found: &mut Found) {
        while !trie.is_leaf(step.node) {
            let Some(&byte) = text.get(step.at) else {
                found.open = true;
                return;
            };
            if broken && step.node != ROOT && matches!(byte, b'\n' | b'\r') {
                match line_break(&text[step.at..]) {
                    Some(length) => self.add(Step { at: step.at + length, ..step }),
                    None => found.open = true,
                }
            }
            if spelling::may_begin(byte) {
                self.respell(trie, broken, text, start, step, found);
            }
            let Some(node) = trie.child(step.node, byte) else { return };
            step = Step { at: step.at + 1, node, ..step };
            arrive(trie, start, step, found);
            if !self.pending.is_empty() {
                self.add(step);
                return;
            }
        }
    }

    /// Adds a step for each way to read what stands there beside its first byte.
    fn respell(&mut self, trie: &Trie, broken: bool, text: &[u8], start: usize, step: Step, found: &mut Found) {
        spelling::each(&text[step.at..], &mut |spelling| match spelling {
            Spelling::Open(meant) => {
                found.open |= meant.is_none_or(|meant| trie.child(step.node, meant).is_some());
            }
            Spelling::Whole { bytes, count, length, encoded } => {
                let at = step.at + length;
                let encoded = step.encoded || encoded;
                if let Some(node) = trie.descendant(step.node, &bytes[..count]) {
                    let step = Step { at, node, encoded };
                    arrive(trie, start, step, found);
                    self.add(step);
                } else if broken && step.node != ROOT && bytes[..count] == *b"\n" {
                    self.add(Step { at, encoded, ..step });
                }
            }
        });
    }
}

/// Takes note when a word ends where a step leads.
fn arrive(trie: &Trie, start: usize, step: Step, found: &mut Found) {
    if trie.ends(step.node) && (!step.encoded || step.at - start >= SHORTEST_PART) {
        found.end = found.end.max(Some(step.at));
    }
}

/// Returns the length of a line break and the indentation after it; `None` when the text ends within it.
fn line_break(text: &[u8]) -> Option<usize> {
    let end = if text.starts_with(b"\r\n") { 2 } else { 1 };
    let blank = text[end..].iter().take(INDENT).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    (end + blank < text.len()).then_some(end + blank)
}
