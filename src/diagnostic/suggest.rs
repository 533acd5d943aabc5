//! What somebody may have meant: names that are close to a name that does not exist.
//!
//! Distances are those of the reference, so a suggestion here is the one that it makes: names are folded (lower case, no
//! `_`) and compared byte by byte.

/// The top-level fields of a definition, in the order that decides between equally close ones.
const FIELDS: [&str; 3] = ["description", "imports", "values"];

/// Bytes of a name above which there is no suggestion: nobody mistypes such a name, and comparing costs its square.
const LONGEST: usize = 256;

/// Steps that the suggestions of one run may take: a tenth of a second. A broken document of some megabytes would take days.
const STEPS: u64 = 20_000_000;

/// Suggests properties as [`property`] does, until a run has spent enough on it.
#[derive(Debug)]
pub struct Suggester {
    left: u64,
}

impl Default for Suggester {
    fn default() -> Self {
        Self { left: STEPS }
    }
}

impl Suggester {
    /// Returns what [`property`] does, or `None` when too much was compared before.
    pub fn property<'a>(&mut self, wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        if self.left == 0 {
            return None;
        }
        let (found, steps) = closest(wanted, candidates);
        self.left = self.left.saturating_sub(steps);
        found
    }
}

/// Returns the candidate that is closest to a name, the smallest one of equally close ones, or `None` when none is similar.
///
/// Similar is what can be had by fewer edits than half of the folded name's bytes, rounded up.
#[must_use]
pub fn property<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    closest(wanted, candidates).0
}

/// Returns the closest candidate, and what it took to find it.
fn closest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> (Option<&'a str>, u64) {
    let mut steps = 0;
    if wanted.len() > LONGEST {
        return (None, steps);
    }
    let wanted = fold(wanted);
    let limit = wanted.len().div_ceil(2);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let farthest = best.map_or(limit, |(distance, _)| distance + 1);
        if farthest == 0 || candidate.len() > LONGEST {
            continue;
        }
        let folded = fold(candidate);
        steps += candidate.len() as u64;
        if folded.len().abs_diff(wanted.len()) >= farthest {
            continue;
        }
        let distance = strsim::generic_levenshtein(&wanted, &folded);
        steps += (wanted.len() * folded.len()) as u64;
        if distance < limit && best.is_none_or(|best| (distance, candidate) < best) {
            best = Some((distance, candidate));
        }
    }
    (best.map(|(_, candidate)| candidate), steps)
}

/// Returns the top-level fields of a definition, the closest to a name first.
#[must_use]
pub fn fields(wanted: &str) -> [&'static str; 3] {
    let wanted = fold(wanted);
    let mut fields = FIELDS;
    // The reference compares with the quotes that its message puts around the fields.
    fields.sort_by_key(|field| strsim::generic_levenshtein(&wanted, &fold(&format!("\"{field}\""))));
    fields
}

fn fold(name: &str) -> Vec<u8> {
    let mut folded = name.to_lowercase().into_bytes();
    folded.retain(|byte| *byte != b'_');
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_closest_property() {
        let cases: &[(&str, &[&str], Option<&str>)] = &[
            // From the conformance vectors; some of them have candidates that are not similar.
            ("inheritd", &["inherited"], Some("inherited")),
            ("hostnme", &["inherited"], None),
            ("PORT", &["inherited"], None),
            ("nam", &["name", "list"], Some("name")),
            ("nope", &["none"], Some("none")),
            ("nope", &["name"], None),
            ("zzz", &["apiKey", "database_url", "o"], None),
            // Case and underscores do not count.
            ("databaseurl", &["apiKey", "database_url", "o"], Some("database_url")),
            ("api_key", &["apiKey", "database_url"], Some("apiKey")),
            ("X", &["x"], Some("x")),
            ("_x", &["X"], Some("X")),
            // Strictly fewer edits than (length + 1) / 2.
            ("bar", &["baz"], Some("baz")),
            ("bar", &["bzz"], None),
            ("ab", &["b"], None),
            ("a", &["b"], None),
            ("abcd", &["abxx"], None),
            ("abcde", &["abcxx"], Some("abcxx")),
            ("abcde", &["abxxx"], None),
            // A tie goes to the smallest name, whatever the order; a closer name wins over a smaller one.
            ("bat", &["bay", "bar", "bax"], Some("bar")),
            ("names", &["name", "names_"], Some("names_")),
            ("names", &["names_", "NAMES", "name"], Some("NAMES")),
            // Bytes count, not characters: `ü` is two edits away from `u`.
            ("für", &["fur"], None),
            ("fürst", &["furst"], Some("furst")),
            ("", &["", "a"], None),
            ("_", &["_"], None),
            ("a", &[], None),
        ];
        for (wanted, candidates, expected) in cases {
            assert_eq!(property(wanted, candidates.iter().copied()), *expected, "{wanted} among {candidates:?}");
        }
    }

    #[test]
    fn leaves_huge_names_alone() {
        let huge = "x".repeat(1_000_000);
        assert_eq!(property(&huge, [huge.as_str()]), None);
        assert_eq!(property("xx", [huge.as_str(), "xx"]), Some("xx"));
    }

    #[test]
    fn a_run_compares_so_much_and_no_more() {
        let names: Vec<String> = (0..300).map(|at| format!("{at:0>200}x")).collect();
        let mut suggester = Suggester::default();
        let found = (0..20).map(|_| suggester.property(&names[7], names.iter().skip(8).map(String::as_str)).is_some());
        let found: Vec<bool> = found.collect();
        assert!(found[0]);
        assert!(!found[19]);
    }

    #[test]
    fn orders_fields_by_closeness() {
        let cases = [
            ("improts", ["imports", "values", "description"]),
            ("fn::toJSON", ["imports", "values", "description"]),
            ("valuse", ["values", "imports", "description"]),
            ("Value", ["values", "imports", "description"]),
            ("import", ["imports", "values", "description"]),
            ("extra", ["imports", "values", "description"]),
            ("desc", ["values", "imports", "description"]),
            ("Descripton", ["description", "imports", "values"]),
        ];
        for (wanted, expected) in cases {
            assert_eq!(fields(wanted), expected, "{wanted}");
        }
    }
}
