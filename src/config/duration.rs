//! Durations as Go writes them: `90m`, `1h30m`, `1.5h`.

use std::time::Duration;

/// A number of whole nanoseconds that fits Go's type.
const LONGEST: u128 = i64::MAX as u128;

/// Parses a duration: numbers, each with its unit (`ns`, `us`, `µs`, `ms`, `s`, `m`, `h`), or `0`.
///
/// A sign is taken, but nothing negative is: no setting of this program means the past. Fractions are cut at nanoseconds, and
/// about 292 years are the most, as in Go.
#[must_use]
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        total = total.checked_add(nanoseconds(number, unit_length(unit)?)?)?;
        rest = after;
    }
    (total <= LONGEST).then_some(())?;
    u64::try_from(total).ok().map(Duration::from_nanos)
}

fn unit_length(unit: &str) -> Option<u128> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60 * 1_000_000_000,
        "h" => 3_600 * 1_000_000_000,
        _ => return None,
    })
}

/// Multiplies a decimal number without a rounding error above a nanosecond.
fn nanoseconds(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let whole: u128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Digits that no nanosecond can show are left out, so that the sum below stays small.
    let fraction = &fraction[..fraction.len().min(18)];
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let parts: u128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    whole.checked_mul(unit)?.checked_add(parts * unit / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("2h", Some(7_200_000_000_000)),
            ("90m", Some(5_400_000_000_000)),
            ("1h30m", Some(5_400_000_000_000)),
            ("1.5h", Some(5_400_000_000_000)),
            ("+5s", Some(5_000_000_000)),
            (".5s", Some(500_000_000)),
            ("5.s", Some(5_000_000_000)),
            ("1h1h", Some(7_200_000_000_000)),
            ("10us", Some(10_000)),
            ("10µs", Some(10_000)),
            ("10μs", Some(10_000)),
            ("3ms7ns", Some(3_000_007)),
            ("0.0000000000000000000001h", Some(0)),
            ("9223372036854775807ns", Some(9_223_372_036_854_775_807)),
            ("9223372036854775808ns", None),
            ("99999999999999999999999999999999999999999h", None),
            ("", None),
            ("+", None),
            ("-5s", None),
            ("5", None),
            ("5d", None),
            ("1 h", None),
            ("h", None),
            (".h", None),
            ("1.2.3s", None),
            ("1h30", None),
            ("٣s", None),
        ] {
            assert_eq!(parse(text), expected.map(Duration::from_nanos), "{text}");
        }
    }
}
