//! Formats that show a value as it is.

use super::RenderError;
use crate::value::{Secrets, View, json as json_text, shown_text, yaml as yaml_text};

/// Renders JSON, indented by two spaces, with a line feed at the end.
///
/// # Errors
/// [`RenderError::TooLarge`].
pub fn json(value: View<'_>, secrets: Secrets) -> Result<String, RenderError> {
    Ok(json_text::indented(value, secrets)? + "\n")
}

/// Renders block-style YAML with a line feed at the end.
///
/// # Errors
/// [`RenderError::TooLarge`].
pub fn yaml(value: View<'_>, secrets: Secrets) -> Result<String, RenderError> {
    Ok(yaml_text::shown(value, secrets)?)
}

/// Renders the text form; a line feed is added unless there is one at the end.
///
/// # Errors
/// [`RenderError::TooLarge`].
pub fn string(value: View<'_>, secrets: Secrets) -> Result<String, RenderError> {
    let mut text = shown_text(value, secrets)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Graph;

    #[test]
    fn string_ends_in_one_line_feed_or_its_own() {
        for (text, expected) in [("", "\n"), ("a", "a\n"), ("a\n", "a\n"), ("a\n\n", "a\n\n")] {
            let mut graph = Graph::new();
            let id = graph.string(text);
            assert_eq!(string(graph.view(id), Secrets::Shown).unwrap(), expected);
        }
    }
}
