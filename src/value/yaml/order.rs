//! The natural order of keys, as the reference's YAML has it: `a2` before `a10`, other characters before letters.

use std::cmp::Ordering;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// A piece of a key: a run of digits, or one other character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'k> {
    Digits(&'k str),
    Other(char),
    Letter(char),
}

/// A key in its pieces, compared piece by piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tokens<'k>(Vec<Token<'k>>);

/// Cuts a key into pieces.
pub(super) fn tokens(key: &str) -> Tokens<'_> {
    let mut tokens = Vec::new();
    let mut rest = key;
    while let Some(char) = rest.chars().next() {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (token, length) = match length {
            0 if char.general_category_group() == GeneralCategoryGroup::Letter => {
                (Token::Letter(char), char.len_utf8())
            }
            0 => (Token::Other(char), char.len_utf8()),
            _ => (Token::Digits(&rest[..length]), length),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    Tokens(tokens)
}

impl Ord for Tokens<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let mut after_digits = false;
        for (a, b) in self.0.iter().zip(&other.0) {
            let order = compare(*a, *b, after_digits);
            if order != Ordering::Equal {
                return order;
            }
            after_digits = matches!(a, Token::Digits(_));
        }
        self.0.len().cmp(&other.0.len())
    }
}

impl PartialOrd for Tokens<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares two pieces at the same place; behind digits a letter comes first, so that `1a` stands before `1-`.
fn compare(a: Token<'_>, b: Token<'_>, after_digits: bool) -> Ordering {
    let rank = |token| match token {
        Token::Letter(_) if after_digits => 0,
        Token::Other(_) => 1,
        Token::Digits(_) => 2,
        Token::Letter(_) => 3,
    };
    match (a, b) {
        (Token::Digits(a), Token::Digits(b)) => {
            let value = |digits: &'_ str| digits.trim_start_matches('0').to_owned();
            let (x, y) = (value(a), value(b));
            x.len().cmp(&y.len()).then_with(|| x.cmp(&y)).then_with(|| a.len().cmp(&b.len()))
        }
        (Token::Letter(a), Token::Letter(b)) | (Token::Other(a), Token::Other(b)) => a.cmp(&b),
        _ => rank(a).cmp(&rank(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_natural_order() {
        let table: [&[&str]; 6] = [
            &["", "2", "10", "a2", "a10", "b"],
            &["_", "A.B", "CERT", "F", "F_PLAIN", "F00", "F01", "F10", "LIST", "a-b", "lower"],
            &["a1", "a01", "a001", "a2", "a12"],
            &["1a", "1-", "2"],
            &["v9999999999999999999999", "v10000000000000000000000"],
            &["e", "z", "é"],
        ];
        for sorted in table {
            let mut keys = sorted.to_vec();
            keys.reverse();
            keys.sort_by_cached_key(|key| tokens(key));
            assert_eq!(keys, sorted);
        }
    }
}
