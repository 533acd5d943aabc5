//! A contract in a file of its own, as the Nix module writes it: JSON with the keys that `esc-shell.yaml` has.
//!
//! JSON is read as the YAML that it is, so that keys, messages and places are those of `esc-shell.yaml`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

use super::{
    contract::{Rule, Undeclared, Variable},
    error::{ConfigError, ConfigErrors, Place},
    keys,
    load::{decode, parse, read},
    mapping, or_default,
    written::Written,
};

/// The form that this build reads.
pub(super) const VERSION: u64 = 1;

/// What a contract file says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ContractFile {
    /// The file itself.
    #[serde(skip)]
    pub file: PathBuf,
    /// Its text.
    #[serde(skip)]
    pub written: Written,
    /// The form; always 1.
    pub version: u64,
    /// Environments to open when a command is given none, in order.
    #[serde(deserialize_with = "or_default")]
    pub environments: Vec<String>,
    /// Variables that must exist, and what they must look like.
    #[serde(deserialize_with = "mapping")]
    pub variables: BTreeMap<String, Variable>,
    /// Files that must exist, by the variable that will hold the path; the keys are about the content.
    #[serde(deserialize_with = "mapping")]
    pub files: BTreeMap<String, Variable>,
    /// What must hold between variables.
    #[serde(deserialize_with = "or_default")]
    pub rules: Vec<Rule>,
    /// What happens to variables that are not declared.
    pub undeclared: Undeclared,
}

/// Reads a contract file.
///
/// # Errors
/// Everything that is wrong with it: it is unreadable, no JSON, of another version, has unknown keys, or values that a key does
/// not take.
pub fn load_contract(file: &Path) -> Result<ContractFile, ConfigErrors> {
    let wrong = |message: &str| ConfigError::new(file, message);
    let bytes = read(file).map_err(|error| match error.message.as_str() {
        "no such file" => wrong("no such file").hint("name the file of a contract, or leave out `--contract`"),
        _ => error,
    })?;
    let text = decode(file, &bytes)?;
    let json: Value = serde_json::from_str(text).map_err(|error| {
        let place = Place::new(text, error.line() as u64, error.column() as u64);
        let hint = "a contract file is JSON; a contract in YAML belongs in esc-shell.yaml";
        wrong("no JSON").at(Some(place)).hint(hint)
    })?;
    // Another version may have other keys, so it is looked at first.
    if let Some(version) = json.get("version")
        && version.as_u64() != Some(VERSION)
    {
        let place = Written::new(text).place(&[super::Part::Key("version")]);
        return Err(wrong(&format!("a version that this build does not read: it reads {VERSION}"))
            .at(place)
            .hint(format!("write `\"version\": {VERSION}`, or install the esc-shell that the file was written for"))
            .into());
    }
    let text = with_surrogates(text);
    let mut contract: ContractFile = parse(file, &text, &keys::CONTRACT)?;
    file.clone_into(&mut contract.file);
    contract.written = Written::new(&text);
    Ok(contract)
}

/// Decodes pairs of `\uD83D\uDE00`, which JSON has and YAML has not.
fn with_surrogates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let unit = |from: usize| {
            let digits = rest.get(from..from + 6)?.strip_prefix("\\u")?;
            u16::from_str_radix(digits, 16).ok()
        };
        let pair = unit(0).zip(unit(6)).map(|(high, low)| char::decode_utf16([high, low]).next());
        let taken = match pair {
            Some(Some(Ok(char))) if !char.is_control() && u32::from(char) > 0xffff => {
                out.push(char);
                12
            }
            // Whatever is escaped: a backslash, too, so that it begins no escape itself.
            _ => {
                let taken = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..taken]);
                taken
            }
        };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use assert_fs::{TempDir, prelude::*};

    use super::*;
    use crate::config::contract::{Literal, VariableType};

    fn load(text: &str) -> Result<ContractFile, ConfigErrors> {
        let folder = TempDir::new().unwrap();
        let file = folder.child("contract.json");
        file.write_str(text).unwrap();
        load_contract(file.path())
    }

    /// Each error as `line:column message`, with its hints behind `|`.
    fn errors(text: &str) -> Vec<String> {
        let told = |error: ConfigError| {
            let place = error.place.map_or(String::new(), |place| format!("{}:{} ", place.line, place.column));
            let mut parts = vec![format!("{place}{}", error.message)];
            parts.extend(error.hints);
            parts.join(" | ")
        };
        load(text).unwrap_err().0.into_iter().map(told).collect()
    }

    #[test]
    fn every_key_arrives() {
        let text = r#"{
            "version": 1,
            "environments": ["base", "myproject/dev@v1"],
            "variables": {
                "PORT": {"type": "port", "default": 8080, "required": false, "secret": false},
                "TOKEN": {"min-length": 32, "help": "ask \ud83d\ude00\u00e9 \\ud83d \/", "severity": {"ci": "error", "local": "warn"}},
                "PLAIN": {}
            },
            "files": {"TLS_CERT": {"type": "x509"}},
            "rules": [{"one-of": ["A", "B"]}],
            "undeclared": "drop"
        }"#;
        let contract = load(text).unwrap();
        assert_eq!(contract.environments, ["base", "myproject/dev@v1"]);
        assert_eq!(contract.variables["PORT"].default, Some(Literal("8080".into())));
        assert_eq!(contract.variables["TOKEN"].help.as_deref(), Some("ask 😀é \\ud83d /"));
        assert_eq!(contract.variables["PLAIN"], Variable::default());
        assert_eq!(contract.files["TLS_CERT"].kind, Some(VariableType::X509));
        assert_eq!((contract.rules.len(), contract.undeclared), (1, Undeclared::Drop));
        assert_eq!(contract.written.place(&[super::super::Part::Key("files")]).unwrap().line, 9);
        assert_eq!(load(r#"{"version": 1}"#).unwrap().version, 1);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, expected) in [
            ("{", "1:1 no JSON | a contract file is JSON; a contract in YAML belongs in esc-shell.yaml"),
            ("version: 1", "1:1 no JSON | a contract file is JSON; a contract in YAML belongs in esc-shell.yaml"),
            ("{}", "1:1 a key is missing | write `version`"),
            (
                "{\n  \"version\": 2, \"new\": true}",
                "2:3 a version that this build does not read: it reads 1 | write `\"version\": 1`, or install the esc-shell that the file was written for",
            ),
            ("{\"version\": 1, \"variable\": {}}", "1:16 unknown key `variable` | did you mean `variables`?"),
            (
                "{\"version\": 1, \"variables\": {\"A\": {\"minLength\": 1}}}",
                "1:36 unknown key `minLength` in `variables.A` | did you mean `min-length`?",
            ),
            ("{\"version\": 1, \"variables\": {\"A B\": {}}}", "1:30 `variables`: expected the name of a variable"),
            ("{\"version\": 1, \"version\": 1}", "1:16 `version` stands twice | keep one of them"),
        ] {
            assert_eq!(errors(text), [expected], "{text}");
        }
        assert_eq!(load_contract(Path::new("none.json")).unwrap_err().0[0].message, "no such file");
    }
}
