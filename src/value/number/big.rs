//! Just enough arithmetic on big natural numbers to round a decimal exactly.
//!
//! Multiplication by a word, shifts, comparison and subtraction are all that a long division in base 2 needs.

use std::cmp::Ordering;

/// Decimal digits that are taken at once: 10^19 is the largest power of ten in a word.
const CHUNK: usize = 19;

/// A natural number; the lowest word first, the highest is never 0.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Big(Vec<u64>);

impl Big {
    /// Returns 1.
    pub(super) fn one() -> Self {
        Self(vec![1])
    }

    /// Reads ASCII digits.
    pub(super) fn from_digits(digits: &[u8]) -> Self {
        let mut number = Self(Vec::new());
        for chunk in digits.chunks(CHUNK) {
            let value = chunk.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
            number.multiply_add(power_of_ten(chunk.len()), value);
        }
        number
    }

    /// Multiplies by a power of ten.
    pub(super) fn times_power_of_ten(&mut self, exponent: usize) {
        for _ in 0..exponent / CHUNK {
            self.multiply_add(power_of_ten(CHUNK), 0);
        }
        self.multiply_add(power_of_ten(exponent % CHUNK), 0);
    }

    /// Multiplies by `2^count`.
    pub(super) fn shift_left(&mut self, count: usize) {
        if self.0.is_empty() {
            return;
        }
        self.multiply_add(1 << (count % 64), 0);
        self.0.splice(0..0, std::iter::repeat_n(0, count / 64));
    }

    /// Subtracts a number that is no larger.
    pub(super) fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (at, word) in self.0.iter_mut().enumerate() {
            let (less, first) = word.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, second) = less.overflowing_sub(u64::from(borrow));
            (*word, borrow) = (less, first || second);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// Returns how many bits there are below and including the highest that is set.
    pub(super) fn bits(&self) -> usize {
        self.0.last().map_or(0, |word| self.0.len() * 64 - word.leading_zeros() as usize)
    }

    /// Tells whether this is 0.
    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn multiply_add(&mut self, factor: u64, mut carry: u64) {
        for word in &mut self.0 {
            let product = u128::from(*word) * u128::from(factor) + u128::from(carry);
            #[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
            {
                (*word, carry) = (product as u64, (product >> 64) as u64);
            }
        }
        if carry > 0 {
            self.0.push(carry);
        }
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Returns `10^exponent`, which must fit a word.
fn power_of_ten(exponent: usize) -> u64 {
    (0..exponent).fold(1, |power, _| power * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_words() {
        assert_eq!(Big::from_digits(b"18446744073709551617").0, [1, 1]);
        assert!(Big::from_digits(b"0000").is_zero());
        let mut googol = Big::one();
        googol.times_power_of_ten(100);
        assert!(googol == Big::from_digits(format!("1{}", "0".repeat(100)).as_bytes()));
        assert_eq!(googol.bits(), 333);
    }

    #[test]
    fn shifts_and_differences() {
        let mut number = Big::one();
        number.shift_left(128);
        assert_eq!(number.0, [0, 0, 1]);
        assert_eq!(number.bits(), 129);
        number.subtract(&Big::one());
        assert_eq!(number.0, [u64::MAX, u64::MAX]);
        number.shift_left(3);
        assert_eq!(number.0, [u64::MAX - 7, u64::MAX, 7]);
        let same = number.clone();
        number.subtract(&same);
        assert!(number.is_zero());
        number.shift_left(64);
        assert!(number.is_zero());
    }

    #[test]
    fn order_is_by_size() {
        let number = |text: &str| Big::from_digits(text.as_bytes());
        assert!(number("18446744073709551616") > number("18446744073709551615"));
        assert!(number("36893488147419103233") > number("36893488147419103232"));
        assert!(number("36893488147419103232") < number("55340232221128654848"));
    }
}
