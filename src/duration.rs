//! Durations as Go writes them: `1h30m`, `1.5s`, `100ms`.
//!
//! Everything that people may give as a duration is read here, so all of it has one grammar.

use std::time::Duration;

/// What an input must look like to be a duration, as a `pattern` of a schema: RE2 syntax, anchored.
///
/// It says the form only; [`parse`] also bounds the length.
pub const PATTERN: &str = "^\\+?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";

/// Why a text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Nothing was given.
    #[error("expected a duration, as in `30s`, found nothing")]
    Empty,
    /// A minus in front: nothing here reaches into the past.
    #[error("a duration is not negative")]
    Negative,
    /// No number where one is needed.
    #[error("expected a number with a unit, as in `1m30s`")]
    Number,
    /// A number alone.
    #[error("a duration needs a unit, as in `30s`")]
    MissingUnit,
    /// A unit that Go does not know; there are no days.
    #[error("unknown unit of time, use h, m, s, ms, us or ns")]
    UnknownUnit,
    /// More than a Go duration can hold.
    #[error("the duration is longer than 292 years")]
    TooLong,
}

/// Go's longest duration, in nanoseconds.
const LONGEST: u128 = i64::MAX as u128;

/// Reads a duration: numbers with an optional fraction, each followed by `h`, `m`, `s`, `ms`, `us` (also `µs`) or `ns`, added up.
///
/// As in Go a `+` may stand in front, `0` needs no unit, and fractions of a nanosecond are cut off.
///
/// # Errors
/// When the text has another form, or means less than nothing or more than 292 years.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    match rest {
        "" => return Err(DurationError::Empty),
        "0" => return Ok(Duration::ZERO),
        _ if text.starts_with('-') => return Err(DurationError::Negative),
        _ => {}
    }
    let mut total = 0_u128;
    while !rest.is_empty() {
        let (whole, behind) = digits(rest);
        let (fraction, behind) = behind.strip_prefix('.').map_or(("", behind), digits);
        if whole.is_empty() && fraction.is_empty() {
            return Err(DurationError::Number);
        }
        let end = behind.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(end);
        let unit = nanoseconds(name)?;
        let part = whole_part(whole, unit).ok_or(DurationError::TooLong)? + fraction_part(fraction, unit);
        total += part;
        if total > LONGEST {
            return Err(DurationError::TooLong);
        }
        rest = behind;
    }
    u64::try_from(total).map(Duration::from_nanos).map_err(|_| DurationError::TooLong)
}

/// Writes a duration as Go does: `2h0m0s`, `1m30s`, `1.5s`, `250ms`.
#[must_use]
pub fn go(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos();
    let (unit, scale) = match nanoseconds {
        0 => return "0s".to_owned(),
        1..1_000 => ("ns", 1),
        1_000..1_000_000 => ("µs", 1_000),
        1_000_000..1_000_000_000 => ("ms", 1_000_000),
        _ => ("s", 1_000_000_000),
    };
    let (minutes, below) =
        if unit == "s" { (nanoseconds / (60 * scale), nanoseconds % (60 * scale)) } else { (0, nanoseconds) };
    let width = scale.ilog10() as usize;
    let fraction = format!("{:0width$}", below % scale);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() || width == 0 { String::new() } else { format!(".{fraction}") };
    let seconds = format!("{}{point}{unit}", below / scale);
    match (minutes / 60, minutes % 60) {
        (0, 0) => seconds,
        (0, minutes) => format!("{minutes}m{seconds}"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
    }
}

/// Cuts the digits off the front.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn nanoseconds(unit: &str) -> Result<u128, DurationError> {
    match unit {
        "" => Err(DurationError::MissingUnit),
        "ns" => Ok(1),
        "us" | "µs" | "μs" => Ok(1_000),
        "ms" => Ok(1_000_000),
        "s" => Ok(1_000_000_000),
        "m" => Ok(60_000_000_000),
        "h" => Ok(3_600_000_000_000),
        _ => Err(DurationError::UnknownUnit),
    }
}

/// Multiplies digits by a unit; nothing when that is too long.
fn whole_part(digits: &str, unit: u128) -> Option<u128> {
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    let number: u64 = significant.parse().ok()?;
    Some(u128::from(number) * unit)
}

/// Takes a fraction of a unit. Digits behind the fifteenth are less than a nanosecond, even of an hour.
fn fraction_part(digits: &str, unit: u128) -> u128 {
    let mut scale = 1_u128;
    let mut number = 0_u128;
    for digit in digits.bytes().take(15) {
        number = number * 10 + u128::from(digit - b'0');
        scale *= 10;
    }
    number * unit / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_go_writes_them() {
        for (text, expected) in [
            ("0", "0s"),
            ("1ns", "1ns"),
            ("1.5us", "1.5µs"),
            ("250ms", "250ms"),
            ("1.05s", "1.05s"),
            ("59s", "59s"),
            ("90s", "1m30s"),
            ("1h", "1h0m0s"),
            ("2h0m0s", "2h0m0s"),
            ("25h1.5s", "25h0m1.5s"),
            ("60m", "1h0m0s"),
            ("1m0.000000001s", "1m0.000000001s"),
        ] {
            let duration = parse(text).unwrap();
            assert_eq!(go(duration), expected);
            assert_eq!(parse(&go(duration)), Ok(duration));
        }
    }

    #[test]
    fn durations_are_read() {
        let cases = [
            ("30s", Duration::from_secs(30)),
            ("1h30m", Duration::from_mins(90)),
            ("1.5s", Duration::from_millis(1500)),
            (".5s", Duration::from_millis(500)),
            ("1.s", Duration::from_secs(1)),
            ("100ms", Duration::from_millis(100)),
            ("1h0m0.25s", Duration::from_millis(3_600_250)),
            ("7us", Duration::from_micros(7)),
            ("7µs", Duration::from_micros(7)),
            ("7μs", Duration::from_micros(7)),
            ("9ns", Duration::from_nanos(9)),
            ("0.9ns", Duration::ZERO),
            ("0s", Duration::ZERO),
            ("0", Duration::ZERO),
            ("+1h", Duration::from_hours(1)),
            ("30m1h", Duration::from_mins(90)),
            ("0.333333333333333333333333h", Duration::from_nanos(1_199_999_999_999)),
            ("9223372036854775807ns", Duration::from_nanos(i64::MAX.unsigned_abs())),
            ("000000000000000000000000000000000001s", Duration::from_secs(1)),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let cases = [
            ("", DurationError::Empty),
            ("+", DurationError::Empty),
            ("-1s", DurationError::Negative),
            ("+-1s", DurationError::Number),
            ("30", DurationError::MissingUnit),
            ("00", DurationError::MissingUnit),
            ("1h0", DurationError::MissingUnit),
            ("1d", DurationError::UnknownUnit),
            ("1S", DurationError::UnknownUnit),
            ("1 s", DurationError::UnknownUnit),
            ("1s ", DurationError::UnknownUnit),
            ("s", DurationError::Number),
            (".s", DurationError::Number),
            ("1..s", DurationError::MissingUnit),
            ("soon", DurationError::Number),
            ("9223372036854775808ns", DurationError::TooLong),
            ("99999999999999999999999999h", DurationError::TooLong),
            ("2562047h48m", DurationError::TooLong),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text), Err(want), "{text}");
        }
    }

    #[test]
    fn the_pattern_says_what_is_read() {
        let pattern = regex::Regex::new(PATTERN).unwrap();
        for text in [
            "30s", "1h30m", "1.5s", ".5s", "1.s", "7µs", "7μs", "9ns", "", "-1s", "+1s", "+", "0", "00", "1h0", "30",
            "1d", "1 s", "s", ".s", "1..s",
        ] {
            assert_eq!(pattern.is_match(text), parse(text).is_ok(), "{text}");
        }
    }
}
