//! The text that a value becomes in an interpolation, in `fn::toString`, in a variable or in the format `string`.
//!
//! Scalars are themselves; the parts of lists and objects are quoted, and quoted again at each level above.

use super::{
    Kind, Secrets, Text, TooLarge, View, go_quote,
    limit::{MAX_BYTES, check_weight},
    projection::{Part, Projection, SECRET, parts},
};

/// A value as text, and what is known of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextForm {
    /// The text; it may be no UTF-8 when the value is such a string.
    pub text: Text,
    /// A part of it is secret.
    pub secret: bool,
    /// A part of it is unknown, and reads `[unknown]`.
    pub unknown: bool,
}

/// Returns the text form that the language knows: of objects only the own keys, secrets in clear.
///
/// # Errors
/// When there are too many values, or too much text.
pub fn text_form(view: View<'_>) -> Result<TextForm, TooLarge> {
    Writer { own_keys: true, lossy: false, secrets: Secrets::Shown, limit: MAX_BYTES }.write(view)
}

/// Returns the text form that is shown of an opened value: of objects all listed keys, U+FFFD for each byte that is no UTF-8.
///
/// # Errors
/// When there are too many values, or too much text.
pub fn shown_text(view: View<'_>, secrets: Secrets) -> Result<String, TooLarge> {
    let form = Writer { own_keys: false, lossy: true, secrets, limit: MAX_BYTES }.write(view)?;
    Ok(form.text.to_str_lossy().into_owned())
}

struct Writer {
    own_keys: bool,
    lossy: bool,
    secrets: Secrets,
    limit: usize,
}

impl Writer {
    fn write(&self, view: View<'_>) -> Result<TextForm, TooLarge> {
        check_weight(view.node().weight)?;
        let mut form = TextForm { text: Text::from(Vec::new()), secret: false, unknown: false };
        let mut stack: Vec<Open<'_>> = Vec::new();
        let mut finished = self.enter(view, &mut stack, &mut form);
        loop {
            if let Some(text) = finished {
                match stack.last_mut() {
                    None => return Ok(TextForm { text: text.into(), ..form }),
                    Some(open) => open.quote(&text, self.limit)?,
                }
            }
            let open = stack.last_mut().expect("a value that is not finished is open");
            finished = match open.next() {
                Some(part) => self.enter(part, &mut stack, &mut form),
                None => stack.pop().map(|open| open.text),
            };
        }
    }

    /// Returns the text of a scalar; a list or an object is opened instead.
    fn enter<'g>(&self, view: View<'g>, stack: &mut Vec<Open<'g>>, form: &mut TextForm) -> Option<Vec<u8>> {
        form.secret |= view.is_secret();
        let scalar = match Projection::clear(view) {
            Projection::Mark(unknown) => {
                form.unknown = true;
                unknown.into()
            }
            _ if self.secrets == Secrets::Masked && view.is_secret() => SECRET.into(),
            Projection::Null => Vec::new(),
            Projection::Bool(value) => value.to_string().into(),
            Projection::Number(text) => text.into(),
            Projection::String(text) if self.lossy => text.to_str_lossy().as_bytes().into(),
            Projection::String(text) => text.as_bytes().into(),
            Projection::List | Projection::Object => {
                stack.push(Open { parts: self.parts(view).into_iter(), text: Vec::new(), first: true });
                return None;
            }
        };
        Some(scalar)
    }

    fn parts<'g>(&self, view: View<'g>) -> Vec<Part<'g>> {
        match view.kind() {
            Kind::Object(object) if self.own_keys => object.own().map(|(key, id)| (Some(key), view.at(*id))).collect(),
            _ => parts(view),
        }
    }
}

/// A list or an object whose text is being made.
struct Open<'g> {
    parts: std::vec::IntoIter<Part<'g>>,
    text: Vec<u8>,
    first: bool,
}

impl<'g> Open<'g> {
    /// Writes what stands before the next part, and returns the part.
    fn next(&mut self) -> Option<View<'g>> {
        let (key, part) = self.parts.next()?;
        if !std::mem::take(&mut self.first) {
            self.text.push(b',');
        }
        if let Some(key) = key {
            self.text.extend_from_slice(go_quote(key.as_bytes()).as_bytes());
            self.text.push(b'=');
        }
        Some(part)
    }

    /// Writes a part's text.
    fn quote(&mut self, text: &[u8], limit: usize) -> Result<(), TooLarge> {
        self.text.extend_from_slice(go_quote(text).as_bytes());
        if self.text.len() > limit { Err(TooLarge::Bytes) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::value::{Flags, Graph, NodeId, Object, Origin, json::parse, schema::Schema};

    fn read(text: &str) -> (Graph, NodeId) {
        let mut graph = Graph::new();
        let id = parse(text, &mut graph, Origin::NONE, Flags::empty()).unwrap();
        (graph, id)
    }

    #[test]
    fn kinds_have_their_texts() {
        let table = [
            ("null", ""),
            ("true", "true"),
            ("1.50", "1.50"),
            (r#""tab\té""#, "tab\té"),
            ("[]", ""),
            ("{}", ""),
            (r#"[1, "a\"b", ["x"], {"k": "v"}]"#, r#""1","a\"b","\"x\"","\"k\"=\"v\"""#),
            (r#"{"b": null, "a": [true, [], {}], "": "\u00a0"}"#, r#"""="\u00a0","a"="\"true\",\"\",\"\"","b"="""#),
        ];
        for (json, expected) in table {
            let (graph, id) = read(json);
            let form = text_form(graph.view(id)).unwrap();
            assert_eq!(form, TextForm { text: expected.into(), secret: false, unknown: false }, "{json}");
        }
    }

    #[test]
    fn flags_of_parts_are_flags_of_the_text() {
        let mut graph = Graph::new();
        let (plain, secret) = (graph.string("p"), graph.secret("s"));
        let unknown = graph.unknown(Schema::any());
        let kept = graph.add(Kind::String("kept".into()), Flags::UNKNOWN, Origin::NONE);
        let table: [(&[NodeId], &str, bool, bool); 4] = [
            (&[plain], r#""p""#, false, false),
            (&[plain, secret], r#""p","s""#, true, false),
            (&[unknown, plain], r#""[unknown]","p""#, false, true),
            (&[kept, secret], r#""[unknown]","s""#, true, true),
        ];
        for (parts, text, secret, unknown) in table {
            let list = graph.list(parts);
            let form = text_form(graph.view(list)).unwrap();
            assert_eq!(form, TextForm { text: text.into(), secret, unknown });
        }
        let list = graph.list([unknown, secret]);
        assert_eq!(shown_text(graph.view(list), Secrets::Masked).unwrap(), r#""[unknown]","[secret]""#);
    }

    #[test]
    fn only_own_keys_unless_the_value_is_shown() {
        let mut graph = Graph::new();
        let one = graph.number("1");
        let entries = ["a", "b"].map(|key| (key.into(), one)).into();
        let object = Object { entries, own: Some(Arc::from(["b".into()])), ..Object::default() };
        let id = graph.add(Kind::Object(object.into()), Flags::empty(), Origin::NONE);
        assert_eq!(text_form(graph.view(id)).unwrap().text, r#""b"="1""#.into());
        assert_eq!(shown_text(graph.view(id), Secrets::Shown).unwrap(), r#""a"="1","b"="1""#);
    }

    #[test]
    fn bytes_stay_bytes_until_they_are_quoted() {
        let mut graph = Graph::new();
        let bytes = graph.string(&b"a\xff"[..]);
        let list = graph.list([bytes]);
        assert_eq!(text_form(graph.view(bytes)).unwrap().text.as_bytes(), b"a\xff");
        assert_eq!(text_form(graph.view(list)).unwrap().text, r#""a\xff""#.into());
        assert_eq!(shown_text(graph.view(list), Secrets::Shown).unwrap(), "\"a\u{fffd}\"");
    }

    #[test]
    fn deep_values_need_no_stack_and_quotes_within_quotes_end() {
        let (graph, id) = read(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)));
        let writer = Writer { own_keys: true, lossy: false, secrets: Secrets::Shown, limit: 1 << 16 };
        assert_eq!(writer.write(graph.view(id)), Err(TooLarge::Bytes));
        let (graph, id) = read(&format!("{}{}", "[".repeat(10), "]".repeat(10)));
        assert_eq!(writer.write(graph.view(id)).unwrap().text.as_bytes().len(), 1022);
    }
}
