//! Takes secrets out of messages: a provider may repeat what it was given, a schema may be made of secrets.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};

use super::Problem;
use crate::value::{SECRET, schema::Violation};

/// A text with fewer characters is found as a whole word only: it would be found everywhere else by chance.
const WORD: usize = 4;

/// Knows secrets and masks them in messages.
///
/// A secret of several lines is found line by line, too, and each as it is and as JSON or Rust would quote it.
pub struct Redactor {
    long: Option<AhoCorasick>,
    short: Option<AhoCorasick>,
}

impl Redactor {
    /// Collects what is to be masked.
    #[must_use]
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut texts = BTreeSet::new();
        for secret in secrets {
            let secret = secret.trim();
            for text in std::iter::once(secret).chain(secret.lines().map(str::trim)) {
                texts.insert(text.to_owned());
                texts.insert(text.escape_debug().to_string());
                texts.insert(text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
            }
        }
        texts.remove("");
        let (short, long): (Vec<_>, Vec<_>) = texts.into_iter().partition(|text| text.chars().nth(WORD - 1).is_none());
        Self { long: automaton(&long), short: automaton(&short) }
    }

    /// Masks the secrets in the texts of a problem that come from outside or from values.
    pub fn redact(&self, problem: &mut Problem) {
        match problem {
            Problem::Load { failure, .. }
            | Problem::ProviderLoad { failure, .. }
            | Problem::Open { failure, .. }
            | Problem::Rotate { failure, .. }
            | Problem::Decrypt { failure } => {
                self.mask(&mut failure.message);
                for hint in &mut failure.hints {
                    self.mask(hint);
                }
            }
            Problem::BadSchema { reason } | Problem::ProviderSchema { reason, .. } => self.mask(reason),
            Problem::Schema { violation, .. } => self.violation(violation),
            _ => {}
        }
    }

    fn violation(&self, violation: &mut Violation) {
        match violation {
            Violation::MultipleOf(text)
            | Violation::Minimum(text)
            | Violation::ExclusiveMinimum(text)
            | Violation::Maximum(text)
            | Violation::ExclusiveMaximum(text)
            | Violation::MinLength(text)
            | Violation::MaxLength(text)
            | Violation::Pattern(text)
            | Violation::MinItems(text)
            | Violation::MaxItems(text)
            | Violation::MinProperties(text)
            | Violation::MaxProperties(text) => self.mask(text),
            Violation::Required(names) | Violation::RequiredSchema(names) => {
                for name in names {
                    self.mask(name);
                }
            }
            Violation::Type { .. }
            | Violation::Const(_)
            | Violation::Enum(_)
            | Violation::NoneOf
            | Violation::OneOfNone
            | Violation::OneOfMany
            | Violation::TooLarge => {}
        }
    }

    fn mask<T: AsRef<str> + From<String>>(&self, text: &mut T) {
        for (secrets, whole_words) in [(&self.long, false), (&self.short, true)] {
            if let Some(masked) = secrets.as_ref().and_then(|secrets| masked(secrets, text.as_ref(), whole_words)) {
                *text = masked.into();
            }
        }
    }
}

fn automaton(texts: &[String]) -> Option<AhoCorasick> {
    if texts.is_empty() {
        return None;
    }
    let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(texts);
    Some(built.expect("the limits on definitions keep secrets far below what an automaton takes"))
}

/// Returns a text with its matches masked, where there are any.
fn masked(secrets: &AhoCorasick, text: &str, whole_words: bool) -> Option<String> {
    let mut out = String::new();
    let mut end = 0;
    for found in secrets.find_iter(text) {
        let (before, after) = (text[..found.start()].chars().next_back(), text[found.end()..].chars().next());
        if whole_words && [before, after].into_iter().flatten().any(char::is_alphanumeric) {
            continue;
        }
        out.push_str(&text[end..found.start()]);
        out.push_str(SECRET);
        end = found.end();
    }
    (end > 0).then(|| out + &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Failure, FailureKind};

    fn redacted(secrets: &[&str], message: &str) -> String {
        let redactor = Redactor::new(secrets.iter().copied());
        let failure = Failure::new(FailureKind::Provider, message).hint(message);
        let mut failed = Problem::Open { name: "test".into(), failure };
        let mut unmatched = Problem::Schema { prefix: String::new(), violation: Violation::Pattern(message.into()) };
        redactor.redact(&mut failed);
        redactor.redact(&mut unmatched);
        let Problem::Open { failure: Failure { message, hints, .. }, .. } = failed else { unreachable!() };
        let Problem::Schema { violation: Violation::Pattern(pattern), .. } = unmatched else { unreachable!() };
        assert_eq!(hints, [message.as_str()]);
        assert_eq!(*pattern, *message);
        message
    }

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        assert_eq!(redacted(&["hunter2"], "bad password hunter2, xhunter2x"), "bad password [secret], x[secret]x");
        assert_eq!(redacted(&["hunter", "hunter2"], "hunter2"), "[secret]", "the longest one is taken");
        assert_eq!(redacted(&["a b\n  line two\n"], "it begins `line two`"), "it begins `[secret]`");
        assert_eq!(redacted(&["say \"hi\"\\\n…"], r#"got "say \"hi\"\\\n…""#), r#"got "[secret]""#);
        assert_eq!(redacted(&["höl\u{1}le"], r"got höl\u{1}le"), "got [secret]");
        assert_eq!(redacted(&[], "nothing to hide"), "nothing to hide");
        assert_eq!(redacted(&["", " \n"], "nothing to hide"), "nothing to hide");
    }

    #[test]
    fn short_secrets_are_whole_words() {
        assert_eq!(redacted(&["42"], "port 42 of 4200, \"42\""), "port [secret] of 4200, \"[secret]\"");
        assert_eq!(redacted(&["42", "4200"], "port 42 of 4200"), "port [secret] of [secret]");
    }
}
