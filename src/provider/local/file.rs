//! `local-file`: a file of this machine, or of the commit that the definition comes from.

use std::{rc::Rc, sync::Arc};

use super::{format::Format, place::Place};
use crate::{
    diagnostic::Failure,
    provider::{
        CallContext, Host, Opening, Provider,
        input::{plain, required, result_flags, shown, text},
        read::{self, MAX_BYTES},
    },
    value::{Value, View},
};

/// Opens `local-file`.
pub(in crate::provider) struct File {
    host: Rc<Host>,
}

impl File {
    /// Makes the provider.
    pub(in crate::provider) fn new(host: Rc<Host>) -> Self {
        Self { host }
    }

    async fn read(&self, inputs: View<'_>, context: &CallContext) -> Result<Value, Failure> {
        let input = required(inputs, "path");
        let name = shown(input);
        let place = Place::of(text(input, "path")?, &self.host, context)?;
        let bytes = match (place, &context.revision) {
            (Place::Definition(folder, path), Some(revision)) => {
                let (read, revision) = (Arc::clone(&self.host.read_revision), Arc::clone(revision));
                let bytes = read::on_thread(move || read(&folder, &path, &revision)).await?;
                read::limit(bytes, &name, MAX_BYTES)?
            }
            (place, _) => {
                let path = place.path();
                let wanted = plain(&path.to_string_lossy(), 300);
                self.host.notes.read(path.clone());
                let bytes = read::read_file(path, name.clone()).await;
                let relative = matches!(place, Place::Definition(..)) && !input.is_secret();
                bytes.map_err(
                    |failure| if relative { failure.hint(format!("the path leads to `{wanted}`")) } else { failure },
                )?
            }
        };
        Format::of(inputs).read(&bytes, &name, result_flags(inputs), &self.host)
    }
}

impl Provider for File {
    fn open(&self, inputs: Value, context: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.read(inputs.view(), &context).await })
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, time::Duration};

    use tempfile::TempDir;

    use super::*;
    use crate::{
        diagnostic::FailureKind,
        provider::testing::{assert_silent, call, call_in, canary, host, open, written},
    };

    /// A folder with a file `f` of the given bytes.
    fn folder(bytes: &[u8]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("f"), bytes).unwrap();
        folder
    }

    fn provider() -> File {
        File::new(Rc::new(host(&[])))
    }

    fn message(folder: &Path, inputs: &str) -> (FailureKind, String) {
        let failure = open(&provider(), inputs, call_in(folder)).unwrap_err();
        (failure.kind, failure.message)
    }

    #[test]
    fn content_is_read_as_the_format_says() {
        let cases: [(&[u8], &str, &str); 11] = [
            (b"a\r\nb\n\n", "", r#"!"a\r\nb\n\n""#),
            (b"", "", r#"!"""#),
            ("\u{feff}x".as_bytes(), "", r#"!"\u{feff}x""#),
            (b"x", r#", "format": "string", "secret": false"#, r#""x""#),
            (b"\xff\x00\n", r#", "format": "base64""#, r#"!"/wAK""#),
            (
                br#"{"n": 1.50, "l": [1e400, null, true]}"#,
                r#", "format": "json""#,
                "!{l: ![!1e400, !null, !true], n: !1.50}",
            ),
            ("\u{feff}[1]".as_bytes(), r#", "format": "json", "secret": false"#, "[1]"),
            (b"B=2\nA=1 # c\nB='3'\n", r#", "format": "dotenv""#, r#"{A: !"1", B: !"3"}"#),
            (b"A=1", r#", "format": "dotenv", "secret": false"#, r#"{A: "1"}"#),
            (b"", r#", "format": "dotenv""#, "{}"),
            ("A: 1".as_bytes(), r#", "format": "yaml""#, r#"!{seen: !"A: 1"}"#),
        ];
        let mut host = host(&[]);
        host.parse_yaml = |text| {
            let mut graph = crate::value::Graph::new();
            let seen = graph.string(text);
            let root = graph.object([("seen".into(), seen)]);
            Ok(Value::new(graph, root))
        };
        let provider = File::new(Rc::new(host));
        for (bytes, more, want) in cases {
            let folder = folder(bytes);
            let inputs = format!(r#"{{"path": "f"{more}}}"#);
            let value = open(&provider, &inputs, call_in(folder.path())).unwrap();
            assert_eq!(written(value.view()), want, "{inputs} {bytes:?}");
        }
    }

    #[test]
    fn malformed_content_is_told_by_place_only() {
        let secret = canary();
        let cases = [
            (secret.clone(), "json", "`f` is not valid JSON: expected a value at byte 0"),
            (
                format!("A={secret}\n{secret}"),
                "dotenv",
                "`f` is not valid dotenv: line 2: expected `=` behind the name",
            ),
            (secret.clone(), "yaml", "`f` is not valid YAML: line 7: a reason"),
        ];
        for (content, format, want) in cases {
            let folder = folder(content.as_bytes());
            let inputs = format!(r#"{{"path": "f", "format": "{format}"}}"#);
            let failure = open(&provider(), &inputs, call_in(folder.path())).unwrap_err();
            assert_eq!(failure, Failure::new(FailureKind::Provider, want));
            assert_silent(&failure, &secret);
        }
        for format in ["string", "json", "yaml", "dotenv"] {
            let folder = folder(&[secret.as_bytes(), b"\xff"].concat());
            let inputs = format!(r#"{{"path": "f", "format": "{format}"}}"#);
            let failure = open(&provider(), &inputs, call_in(folder.path())).unwrap_err();
            let want = Failure::new(FailureKind::Provider, "`f` is not UTF-8").hint("use `format: base64` for bytes");
            assert_eq!(failure, want);
            assert_silent(&failure, &secret);
        }
    }

    #[test]
    fn paths_have_their_anchor() {
        let there = folder(b"there");
        let elsewhere = folder(b"elsewhere");
        fs::create_dir(elsewhere.path().join("sub")).unwrap();
        std::os::unix::fs::symlink(there.path().join("f"), elsewhere.path().join("link")).unwrap();
        let mut host = host(&[]);
        host.home = Some(elsewhere.path().to_owned());
        let provider = File::new(Rc::new(host));
        let absolute = elsewhere.path().join("f");
        let cases = [
            ("f", "there"),
            ("./f", "there"),
            ("~/f", "elsewhere"),
            ("~//f", "elsewhere"),
            ("~/sub/../f", "elsewhere"),
            ("~/link", "there"),
            (absolute.to_str().unwrap(), "elsewhere"),
        ];
        for (path, want) in cases {
            let value = open(&provider, &format!(r#"{{"path": "{path}"}}"#), call_in(there.path())).unwrap();
            assert_eq!(value.view().as_str(), Some(want), "{path}");
        }
    }

    #[test]
    fn paths_without_an_anchor_are_refused() {
        let relative = open(&provider(), r#"{"path": "f"}"#, call()).unwrap_err();
        assert_eq!(
            (relative.kind, relative.message.as_str()),
            (FailureKind::Definition, "a relative path needs a definition that is a local file")
        );
        let home = open(&provider(), r#"{"path": "~/f"}"#, call()).unwrap_err();
        assert_eq!((home.kind, home.message.as_str()), (FailureKind::File, "`~` has no meaning without a home folder"));
    }

    #[test]
    fn what_is_no_regular_file_is_refused_at_once() {
        let folder = folder(b"");
        let path = folder.path();
        assert!(std::process::Command::new("mkfifo").arg(path.join("pipe")).status().unwrap().success());
        fs::create_dir(path.join("sub")).unwrap();
        fs::write(path.join("big"), vec![b'x'; MAX_BYTES + 1]).unwrap();
        fs::write(path.join("full"), vec![b'x'; MAX_BYTES]).unwrap();
        let cases = [
            ("pipe", "`pipe` is no regular file"),
            ("/dev/zero", "`/dev/zero` is no regular file"),
            ("sub", "`sub` is a folder"),
            ("none", "`none` does not exist"),
            ("f/none", "`f/none` cannot be read: not a directory"),
            ("big", "`big` is larger than 1 MiB"),
        ];
        let started = std::time::Instant::now();
        for (name, want) in cases {
            let got = message(path, &format!(r#"{{"path": "{name}"}}"#));
            assert_eq!(got, (FailureKind::File, want.to_owned()));
        }
        assert!(started.elapsed() < Duration::from_secs(5));
        let full = open(&provider(), r#"{"path": "full"}"#, call_in(path)).unwrap();
        assert_eq!(full.view().as_str().map(str::len), Some(MAX_BYTES));
    }

    #[test]
    fn a_missing_file_is_told_with_the_place_that_was_meant() {
        let folder = folder(b"");
        let failure = open(&provider(), r#"{"path": "sub/none"}"#, call_in(folder.path())).unwrap_err();
        assert_eq!(failure.hints, [format!("the path leads to `{}/sub/none`", folder.path().display())]);
    }

    #[test]
    fn a_revision_reads_what_belongs_to_the_definition_from_git() {
        let folder = folder(b"working tree");
        let mut host = host(&[]);
        host.read_revision = Arc::new(|folder, path, revision| {
            let name = folder.file_name().unwrap().to_str().unwrap().len();
            Ok(match path {
                "big" => vec![b'x'; MAX_BYTES + 1],
                path => format!("{name} {path} {revision}").into_bytes(),
            })
        });
        let provider = File::new(Rc::new(host));
        let context = || CallContext { revision: Some("v1.2".into()), ..call_in(folder.path()) };
        let read = |path: &str| open(&provider, &format!(r#"{{"path": "{path}"}}"#), context());
        let length = folder.path().file_name().unwrap().len();
        assert_eq!(read("../f").unwrap().view().as_str(), Some(format!("{length} ../f v1.2").as_str()));
        let absolute = folder.path().join("f");
        assert_eq!(read(absolute.to_str().unwrap()).unwrap().view().as_str(), Some("working tree"));
        assert_eq!(read("big").unwrap_err().message, "`big` is larger than 1 MiB");
    }
}
