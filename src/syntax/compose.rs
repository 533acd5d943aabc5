//! Events to a tree: places as the reference counts them, aliases and non-string keys refused, tags applied.

use std::sync::Arc;

use super::{
    event::{Event, Events, Located, SyntaxError, Tag},
    scalar,
    tree::{At, Data, Node, NodeId, Scalar, Style, Tree},
};
use crate::{
    diagnostic::{Diagnostic, LimitKind, Problem, Severity, Sink},
    dialect::Dialect,
    source::{SourceId, SourceMap, Span},
};

/// How deep a YAML document may nest.
pub const MAX_NESTING: usize = 128;

/// Parses the first document of a source. The tree is empty when the text is empty or could not be read: then the sink says why.
pub fn parse(sources: &SourceMap, source: SourceId, dialect: Dialect, sink: &mut Sink) -> Tree {
    let text = Arc::clone(&sources.get(source).text);
    let mut composer = Composer::new(&text);
    let mut outcome = composer.run(&text, None);
    if outcome.is_err() && text.contains("\\'") {
        // Q23: `\'` is a quote in double-quoted scalars. A character that the text does not hold takes its place, two bytes for two.
        if let Some(placeholder) = ('\u{0100}'..'\u{07ff}').find(|c| !text.contains(*c)) {
            let replaced = text.replace("\\'", placeholder.encode_utf8(&mut [0; 2]));
            let mut retried = Composer::new(&text);
            if retried.run(&replaced, Some(placeholder)).is_ok() {
                (composer, outcome) = (retried, Ok(()));
            }
        }
    }
    let outcome = outcome.and_then(|()| composer.check_text(&text, dialect));
    if let Err(error) = outcome {
        let problem = if error.nesting {
            Problem::Limit(LimitKind::Nesting(MAX_NESTING))
        } else {
            Problem::Yaml { reason: error.reason }
        };
        let at = floor_boundary(&text, error.at);
        let span = Span { source, start: offset(at), end: offset(at) };
        let _ = sink.report(Diagnostic {
            severity: Severity::Error,
            problem,
            span: Some(span),
            range: None,
            path: String::new(),
            extension: None,
        });
        return Tree { source, nodes: Vec::new() };
    }
    let tree = Tree { source, nodes: composer.nodes };
    if composer.problems.is_empty() {
        return tree;
    }
    for (problem, id, path_of) in composer.problems {
        let mut path = tree.document_path(path_of);
        if path_of == id && matches!(problem, Problem::MapKey) {
            path = tree.document_path(tree.node(id).parent);
            if let Data::Scalar { text, .. } = &tree.node(id).data {
                super::append_key(&mut path, text);
            }
        }
        let _ = sink.report(Diagnostic {
            severity: Severity::Error,
            problem,
            span: Some(tree.span(id)),
            range: Some(tree.range(id, sources.get(source))),
            path,
            extension: None,
        });
    }
    Tree { source, nodes: Vec::new() }
}

/// Where the next node of a container stands.
enum Frame {
    Sequence { id: NodeId, items: Vec<NodeId>, flow: bool },
    Mapping { id: NodeId, entries: Vec<(NodeId, NodeId)>, key: Option<NodeId>, flow: bool },
}

struct Composer<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    stack: Vec<Frame>,
    /// End of what was read so far: the next node's first token stands behind it.
    cursor: usize,
    problems: Vec<(Problem, NodeId, NodeId)>,
}

impl<'t> Composer<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, nodes: Vec::new(), stack: Vec::new(), cursor: 0, problems: Vec::new() }
    }

    fn run(&mut self, text: &str, placeholder: Option<char>) -> Result<(), SyntaxError> {
        let mut events = Events::new(text, MAX_NESTING + 1, placeholder);
        while let Some(located) = events.next()? {
            self.take(located)?;
            if self.stack.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn take(&mut self, located: Located) -> Result<(), SyntaxError> {
        let Located { event, start, end, properties } = located;
        match event {
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(end);
                return Ok(());
            }
            Event::Alias => {
                let name = self.text.get(start + 1..end).unwrap_or_default();
                let id = self.open(start, end, scalar_data(Scalar::Null, name, Style::Plain));
                self.problems.push((Problem::Alias, id, id));
                self.attach(id);
            }
            Event::Scalar { text, style, tag } => {
                let empty = style == Style::Plain && text.is_empty() && start == end;
                let begin = match properties {
                    Some(at) => at,
                    None if empty => self.empty_start(start),
                    None if matches!(style, Style::Literal | Style::Folded) => self.token_start(),
                    None => start,
                };
                let end = if matches!(style, Style::Literal | Style::Folded) { self.block_end(end) } else { end };
                let (scalar, misfit) = resolve(&text, style, tag.as_ref());
                let data = Data::Scalar {
                    scalar,
                    text: text.into(),
                    style,
                    tag: tag.as_ref().map(|tag| offset(tag.short.len())),
                    properties: properties.is_some(),
                };
                let id = self.open(begin, end.max(begin), data);
                if misfit {
                    let tag = tag.map(|tag| tag.short).unwrap_or_default();
                    self.problems.push((Problem::Tag { tag }, id, id));
                }
                self.attach(id);
            }
            Event::SequenceStart { flow } => {
                let begin = match properties {
                    Some(at) => at,
                    None if flow => start,
                    None => self.token_start(),
                };
                let id = self.open(begin, begin, Data::Sequence(Vec::new()));
                self.nest(start)?;
                // Behind the first dash of a block sequence its first item begins; behind properties the dash is still to come.
                self.cursor = if flow {
                    end
                } else if properties.is_some() {
                    self.skip_properties(begin)
                } else {
                    begin
                };
                self.stack.push(Frame::Sequence { id, items: Vec::new(), flow });
            }
            Event::MappingStart { flow } => {
                let begin = properties.unwrap_or(start);
                let id = self.open(begin, begin, Data::Mapping(Vec::new()));
                self.nest(start)?;
                self.cursor = if flow { end } else { start };
                self.stack.push(Frame::Mapping { id, entries: Vec::new(), key: None, flow });
            }
        }
        Ok(())
    }

    fn nest(&self, at: usize) -> Result<(), SyntaxError> {
        if self.stack.len() < MAX_NESTING {
            return Ok(());
        }
        Err(SyntaxError { reason: String::new(), at, nesting: true })
    }

    /// Adds a node below the container that is open.
    fn open(&mut self, start: usize, end: usize, data: Data) -> NodeId {
        let id = NodeId(offset(self.nodes.len()));
        let (parent, at) = match self.stack.last() {
            None => (id, At::Root),
            Some(Frame::Sequence { id, items, .. }) => (*id, At::Item(offset(items.len()))),
            Some(Frame::Mapping { id, key: None, .. }) => (*id, At::Key),
            Some(Frame::Mapping { id, key: Some(key), .. }) => (*id, At::Value(*key)),
        };
        self.nodes.push(Node { start: offset(start), end: offset(end), parent, at, data });
        id
    }

    /// Puts a finished node into its container.
    fn attach(&mut self, id: NodeId) {
        let node = &self.nodes[id.0 as usize];
        self.cursor = self.cursor.max(node.end as usize);
        let is_key = node.at == At::Key;
        let string = matches!(&node.data, Data::Scalar { scalar: Scalar::String, .. });
        match self.stack.last_mut() {
            None => {}
            Some(Frame::Sequence { items, .. }) => items.push(id),
            Some(Frame::Mapping { entries, key, .. }) => match key.take() {
                None => *key = Some(id),
                Some(key) => entries.push((key, id)),
            },
        }
        let alias = self.problems.last().is_some_and(|(problem, at, _)| *at == id && matches!(problem, Problem::Alias));
        if is_key && !string && !alias {
            self.problems.push((Problem::MapKey, id, id));
        }
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.stack.pop() else { return };
        let (id, data, flow) = match frame {
            Frame::Sequence { id, items, flow } => (id, Data::Sequence(items), flow),
            Frame::Mapping { id, entries, flow, .. } => (id, Data::Mapping(entries), flow),
        };
        let last = match &data {
            Data::Sequence(items) => items.last().copied(),
            Data::Mapping(entries) => entries.last().map(|entry| entry.1),
            Data::Scalar { .. } => None,
        };
        let node = &mut self.nodes[id.0 as usize];
        node.data = data;
        let start = node.start;
        let end = match last {
            _ if flow => offset(end),
            Some(last) => self.nodes[last.0 as usize].end,
            None => start,
        };
        self.nodes[id.0 as usize].end = end;
        self.attach(id);
    }

    /// Finds the first byte of the next node's first token: behind the indicator that introduces it, blanks and comments.
    fn token_start(&self) -> usize {
        let mut at = self.skip_blanks(self.cursor);
        let bytes = self.text.as_bytes();
        let indicator = match self.stack.last() {
            Some(Frame::Sequence { flow: false, .. }) => bytes.get(at) == Some(&b'-'),
            Some(Frame::Sequence { flow: true, .. }) => bytes.get(at) == Some(&b','),
            Some(Frame::Mapping { key: Some(_), .. }) => bytes.get(at) == Some(&b':'),
            Some(Frame::Mapping { key: None, .. }) => matches!(bytes.get(at), Some(b'?' | b',')),
            None => false,
        };
        if indicator {
            at = self.skip_blanks(at + 1);
        } else if self.stack.is_empty() && self.text[at..].starts_with("---") {
            at = self.skip_blanks(at + 3);
        }
        at
    }

    /// An empty value stands right behind its `:` or `-` in block style, and at the following `,` or bracket in flow style.
    fn empty_start(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let behind = |at: usize| if bytes.get(at) == Some(&b':') { at + 1 } else { at };
        match self.stack.last() {
            Some(Frame::Mapping { flow: true, .. } | Frame::Sequence { flow: true, .. }) => {
                self.skip_blanks(behind(start))
            }
            Some(Frame::Sequence { .. } | Frame::Mapping { key: Some(_), .. }) => {
                let at = self.skip_blanks(self.cursor);
                if matches!(bytes.get(at), Some(b'-' | b':')) { at + 1 } else { behind(start) }
            }
            _ => behind(start),
        }
    }

    fn skip_blanks(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'#' => at += self.text[at..].find('\n').unwrap_or(self.text.len() - at),
                _ => break,
            }
        }
        at
    }

    /// Skips anchors and tags.
    fn skip_properties(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while matches!(bytes.get(at), Some(b'&' | b'!')) {
            at += self.text[at..].find([' ', '\t', '\r', '\n']).unwrap_or(self.text.len() - at);
            at = self.skip_blanks(at);
        }
        at
    }

    /// A block scalar's last line breaks are no part of what people see.
    fn block_end(&self, end: usize) -> usize {
        self.text.get(..end).map_or(end, |text| text.trim_end_matches([' ', '\t', '\r', '\n']).len())
    }

    /// Refuses what yaml.v3 refuses and the parser takes: control characters, surrogate escapes, and `\/` in the Hosted dialect.
    fn check_text(&self, text: &str, dialect: Dialect) -> Result<(), SyntaxError> {
        let end = self.nodes.first().map_or(text.len(), |root| (root.end as usize).min(text.len()));
        let error = |reason: &str, at: usize| Err(SyntaxError { reason: reason.to_owned(), at, nesting: false });
        let odd = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
        if let Some(at) = text[..floor_boundary(text, end)].find(odd) {
            return error("control characters are not allowed", at);
        }
        if let Some(at) = self.forbidden_tab(&text[..floor_boundary(text, end)]) {
            return error("a tab can't indent: use spaces", at);
        }
        if !text.contains('\\') {
            return Ok(());
        }
        for node in &self.nodes {
            let Data::Scalar { style: Style::Double, .. } = &node.data else { continue };
            let Some(raw) = text.get(node.start as usize..node.end as usize) else { continue };
            let mut escapes = raw.match_indices('\\').map(|(at, _)| at).peekable();
            while let Some(at) = escapes.next() {
                let after = &raw[at + 1..];
                if after.starts_with('\\') {
                    let _ = escapes.next_if_eq(&(at + 1));
                } else if after.starts_with('/') && dialect == Dialect::Hosted {
                    return error("unknown escape `\\/`", node.start as usize + at);
                } else if let Some(code) = after.strip_prefix('u').and_then(|code| code.get(..4))
                    && u32::from_str_radix(code, 16).is_ok_and(|code| (0xD800..0xE000).contains(&code))
                {
                    return error(
                        "a surrogate is no character: write the character itself or `\\U`",
                        node.start as usize + at,
                    );
                }
            }
        }
        Ok(())
    }
}

impl Composer<'_> {
    /// Finds a tab where a block node could begin: before the first token of a line, or behind a dash.
    fn forbidden_tab(&self, text: &str) -> Option<usize> {
        let first = text.find('\t')?;
        // Within scalars and flow collections tabs are text or white space.
        let free = |at: usize| {
            self.nodes.iter().all(|node| {
                let inside = (node.start as usize..node.end as usize).contains(&at);
                let flow = text[node.start as usize..].starts_with(['[', '{']);
                let block = !matches!(node.data, Data::Scalar { .. }) && !flow;
                !inside || block
            })
        };
        let indents = |at: usize| {
            let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
            line.chars().all(|c| matches!(c, ' ' | '\t' | '-')) && !line.contains("--")
        };
        text[first..].match_indices('\t').map(|(at, _)| first + at).find(|at| indents(*at) && free(*at))
    }
}

fn scalar_data(scalar: Scalar, text: &str, style: Style) -> Data {
    Data::Scalar { scalar, text: text.into(), style, tag: None, properties: false }
}

/// Applies the explicit tag; the flag tells that it does not fit.
fn resolve(text: &str, style: Style, tag: Option<&Tag>) -> (Scalar, bool) {
    let plain = style == Style::Plain;
    let untagged = || if plain { scalar::resolve(text) } else { Scalar::String };
    let Some(tag) = tag else { return (untagged(), false) };
    if tag.non_specific {
        return (untagged(), false);
    }
    match tag.core.as_deref() {
        Some("binary") => (Scalar::String, !is_base64(text)),
        Some(core @ ("int" | "float" | "bool" | "null" | "timestamp")) => match scalar::resolve_as(core, text) {
            Some(scalar) => (scalar, false),
            None => (Scalar::Null, true),
        },
        _ => (Scalar::String, false),
    }
}

fn is_base64(text: &str) -> bool {
    use base64::Engine as _;
    let compact: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    base64::engine::general_purpose::STANDARD.decode(compact).is_ok()
}

fn floor_boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
