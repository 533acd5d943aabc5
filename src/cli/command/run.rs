//! `esc-shell run`.

use std::ffi::OsString;

use super::{files::private_folder, guarded};
use crate::{
    cli::{args::RunArgs, complaint::Complaint, env, exit, failure::Failure, output::Output, workbench::Workbench},
    delivery::ProcessFiles,
    render,
    run::{self, Ended, Program, StartError, redact::Secrets},
};

/// Runs a command with the variables of environments; comes back when the command has ended by itself, with its code.
pub(in crate::cli) fn run(args: RunArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    let mut words = args.command.into_iter();
    let name = words.next().expect("the command line has a command");
    workbench.lifetime = args.session.lifetime;
    let opened = guarded::open(&args.environments, args.all, &args.guards, workbench, output)?;
    let values = &opened.variables;
    let files = match values.files.as_slice() {
        [] => None,
        files => Some(ProcessFiles::write(&private_folder(workbench, output)?, files)?),
    };
    let paths = files.as_ref().map(|files| files.paths().clone()).unwrap_or_default();
    let assignments = values.assignments(&paths);
    let proof = opened.proof();
    let entries = render::process(&assignments, &proof)?;
    let variables: Vec<(OsString, OsString)> =
        entries.iter().map(|entry| (entry.name.into(), entry.value.into())).collect();
    let path = variables.iter().find(|(name, _)| name == env::PATH).map(|(_, path)| path.clone());
    let path = path.or_else(|| env::var(env::PATH));
    let program = Program::find(name, words.collect(), workbench.directory().to_owned(), path.as_deref(), variables)?;
    let secret = values.variables.iter().chain(&values.files).filter(|value| value.secret && !args.no_redact);
    let secrets = Secrets::new(secret.map(|value| value.text.as_bytes()));
    let secrets = (!secrets.is_empty()).then_some(secrets);
    if secrets.is_none() && files.is_none() {
        return Err(run::replace(&program).into());
    }
    let supervised = run::supervise(&program, secrets.as_ref())?;
    if let Some(files) = files {
        files.remove().unwrap_or_else(|failure| output.fail(&failure.into()));
    }
    if supervised.masked > 0 {
        let message = format!("secrets in the output are shown as `{}`", run::redact::MARK);
        output.warn(&Complaint::warning("redacted", message).hint("`--no-redact` shows them"));
    }
    match supervised.ended {
        Ended::Code(0) => Ok(()),
        Ended::Code(code) => Err(Failure::told(code)),
        Ended::Signal(signal) => {
            run::die_by(signal);
            Err(Failure::told(u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128))))
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let code = if error.is_there() { exit::NOT_STARTED } else { exit::NOT_FOUND };
        let failure = Self::new(code, error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
