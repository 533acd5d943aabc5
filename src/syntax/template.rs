//! Strings with `${…}` in them.

use super::path::{Path, PathError, scan};

/// A piece of a template: text, then perhaps an access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The text, `$$` undone.
    pub text: String,
    /// The access behind it.
    pub access: Option<Path>,
}

/// What a string is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    /// Text alone, `$$` undone.
    Literal(String),
    /// One access and nothing else: the value keeps its type.
    Reference(Path),
    /// Text and accesses: a string.
    Interpolation(Vec<Part>),
}

/// Takes a decoded string apart. Mistakes are collected, what was recognised is kept.
pub fn parse(text: &str, errors: &mut Vec<PathError>) -> Template {
    if !text.contains('$') {
        return Template::Literal(text.to_owned());
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut piece = String::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('$') {
        piece.push_str(&text[at..at + found]);
        at += found + 1;
        match text.as_bytes().get(at) {
            Some(b'$') => {
                piece.push('$');
                at += 1;
            }
            Some(b'{') => {
                let (path, end) = scan(text, at + 1, errors);
                parts.push(Part { text: std::mem::take(&mut piece), access: Some(path) });
                at = text.ceil_char_boundary(end);
            }
            _ => piece.push('$'),
        }
    }
    piece.push_str(&text[at..]);
    if parts.is_empty() {
        return Template::Literal(piece);
    }
    if let [Part { text, access: Some(path) }] = parts.as_slice()
        && text.is_empty()
        && piece.is_empty()
    {
        return Template::Reference(path.clone());
    }
    if !piece.is_empty() {
        parts.push(Part { text: piece, access: None });
    }
    Template::Interpolation(parts)
}
