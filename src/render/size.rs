//! How large variables may be: the kernel bounds each, and direnv keeps old and new ones together in one variable of its own.

use std::collections::BTreeMap;

use super::{Entry, RenderError};

/// Greatest size of one value in bytes. Linux starts no program when a variable has 128 KiB with its name.
const MAX_VALUE: usize = 120 * 1024;

/// Greatest size in bytes of all new values and of those that they replace, under direnv: `DIRENV_DIFF` holds both, and where it
/// grows beyond 128 KiB no program starts in the shell any more.
const MAX_UNDER_DIRENV: usize = 90 * 1024;

/// How many of the largest variables are named.
const NAMED: usize = 3;

/// Checks that a value is small enough to be delivered.
pub(super) fn check_value(entry: &Entry<'_>) -> Result<(), RenderError> {
    match entry.value.len() {
        0..MAX_VALUE => Ok(()),
        bytes => Err(RenderError::ValueTooLarge { name: entry.name.to_owned(), bytes }),
    }
}

/// Checks that direnv can hold all values; `replaced` has the size of the value that each variable has before, where it is another.
pub(super) fn check_under_direnv(entries: &[Entry<'_>], replaced: &BTreeMap<&str, usize>) -> Result<(), RenderError> {
    let size = |entry: &Entry<'_>| {
        let old = replaced.get(entry.name).map_or(0, |old| entry.name.len() + old);
        entry.name.len() + entry.value.len() + old
    };
    let bytes = entries.iter().map(size).sum();
    if bytes <= MAX_UNDER_DIRENV {
        return Ok(());
    }
    let mut largest: Vec<&Entry<'_>> = entries.iter().collect();
    largest.sort_by_key(|entry| std::cmp::Reverse(size(entry)));
    let largest = largest.iter().take(NAMED).map(|entry| (entry.name.to_owned(), size(entry))).collect();
    Err(RenderError::TooMuchForDirenv { bytes, largest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_no_program_could_be_given_is_refused() {
        let (fits, too_large) = ("x".repeat(MAX_VALUE - 1), "x".repeat(MAX_VALUE));
        let entry = |name, value| Entry { name, value, secret: true };
        assert_eq!(check_value(&entry("A", &fits)), Ok(()));
        let error = RenderError::ValueTooLarge { name: "A".to_owned(), bytes: MAX_VALUE };
        assert_eq!(check_value(&entry("A", &too_large)), Err(error));
    }

    #[test]
    fn under_direnv_new_and_replaced_values_count_together() {
        let half = "x".repeat(MAX_UNDER_DIRENV / 2);
        let entry = |name, value| Entry { name, value, secret: false };
        let all = [entry("A", "a"), entry("B", half.as_str())];
        assert!(check_under_direnv(&all, &BTreeMap::new()).is_ok());
        assert!(check_under_direnv(&all, &BTreeMap::from([("A", 100), ("C", half.len() * 2)])).is_ok());
        let error = check_under_direnv(&all, &BTreeMap::from([("B", half.len())])).unwrap_err();
        let bytes = MAX_UNDER_DIRENV + 4;
        let largest = vec![("B".to_owned(), MAX_UNDER_DIRENV + 2), ("A".to_owned(), 2)];
        assert_eq!(error, RenderError::TooMuchForDirenv { bytes, largest });
    }
}
