//! `esc-shell envrc`.

use std::fs;

use super::guarded;
use crate::{
    cli::{args::EnvrcArgs, exit, failure::Failure, output::Output, workbench::Workbench},
    delivery::replace::replace,
    direnv::{Form, block, snippet},
};

/// The file of a folder that direnv loads.
const FILE: &str = ".envrc";

/// Prints the lines that load environments, or puts them into `.envrc`.
pub(in crate::cli) fn envrc(args: &EnvrcArgs, workbench: &Workbench, output: &mut Output) -> Result<(), Failure> {
    for environment in &args.environments {
        workbench.check_reference(environment)?;
    }
    // What the lines will say every time is looked at now.
    guarded::gather(&args.sources, guarded::contract_file(&args.sources, workbench)?.as_ref(), workbench)?;
    let mut arguments: Vec<String> = Vec::new();
    for require in &args.sources.require {
        arguments.extend(["--require".to_owned(), require.clone()]);
    }
    if let Some(file) = &args.sources.contract {
        let file = file.to_str().ok_or_else(|| Failure::new(exit::USAGE, "`--contract`: the path is not UTF-8"))?;
        arguments.extend(["--contract".to_owned(), file.to_owned()]);
    }
    arguments.extend(args.environments.iter().cloned());
    let form = if args.library { Form::Library } else { Form::Standalone };
    let lines = snippet(form, &arguments);
    if args.write {
        return write(&lines, workbench, output);
    }
    // As they would stand in a file, so that a pasted block can be replaced, too.
    output.data(&block::put("", &lines).expect("an empty text has no markers"));
    Ok(())
}

fn write(lines: &str, workbench: &Workbench, output: &Output) -> Result<(), Failure> {
    let path = workbench.directory().join(FILE);
    let failed = |reason: String| Failure::new(exit::FILE, format!("{FILE} can't be written: {reason}"));
    let before = match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(error.to_string())),
        Ok(metadata) if metadata.is_symlink() => {
            // Where it leads may be anybody's, and what belongs there is not for this folder to say.
            return Err(
                failed("it is a link".into()).hint("write to the file itself: `esc-shell envrc` prints the lines")
            );
        }
        Ok(metadata) if !metadata.is_file() => return Err(failed("it is no file".into())),
        Ok(_) => fs::read(&path)
            .map_err(|error| failed(error.to_string()))
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| failed("it is not UTF-8".into())))?,
    };
    let after = block::put(&before, lines)
        .map_err(|error| failed(error.to_string()).hint("mend its markers, or remove them with what is between"))?;
    if after == before {
        output.say(&format!("{FILE} is up to date"));
        return Ok(());
    }
    replace(&path, after.as_bytes()).map_err(|error| failed(error.to_string()))?;
    let done = if before.is_empty() { "wrote" } else { "updated" };
    output.say(&format!("{done} {FILE}; to load it, run: direnv allow"));
    Ok(())
}
