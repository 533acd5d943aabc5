//! Every form of a secret is masked wherever the stream is cut, and what is no secret comes through.

use std::fmt::Write as _;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use proptest::prelude::*;

use super::*;

fn secrets(values: &[&str]) -> Secrets {
    Secrets::new(values.iter().map(|value| value.as_bytes()))
}

/// Sends parts through a stream.
fn redact<'p>(secrets: &Secrets, parts: impl IntoIterator<Item = &'p [u8]>) -> Vec<u8> {
    let mut redactor = Redactor::new(secrets.clone());
    let mut out = Vec::new();
    parts.into_iter().for_each(|part| redactor.push(part, &mut out));
    redactor.finish(&mut out);
    out
}

fn redact_text(secrets: &Secrets, text: &str) -> String {
    String::from_utf8(redact(secrets, [text.as_bytes()])).unwrap()
}

/// What people keep as secrets, and what encoders find hard.
const VALUES: &[&str] = &[
    "hunter22",
    "s3cr3t/with+base64==and more",
    "p@ss w0rd!'\"\\&<>#?",
    "пароль-日本-🚀-é",
    "tab\tand\u{1b}[0m\u{7f}controls",
    "postgres://user:p%40ss'w0rd@db.example.org:5432/app?sslmode=require#x",
    "{\"type\": \"service_account\", \"private_key\": \"-----BEGIN\\nabc\\n\", \"n\": 1}",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQDB+/==\n-----END PRIVATE KEY-----\n",
    "AKIAIOSFODNN7EXAMPLE",
];

/// Percent-encodes what `plain` does not leave as it is.
fn percent(value: &str, upper: bool, space: &str, plain: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    for character in value.chars() {
        match character {
            ' ' => out.push_str(space),
            _ if plain(character) => out.push(character),
            _ => {
                for byte in character.to_string().bytes() {
                    let _ = if upper { write!(out, "%{byte:02X}") } else { write!(out, "%{byte:02x}") };
                }
            }
        }
    }
    out
}

/// A JSON string in ASCII only, without its quotes.
fn ascii_json(value: &str) -> String {
    let json = serde_json::to_string(value).unwrap();
    let mut out = String::new();
    for character in json[1..json.len() - 1].chars() {
        if character.is_ascii() && character != '\u{7f}' {
            out.push(character);
        } else {
            character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(out, "\\u{unit:04x}").unwrap());
        }
    }
    out
}

/// Every way that a value is written, with a name; each is wholly masked.
fn forms(value: &str) -> Vec<(&'static str, String)> {
    let component = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
    let json = serde_json::to_string(value).unwrap();
    let json = &json[1..json.len() - 1];
    let every = |spell: &dyn Fn(u16) -> String| value.encode_utf16().map(spell).collect::<String>();
    let base64 = |value: &str| STANDARD.encode(value);
    let wrapped = |width: usize, end: &str| {
        let lines = base64(value).into_bytes();
        let lines: Vec<_> = lines.chunks(width).map(|line| str::from_utf8(line).unwrap()).collect();
        lines.join(end)
    };
    vec![
        ("raw", value.to_owned()),
        ("terminal", value.replace('\n', "\r\n")),
        ("component", percent(value, true, "%20", component)),
        ("component, lower case", percent(value, false, "%20", component)),
        ("encodeURIComponent", percent(value, true, "%20", |c| component(c) || "!*'()".contains(c))),
        ("encodeURI", percent(value, true, "%20", |c| component(c) || ";,/?:@&=+$!*'()#".contains(c))),
        ("form", percent(value, true, "+", |c| c.is_ascii_alphanumeric() || "*-._".contains(c))),
        ("every byte", percent(value, true, "%20", |_| false)),
        ("json", json.to_owned()),
        ("json, slashes", json.replace('/', "\\/")),
        ("json, ascii", ascii_json(value)),
        ("json, ascii, upper case", every(&|unit| format!("\\u{unit:04X}"))),
        ("json for html", json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")),
        ("json in json", {
            let twice = serde_json::to_string(json).unwrap();
            twice[1..twice.len() - 1].to_owned()
        }),
        ("shell", value.replace('\'', r"'\''")),
        ("python's shlex", value.replace('\'', r#"'"'"'"#)),
        ("double quotes", value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('`', "\\`")),
        ("sql", value.replace('\'', "''")),
        ("base64", base64(value)),
        ("base64, no padding", STANDARD_NO_PAD.encode(value)),
        ("base64url", URL_SAFE.encode(value)),
        ("base64url, no padding", URL_SAFE_NO_PAD.encode(value)),
        ("base64 in a url", percent(&base64(value), true, "+", component)),
        ("base64 in json", base64(value).replace('/', "\\/")),
        ("base64, 64 columns", wrapped(64, "\n")),
        ("base64, 19 columns", wrapped(19, "\r\n")),
        ("base64, indented", wrapped(10, "\n    ")),
        ("base64, json lines", wrapped(10, "\\n")),
    ]
}

#[test]
fn every_form_is_masked_at_every_cut() {
    for value in VALUES {
        let secrets = secrets(&[value]);
        let shown = value.trim_end_matches('\n');
        for (name, form) in forms(shown) {
            let text = format!("before <{form}> after\n");
            let bytes = text.as_bytes();
            for cut in 0..=bytes.len() {
                let out = redact(&secrets, [&bytes[..cut], &bytes[cut..]]);
                assert_eq!(
                    String::from_utf8_lossy(&out),
                    "before <[secret]> after\n",
                    "{name} of {value:?}, cut at {cut}"
                );
            }
            let out = redact(&secrets, bytes.chunks(1));
            assert_eq!(String::from_utf8_lossy(&out), "before <[secret]> after\n", "{name} of {value:?}, by bytes");
        }
    }
}

#[test]
fn base64_of_something_larger_shows_a_character_at_most_at_each_end() {
    for value in VALUES.iter().map(|value| value.trim_end_matches('\n')) {
        let secrets = secrets(&[value]);
        for (before, after) in [("", ""), ("a", "zz"), ("ab", "z"), ("abc", ""), ("user:", "\n"), ("ab", "zzzz")] {
            for encode in [&STANDARD as &dyn Fn64, &URL_SAFE] {
                let text = encode.text(&format!("{before}{value}{after}"));
                for cut in 0..=text.len() {
                    let out = redact(&secrets, [&text.as_bytes()[..cut], &text.as_bytes()[cut..]]);
                    let out = String::from_utf8(out).unwrap();
                    let (start, end) = out.split_once("[secret]").unwrap_or_else(|| panic!("{value:?} in {out}"));
                    let left = before.len().div_ceil(3) * 4;
                    let right = after.len().div_ceil(3) * 4 + 4;
                    assert!(start.len() <= left && end.len() <= right && !end.contains("[secret]"), "{out}");
                    assert!(text.starts_with(start) && text.ends_with(end));
                }
            }
        }
    }
}

/// An encoder of either alphabet.
trait Fn64 {
    fn text(&self, value: &str) -> String;
}

impl<E: base64::Engine> Fn64 for E {
    fn text(&self, value: &str) -> String {
        self.encode(value)
    }
}

#[test]
fn lines_of_a_value_are_masked_alone() {
    let secrets = secrets(VALUES);
    let text = "  MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\r\n-----BEGIN PRIVATE KEY-----\n> BKcwggSjAgEAAoIBAQDB+/==\n";
    assert_eq!(redact_text(&secrets, text), "  [secret]\r\n-----BEGIN PRIVATE KEY-----\n> [secret]\n");
}

#[test]
fn limits_of_length() {
    let table = [
        ("abc", "abc", "abc"),
        ("a@b!", "a@b!", "[secret]"),
        ("a@b!", "a%40b!", "a%40b!"),
        ("a@b!", "a%40b%21", "[secret]"),
        ("a b c", "a+b+c", "a+b+c"),
        ("a b c d e", "a+b+c+d+e", "[secret]"),
        ("abcd", "YWJjZA==", "[secret]"),
        ("abcd", "YWJjZA", "YWJjZA"),
        ("ab\ncd\n1234567\n12345678", "ab\ncd\n1234567\nx12345678x", "ab\ncd\n1234567\nx[secret]x"),
        ("    ", "a    b", "a    b"),
    ];
    for (secret, text, expected) in table {
        assert_eq!(redact_text(&secrets(&[secret]), text), expected, "{secret:?}");
    }
}

#[test]
fn what_overlaps_is_covered_and_the_longest_wins() {
    let table: &[(&[&str], &str, &str)] = &[
        (&["abcd", "abcdef"], "xabcdefx abcdx", "x[secret]x [secret]x"),
        (&["abcdef", "defghi"], "abcdefghi", "[secret]"),
        (&["bcde", "abcdex"], "abcdef", "a[secret]f"),
        (&["abcd"], "abcdabcd abcd", "[secret] [secret]"),
        (&["aaaa"], "aaaaaaaaab", "[secret]b"),
        (&["abab"], "abababa", "[secret]a"),
    ];
    for (values, text, expected) in table {
        let secrets = secrets(values);
        for cut in 0..=text.len() {
            let out = redact(&secrets, [&text.as_bytes()[..cut], &text.as_bytes()[cut..]]);
            assert_eq!(str::from_utf8(&out).unwrap(), *expected, "{values:?} at {cut}");
        }
    }
}

#[test]
fn only_what_may_begin_a_secret_is_held_back() {
    let table = [
        ("Password: ", ""),
        ("no hu", "hu"),
        ("hunter2", "hunter2"),
        ("hunter2 ", ""),
        ("50%", "%"),
        ("50% ", ""),
        ("hunter22", ""),
        ("colour \u{1b}[0m", ""),
    ];
    for (text, held) in table {
        let mut redactor = Redactor::new(secrets(&["hunter22"]));
        let mut out = Vec::new();
        redactor.push(text.as_bytes(), &mut out);
        let shown = text.strip_suffix(held).unwrap().replace("hunter22", "[secret]");
        assert_eq!(str::from_utf8(&out).unwrap(), shown);
        assert_eq!(redactor.holds_back(), !held.is_empty());
        redactor.flush(&mut out);
        assert!(!redactor.holds_back());
        assert_eq!(String::from_utf8(out).unwrap(), format!("{shown}{held}"));
    }
}

#[test]
fn the_rest_of_a_secret_is_masked_after_a_pause() {
    let mut redactor = Redactor::new(secrets(&["hunter22", "22 and more"]));
    let mut out = Vec::new();
    for part in ["a hun", "ter", "22", " and more", " hun", "k"] {
        redactor.push(part.as_bytes(), &mut out);
        redactor.flush(&mut out);
        out.push(b'|');
    }
    redactor.finish(&mut out);
    // What was shown can't be taken back; the rest is masked as soon as it is known, and one mark goes on.
    assert_eq!(str::from_utf8(&out).unwrap(), "a hun|ter|[secret]|| hun|k|");
    assert_eq!(redactor.marks(), 1);
}

#[test]
fn long_secrets_are_held_back_by_pieces() {
    let long: String =
        (0..20_000).map(|number| char::from(b'a' + u8::try_from(number * number % 23).unwrap())).collect();
    let secrets = secrets(&[&long]);
    let mut redactor = Redactor::new(secrets.clone());
    let mut out = Vec::new();
    for part in long.as_bytes().chunks(1000) {
        redactor.push(part, &mut out);
        assert!(redactor.buffer.len() < 600);
    }
    redactor.finish(&mut out);
    assert_eq!(out, MARK.as_bytes());
    let wrapped: Vec<_> =
        STANDARD.encode(&long).into_bytes().chunks(76).flat_map(|line| [line, b"\n"].concat()).collect();
    assert_eq!(redact(&secrets, wrapped.chunks(999)), b"[secret]\n");
}

#[test]
fn what_repeats_itself_is_no_trap() {
    let secrets = secrets(&[&"a".repeat(5000), &"\\".repeat(300), &"% ".repeat(200)]);
    for (text, masked) in [("a", true), ("\\", true), ("%20", false), ("%25+", true), ("\\\\u0061", true)] {
        let text = text.repeat(2000 / text.len());
        let out = redact(&secrets, text.as_bytes().chunks(700));
        assert_eq!(out.windows(MARK.len()).any(|window| window == MARK.as_bytes()), masked, "{}", &text[..10]);
    }
}

#[test]
fn what_can_be_read_in_many_ways_is_masked_as_it_is() {
    for value in
        [r"\".repeat(40) + "end", r"\\server\\share\\".repeat(3), "''\"\"\\'".repeat(9) + "x", "%25%5c+\\".repeat(8)]
    {
        let secrets = secrets(&[&value]);
        for text in [value.clone(), format!("a{value}b"), format!("\\{value}\\")] {
            let out = redact_text(&secrets, &text);
            assert!(!out.contains(&value) && out.contains(MARK), "{text} -> {out}");
        }
    }
}

#[test]
fn nothing_to_mask_is_known() {
    for (values, empty) in [(&[][..], true), (&["abc", "  \n\n  "], true), (&["abc", "abcd"], false)] {
        assert_eq!(secrets(values).is_empty(), empty);
    }
    assert_eq!(redact_text(&secrets(&[]), "a [secret] %41 \\u0041"), "a [secret] %41 \\u0041");
}

/// Texts of few different bytes, so that parts of secrets and of their forms come up by chance.
fn dense(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop::sample::select(b"aab%+\\'\"/ \n\r2567u04cYWJi=\xc3\xa9".to_vec());
    prop::collection::vec(byte, length)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn cuts_make_no_difference(
        values in prop::collection::vec(dense(4..12), 1..4),
        mut text in dense(0..60),
        at in any::<prop::sample::Index>(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let at = at.index(text.len() + 1);
        text.splice(at..at, values[0].clone());
        let secrets = Secrets::new(values.iter().map(Vec::as_slice));
        let whole = redact(&secrets, [text.as_slice()]);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).chain([0, text.len()]).collect();
        cuts.sort_unstable();
        let parts = redact(&secrets, cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]));
        prop_assert_eq!(&whole, &parts);
        prop_assert_eq!(&whole, &redact(&secrets, text.chunks(1)));
        for value in values.iter().filter(|value| !value.trim_ascii().is_empty()) {
            let trimmed: Vec<u8> = value.iter().copied().skip_while(|byte| matches!(byte, b'\n' | b'\r')).collect();
            let end = trimmed.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).unwrap() + 1;
            let value = &trimmed[..end];
            prop_assert!(value.len() < 4 || !whole.windows(value.len()).any(|window| window == value));
        }
    }

    #[test]
    fn escapes_of_escapes_hide_no_secret(
        value in prop::collection::vec(prop::sample::select(br#"\\\\'"%25+nux0a"#.to_vec()), 8..48),
        before in dense(0..6),
    ) {
        let secrets = Secrets::new([value.as_slice()]);
        let out = redact(&secrets, [[before.as_slice(), &value].concat().as_slice()]);
        prop_assert!(!out.windows(value.len()).any(|window| window == value));
    }

    #[test]
    fn no_place_where_a_secret_may_begin_is_passed_over(
        values in prop::collection::vec(dense(4..12), 1..4),
        text in dense(1..40),
    ) {
        let secrets = Secrets::new(values.iter().map(Vec::as_slice));
        let mut walk = Walk::default();
        for at in 0..text.len() {
            let found = secrets.0.at(&text, at, &mut walk);
            if found.open || found.end.is_some() {
                prop_assert_eq!(secrets.0.candidate(&text, at), Some(at));
            }
        }
    }

    #[test]
    fn clean_text_is_not_changed(text in "[ -~\n\u{e9}]{0,200}", flushes in any::<bool>()) {
        let secrets = secrets(&["\u{1}hunter22", "\u{2}s3cr3t/with+base64", "\u{3}multi\n\u{4}line one\n\u{5}line two"]);
        let mut redactor = Redactor::new(secrets);
        let mut out = Vec::new();
        for part in text.as_bytes().chunks(7) {
            redactor.push(part, &mut out);
            if flushes {
                redactor.flush(&mut out);
            }
        }
        redactor.finish(&mut out);
        prop_assert_eq!(out, text.as_bytes());
        prop_assert_eq!(redactor.marks(), 0);
    }
}
