//! The block between two markers that belongs to this program, in a file that belongs to somebody else.
//!
//! Invariant: whatever stands outside of the block stays as it is, byte for byte.

/// The first line of the block.
pub const BEGIN: &str = "# >>> esc-shell >>> `esc-shell envrc --write` replaces these lines";
/// The last line of the block.
pub const END: &str = "# <<< esc-shell <<<";

/// What any version's first line begins with.
const BEGINNING: &str = "# >>> esc-shell >>>";

/// Why there is no telling which lines are the block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// A block that does not end.
    #[error("the block of line {line} has no end: its last line must be `{END}`")]
    NoEnd {
        /// The line where it begins, from 1.
        line: usize,
    },
    /// An end of no block.
    #[error("line {line} ends a block that does not begin")]
    NoBeginning {
        /// The line, from 1.
        line: usize,
    },
    /// More than one block.
    #[error("there are two blocks, in lines {first} and {second}: remove one")]
    Two {
        /// The line where the first begins, from 1.
        first: usize,
        /// The line where the second begins.
        second: usize,
    },
}

/// Puts lines into the block of a text; without one it is added at the end.
///
/// # Errors
/// When markers are missing, or there are too many.
pub fn put(text: &str, lines: &str) -> Result<String, BlockError> {
    let block = format!("{BEGIN}\n{lines}{END}\n");
    let Some((start, end)) = find(text)? else {
        let gap = match text {
            "" => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        return Ok(format!("{text}{gap}{block}"));
    };
    // A file may end with the marker, without a line break: that is kept, too.
    let broken = text[..end].ends_with('\n');
    let block = if broken { block.as_str() } else { block.trim_end() };
    Ok([&text[..start], block, &text[end..]].concat())
}

/// Returns where the block begins and ends, in bytes.
fn find(text: &str) -> Result<Option<(usize, usize)>, BlockError> {
    let mut open: Option<(usize, usize)> = None;
    let mut found: Option<(usize, usize, usize)> = None;
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let begins = line.starts_with(BEGINNING);
        let ends = line.trim_end() == END;
        match (open, found) {
            (Some((line, _)), _) if begins => return Err(BlockError::NoEnd { line }),
            (None, Some((first, ..))) if begins => return Err(BlockError::Two { first, second: number }),
            (None, _) if begins => open = Some((number, at)),
            (None, _) if ends => return Err(BlockError::NoBeginning { line: number }),
            (Some((first, start)), _) if ends => {
                found = Some((first, start, at + line.len()));
                open = None;
            }
            _ => {}
        }
        at += line.len();
    }
    match open {
        Some((line, _)) => Err(BlockError::NoEnd { line }),
        None => Ok(found.map(|(_, start, end)| (start, end))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_added_and_replaced_and_nothing_else_is_touched() {
        let block = |lines: &str| format!("{BEGIN}\n{lines}{END}\n");
        assert_eq!(put("", "a\n"), Ok(block("a\n")));
        assert_eq!(put("use flake\n", "a\n"), Ok(format!("use flake\n\n{}", block("a\n"))));
        assert_eq!(put("use flake", "a\n"), Ok(format!("use flake\n\n{}", block("a\n"))));
        let around = |lines| format!("\r\n  x\t\n{}\n# end without a line break", block(lines));
        assert_eq!(put(&around("a\n"), "b\nc\n"), Ok(around("b\nc\n")));
        assert_eq!(put(&around("a\n"), "a\n"), Ok(around("a\n")));
        let older = format!("# >>> esc-shell >>> as of another version\r\nx\r\n{END}\r\nrest\r\n");
        assert_eq!(put(&older, "a\n"), Ok(format!("{}rest\r\n", block("a\n"))));
        let last = format!("{BEGIN}\nx\n{END}");
        assert_eq!(put(&last, "a\n"), Ok(block("a\n").trim_end().to_owned()));
    }

    #[test]
    fn markers_that_say_nothing_are_refused() {
        let (begin, end) = (format!("{BEGIN}\n"), format!("{END}\n"));
        for (text, error) in [
            (format!("x\n{begin}a\n"), BlockError::NoEnd { line: 2 }),
            (format!("{begin}{begin}{end}"), BlockError::NoEnd { line: 1 }),
            (format!("x\n\n{end}"), BlockError::NoBeginning { line: 3 }),
            (format!("{begin}{end}{end}"), BlockError::NoBeginning { line: 3 }),
            (format!("{begin}{end}{begin}{end}"), BlockError::Two { first: 1, second: 3 }),
        ] {
            assert_eq!(put(&text, "a\n"), Err(error), "{text}");
        }
    }
}
