//! Rust files as the house rules see them: code without comments and texts, and the paths that it names.
//!
//! Not a parser: it knows just enough of the language to tell code from text.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file of Rust code.
pub struct RustFile {
    /// Its path below the folder that was listed, with `/` between its parts.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its text with every comment blanked and every string emptied.
    pub code: String,
    /// Every path that the code names, `use` groups written out: `crate::value::Key`, `std::env`, `super`.
    pub paths: Vec<String>,
}

/// Lists all files below a folder, sorted; `target` and names that begin with a dot are left out.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a folder of the project can be listed").path();
            let name = path.file_name().expect("a listed path has a name").to_string_lossy();
            if name.starts_with('.') || name == "target" {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Reads the Rust files below a folder of the project, sorted by name.
pub fn rust_files(folder: &str) -> Vec<RustFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&folder).expect("the file was found there").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).expect("code can be read");
        let code = code(&text);
        RustFile { name, paths: paths(&code), code, text }
    };
    files(&folder).into_iter().filter(rust).map(read).collect()
}

/// Blanks comments and the insides of strings and characters; lines stay where they are.
fn code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        // `r` begins a raw string where it is no part of a word; `br` does, too.
        let before = bytes[..at].strip_suffix(b"b").unwrap_or(&bytes[..at]);
        let word_before = before.last().is_some_and(|byte| is_word(*byte));
        let length = match rest {
            [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
            [b'/', b'*', ..] => block_comment(rest),
            [b'"', ..] => string(rest),
            [b'r', b'"' | b'#', ..] if !word_before && raw_string(rest).is_some() => raw_string(rest).unwrap_or(1),
            [b'\'', b'\\', ..] => character(rest),
            // `'x'` is a character, `'x` a lifetime.
            [b'\'', ..] => text[at + 1..].chars().next().map_or(1, |inner| {
                let end = 1 + inner.len_utf8();
                if rest.get(end) == Some(&b'\'') { end + 1 } else { 1 }
            }),
            _ => {
                code.push(rest[0]);
                at += 1;
                continue;
            }
        };
        code.extend(rest[..length].iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
        at += length;
    }
    String::from_utf8(code).expect("only whole characters are blanked")
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn block_comment(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match &text[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn raw_string(text: &[u8]) -> Option<usize> {
    let hashes = text[1..].iter().take_while(|byte| **byte == b'#').count();
    let end: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let start = 1 + hashes;
    (text.get(start) == Some(&b'"')).then(|| {
        let inside = &text[start + 1..];
        let length = inside.windows(end.len()).position(|window| window == end).unwrap_or(inside.len());
        (start + 1 + length + end.len()).min(text.len())
    })
}

fn character(text: &[u8]) -> usize {
    text[2..].iter().skip(1).position(|byte| *byte == b'\'').map_or(text.len(), |at| at + 4)
}

fn paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic() || c == '_') {
        rest = path(&rest[start..], "", &mut paths);
    }
    paths
}

/// Reads one path, with everything that a group behind it adds; returns the text behind it.
fn path<'c>(code: &'c str, prefix: &str, paths: &mut Vec<String>) -> &'c str {
    let mut path = prefix.to_owned();
    let mut rest = code;
    loop {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        path.push_str(&rest[..end]);
        rest = &rest[end..];
        let Some(behind) = rest.strip_prefix("::") else { break };
        match behind.chars().next() {
            Some(next) if next.is_ascii_alphabetic() || next == '_' => {
                path.push_str("::");
                rest = behind;
            }
            Some('{') => {
                path.push_str("::");
                return group(&behind[1..], &path, paths);
            }
            _ => break,
        }
    }
    paths.push(path);
    rest
}

/// Reads the inside of a group up to its end.
fn group<'c>(code: &'c str, prefix: &str, paths: &mut Vec<String>) -> &'c str {
    let mut rest = code;
    loop {
        match rest.chars().next() {
            None => return rest,
            Some('}') => return &rest[1..],
            Some(next) if next.is_ascii_alphabetic() || next == '_' => {
                rest = path(rest, prefix, paths);
                if let Some(name) = rest.trim_start().strip_prefix("as ") {
                    rest = name.trim_start().trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
                }
            }
            Some(next) => rest = &rest[next.len_utf8()..],
        }
    }
}

#[test]
fn comments_and_texts_are_no_code() {
    let cases = [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        (r#"f("x\"y", z)"#, "f(      , z)"),
        (r##"f(r#"x"y"#, z)"##, "f(        , z)"),
        ("f('x', 'é', '\\'', '\\u{7f}', &'a str)", "f(   ,     ,     ,         , & a str)"),
        ("for x in r", "for x in r"),
    ];
    for (text, expected) in cases {
        assert_eq!(code(text), expected);
    }
}

#[test]
fn groups_are_written_out() {
    let code = "use a::{b, c::{d, e as f}, self}; std::env::var(x::<Y>())";
    let expected = ["use", "a::b", "a::c::d", "a::c::e", "a::self", "std::env::var", "x", "Y"];
    assert_eq!(paths(code), expected);
}
