//! How the bytes of a file or of a command's output become a value.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    diagnostic::{Failure, FailureKind},
    dotenv,
    provider::{Host, input::plain},
    value::{Flags, Graph, Key, Kind, Origin, Value, View, json},
};

/// The input `format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// The text as it is.
    String,
    /// A JSON document; numbers keep their text.
    Json,
    /// A YAML document.
    Yaml,
    /// Lines of `NAME=value`, as an object of strings.
    Dotenv,
    /// The bytes as base64 text.
    Base64,
}

impl Format {
    /// Reads the input of a call; text when it is left out.
    pub(super) fn of(inputs: View<'_>) -> Self {
        match inputs.get("format").and_then(View::as_str) {
            Some("json") => Self::Json,
            Some("yaml") => Self::Yaml,
            Some("dotenv") => Self::Dotenv,
            Some("base64") => Self::Base64,
            _ => Self::String,
        }
    }

    /// Makes a value of bytes; `shown` is what messages call their source, and every part of the result gets the flags.
    ///
    /// # Errors
    /// When the bytes are no UTF-8 (but for base64), or not what the format says; the reason has a place and no content.
    pub(super) fn read(self, bytes: &[u8], shown: &str, flags: Flags, host: &Host) -> Result<Value, Failure> {
        let malformed = |reason: &dyn std::fmt::Display| {
            Failure::new(FailureKind::Provider, format!("{shown} is not valid {}: {reason}", self.name()))
        };
        let mut graph = Graph::new();
        let root = match self {
            Self::String => graph.add(Kind::String(utf8(bytes, shown)?.into()), flags, Origin::NONE),
            Self::Base64 => graph.add(Kind::String(STANDARD.encode(bytes).into()), flags, Origin::NONE),
            Self::Json => {
                let text = without_mark(utf8(bytes, shown)?);
                json::parse(text, &mut graph, Origin::NONE, flags).map_err(|error| malformed(&error))?
            }
            Self::Yaml => {
                let text = without_mark(utf8(bytes, shown)?);
                let value = (host.parse_yaml)(text).map_err(|error| malformed(&plain(&error.message, 300)))?;
                graph.graft(value.view(), Origin::NONE, flags)
            }
            Self::Dotenv => {
                let text = without_mark(utf8(bytes, shown)?);
                let variables = dotenv::parse(text).map_err(|error| malformed(&error))?;
                let entries: Vec<(Key, _)> = variables
                    .into_iter()
                    .map(|(name, value)| (name.into(), graph.add(Kind::String(value.into()), flags, Origin::NONE)))
                    .collect();
                graph.object(entries)
            }
        };
        Ok(Value::new(graph, root))
    }

    fn name(self) -> &'static str {
        match self {
            Self::String => "text",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Dotenv => "dotenv",
            Self::Base64 => "base64",
        }
    }
}

fn utf8<'b>(bytes: &'b [u8], shown: &str) -> Result<&'b str, Failure> {
    std::str::from_utf8(bytes).map_err(|_| {
        Failure::new(FailureKind::Provider, format!("{shown} is not UTF-8")).hint("use `format: base64` for bytes")
    })
}

/// Returns a document without the mark that some editors put in front.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
