//! `esc-shell init`.

use std::path::Component;

use crate::{
    cli::{
        args::{Global, InitArgs},
        exit,
        failure::Failure,
        output::Output,
        workbench,
    },
    config::{self, FILE_NAME},
    diagnostic::{Count, printable},
    scaffold::{self, ApplyError, Choices, Plan},
};

/// Writes what a project needs, or says what it would write.
pub(in crate::cli) fn init(args: InitArgs, global: &Global, output: &mut Output) -> Result<(), Failure> {
    let folder = workbench::working_directory(global)?;
    let file = folder.join(FILE_NAME);
    let config = if file.exists() {
        Some(config::load(&file).map_err(|errors| Failure::config(errors, |file| file.display().to_string()))?)
    } else {
        None
    };
    let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if args.environments.as_ref().is_some_and(|folder| !folder.components().all(inside)) {
        return Err(Failure::new(exit::USAGE, "`--environments` leads out of the folder that init works in")
            .hint("name a folder below it, such as `esc`"));
    }
    let found = scaffold::find(&folder, config, &args.from)
        .map_err(|errors| Failure::all(exit::FILE, errors.iter().map(ToString::to_string)))?;
    let choices = Choices {
        organization: args.organization,
        project: args.project,
        environments: args.environments,
        nix: args.nix,
        github: args.github,
    };
    let plan = scaffold::plan(&found, &choices).map_err(|error| Failure::new(exit::FILE, error.to_string()))?;
    if args.dry_run {
        for change in &plan.changes {
            output.data(&format!("==> {} ({})\n{}\n", change.path.display(), change.what, change.after));
        }
    } else if args.check {
        if let Some(failure) = unwritten(&plan) {
            return Err(failure);
        }
    } else {
        scaffold::apply(&folder, &plan).map_err(|error| not_written(&error))?;
        for change in &plan.changes {
            output.say(&format!("wrote {}: {}", change.path.display(), change.what));
        }
    }
    for remark in &plan.remarks {
        output.say(&printable(remark));
    }
    if plan.changes.is_empty() {
        output.say("nothing to write: all of it is there");
    } else if !args.dry_run {
        for step in &plan.next {
            output.say(&format!("next: {step}"));
        }
    }
    Ok(())
}

/// Says which files are not as `init` would leave them.
fn unwritten(plan: &Plan) -> Option<Failure> {
    let paths: Vec<String> =
        plan.changes.iter().map(|change| format!("{} ({})", change.path.display(), change.what)).collect();
    let failure =
        || Failure::new(exit::CONTRACT, format!("{} to write: {}", Count(paths.len(), "file"), paths.join(", ")));
    (!paths.is_empty()).then(|| failure().hint("run `esc-shell init`"))
}

fn not_written(error: &ApplyError) -> Failure {
    let failure = Failure::new(exit::FILE, error.to_string());
    if error.left.is_empty() {
        return failure.hint("nothing was changed");
    }
    let left: Vec<String> = error.left.iter().map(|path| path.display().to_string()).collect();
    failure.hint(format!("could not be taken back: {}", left.join(", ")))
}
