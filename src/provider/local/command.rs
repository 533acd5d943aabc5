//! `local-command`: what a program writes.

use std::{fmt, os::unix::process::ExitStatusExt as _, path::PathBuf, process::ExitStatus, rc::Rc, time::Duration};

use super::{
    format::Format,
    place::Place,
    process::{Ended, Program, Stopped, run},
};
use crate::{
    diagnostic::{Failure, FailureKind},
    duration,
    provider::{
        CallContext, Host, Opening, Provider,
        input::{optional_text, plain, required, result_flags, shown, text},
    },
    value::{Flags, Value, View},
};

/// How long a command may take when its inputs do not say.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most characters of a program's own message that are shown.
const MESSAGE: usize = 300;

/// Opens `local-command`.
pub(in crate::provider) struct Command {
    host: Rc<Host>,
}

impl Command {
    /// Makes the provider.
    pub(in crate::provider) fn new(host: Rc<Host>) -> Self {
        Self { host }
    }

    async fn read(&self, inputs: View<'_>, context: &CallContext) -> Result<Value, Failure> {
        let command = required(inputs, "command");
        let words = command.items().map(|word| text(word, "command")).collect::<Result<Vec<_>, _>>()?;
        let name = command.item(0).map(shown).unwrap_or_default();
        let (format, flags) = (Format::of(inputs), result_flags(inputs));
        let limit = timeout(inputs)?;
        let folder = self.folder(inputs, context)?;
        let Some((program, arguments)) = words.split_first() else {
            return Err(Failure::new(FailureKind::Definition, "`command` names no program"));
        };
        let path = self.find(program, &name, &folder)?;
        let program = Program { path, arguments: arguments.to_vec(), folder, variables: &self.host.variables };
        let provider = |message: String| Failure::new(FailureKind::Provider, message);
        let ended = match tokio::time::timeout(limit, run(program)).await {
            Err(_) => {
                return Err(provider(format!("{name} took longer than {limit:?} and was ended"))
                    .hint("give it more time with `timeout`"));
            }
            Ok(Err(Stopped::TooMuch)) => return Err(provider(format!("{name} wrote more than 1 MiB"))),
            Ok(Err(Stopped::Io(error))) => return Err(provider(format!("{name} cannot be run: {error}"))),
            Ok(Ok(ended)) => ended,
        };
        if !ended.status.success() {
            return Err(provider(failed(&name, &ended, command, flags)));
        }
        let output = match format {
            Format::String => without_newline(&ended.output),
            _ => &ended.output,
        };
        format.read(output, &format!("the output of {name}"), flags, &self.host)
    }

    /// Returns the folder that the program runs in: that of the definition in the working tree, when no other is given.
    fn folder(&self, inputs: View<'_>, context: &CallContext) -> Result<PathBuf, Failure> {
        let (folder, name) = match (inputs.get("cwd"), &context.folder) {
            (Some(given), _) => (Place::of(text(given, "cwd")?, &self.host, context)?.path(), shown(given)),
            (None, Some(folder)) => (folder.to_path_buf(), "the definition's folder".to_owned()),
            (None, None) => {
                let message = "a command without `cwd` needs a definition that is a local file";
                return Err(Failure::new(FailureKind::Definition, message).hint("say where it runs with `cwd`"));
            }
        };
        if folder.is_dir() {
            return Ok(folder);
        }
        Err(Failure::new(FailureKind::File, format!("{name} is no folder to run a command in")))
    }

    /// Finds the program: on PATH, or relative to the folder when it has a slash.
    fn find(&self, program: &str, name: &str, folder: &PathBuf) -> Result<PathBuf, Failure> {
        which::which_in(program, self.host.variables.get(std::ffi::OsStr::new("PATH")), folder).map_err(|_| {
            let failure = |message: String| Failure::new(FailureKind::Provider, message);
            if program.contains('/') {
                failure(format!("{name} is no program that can be run")).hint("a path is relative to `cwd`")
            } else {
                failure(format!("{name} was not found on PATH")).hint("install it, or give its path")
            }
        })
    }
}

impl Provider for Command {
    fn open(&self, inputs: Value, context: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.read(inputs.view(), &context).await })
    }

    fn keeps_time(&self) -> bool {
        true
    }
}

/// Reads the input `timeout`.
fn timeout(inputs: View<'_>) -> Result<Duration, Failure> {
    let Some(given) = optional_text(inputs, "timeout")? else { return Ok(TIMEOUT) };
    let refused = |reason: &dyn fmt::Display| Failure::new(FailureKind::Definition, format!("`timeout`: {reason}"));
    match duration::parse(given) {
        Ok(Duration::ZERO) => Err(refused(&"a command needs more time than none")),
        Ok(limit) => Ok(limit),
        Err(error) => Err(refused(&error)),
    }
}

/// Tells how a program failed, with the last line that it wrote to its standard error.
fn failed(name: &str, ended: &Ended, command: View<'_>, flags: Flags) -> String {
    let how = how(ended.status);
    let errors = String::from_utf8_lossy(&ended.errors);
    let line = errors.lines().rev().map(|line| plain(line, usize::MAX)).find(|line| !line.trim().is_empty());
    let Some(line) = line else { return format!("{name} {how}") };
    let output = String::from_utf8_lossy(&ended.output);
    let mut secrets: Vec<&str> = command.items().filter(|word| word.is_secret()).filter_map(View::as_str).collect();
    if flags.has(Flags::SECRET) {
        // What it would have given, repeated in its message; short lines are words that any message may have.
        secrets.extend(output.lines().map(str::trim).filter(|line| line.len() >= 4));
    }
    format!("{name} {how}: {}", plain(&without(line, secrets), MESSAGE))
}

/// Blanks secrets, longer ones first.
fn without(line: String, mut secrets: Vec<&str>) -> String {
    secrets.retain(|secret| !secret.is_empty());
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.into_iter().fold(line, |line, secret| line.replace(secret, "[secret]"))
}

fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("failed with status {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "failed".to_owned(),
    }
}

/// Cuts one newline off the end.
fn without_newline(output: &[u8]) -> &[u8] {
    let Some(output) = output.strip_suffix(b"\n") else { return output };
    output.strip_suffix(b"\r").unwrap_or(output)
}

#[cfg(test)]
mod tests;
