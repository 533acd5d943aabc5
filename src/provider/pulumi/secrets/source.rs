//! Where the passphrase of a stack is: what `esc-shell.yaml` says for this stack, else what Pulumi's own variables say.

use std::ffi::OsStr;

use crate::{
    diagnostic::{Failure, FailureKind},
    provider::{Host, StackSettings, pulumi::name::StackName, read::read_file},
};

/// Holds the passphrase of all stacks; one that is set and empty is an empty passphrase.
const VARIABLE: &str = "PULUMI_CONFIG_PASSPHRASE";
/// Names a file that holds it.
const FILE: &str = "PULUMI_CONFIG_PASSPHRASE_FILE";

/// Finds the passphrase of a stack, and says where it is from.
///
/// # Errors
/// Identity, when there is none; file, when the file can't be read.
pub(super) async fn passphrase(stack: &StackName, host: &Host) -> Result<(Vec<u8>, String), Failure> {
    let name = stack.short();
    if let Some(settings) = host.settings.pulumi.stacks.get(&name)
        && (settings.passphrase_env.is_some() || settings.passphrase_file.is_some())
    {
        return of_stack(&name, settings, host).await;
    }
    if let Some(value) = variable(host, VARIABLE) {
        return Ok((value, VARIABLE.to_owned()));
    }
    if let Some(path) = host.variable(FILE) {
        return Ok((file(host.cwd.join(path), format!("the file of {FILE}")).await?, FILE.to_owned()));
    }
    Err(Failure::new(FailureKind::Identity, format!("there is no passphrase for the secrets of stack `{name}`"))
        .hint(format!("set {VARIABLE} or {FILE}"))
        .hint(format!("or name its variable or file in esc-shell.yaml, below `pulumi.stacks.{name}`")))
}

async fn of_stack(name: &str, settings: &StackSettings, host: &Host) -> Result<(Vec<u8>, String), Failure> {
    let from = |key: &str| format!("`{key}` of `pulumi.stacks.{name}` in esc-shell.yaml");
    if let Some(value) = settings.passphrase_env.as_ref().and_then(|variable_name| variable(host, variable_name)) {
        return Ok((value, from("passphrase-env")));
    }
    if let Some(path) = &settings.passphrase_file {
        let from = from("passphrase-file");
        return Ok((file(path.clone(), format!("the file of {from}")).await?, from));
    }
    let variable_name = settings.passphrase_env.as_deref().unwrap_or_default();
    Err(Failure::new(FailureKind::Identity, format!("there is no passphrase for the secrets of stack `{name}`"))
        .hint(format!("set {variable_name}: {} names it", from("passphrase-env"))))
}

fn variable(host: &Host, name: &str) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt as _;
    host.variables.get(OsStr::new(name)).map(|value| value.as_bytes().to_vec())
}

async fn file(path: std::path::PathBuf, shown: String) -> Result<Vec<u8>, Failure> {
    let path_shown = path.display().to_string();
    let bytes = read_file(path, shown).await.map_err(|failure| failure.hint(format!("it is `{path_shown}`")))?;
    // As Pulumi does: editors end files with a line feed.
    Ok(String::from_utf8_lossy(&bytes).trim().as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::provider::testing::host;

    fn found(host: &Host, stack: &str) -> Result<(String, String), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stack = StackName::parse(stack).unwrap();
        let (bytes, from) = runtime.block_on(passphrase(&stack, host))?;
        Ok((String::from_utf8(bytes).unwrap(), from))
    }

    fn pair(passphrase: &str, from: &str) -> (String, String) {
        (passphrase.to_owned(), from.to_owned())
    }

    #[test]
    fn variables_are_looked_at_in_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pass"), "  from a file\n\n").unwrap();
        let path = folder.path().join("pass");
        let path = path.to_str().unwrap();
        let cases: [(&[(&str, &str)], _); 4] = [
            (&[(VARIABLE, "x"), (FILE, path)], pair("x", VARIABLE)),
            (&[(VARIABLE, ""), (FILE, path)], pair("", VARIABLE)),
            (&[(FILE, path)], pair("from a file", FILE)),
            (&[(VARIABLE, " kept ")], pair(" kept ", VARIABLE)),
        ];
        for (variables, want) in cases {
            assert_eq!(found(&host(variables), "infra/dev"), Ok(want), "{variables:?}");
        }
        let failure = found(&host(&[(FILE, "")]), "org/infra/dev").unwrap_err();
        assert_eq!(failure.kind, FailureKind::Identity);
        assert_eq!(failure.message, "there is no passphrase for the secrets of stack `infra/dev`");
        let failure = found(&host(&[(FILE, "none")]), "infra/dev").unwrap_err();
        assert_eq!((failure.kind, failure.hints), (FailureKind::File, vec!["it is `/none`".to_owned()]));
    }

    #[test]
    fn a_stack_may_have_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pass");
        fs::write(&file, "from a file\n").unwrap();
        let mut host = host(&[(VARIABLE, "global"), ("INFRA", "own"), ("EMPTY", "")]);
        let mut set = |name: &str, env: Option<&str>, file| {
            let settings =
                StackSettings { passphrase_env: env.map(str::to_owned), passphrase_file: file, backend: None };
            host.settings.pulumi.stacks.insert(name.to_owned(), settings);
        };
        set("infra/dev", Some("INFRA"), None);
        set("infra/empty", Some("EMPTY"), None);
        set("infra/file", None, Some(file.clone()));
        set("infra/both", Some("UNSET"), Some(file));
        set("infra/backend", None, None);
        set("infra/unset", Some("UNSET"), None);
        let env = |stack: &str| format!("`passphrase-env` of `pulumi.stacks.{stack}` in esc-shell.yaml");
        let of_file = |stack: &str| format!("`passphrase-file` of `pulumi.stacks.{stack}` in esc-shell.yaml");
        for (stack, want) in [
            ("infra/dev", pair("own", &env("infra/dev"))),
            ("org/infra/dev", pair("own", &env("infra/dev"))),
            ("infra/empty", pair("", &env("infra/empty"))),
            ("infra/file", pair("from a file", &of_file("infra/file"))),
            ("infra/both", pair("from a file", &of_file("infra/both"))),
            ("infra/backend", pair("global", VARIABLE)),
            ("infra/other", pair("global", VARIABLE)),
        ] {
            assert_eq!(found(&host, stack), Ok(want), "{stack}");
        }
        let failure = found(&host, "infra/unset").unwrap_err();
        assert_eq!(failure.kind, FailureKind::Identity);
        assert_eq!(failure.hints, [format!("set UNSET: {} names it", env("infra/unset"))]);
    }
}
