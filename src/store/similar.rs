//! Which known name somebody may have meant.

/// Returns the known name that is closest to a written one, or `None` when none is close: at most a third of the letters may differ,
/// and one letter at least may, with the case left aside. Of equally close ones the first is taken.
pub(crate) fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    let limit = (lower.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= limit && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn the_closest_name_is_found() {
        let known = ["environment", "environments", "aws", "min", "max", "token-file"];
        for (written, expected) in [
            ("enviroments", Some("environments")),
            ("enviroment", Some("environment")),
            ("Environments", Some("environments")),
            ("token_file", Some("token-file")),
            ("asw", Some("aws")),
            ("mim", Some("min")),
            ("x", None),
            ("region", None),
        ] {
            assert_eq!(closest(written, known), expected, "{written}");
        }
    }
}
