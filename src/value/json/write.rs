//! Writes values as JSON text: sorted keys, numbers as they are, `<`, `>` and `&` escaped.

use super::{Emitter, Layout};
use crate::value::{
    Key, Secrets, TooLarge, View,
    limit::check_weight,
    projection::{Projection, parts},
};

/// Writes a value without blanks and with secrets in clear, as `fn::toJSON` does.
///
/// # Errors
/// When there are too many values, or too much text.
pub fn compact(view: View<'_>) -> Result<String, TooLarge> {
    write(view, Layout::Compact, Secrets::Shown)
}

/// Writes a value with a line for each part and no line feed at the end; unknowns and masked secrets are fixed texts.
///
/// # Errors
/// When there are too many values, or too much text.
pub fn indented(view: View<'_>, secrets: Secrets) -> Result<String, TooLarge> {
    write(view, Layout::Indented, secrets)
}

/// What is left to write; the last step comes first.
enum Step<'g> {
    Value(Option<&'g Key>, View<'g>),
    Close(char),
}

fn write(view: View<'_>, layout: Layout, secrets: Secrets) -> Result<String, TooLarge> {
    check_weight(view.node().weight)?;
    let mut out = Emitter::new(layout);
    let mut steps = vec![Step::Value(None, view)];
    while let Some(step) = steps.pop() {
        let (key, view) = match step {
            Step::Value(key, view) => (key, view),
            Step::Close(bracket) => {
                out.close(bracket)?;
                continue;
            }
        };
        if let Some(key) = key {
            out.key(key);
        }
        let closing = match Projection::of(view, secrets) {
            Projection::List => {
                out.open('[')?;
                ']'
            }
            Projection::Object => {
                out.open('{')?;
                '}'
            }
            scalar => {
                write_scalar(scalar, &mut out)?;
                continue;
            }
        };
        steps.push(Step::Close(closing));
        steps.extend(parts(view).into_iter().rev().map(|(key, part)| Step::Value(key, part)));
    }
    Ok(out.finish())
}

/// Writes what is neither list nor object.
fn write_scalar(scalar: Projection<'_>, out: &mut Emitter) -> Result<(), TooLarge> {
    match scalar {
        Projection::Bool(true) => out.literal("true"),
        Projection::Bool(false) => out.literal("false"),
        Projection::Number(text) => out.literal(text),
        Projection::String(text) => out.string(text.as_bytes()),
        Projection::Mark(text) => out.string(text.as_bytes()),
        Projection::Null | Projection::List | Projection::Object => out.literal("null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Flags, Graph, Kind, MAX_VALUES, NodeId, Origin, schema::Schema};

    #[test]
    fn strings_are_escaped_as_go_does() {
        let table: [(&[u8], &str); 9] = [
            (b"", ""),
            (b"<a>&/", r"\u003ca\u003e\u0026/"),
            ("\u{2028}\u{2029}é".as_bytes(), r"\u2028\u2029é"),
            (b"\"\\\x08\x0c\n\r\t", r#"\"\\\b\f\n\r\t"#),
            (b"\x00\x01\x1f", r"\u0000\u0001\u001f"),
            (b"\x7f", "\x7f"),
            ("🚀\u{fffd}".as_bytes(), "🚀\u{fffd}"),
            (b"a\xffb", r"a\ufffdb"),
            (b"\xe2\x82", r"\ufffd\ufffd"),
        ];
        for (bytes, expected) in table {
            let mut graph = Graph::new();
            let id = graph.string(bytes);
            assert_eq!(compact(graph.view(id)).unwrap(), format!("\"{expected}\""));
        }
    }

    fn example(graph: &mut Graph) -> NodeId {
        let number = graph.number("1.50");
        let secret = graph.secret("s");
        let unknown = graph.unknown(Schema::any());
        let hidden = graph.add(Kind::Unknown, Flags::SECRET, Origin::NONE);
        let list = graph.list([number, secret]);
        let both = graph.add(Kind::List([number].into()), Flags::SECRET, Origin::NONE);
        let null = graph.null();
        let empty = graph.list([]);
        graph.object(
            [("l", list), ("u", unknown), ("h", hidden), ("b", both), ("Z", null), ("e", empty)]
                .map(|(key, id)| (key.into(), id)),
        )
    }

    #[test]
    fn unknowns_and_masked_secrets_are_texts() {
        let mut graph = Graph::new();
        let id = example(&mut graph);
        let shown = r#"{"Z":null,"b":[1.50],"e":[],"h":"[unknown]","l":[1.50,"s"],"u":"[unknown]"}"#;
        assert_eq!(compact(graph.view(id)).unwrap(), shown);
        let masked = indented(graph.view(id), Secrets::Masked).unwrap();
        let expected = [
            "{",
            r#"  "Z": null,"#,
            r#"  "b": "[secret]","#,
            r#"  "e": [],"#,
            r#"  "h": "[secret]","#,
            r#"  "l": ["#,
            "    1.50,",
            r#"    "[secret]""#,
            "  ],",
            r#"  "u": "[unknown]""#,
            "}",
        ];
        assert_eq!(masked, expected.join("\n"));
    }

    #[test]
    fn shared_structure_is_not_expanded_without_end() {
        let mut graph = Graph::new();
        let mut id = graph.null();
        for _ in 0..64 {
            id = graph.list([id, id]);
        }
        assert!(graph.node(id).weight > MAX_VALUES);
        assert_eq!(compact(graph.view(id)), Err(TooLarge::Values));
    }
}
