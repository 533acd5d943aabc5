//! A stream is redacted: cuts and pauses never let a secret through, cuts change nothing, and what is no secret stays as it is.
//!
//! The input is a part of cuts, secrets, and the text, with a zero byte after each but the last.
#![no_main]

use esc_shell::run::redact::{MARK, Redactor, Secrets};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let parts: Vec<&[u8]> = bytes.split(|byte| *byte == 0).take(9).collect();
    let [cuts, values @ .., text] = parts.as_slice() else { return };
    let secrets = Secrets::new(values.iter().copied());
    let (whole, marks) = redact(&secrets, &[], false, text);
    let (parts, _) = redact(&secrets, cuts, false, text);
    assert!(whole == parts, "cuts change what comes out");
    let (paused, _) = redact(&secrets, cuts, true, text);
    for out in [&whole, &paused] {
        let clear = clear(out);
        assert!(in_order(&clear, text), "what is no secret is changed");
        for value in values.iter().map(|value| trim_line_ends(value)) {
            let masked = value.len() >= 4 && !value.trim_ascii().is_empty();
            assert!(!masked || clear.iter().all(|part| find(part, value).is_none()), "a secret comes through");
        }
    }
    assert!(marks > 0 || whole == *text, "without a secret nothing changes");
});

/// Sends a text through a stream; each byte of `cuts` is the length of a part. Returns what comes out, and the number of marks.
fn redact(secrets: &Secrets, cuts: &[u8], pauses: bool, text: &[u8]) -> (Vec<u8>, usize) {
    let mut redactor = Redactor::new(secrets.clone());
    let mut out = Vec::new();
    let mut rest = text;
    for cut in cuts {
        let (part, others) = rest.split_at(usize::from(*cut).min(rest.len()));
        redactor.push(part, &mut out);
        if pauses {
            redactor.flush(&mut out);
        }
        rest = others;
    }
    redactor.push(rest, &mut out);
    redactor.finish(&mut out);
    (out, redactor.marks())
}

/// Returns what stands between marks.
fn clear(mut out: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some(at) = find(out, MARK.as_bytes()) {
        parts.push(&out[..at]);
        out = &out[at + MARK.len()..];
    }
    parts.push(out);
    parts
}

/// Tells whether parts stand in a text, one after another.
fn in_order(parts: &[&[u8]], mut text: &[u8]) -> bool {
    parts.iter().all(|part| match find(text, part) {
        Some(at) => {
            text = &text[at + part.len()..];
            true
        }
        None => false,
    })
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() { Some(0) } else { text.windows(part.len()).position(|window| window == part) }
}

fn trim_line_ends(mut text: &[u8]) -> &[u8] {
    while let [b'\r' | b'\n', rest @ ..] | [rest @ .., b'\r' | b'\n'] = text {
        text = rest;
    }
    text
}
