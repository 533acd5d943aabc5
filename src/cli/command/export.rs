//! `esc-shell export`.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use super::{files::Exported, guarded};
use crate::{
    cli::{args::ExportArgs, env, exit, failure::Failure, output::Output, workbench::Workbench},
    direnv::library,
    environment::Assignment,
    render::{self, Export, ExportFormat},
    shell::Shell,
};

/// Prints the variables of environments.
pub(in crate::cli) fn export(args: &ExportArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    understand(args.library)?;
    let format = args.format.map_or_else(reader, Ok)?;
    let opened = guarded::open(&args.environments, args.all, &args.guards, workbench, output)?;
    let exported = Exported::prepare(&opened.folder(), &opened.variables.files, workbench, output)?;
    let paths = exported.paths();
    let assignments = opened.variables.assignments(&paths);
    let before = env::all();
    let replaced = env::in_direnv().then(|| replaced(&assignments, &before));
    let files = opened.files();
    let watched = workbench.config_file().into_iter().chain(files.iter().map(PathBuf::as_path));
    // A path that is no UTF-8 can't be written in a script; what was read from it is no less right.
    let watched: Vec<&str> = watched.filter_map(Path::to_str).collect();
    let proof = opened.proof();
    let export = Export { assignments: &assignments, proof: &proof, watched: &watched, replaced: replaced.as_ref() };
    let text = render::export(format, &export)?;
    exported.commit()?;
    output.data(&text);
    Ok(())
}

/// Refuses a library for direnv of another version: what it expects is not what it would get.
fn understand(version: Option<u32>) -> Result<(), Failure> {
    let Some(version) = version.filter(|version| *version != library::VERSION) else { return Ok(()) };
    let message = format!(
        "the library for direnv is of version {version}, this esc-shell goes with version {}",
        library::VERSION
    );
    let failure = Failure::new(exit::USAGE, message);
    Err(if version > library::VERSION { failure.hint("update esc-shell") } else { failure }
        .hint("install the library that goes with it: `esc-shell direnv install`"))
}

/// Finds out who reads the text.
fn reader() -> Result<ExportFormat, Failure> {
    if env::in_direnv() {
        return Ok(ExportFormat::Direnv);
    }
    let shell = env::parent().as_deref().and_then(Shell::of_program).or_else(|| {
        let login = env::text(env::SHELL)?;
        Shell::of_program(login.rsplit('/').next()?)
    });
    shell.map(ExportFormat::Shell).ok_or_else(|| {
        Failure::new(exit::USAGE, "it is not known which shell reads this").hint("name it, such as `--format bash`")
    })
}

/// Returns the size of every value that an assignment replaces by another one.
fn replaced<'e>(assignments: &[Assignment<'e>], before: &BTreeMap<OsString, OsString>) -> BTreeMap<&'e str, usize> {
    let old = |assignment: &Assignment<'e>| {
        let old = before.get(OsStr::new(assignment.name))?;
        (old.as_bytes() != assignment.text.as_bytes()).then(|| (assignment.name, old.len()))
    };
    assignments.iter().filter_map(old).collect()
}
