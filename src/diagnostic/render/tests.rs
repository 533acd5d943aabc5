//! One definition, rendered in every style.

use super::*;
use crate::{
    diagnostic::{Extension, Failure, FailureKind},
    source::Range as ReferenceRange,
};

const DEFINITION: &str = "\
values:
  database:
    host: db.example.com
    password: {fn::secret: hunter2, nope: 1} # behind it
  größe: \"${datenbank.url} ${database.hots}\"
\tbroken: \u{1b}[31m\u{202e}${x}
  pem:
    fn::secret: |
      hunter2
  end: ${x}";

/// A run with one definition.
struct Run {
    sources: SourceMap,
    id: SourceId,
    text: String,
}

impl Run {
    fn new(text: &str) -> Self {
        let mut sources = SourceMap::default();
        let id = sources.add(Source::new("myproject/dev", "infra/esc/dev.yaml", text));
        Self { sources, id, text: text.to_owned() }
    }

    /// Returns the span of a text that occurs once.
    fn span(&self, of: &str) -> Span {
        assert_eq!(self.text.matches(of).count(), 1, "{of}");
        let start = self.text.find(of).unwrap();
        self.at(start..start + of.len())
    }

    fn at(&self, range: Range<usize>) -> Span {
        Span { source: self.id, start: range.start.try_into().unwrap(), end: range.end.try_into().unwrap() }
    }

    fn render(&self, style: Style, diagnostics: &[Diagnostic]) -> String {
        render(diagnostics, &self.sources, Options { style, ..Options::default() })
    }

    fn human(&self, span: Span, problem: Problem) -> String {
        self.render(Style::Human, &[diagnostic(Some(span), problem)])
    }

    /// Returns the line of the definition and the marks below it.
    fn excerpt(&self, span: Span) -> String {
        let text = self.human(span, Problem::Alias);
        let lines: Vec<&str> = text.lines().skip(3).take(2).map(|line| line.split_once('|').unwrap().1).collect();
        lines.join("\n")
    }
}

fn diagnostic(span: Option<Span>, problem: Problem) -> Diagnostic {
    Diagnostic { severity: problem.severity(), problem, span, range: None, path: String::new(), extension: None }
}

fn unknown(name: &str, suggestion: Option<&str>) -> Problem {
    Problem::UnknownProp { name: name.into(), suggestion: suggestion.map(str::to_owned) }
}

/// Messages of every severity, with and without a place.
fn messages(run: &Run) -> Vec<Diagnostic> {
    let failure =
        Failure::new(FailureKind::Identity, "no credentials").hint("run `aws sso login`").hint("100%, or\nnot");
    let mut placeless = diagnostic(None, Problem::NotObject { what: "environment" });
    placeless.range = Some(ReferenceRange { environment: "myproject/dev".into(), ..ReferenceRange::default() });
    let mut inner = diagnostic(Some(run.span("datenbank.url")), unknown("datenbank", Some("database")));
    inner.path = "values[\"größe\"]".into();
    vec![
        inner.clone(),
        diagnostic(Some(run.span("host: db.example.com\n    password")), Problem::Final),
        diagnostic(Some(run.span("database:")), Problem::Open { name: "aws-secrets".into(), failure }),
        diagnostic(Some(run.span("${database.hots}")), Problem::Extension(Extension::JsonAccess)),
        placeless,
        diagnostic(None, Problem::ImportCycle { name: "a,b:c".into() }),
        inner,
    ]
}

#[test]
fn human() {
    let run = Run::new(DEFINITION);
    insta::assert_snapshot!(run.render(Style::Human, &messages(&run)), @r#"
    error[unknown-prop]: unknown property `datenbank`
     --> infra/esc/dev.yaml:5:13
      |
    5 |   größe: "${datenbank.url} ${database.hots}"
      |             ^^^^^^^^^^^^^
      = help: did you mean `database`?

    warning[final]: a final value can't be overridden
     --> infra/esc/dev.yaml:3:5
      |
    3 |     host: db.example.com
      |     ^^^^^^^^^^^^^^^^^^^^ ignored
      = help: remove this value, or `fn::final` where the value is defined

    error[open]: can't open `aws-secrets`: no credentials
     --> infra/esc/dev.yaml:2:3
      |
    2 |   database:
      |   ^^^^^^^^^
      = help: run `aws sso login`
      = help: 100%, or\nnot

    warning[json-access]: hosted ESC does not read keys of a string that holds JSON
     --> infra/esc/dev.yaml:5:28
      |
    5 |   größe: "${datenbank.url} ${database.hots}"
      |                            ^^^^^^^^^^^^^^^^ works in esc-shell only
      = help: to be portable, decode the string with `fn::fromJSON` and refer to the result

    error[not-object]: expected a mapping at the top level
    --> infra/esc/dev.yaml
     |
     = help: begin with `values:` and indent what belongs to it

    error[import-cycle]: `a,b:c` imports itself
     |
     = help: remove one of the imports that lead back to it
    "#);
}

#[test]
fn short() {
    let run = Run::new(DEFINITION);
    insta::assert_snapshot!(run.render(Style::Short, &messages(&run)), @r#"
    infra/esc/dev.yaml:5:13: error[unknown-prop]: unknown property `datenbank`; did you mean `database`?
    infra/esc/dev.yaml:3:5: warning[final]: a final value can't be overridden; remove this value, or `fn::final` where the value is defined
    infra/esc/dev.yaml:2:3: error[open]: can't open `aws-secrets`: no credentials; run `aws sso login`
    infra/esc/dev.yaml:5:28: warning[json-access]: hosted ESC does not read keys of a string that holds JSON; to be portable, decode the string with `fn::fromJSON` and refer to the result
    infra/esc/dev.yaml: error[not-object]: expected a mapping at the top level; begin with `values:` and indent what belongs to it
    error[import-cycle]: `a,b:c` imports itself; remove one of the imports that lead back to it
    "#);
}

#[test]
fn json() {
    let run = Run::new(DEFINITION);
    let text = run.render(Style::Json, &messages(&run));
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    insta::assert_snapshot!(text, @r#"
    {"code":"unknown-prop","severity":"error","message":"unknown property `datenbank`","help":["did you mean `database`?"],"file":"infra/esc/dev.yaml","start":{"line":5,"column":13,"byte":116},"end":{"line":5,"column":26,"byte":129},"path":"values[\"größe\"]"}
    {"code":"final","severity":"warning","message":"a final value can't be overridden","help":["remove this value, or `fn::final` where the value is defined"],"file":"infra/esc/dev.yaml","start":{"line":3,"column":5,"byte":24},"end":{"line":4,"column":13,"byte":57},"path":""}
    {"code":"open","severity":"error","message":"can't open `aws-secrets`: no credentials","help":["run `aws sso login`","100%, or\\nnot"],"file":"infra/esc/dev.yaml","start":{"line":2,"column":3,"byte":10},"end":{"line":2,"column":12,"byte":19},"path":""}
    {"code":"json-access","severity":"warning","message":"hosted ESC does not read keys of a string that holds JSON","help":["to be portable, decode the string with `fn::fromJSON` and refer to the result"],"file":"infra/esc/dev.yaml","start":{"line":5,"column":28,"byte":131},"end":{"line":5,"column":44,"byte":147},"path":""}
    {"code":"not-object","severity":"error","message":"expected a mapping at the top level","help":["begin with `values:` and indent what belongs to it"],"file":"infra/esc/dev.yaml","start":null,"end":null,"path":""}
    {"code":"import-cycle","severity":"error","message":"`a,b:c` imports itself","help":["remove one of the imports that lead back to it"],"file":null,"start":null,"end":null,"path":""}
    "#);
}

#[test]
fn github() {
    let run = Run::new(DEFINITION);
    insta::assert_snapshot!(run.render(Style::Github, &messages(&run)), @r#"
    ::error file=infra/esc/dev.yaml,line=5,endLine=5,col=13,endColumn=26,title=unknown-prop::unknown property `datenbank`%0Adid you mean `database`?
    ::warning file=infra/esc/dev.yaml,line=3,endLine=4,title=final::a final value can't be overridden%0Aremove this value, or `fn::final` where the value is defined
    ::error file=infra/esc/dev.yaml,line=2,endLine=2,col=3,endColumn=12,title=open::can't open `aws-secrets`: no credentials%0Arun `aws sso login`%0A100%25, or\nnot
    ::warning file=infra/esc/dev.yaml,line=5,endLine=5,col=28,endColumn=44,title=json-access::hosted ESC does not read keys of a string that holds JSON%0Ato be portable, decode the string with `fn::fromJSON` and refer to the result
    ::error file=infra/esc/dev.yaml,title=not-object::expected a mapping at the top level%0Abegin with `values:` and indent what belongs to it
    ::error title=import-cycle::`a,b:c` imports itself%0Aremove one of the imports that lead back to it
    "#);
}

#[test]
fn github_escapes_properties() {
    let mut sources = SourceMap::default();
    let id = sources.add(Source::new("p/e", "a,b:c%\n.yaml", "x"));
    let span = Span { source: id, start: 0, end: 1 };
    let options = Options { style: Style::Github, ..Options::default() };
    let text = render(&[diagnostic(Some(span), Problem::Alias)], &sources, options);
    assert!(text.starts_with("::error file=a%2Cb%3Ac%25\\n.yaml,line=1,"), "{text}");
}

#[test]
fn colors_are_asked_for() {
    let run = Run::new(DEFINITION);
    let plain = Options::default();
    assert!(!render(&messages(&run), &run.sources, plain).contains('\u{1b}'));
    assert!(render(&messages(&run), &run.sources, Options { color: true, ..plain }).contains('\u{1b}'));
}

#[test]
fn masks_secrets_and_marks_what_stands_for_them() {
    let run = Run::new(DEFINITION);
    let mapping = "    password: {fn::secret: [secret]} # behind it";
    let cases = [
        ("{fn::secret: hunter2, nope: 1}", mapping, "              ^^^^^^^^^^^^^^^^^^^^^^"),
        ("nope: 1", mapping, "                           ^^^^^^^^"),
        ("# behind", mapping, "                                     ^^^^^^^^"),
        ("      hunter2", "[secret]", "^^^^^^^^"),
        ("|\n      hunt", "    fn::secret: [secret]", "                ^^^^^^^^"),
    ];
    for (of, line, marks) in cases {
        let expected = format!("{line}\n{marks}");
        let got: Vec<String> = run.excerpt(run.span(of)).lines().map(|line| line[1..].to_owned()).collect();
        assert_eq!(got.join("\n"), expected, "{of}");
    }
}

#[test]
fn no_style_shows_a_secret() {
    let run = Run::new(DEFINITION);
    let mut all: Vec<Diagnostic> = (0..run.text.len())
        .filter(|at| run.text.is_char_boundary(*at))
        .map(|at| diagnostic(Some(run.at(at..(at + 9).min(run.text.len()))), Problem::Alias))
        .collect();
    all[0].path = "values.a[\"fn::secret\"].hunter2".into();
    for style in [Style::Human, Style::Short, Style::Json, Style::Github] {
        let text = run.render(style, &all);
        assert!(!text.contains("hunter2"), "{style:?}");
    }
}

#[test]
fn nothing_reaches_a_terminal_that_it_would_obey() {
    let hostile = "\u{1b}[31m\u{9b}\u{202e}\u{7}\r\u{2028}";
    let mut sources = SourceMap::default();
    let id = sources.add(Source::new("p/e", hostile, format!("a{hostile}b: 1\n")));
    let mut message = diagnostic(Some(Span { source: id, start: 0, end: 3 }), unknown(hostile, Some(hostile)));
    message.path = hostile.into();
    for style in [Style::Human, Style::Short, Style::Json, Style::Github] {
        let text = render(&[message.clone()], &sources, Options { style, ..Options::default() });
        assert!(text.chars().all(|char| char == '\n' || crate::diagnostic::is_printable(char)), "{text:?}");
    }
}

#[test]
fn marks_the_right_characters() {
    let run = Run::new("a: \tb\n\n日本: größe x\ne\u{301}: y\r\nlast");
    let cases = [
        ("b", " a:     b\n        ^"),
        ("größe", " 日本: größe x\n       ^^^^^"),
        ("日本", " 日本: größe x\n ^^^^"),
        ("y", " e\u{301}: y\n    ^"),
        ("x\ne", " 日本: größe x\n             ^"),
        ("last", " last\n ^^^^"),
    ];
    for (of, expected) in cases {
        assert_eq!(run.excerpt(run.span(of)), expected, "{of}");
    }
    assert_eq!(run.excerpt(run.at(0..run.text.len())), " a:     b\n ^^^^^^^^");
    assert_eq!(run.excerpt(run.at(2..2)), " a:     b\n   ^");
    assert_eq!(run.excerpt(run.at(5..5)), " a:     b\n         ^");
    // Spans that no parser should give are no reason to panic.
    let _ = run.human(run.at(8..9), Problem::Alias);
    let _ = run.human(run.at(1_000..2_000), Problem::Alias);
}

#[test]
fn shows_no_line_where_there_is_none() {
    let run = Run::new("a: 1\n\n");
    for at in [5, 6] {
        let text = run.human(run.at(at..at), Problem::Alias);
        assert_eq!(text.lines().nth(1), Some(format!("--> infra/esc/dev.yaml:{}:1", at - 3).as_str()));
        assert_eq!(text.lines().count(), 4, "{text}");
    }
    let empty = Run::new("");
    assert!(empty.human(empty.at(0..0), Problem::Alias).contains("dev.yaml:1:1"));
}

#[test]
fn cuts_long_lines_around_the_place() {
    let text = format!("a: \"{}\"{}NEEDLE{}", "x".repeat(500_000), " ".repeat(500), "ü".repeat(500_000));
    let run = Run::new(&text);
    let needle = run.excerpt(run.span("NEEDLE"));
    assert_eq!(needle, format!(" …NEEDLE{}…\n  ^^^^^^", "ü".repeat(52)));
    assert_eq!(run.excerpt(run.at(0..text.len())).lines().next().unwrap().chars().count(), 88);
    let end = run.excerpt(run.at(text.len()..text.len()));
    assert_eq!(end, format!(" …{}\n {}^", "ü".repeat(86), " ".repeat(87)));
    let position = run.human(run.span("NEEDLE"), Problem::Alias);
    assert!(position.contains("dev.yaml:1:500506\n"), "{position}");
}

#[test]
fn cuts_at_the_terminal() {
    let run = Run::new(&format!("key: {}", "word ".repeat(40)));
    for width in [0, 60, 80, 120] {
        let options = Options { width, ..Options::default() };
        let text = render(&[diagnostic(Some(run.at(100..104)), Problem::Alias)], &run.sources, options);
        let longest = text.lines().skip(2).take(3).map(|line| line.chars().count()).max();
        assert!(longest <= Some(width.max(52)), "{text}");
    }
}

#[test]
fn shows_identical_messages_once() {
    let run = Run::new(DEFINITION);
    let one = diagnostic(Some(run.span("database:")), Problem::Alias);
    let other = diagnostic(Some(run.span("host: db")), Problem::Alias);
    for style in [Style::Human, Style::Short, Style::Json, Style::Github] {
        let several = run.render(style, &[one.clone(), other.clone(), one.clone()]);
        assert_eq!(several, run.render(style, &[one.clone(), other.clone()]), "{style:?}");
        assert_ne!(several, run.render(style, std::slice::from_ref(&one)), "{style:?}");
    }
    assert_eq!(run.render(Style::Human, &[]), "");
}

#[test]
fn a_place_in_a_text_that_only_pulumi_cloud_has_is_shown_by_its_name() {
    let run = Run::new(DEFINITION);
    let at = |line, column, byte| Position { line, column, byte };
    let range = |environment: &str, begin, end| Some(ReferenceRange { environment: environment.into(), begin, end });
    let cloud = |warning, range| Diagnostic {
        severity: if warning { Severity::Warning } else { Severity::Error },
        range,
        ..diagnostic(None, Problem::Cloud { summary: "no such\noutput".into(), detail: Some("ask infra".into()) })
    };
    let messages = [
        cloud(false, range("shared/base", at(3, 5, 40), at(3, 9, 44))),
        cloud(true, range("myproject/dev", at(7, 1, 90), at(0, 0, 0))),
        cloud(false, range("", at(1, 2, 1), at(1, 3, 2))),
        cloud(false, None),
    ];
    insta::assert_snapshot!(run.render(Style::Short, &messages), @r"
    shared/base:3:5: error[cloud]: no such\noutput; ask infra
    infra/esc/dev.yaml:7:1: warning[cloud]: no such\noutput; ask infra
    error[cloud]: no such\noutput; ask infra
    ");
    insta::assert_snapshot!(run.render(Style::Human, &messages[..1]), @r"
    error[cloud]: no such\noutput
    --> shared/base:3:5
     |
     = help: ask infra
    ");
    let json = run.render(Style::Json, &messages[..1]);
    assert!(
        json.contains(r#""start":{"line":3,"column":5,"byte":40},"end":{"line":3,"column":9,"byte":44}"#),
        "{json}"
    );
}
