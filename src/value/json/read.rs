//! Reads JSON into a graph: numbers keep their text, of equal keys the last wins.

use super::{JsonError, JsonErrorKind as Why, escape};
use crate::value::{Flags, Graph, Key, Kind, NodeId, Object, Origin, graph::sorted};

/// The most levels of lists and objects.
pub const MAX_DEPTH: usize = 10_000;

/// Reads the first JSON value of a text, whatever follows it; every node gets the origin and the flags.
///
/// Bytes that are no UTF-8 and lone surrogates become U+FFFD within strings.
///
/// # Errors
/// When the text does not begin with a complete value, or when it has too many levels.
pub fn parse_prefix(
    text: impl AsRef<[u8]>,
    graph: &mut Graph,
    origin: Origin,
    flags: Flags,
) -> Result<NodeId, JsonError> {
    Reader { bytes: text.as_ref(), at: 0 }.value(graph, origin, flags)
}

/// Reads a text that is one JSON value and nothing else; every node gets the origin and the flags.
///
/// # Errors
/// As [`parse_prefix`], and when anything but blanks follows the value.
pub fn parse(text: impl AsRef<[u8]>, graph: &mut Graph, origin: Origin, flags: Flags) -> Result<NodeId, JsonError> {
    let mut reader = Reader { bytes: text.as_ref(), at: 0 };
    let value = reader.value(graph, origin, flags)?;
    match reader.next() {
        None => Ok(value),
        Some(_) => Err(reader.error(Why::Trailing)),
    }
}

/// A list or object that is not yet closed.
enum Open {
    List(Vec<NodeId>),
    /// The finished properties, and the key whose value comes next.
    Object(Vec<(Key, NodeId)>, Key),
}

/// What stands at the start of a value.
enum Start {
    Done(Kind),
    Open(Open),
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, graph: &mut Graph, origin: Origin, flags: Flags) -> Result<NodeId, JsonError> {
        let mut stack: Vec<Open> = Vec::new();
        loop {
            let mut node = match self.start(stack.len())? {
                Start::Open(open) => {
                    stack.push(open);
                    continue;
                }
                Start::Done(kind) => graph.add(kind, flags, origin),
            };
            // The value may be the last of its container, and that one the last of the next.
            loop {
                match stack.pop() {
                    None => return Ok(node),
                    Some(Open::List(mut items)) => {
                        items.push(node);
                        if self.separator(b']', "`,` or `]`")? {
                            stack.push(Open::List(items));
                            break;
                        }
                        node = graph.add(Kind::List(items.into()), flags, origin);
                    }
                    Some(Open::Object(mut entries, key)) => {
                        entries.push((key, node));
                        if self.separator(b'}', "`,` or `}`")? {
                            let key = self.key()?;
                            stack.push(Open::Object(entries, key));
                            break;
                        }
                        let object = Object { entries: sorted(entries), ..Object::default() };
                        node = graph.add(Kind::Object(object.into()), flags, origin);
                    }
                }
            }
        }
    }

    /// Reads a scalar or an empty container, or opens a container up to its first value.
    fn start(&mut self, depth: usize) -> Result<Start, JsonError> {
        let kind = match self.next() {
            None => return Err(self.error(Why::End)),
            Some(opening @ (b'[' | b'{')) => {
                if depth == MAX_DEPTH {
                    return Err(self.error(Why::Depth));
                }
                self.at += 1;
                return self.open(opening);
            }
            Some(b'"') => Kind::String(self.string()?.into()),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?.into()),
            Some(b't') => self.literal("true", Kind::Bool(true))?,
            Some(b'f') => self.literal("false", Kind::Bool(false))?,
            Some(b'n') => self.literal("null", Kind::Null)?,
            Some(_) => return Err(self.error(Why::Expected("a value"))),
        };
        Ok(Start::Done(kind))
    }

    /// Reads what follows an opening bracket.
    fn open(&mut self, opening: u8) -> Result<Start, JsonError> {
        match (opening, self.next()) {
            (b'[', Some(b']')) => {
                self.at += 1;
                Ok(Start::Done(Kind::List([].into())))
            }
            (b'[', _) => Ok(Start::Open(Open::List(Vec::new()))),
            (_, Some(b'}')) => {
                self.at += 1;
                Ok(Start::Done(Kind::Object(Object::default().into())))
            }
            _ => Ok(Start::Open(Open::Object(Vec::new(), self.key()?))),
        }
    }

    /// Reads a comma (true) or the closing bracket (false).
    fn separator(&mut self, closing: u8, expected: &'static str) -> Result<bool, JsonError> {
        match self.next() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == closing => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => Err(self.error(Why::Expected(expected))),
            None => Err(self.error(Why::End)),
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<Key, JsonError> {
        self.expect(b'"', "a key in quotes")?;
        let key = self.string()?;
        self.expect(b':', "`:`")?;
        self.at += 1;
        Ok(key.into())
    }

    /// Reads a string at its opening quote.
    fn string(&mut self) -> Result<String, JsonError> {
        let (text, end) =
            escape::decode(self.bytes, self.at + 1).map_err(|(kind, offset)| JsonError { kind, offset })?;
        self.at = end;
        Ok(text)
    }

    /// Reads the longest number that stands here.
    fn number(&mut self) -> Result<&str, JsonError> {
        let start = self.at;
        self.skip(b"-");
        if !self.skip(b"0") {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        Ok(std::str::from_utf8(&self.bytes[start..self.at]).expect("signs, digits, points and letters are ASCII"))
    }

    /// Reads one digit or more.
    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            _ if self.at > start => Ok(()),
            Some(_) => Err(self.error(Why::Number)),
            None => Err(self.error(Why::End)),
        }
    }

    fn literal(&mut self, word: &str, kind: Kind) -> Result<Kind, JsonError> {
        for expected in word.bytes() {
            match self.bytes.get(self.at) {
                Some(byte) if *byte == expected => self.at += 1,
                Some(_) => return Err(self.error(Why::Expected("a value"))),
                None => return Err(self.error(Why::End)),
            }
        }
        Ok(kind)
    }

    /// Steps over one byte of a set; tells whether it was there.
    fn skip(&mut self, set: &[u8]) -> bool {
        let there = self.bytes.get(self.at).is_some_and(|byte| set.contains(byte));
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8, name: &'static str) -> Result<(), JsonError> {
        match self.next() {
            Some(found) if found == byte => Ok(()),
            Some(_) => Err(self.error(Why::Expected(name))),
            None => Err(self.error(Why::End)),
        }
    }

    /// Steps over blanks and looks at the next byte.
    fn next(&mut self) -> Option<u8> {
        while self.skip(b" \t\n\r") {}
        self.bytes.get(self.at).copied()
    }

    fn error(&self, kind: Why) -> JsonError {
        JsonError { kind, offset: self.at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{View, json::compact};

    fn prefix(text: &[u8]) -> Result<String, JsonError> {
        let mut graph = Graph::new();
        let id = parse_prefix(text, &mut graph, Origin::NONE, Flags::empty())?;
        Ok(compact(graph.view(id)).unwrap())
    }

    fn whole(text: &str) -> Result<String, JsonError> {
        let mut graph = Graph::new();
        let id = parse(text, &mut graph, Origin::NONE, Flags::empty())?;
        Ok(compact(graph.view(id)).unwrap())
    }

    #[test]
    fn the_first_value_is_read() {
        let table = [
            ("01", "0"),
            ("truex", "true"),
            ("falsenull", "false"),
            ("null,", "null"),
            ("1.5.2", "1.5"),
            ("1E4", "1E4"),
            ("-0", "-0"),
            ("1.50 ", "1.50"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("-12.5e+30x", "-12.5e+30"),
            ("{} {", "{}"),
            (" \n [ ] ", "[]"),
            ("\"a\"\"b\"", "\"a\""),
            ("[[[]],{}]", "[[[]],{}]"),
            (r#"{"k": 1, "a": [true, null], "k": {"x" : 2}} trailing"#, r#"{"a":[true,null],"k":{"x":2}}"#),
        ];
        for (text, expected) in table {
            assert_eq!(prefix(text.as_bytes()).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn strings_are_decoded_as_go_does() {
        let string = |text: &[u8]| {
            let mut graph = Graph::new();
            let id = parse_prefix(text, &mut graph, Origin::NONE, Flags::empty()).unwrap();
            graph.view(id).as_str().unwrap().to_owned()
        };
        let table: [(&[u8], &str); 9] = [
            (br#""""#, ""),
            (br#""\"\\\/\b\f\n\r\t\u0041""#, "\"\\/\u{8}\u{c}\n\r\tA"),
            (br#""\ud83d\uDE00""#, "😀"),
            (br#""\ud83d \ude00""#, "\u{fffd} \u{fffd}"),
            (br#""\ud83d\u0041""#, "\u{fffd}A"),
            (br#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (b"\"\xff\xe2\x82x\"", "\u{fffd}\u{fffd}\u{fffd}x"),
            (b"\"\xc3\\u00a9\"", "\u{fffd}\u{a9}"),
            ("\"é\u{7f}\u{2028}\"".as_bytes(), "é\u{7f}\u{2028}"),
        ];
        for (text, expected) in table {
            assert_eq!(string(text), expected, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn errors_tell_reason_and_place() {
        let table: [(&str, Why, usize); 22] = [
            ("", Why::End, 0),
            ("  ", Why::End, 2),
            ("-", Why::End, 1),
            ("-12.", Why::End, 4),
            ("1e+", Why::End, 3),
            ("1.5ex", Why::Number, 4),
            ("-x", Why::Number, 1),
            ("nul", Why::End, 3),
            ("nulL", Why::Expected("a value"), 3),
            ("NaN", Why::Expected("a value"), 0),
            ("'a'", Why::Expected("a value"), 0),
            ("\u{feff}1", Why::Expected("a value"), 0),
            ("[1,]", Why::Expected("a value"), 3),
            ("[1 2]", Why::Expected("`,` or `]`"), 3),
            (r#"{"a" 1}"#, Why::Expected("`:`"), 5),
            (r#"{"a": }"#, Why::Expected("a value"), 6),
            (r#"{"a": 1,}"#, Why::Expected("a key in quotes"), 8),
            ("\"a\tb\"", Why::ControlCharacter, 2),
            (r#""\x41""#, Why::Escape, 1),
            (r#""\u12g4""#, Why::Escape, 1),
            (r#""\u12"#, Why::End, 5),
            ("\"a", Why::End, 2),
        ];
        for (text, kind, offset) in table {
            assert_eq!(prefix(text.as_bytes()), Err(JsonError { kind, offset }), "{text}");
        }
        assert_eq!(whole("[1] "), Ok("[1]".into()));
        assert_eq!(whole("01"), Err(JsonError { kind: Why::Trailing, offset: 1 }));
    }

    #[test]
    fn ten_thousand_levels_are_read_and_one_more_is_refused() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(whole(&nested(MAX_DEPTH)).as_deref(), Ok(nested(MAX_DEPTH).as_str()));
        assert_eq!(whole(&nested(MAX_DEPTH + 1)), Err(JsonError { kind: Why::Depth, offset: MAX_DEPTH }));
        assert_eq!(whole(&"{\"a\":".repeat(MAX_DEPTH + 1)).unwrap_err().kind, Why::Depth);
    }

    #[test]
    fn every_node_gets_origin_and_flags() {
        fn check(view: View<'_>) {
            assert!(view.is_secret());
            assert_eq!(view.node().origin, Origin(7));
            view.items().for_each(check);
            view.entries().for_each(|(_, value)| check(value));
        }
        let mut graph = Graph::new();
        let id = parse(r#"{"a": [1, {}], "b": "x"}"#, &mut graph, Origin(7), Flags::SECRET).unwrap();
        check(graph.view(id));
        assert_eq!(graph.node(id).weight, 5);
    }
}
