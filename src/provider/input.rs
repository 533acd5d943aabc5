//! Inputs, as the providers read them.

use crate::{
    diagnostic::{Failure, FailureKind},
    value::{Flags, View},
};

/// The most characters of an input that a message shows.
const SHOWN: usize = 120;

/// Returns the text of a string input.
///
/// # Errors
/// When the string is no UTF-8, which only `fn::fromBase64` can make.
pub(super) fn text<'v>(input: View<'v>, what: &str) -> Result<&'v str, Failure> {
    input.as_str().ok_or_else(|| Failure::new(FailureKind::Definition, format!("`{what}` is not UTF-8 text")))
}

/// Returns the text of a property that may be left out.
///
/// # Errors
/// As [`text`].
pub(super) fn optional_text<'v>(inputs: View<'v>, name: &str) -> Result<Option<&'v str>, Failure> {
    inputs.get(name).map(|input| text(input, name)).transpose()
}

/// Returns a property that the schema requires.
///
/// # Panics
/// When it is not there: inputs are validated before a provider is called.
pub(super) fn required<'v>(inputs: View<'v>, name: &str) -> View<'v> {
    inputs.get(name).expect("inputs are validated before a provider is called")
}

/// Returns the flags of everything in the result: secret, unless the definition says otherwise.
pub(super) fn result_flags(inputs: View<'_>) -> Flags {
    match inputs.get("secret").and_then(View::as_bool) {
        Some(false) => Flags::empty(),
        Some(true) | None => Flags::SECRET,
    }
}

/// Returns an input as a message may show it: in ticks, without control characters, cut; and not at all when it is secret.
pub(super) fn shown(input: View<'_>) -> String {
    if input.is_secret() {
        return "[secret]".to_owned();
    }
    format!("`{}`", plain(input.as_str().unwrap_or_default(), SHOWN))
}

/// Returns a text without control characters and terminal sequences, cut behind a number of characters.
pub(super) fn plain(text: &str, most: usize) -> String {
    let text = anstream::adapter::strip_str(text).to_string();
    let mut characters = text.chars().filter(|c| !c.is_control());
    let mut out: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Graph, Value};

    #[test]
    fn inputs_are_shown_without_tricks() {
        let long = "x".repeat(SHOWN + 1);
        let cut = format!("`{}…`", "x".repeat(SHOWN));
        let cases = [("a b", "`a b`"), ("\u{1b}[31mred\u{1b}[0m\r\n", "`red`"), ("\u{7}", "``"), (&long, &cut)];
        for (text, want) in cases {
            let mut graph = Graph::new();
            let root = graph.string(text);
            assert_eq!(shown(Value::new(graph, root).view()), want, "{text:?}");
        }
        let mut graph = Graph::new();
        let root = graph.secret("hunter2");
        assert_eq!(shown(Value::new(graph, root).view()), "[secret]");
    }
}
