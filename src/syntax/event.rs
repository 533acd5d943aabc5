//! The YAML parser behind our own events: the only file that names the crate.

use std::borrow::Cow;

use granit_parser::{Event as Granit, Parser, ScalarStyle, StructureStyle};

use super::tree::Style;

/// What the parser found.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// A scalar; an empty one has no text.
    Scalar { text: String, style: Style, tag: Option<Tag> },
    /// A sequence begins.
    SequenceStart { flow: bool },
    /// A sequence ends.
    SequenceEnd,
    /// A mapping begins.
    MappingStart { flow: bool },
    /// A mapping ends.
    MappingEnd,
    /// An alias.
    Alias,
}

/// An explicit tag.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    /// `Some("str")` for `!!str` and its long form; `None` for other tags.
    pub(super) core: Option<String>,
    /// The non-specific `!`.
    pub(super) non_specific: bool,
    /// The tag in its short form.
    pub(super) short: String,
}

/// An event with its place; `properties` is the first byte of an anchor or a tag before it.
#[derive(Clone, Debug)]
pub(super) struct Located {
    pub(super) event: Event,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) properties: Option<usize>,
}

/// Why the text is no YAML.
#[derive(Clone, Debug)]
pub(super) struct SyntaxError {
    /// The parser's reason; it names characters and constructs, never a value.
    pub(super) reason: String,
    /// Where it noticed.
    pub(super) at: usize,
    /// The document is nested too deeply.
    pub(super) nesting: bool,
}

/// Reads the events of the first document.
pub(super) struct Events<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    placeholder: Option<char>,
}

impl<'t> Events<'t> {
    /// Starts reading; `placeholder` stands for the escape `\'` (quirk Q23) and is turned into a quote.
    pub(super) fn new(text: &'t str, nesting: usize, placeholder: Option<char>) -> Self {
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: false,
            emit_comments: false,
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: nesting,
            block_nesting_limit: nesting,
        };
        Self { parser: Parser::new_from_str_with_options(text, options), placeholder }
    }

    /// Returns the next event of the document, or `None` at its end.
    pub(super) fn next(&mut self) -> Result<Option<Located>, SyntaxError> {
        loop {
            let Some(next) = self.parser.next_event() else { return Ok(None) };
            let (event, span) = next.map_err(|error| syntax_error(&error))?;
            let event = match event {
                Granit::Scalar(text, style, _, tag) => self.scalar(text, style, tag.as_deref(), span.is_empty()),
                Granit::SequenceStart(style, ..) => Event::SequenceStart { flow: style == StructureStyle::Flow },
                Granit::SequenceEnd => Event::SequenceEnd,
                Granit::MappingStart(style, ..) => Event::MappingStart { flow: style == StructureStyle::Flow },
                Granit::MappingEnd => Event::MappingEnd,
                Granit::Alias(_) | Granit::UnresolvedAlias(_) => Event::Alias,
                Granit::DocumentEnd | Granit::StreamEnd => return Ok(None),
                _ => continue,
            };
            let mut properties = span.tag_start.and_then(|mark| mark.byte_offset());
            if let Some(Ok((Granit::Anchor(..), anchor))) = self.parser.peek() {
                let at = anchor.start.byte_offset();
                properties = properties.into_iter().chain(at).min();
            }
            let range = span.byte_range().unwrap_or_default();
            return Ok(Some(Located { event, start: range.start, end: range.end, properties }));
        }
    }

    fn scalar(&self, text: Cow<'_, str>, style: ScalarStyle, tag: Option<&granit_parser::Tag>, empty: bool) -> Event {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let text = if empty && style == Style::Plain { String::new() } else { text.into_owned() };
        let text = match self.placeholder {
            Some(placeholder) if style == Style::Double => text.replace(placeholder, "'"),
            _ => text,
        };
        let tag = tag.map(|tag| {
            let core = tag.suffix_in_namespace("tag:yaml.org,2002:").map(Cow::into_owned);
            let non_specific = tag.handle().is_empty() && tag.suffix() == "!";
            let short = match &core {
                Some(suffix) => format!("!!{suffix}"),
                None => format!("{}{}", tag.handle(), tag.suffix()),
            };
            Tag { core, non_specific, short }
        });
        Event::Scalar { text, style, tag }
    }
}

fn syntax_error(error: &granit_parser::ScanError) -> SyntaxError {
    let nesting = matches!(error.kind(), granit_parser::ErrorKind::RecursionLimitExceeded);
    SyntaxError { reason: error.info(), at: error.marker().byte_offset().unwrap_or(0), nesting }
}
