//! What is masked, in well-formed and in broken definitions.

use proptest::{prelude::*, test_runner::RngSeed};

use super::*;

/// Returns the text as it may be shown.
fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for range in mask(text) {
        assert!(from <= range.start && range.start < range.end && range.end <= text.len(), "{range:?}");
        out.push_str(&text[from..range.start]);
        out.push_str("<>");
        from = range.end;
    }
    out + &text[from..]
}

#[test]
fn masks_exactly_what_is_secret() {
    let cases = [
        // Flow style.
        ("a: {fn::secret: x}\nb: 1", "a: {fn::secret: <>}\nb: 1"),
        ("a: {fn::secret: x y}", "a: {fn::secret: <>}"),
        ("[{\"fn::secret\": \"x\"}, b]", "[{\"fn::secret\": <>}, b]"),
        ("a: {\"fn::secret\":\"x\"}", "a: {\"fn::secret\":<>}"),
        ("a: { 'fn::secret' : 'x''}' }\nb: 1", "a: { 'fn::secret' : <> }\nb: 1"),
        ("a: {fn::secret: \"x}\\\"}\"}\nb: 1", "a: {fn::secret: <>}\nb: 1"),
        ("a: {\n  fn::secret:\n x\n}\nb: 1", "a: {\n  fn::secret:\n <>\n}\nb: 1"),
        ("a: {fn::secret: x\n\ny z\n}\nb: 1", "a: {fn::secret: <>\n}\nb: 1"),
        ("{fn::secret: x}\n---\na: [", "{fn::secret: <>}\n---\na: ["),
        ("{fn::secret: x}\n...\na: [", "{fn::secret: <>}\n...\na: ["),
        ("[fn::secret: x]\n", "[fn::secret: <>]\n"),
        ("a: {? fn::secret : x}", "a: {? fn::secret : <>}"),
        ("a: {fn::secret # c {\n: x}\nb: 1", "a: {fn::secret <>}\nb: 1"),
        ("a: {fn::secret: x # }\n y}\nb: 1", "a: {fn::secret: <>}\nb: 1"),
        ("a: {fn::secret: [x, {y: z}]}\nb: 1", "a: {fn::secret: <>}\nb: 1"),
        ("a: {fn::secret: x,y}\nb: 1", "a: {fn::secret: <>}\nb: 1"),
        ("a: {fn::secret: {ciphertext: abc}}", "a: {fn::secret: <>}"),
        ("a: {fn::secret: !!str &k x}", "a: {fn::secret: <>}"),
        ("a: {&k fn::secret: x}", "a: {&k fn::secret: <>}"),
        ("a: {!<tag:yaml.org,2002:str> fn::secret: x}", "a: {!<tag:yaml.org,2002:str> fn::secret: <>}"),
        ("{a: {fn::secret: x}, b: {fn::secret: y}, c: d}", "{a: {fn::secret: <>}, b: {fn::secret: <>}, c: d}"),
        // Block style, on the same line.
        ("a:\n  fn::secret: x\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret: x, y} {z\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret: x # was y\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret: \"x\" # was y\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  \"fn::secret\" : x\nb: 1", "a:\n  \"fn::secret\" : <>\nb: 1"),
        ("a:\n  \"fn::\\x73ecret\": x\nb: 1", "a:\n  \"fn::\\x73ecret\": <>\nb: 1"),
        ("a:\n  fn::secret: !!str &k x\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  &k fn::secret: x\nb: 1", "a:\n  &k fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret:\tx\nb: 1", "a:\n  fn::secret:\t<>\nb: 1"),
        ("- fn::secret: x\n- y", "- fn::secret: <>\n- y"),
        ("- - fn::secret: x\n  - y", "- - fn::secret: <>"),
        ("fn::secret: x", "fn::secret: <>"),
        ("--- {fn::secret: x\n}\n", "--- {fn::secret: <>\n}\n"),
        // Several lines.
        ("a:\n  fn::secret: x\n    y\n\n    z\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret: \"x\ny\n  z\"\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret: 'x''\n\ny'\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret:\n    x\nb: 1", "a:\n  fn::secret:\n    <>\nb: 1"),
        ("a:\n  fn::secret: # c\n# d\n    x\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret:\n\n    \"x\ny\"\nb: 1", "a:\n  fn::secret:\n\n    <>\nb: 1"),
        ("a:\n  fn::secret: |\n    x\n\n     # y\n    z\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret: >2-  # c\n    x\n    fn::secret: y\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret:\n   |\n   x\nb: 1", "a:\n  fn::secret:\n   <>\nb: 1"),
        ("a:\n  fn::secret: |\n\tx\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("fn::secret: |\n x\nb: 1", "fn::secret: <>\nb: 1"),
        ("- a: 1\n  fn::secret: |\n   x\n- b", "- a: 1\n  fn::secret: <>\n- b"),
        ("a:\n  fn::secret:\n  - x\n  - y\n  b: 1", "a:\n  fn::secret:\n  <>\n  b: 1"),
        ("a:\n  fn::secret:\n    k: x\n    l: y\nb: 1", "a:\n  fn::secret:\n    <>\nb: 1"),
        ("a:\n  fn::secret: {\nciphertext: x\n}\nb: 1", "a:\n  fn::secret: <>\nb: 1"),
        ("a:\n  fn::secret:\nb: 1", "a:\n  fn::secret:\nb: 1"),
        ("a:\r\n  fn::secret: |\r\n    x\r\n    y\r\nb: 1\r\n", "a:\r\n  fn::secret: <>\r\nb: 1\r\n"),
        ("a:\r  fn::secret: x\r    y\rb: 1", "a:\r  fn::secret: <>\rb: 1"),
        ("fn::secret:\n|\n x\nb: 1", "fn::secret:\n<>\nb: 1"),
        ("a:\n  fn::secret:\n  x\n  b: 1", "a:\n  fn::secret:\n  <>\n  b: 1"),
        // Complex keys.
        ("a:\n  ? fn::secret\n  : x\nb: 1", "a:\n  ? fn::secret\n  : <>\nb: 1"),
        ("a:\n  ? fn::secret\n  :\n    x\nb: 1", "a:\n  ? fn::secret\n  :\n    <>\nb: 1"),
        ("? \"fn::secret\" # c\n: |\n  x\nb: 1", "? \"fn::secret\" # c\n: <>\nb: 1"),
        ("? |-\n  fn::secret\n: x\nb: 1", "? |-\n  fn::secret\n: <>\nb: 1"),
        // Mistyped and misplaced ones.
        ("a: {fn:secret: x}", "a: {fn:secret: <>}"),
        ("a: {FN::Secret: x}", "a: {FN::Secret: <>}"),
        ("a: {fn::secrets: x}", "a: {fn::secrets: <>}"),
        ("a:\n  fn::secret:x\n   y\nb: 1", "a:\n  fn::secret:<>\nb: 1"),
        ("a:\n  fn::secret x\n   y\nb: 1", "a:\n  fn::secret <>\nb: 1"),
        ("a: {fn::secret:x}\nb: 1", "a: {fn::secret:<>}\nb: 1"),
        ("a: 1 # fn::secret: x\nb: 1", "a: 1 # fn::secret: <>\nb: 1"),
        ("a: see \"fn::secret\": x\nb: 1", "a: see \"fn::secret\": <>\nb: 1"),
        ("a: |\n  fn::secret: x\nb: 1", "a: |\n  fn::secret: <>\nb: 1"),
        ("*k : x\nb: 1", "*k : <>\nb: 1"),
        // Nothing secret, or not in the way.
        ("a: {fn::open::x: {y: z}}\nfn::split: b", "a: {fn::open::x: {y: z}}\nfn::split: b"),
        ("a: [x, \"{\", '[']\nb: {fn::secret: x}\nc: 1", "a: [x, \"{\", '[']\nb: {fn::secret: <>}\nc: 1"),
        ("a: don't {\nb: {fn::secret: x}\nc: 1", "a: don't {\nb: {fn::secret: <>}\nc: 1"),
        ("a: b\n  \"c\nb: {fn::secret: x}\nc: 1", "a: b\n  \"c\nb: {fn::secret: <>}\nc: 1"),
        ("a: >\n  \"{\n\nb: {fn::secret: x}\nc: 1", "a: >\n  \"{\n\nb: {fn::secret: <>}\nc: 1"),
        ("- |\n \"\n- {fn::secret: x}\n- 1", "- |\n \"\n- {fn::secret: <>}\n- 1"),
        ("- a: |\n   [\n  b: {fn::secret: x}\n- 1", "- a: |\n   [\n  b: {fn::secret: <>}\n- 1"),
        ("a: !!str |\n  [\nb: {fn::secret: x}\nc: 1", "a: !!str |\n  [\nb: {fn::secret: <>}\nc: 1"),
        ("!!str a: |\n [\nb: {fn::secret: x}\nc: 1", "!!str a: |\n [\nb: {fn::secret: <>}\nc: 1"),
        ("# \" [ {\nb: {fn::secret: x}\nc: 1", "# \" [ {\nb: {fn::secret: <>}\nc: 1"),
        ("a: ${b}\nc: \"${d[\\\"e\\\"]}\"\n", "a: ${b}\nc: \"${d[\\\"e\\\"]}\"\n"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn masks_to_the_end_where_quotes_or_brackets_do_not_match() {
    let cases = [
        ("a:\n  fn::secret: \"x\nb: 1", "a:\n  fn::secret: <>"),
        ("a:\n  fn::secret: 'x\nb: 1", "a:\n  fn::secret: <>"),
        ("a: {fn::secret: x\nb: 1", "a: {fn::secret: <>"),
        ("a: {fn::secret: \"x\" y}\nb: 1", "a: {fn::secret: <>"),
        ("a: {fn::secret: x}y}\nb: 1", "a: {fn::secret: <>"),
        ("a: {fn::secret: x]y}\nb: 1", "a: {fn::secret: <>"),
        ("a:\n  fn::secret: \"x\"y\nb: \"1", "a:\n  fn::secret: <>"),
        ("a:\n  fn::secret: 'it's\nx'\nb: 1", "a:\n  fn::secret: <>"),
        ("a:\n  fn::secret: {x} y\nz\nb: 1", "a:\n  fn::secret: <>"),
        ("a:\n  fn::secret: {x\nb: 1", "a:\n  fn::secret: <>"),
        ("a: \"b\nc: {fn::secret: \"x\"}\nd: 1", "a: \"b\nc: {fn::secret: \"<>"),
        ("a: [b\nc:\n  fn::secrets: x]y\nd: 1", "a: [b\nc:\n  fn::secrets: <>"),
        ("a: [b\nc:\n  fn::secret: x\nd: \"1", "a: [b\nc:\n  fn::secret: <>"),
        ("a: \"\n fn::secret: |\n x\"\nb: 1", "a: \"\n fn::secret: <>"),
        ("a: \"b\nc:\n  fn::secret: |\n    \"\n    x\nd: 1", "a: \"b\nc:\n  fn::secret: <>"),
        ("a: {b\nc:\n  fn::secret: |\n    x\n    : y\n    }\n    z\nd: 1", "a: {b\nc:\n  fn::secret: <>"),
        // What stands before the mistake is still told apart.
        ("a: {fn::secret: x}\nb: \"c\nd: {fn::secret: y}", "a: {fn::secret: <>}\nb: \"c\nd: {fn::secret: <>"),
        ("a: {fn::secret: x}\nb: [c\nd: 1", "a: {fn::secret: <>}\nb: [c\nd: 1"),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn takes_linear_time() {
    for piece in [
        "{",
        "[\"a\", ",
        "\"",
        "fn::secret: x\n",
        "fn::secret ",
        "{fn::secret: ",
        "\n",
        " ",
        "? ",
        "a: |\n",
        "'a'\n\n#\n",
        "!",
        "x\n  ",
    ] {
        let text = piece.repeat(300_000 / piece.len());
        let started = std::time::Instant::now();
        shown(&text);
        assert!(started.elapsed().as_secs() < 20, "{piece:?}");
    }
}

/// A secret as people write it: letters that occur nowhere else, and what breaks quoting.
fn plaintext() -> impl Strategy<Value = Vec<String>> {
    let word = proptest::string::string_regex("[QXZJ]{4,12}").expect("a valid expression");
    let glue = proptest::sample::select(vec![
        "", " ", ",", ", ", "}", "] ", "{", "'", "\"", "#", " #", ": ", "\\", "\t", "é", "|", "&", "*",
    ]);
    proptest::collection::vec((word, glue), 1..4)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, glue)| [word, glue.to_owned()]).collect())
}

/// Writes a secret into a document in one of many ways, some of them wrong.
fn document(form: usize, parts: &[String], noise: &str, after: &str) -> String {
    let text = parts.concat();
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    let single = text.replace('\'', "''");
    let lines = parts.join("\n      ");
    let value = match form % 14 {
        0 => format!("{{fn::secret: {text}}}"),
        1 => format!("{{\"fn::secret\": \"{quoted}\"}}"),
        2 => format!("{{'fn::secret': '{single}'}}"),
        3 => format!("\n    fn::secret: |\n      {lines}"),
        4 => format!("\n    fn::secret: >-\n      {lines}"),
        5 => format!("\n    fn::secret: \"{}\"", quoted.replace(' ', "\n")),
        6 => format!("\n    fn::secret:\n      '{single}'"),
        7 => format!("\n    fn::secret: {text}"),
        8 => format!("\n    fn::secret: \"{text}\""),
        9 => format!("\n    fn::secret: '{text}'"),
        10 => format!("\n    ? fn::secret\n    : {text}"),
        11 => format!("\n    fn::secret: !!str &a {lines}"),
        12 => format!("[{{fn::secret:\n{}}}, 1]", parts.join("\n")),
        _ => format!("\n    fn::secret: \"{text}"),
    };
    format!("values:\n{noise}  s: {value}\n{after}")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn no_secret_survives(
        form in 0..14_usize,
        parts in plaintext(),
        noise in proptest::sample::select(vec!["", "  a: [b, {c: d}]\n", "  a: |\n    \"{\n", "  a: it's\n", "  a: \"b\n", "  a: {b\n", "  # '\n"]),
        after in proptest::sample::select(vec!["", "  t: 1\n", "  t: \"u\"\n  v: 'w'\n", "  t: [u}\n"]),
        carriage in any::<bool>(),
    ) {
        let text = document(form, &parts, noise, after);
        let text = if carriage { text.replace('\n', "\r\n") } else { text };
        let shown = shown(&text);
        prop_assert!(!shown.contains(['Q', 'X', 'Z', 'J']), "{text}\nis shown as\n{shown}");
    }

    #[test]
    fn takes_every_text(text in "(?s:[-a \\n\\t\\r\"'{}\\[\\],:?#|>!&*\\\\é]|fn::secret|fn:|: ){0,60}") {
        shown(&text);
    }
}
