//! Number texts: how floats are written, and how the limits of a schema compare.
//!
//! A number is its text everywhere else; only here it becomes binary, and only for as long as it is compared.

mod big;

use std::cmp::Ordering;

use big::Big;

/// Decimal exponents of numbers that are still told apart; beyond them is infinity or zero.
const MAX_DECIMAL_EXPONENT: i64 = 5_000;

/// Digits that can decide how a number in range is rounded; of those that follow, only whether one is not 0 matters.
const MAX_DIGITS: usize = 17_000;

/// Returns the text of a finite float: the shortest digits that read back as the same float, with an exponent of a sign
/// and at least two digits where the decimal exponent is not in -4 to 5 (`1e+06`).
#[must_use]
pub fn format_float(value: f64) -> String {
    let scientific = format!("{value:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) => match exponent.parse::<i32>() {
            Ok(-4..=5) | Err(_) => value.to_string(),
            Ok(exponent) => {
                let sign = if exponent < 0 { '-' } else { '+' };
                format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
            }
        },
        None => value.to_string(),
    }
}

/// A binary float with a mantissa of 64 bits, which is what limits are compared in.
///
/// Numbers are rounded to the nearest one, ties to even. Below 1e-5000 they are 0, from 1e5001 on infinite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extended {
    negative: bool,
    size: Size,
}

/// An absolute value; the order of variants and fields is that of size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    Zero,
    /// `mantissa * 2^exponent`; the top bit of the mantissa is set.
    Finite {
        exponent: i64,
        mantissa: u64,
    },
    Infinite,
}

impl Extended {
    /// Reads a decimal number: sign, digits with at most one point, exponent; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = split_sign(text);
        let (digits, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() + fraction.len() == 0 || !whole.bytes().chain(fraction.bytes()).all(|c| c.is_ascii_digit()) {
            return None;
        }
        let size = Size::of_decimal(whole, fraction, exponent);
        Some(Self { negative: negative && size != Size::Zero, size })
    }

    /// Tells whether the quotient, rounded to 64 bits, is an integer; 0 is a multiple of everything.
    #[must_use]
    pub fn is_multiple_of(self, divisor: Self) -> bool {
        match (self.size, divisor.size) {
            (Size::Zero, _) | (Size::Infinite, Size::Finite { .. } | Size::Infinite) => true,
            (_, Size::Zero) | (Size::Finite { .. }, Size::Infinite) => false,
            (
                Size::Finite { exponent, mantissa },
                Size::Finite { exponent: divisor_exponent, mantissa: divisor_mantissa },
            ) => {
                // Both top bits are set, so these are 65 or 66 bits of quotient: at least one to round by.
                let (dividend, divisor) = (u128::from(mantissa) << 64, u128::from(divisor_mantissa));
                let twice = (dividend % divisor) << 1;
                let quotient = ((dividend / divisor) << 1) | u128::from(twice >= divisor);
                let inexact = twice % divisor != 0;
                match Size::rounded(quotient, inexact, exponent - divisor_exponent - 65) {
                    Size::Finite { exponent, mantissa } => exponent >= -i64::from(mantissa.trailing_zeros()),
                    Size::Zero | Size::Infinite => true,
                }
            }
        }
    }
}

impl Ord for Extended {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.size.cmp(&other.size),
            (true, true) => other.size.cmp(&self.size),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Extended {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Size {
    /// Rounds `whole.fraction * 10^exponent`.
    fn of_decimal(whole: &str, fraction: &str, exponent: i64) -> Self {
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0').collect();
        let mut exponent = exponent.saturating_sub(length(fraction.len()));
        while digits.last() == Some(&b'0') {
            digits.pop();
            exponent = exponent.saturating_add(1);
        }
        if digits.is_empty() {
            return Self::Zero;
        }
        let first = length(digits.len() - 1).saturating_add(exponent);
        if first.abs() > MAX_DECIMAL_EXPONENT {
            return if first < 0 { Self::Zero } else { Self::Infinite };
        }
        if digits.len() > MAX_DIGITS {
            exponent += length(digits.len() - MAX_DIGITS - 1);
            digits.truncate(MAX_DIGITS);
            digits.push(b'1');
        }
        let (mut numerator, mut denominator) = (Big::from_digits(&digits), Big::one());
        let power = usize::try_from(exponent.unsigned_abs()).expect("digits and exponent are bounded above");
        if exponent < 0 {
            denominator.times_power_of_ten(power);
        } else {
            numerator.times_power_of_ten(power);
        }
        let shift = length(numerator.bits()) - length(denominator.bits());
        let by = usize::try_from(shift.unsigned_abs()).expect("digits and exponent are bounded above");
        if shift < 0 {
            numerator.shift_left(by);
        } else {
            denominator.shift_left(by);
        }
        // Equally long, their quotient lies between 1/2 and 2: 66 steps give 65 or 66 bits of it.
        let mut quotient = 0_u128;
        for _ in 0..66 {
            let bit = numerator >= denominator;
            if bit {
                numerator.subtract(&denominator);
            }
            quotient = (quotient << 1) | u128::from(bit);
            numerator.shift_left(1);
        }
        Self::rounded(quotient, !numerator.is_zero(), shift - 65)
    }

    /// Rounds `quotient * 2^exponent`, and a little more where it is inexact, to 64 bits; it must have more than those.
    fn rounded(quotient: u128, inexact: bool, exponent: i64) -> Self {
        let excess = 64 - quotient.leading_zeros();
        let (rest, half) = (quotient & ((1 << excess) - 1), 1 << (excess - 1));
        let mantissa = u64::try_from(quotient >> excess).expect("64 bits are left");
        let exponent = exponent + i64::from(excess);
        let up = rest > half || (rest == half && (inexact || mantissa & 1 == 1));
        match mantissa.checked_add(u64::from(up)) {
            Some(mantissa) => Self::Finite { exponent, mantissa },
            None => Self::Finite { exponent: exponent + 1, mantissa: 1 << 63 },
        }
    }
}

/// Reads the exponent of a decimal; huge ones saturate.
fn parse_exponent(text: &str) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    // Far above what any number of digits could balance.
    let size = digits.parse().unwrap_or(i64::MAX).min(i64::MAX / 4);
    Some(if negative { -size } else { size })
}

/// Splits off the sign; returns whether it is a minus.
fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).expect("a text is far shorter than 2^63 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Extended {
        Extended::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn floats_have_the_shortest_text() {
        for (value, text) in [
            (1.0, "1"),
            (1.5, "1.5"),
            (0.0, "0"),
            (-0.0, "-0"),
            (100_000.0, "100000"),
            (999_999.5, "999999.5"),
            (1e6, "1e+06"),
            (-1e6, "-1e+06"),
            (1_234_567.8, "1.2345678e+06"),
            (0.0001, "0.0001"),
            (0.000_123, "0.000123"),
            (0.00001, "1e-05"),
            (1e20, "1e+20"),
            (1e100, "1e+100"),
            (18_446_744_073_709_551_616.0, "1.8446744073709552e+19"),
            (123_456_789.123_456_79, "1.2345678912345679e+08"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
        ] {
            assert_eq!(format_float(value), text);
        }
    }

    #[test]
    fn texts_are_rounded_to_64_bits() {
        for (text, exponent, mantissa) in [
            ("1", -63, 1 << 63),
            ("1.0", -63, 1 << 63),
            ("+10e-1", -63, 1 << 63),
            ("0.5", -64, 1 << 63),
            (".75", -64, 3 << 62),
            ("18446744073709551615", 0, u64::MAX),
            // Ties go to the even neighbour, and anything above a tie goes up.
            ("36893488147419103231", 2, 1 << 63),
            ("36893488147419103229", 1, u64::MAX - 1),
            ("36893488147419103229.0000000000000000000000000000001", 1, u64::MAX),
            ("0.1", -67, 0xcccc_cccc_cccc_cccd),
            ("0.3", -65, 0x9999_9999_9999_999a),
            ("1e23", 13, 0xa968_163f_0a57_b400),
            ("1e-4000", -13_351, 0x9c3d_7386_4f38_05c0),
        ] {
            assert_eq!(number(text), Extended { negative: false, size: Size::Finite { exponent, mantissa } }, "{text}");
        }
        for text in ["0", "-0", "0.000", "0e999999999999999999999", "1e-5001", "1e-99999999999999999999"] {
            assert_eq!(number(text), Extended { negative: false, size: Size::Zero }, "{text}");
        }
        for text in ["-1e5001", "-1e1000000000", "-0.1e99999999999999999999"] {
            assert_eq!(number(text), Extended { negative: true, size: Size::Infinite }, "{text}");
        }
        for text in
            ["", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1_0", "NaN", "+Inf", " 1", "1 ", "--1", "١"]
        {
            assert_eq!(Extended::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_digit_counts() {
        let tie = format!("36893488147419103229.{}", "0".repeat(30_000));
        assert_eq!(number(&tie), number("36893488147419103228"));
        assert_eq!(number(&format!("{tie}1")), number("36893488147419103230"));
        assert_eq!(number(&format!("{}e-100000", "9".repeat(100_001))), number("10"));
        assert_eq!(number(&format!("0.{}1e100001", "0".repeat(100_000))), number("1"));
    }

    #[test]
    fn numbers_are_ordered() {
        let ascending =
            ["-1e9999", "-2", "-1.5", "-1", "-1e-9", "0", "1e-9", "1", "1.0000000000000000001", "2", "1e3", "1e9999"];
        for (a, left) in ascending.iter().enumerate() {
            for (b, right) in ascending.iter().enumerate() {
                assert_eq!(number(left).cmp(&number(right)), a.cmp(&b), "{left} {right}");
            }
        }
        assert_eq!(number("1e2"), number("100.00"));
        assert_eq!(number("1.00000000000000000001"), number("1"));
        assert!(number("9007199254740993.5") > number("9007199254740993"));
    }

    #[test]
    fn multiples_are_told_by_the_rounded_quotient() {
        for (value, divisor, expected) in [
            ("0.3", "0.1", true),
            ("7", "0.7", true),
            ("12345678901234567890", "0.7", true),
            ("12345678901234567890", "3", true),
            ("12345678901234567890", "7", false),
            ("1.005", "0.01", false),
            ("4", "-2", true),
            ("-3", "2", false),
            ("0", "1.5", true),
            ("1", "2", false),
            ("1e4000", "7", true),
            ("7", "1e4000", false),
            ("0", "0", true),
            ("1", "0", false),
            ("1e9999", "3", true),
            ("1e9999", "1e9999", true),
            ("3", "1e9999", false),
        ] {
            assert_eq!(number(value).is_multiple_of(number(divisor)), expected, "{value} {divisor}");
        }
    }
}
