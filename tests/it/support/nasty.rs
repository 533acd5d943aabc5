//! Strings that quoting gets wrong: a table by hand, and as many more as a test wants.

/// What shells, dotenv readers and YAML readers treat specially, and values that people really have.
pub const TABLE: &[&str] = &[
    "",
    " ",
    "plain",
    "two words",
    " lead",
    "trail ",
    "\ttab\t",
    "'",
    "''",
    "'a'",
    "it's",
    "\"",
    "\"a\"",
    "say \"hi\"",
    "`",
    "`id`",
    "$",
    "$$",
    "$HOME",
    "${HOME}",
    "$(id)",
    "a$",
    "\\",
    "\\\\",
    "a\\",
    "\\'",
    "\\\"",
    "\\n",
    "C:\\new\\dir\\",
    "!",
    "!x",
    "a!b!",
    "#",
    "#fff",
    "a #b",
    "it's #1",
    "=",
    "=ls",
    "==",
    "~",
    "~root",
    "*",
    "?",
    "[a]",
    "{a,b}",
    "a;b",
    "a|b",
    "a&b",
    "a<b>c",
    "(a)",
    "%s%n",
    "^",
    "-n",
    "--",
    "\n",
    "\n\n",
    "a\n",
    "\na",
    "a\nb",
    "a\r\nb",
    "\r",
    "\u{1}\u{1b}[0m\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{feff}a",
    "a\u{2028}b",
    "'\u{2028}'",
    "\"\u{2029}\"",
    "é日🚀",
    "e\u{301}",
    "null",
    "true",
    "0123",
    "1e3",
    "2026-01-01",
    "a: b",
    "- a",
    "export A=b",
    "A=b",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQ+/abc=\n-----END PRIVATE KEY-----\n",
    "postgres://user:p%40ss'w0rd@db.example.org:5432/app?sslmode=require#x",
    "{\"type\": \"service_account\", \"private_key\": \"-----BEGIN\\nabc\\n\", \"n\": 1}",
    "{\n  \"a\": \"b\",\n  \"c\": [1, 2]\n}\n",
    "#!/bin/sh\nset -e\necho \"$HOME\"\n",
];

/// Returns strings of special and ordinary pieces, and of any characters at all, always the same ones; none holds a NUL.
pub fn generated(count: usize) -> Vec<String> {
    const PIECES: &[&str] = &[
        "'", "\"", "`", "\\", "$", "!", "#", "=", "~", "{", "}", "(", ")", "[", "]", ";", "&", "|", "<", ">", "%", "^",
        "*", "?", " ", "\t", "\n", "\r", "n", "r", "a", "B", "0", "_", "-", ":", ",", ".", "/", "@", "é", "日", "🚀",
        "\u{301}", "\u{a0}", "\u{2028}", "\u{1}", "\u{1b}", "HOME",
    ];
    let mut next = numbers();
    (0..count).map(|_| (0..next() % 12).map(|_| PIECES[next() % PIECES.len()]).collect()).collect()
}

/// Returns strings of any characters at all but NUL, always the same ones: half of them ASCII, so that special ones meet.
pub fn arbitrary(count: usize) -> Vec<String> {
    let mut next = numbers();
    let mut char = || loop {
        let limit = [0x80, 0x80, 0x800, 0x1_0000, 0x11_0000][next() % 5];
        let number = u32::try_from(1 + next() % (limit - 1)).expect("a code point is small");
        if let Some(char) = char::from_u32(number) {
            return char;
        }
    };
    let lengths = numbers();
    lengths_of(count, lengths).into_iter().map(|length| (0..length).map(|_| char()).collect()).collect()
}

fn lengths_of(count: usize, mut next: impl FnMut() -> usize) -> Vec<usize> {
    (0..count).map(|_| next() % 16).collect()
}

/// Returns a generator of numbers of 31 bits, always the same ones.
fn numbers() -> impl FnMut() -> usize {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits fit")
    }
}
