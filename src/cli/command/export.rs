//! `esc-shell export`.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::{files::Exported, guarded, opened::Opened};
use crate::{
    cli::{args::ExportArgs, env, exit, failure::Failure, output::Output, workbench::Workbench},
    config::FILE_NAME,
    delivery::append,
    direnv::library,
    environment::{Assignment, Variable},
    render::{self, Export, ExportFormat},
    shell::Shell,
};

/// Prints the variables of environments.
pub(in crate::cli) fn export(args: &ExportArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    understand(args.library)?;
    let reader = Reader::of(args, workbench)?;
    workbench.lifetime = args.session.lifetime;
    let opened = guarded::open(&args.environments, args.all, &args.guards, workbench, output)?;
    let files: &[Variable] = if reader.holds_files() { &[] } else { &opened.variables.files };
    let exported = Exported::prepare(&opened.folder(), files, workbench, output)?;
    let paths = exported.paths();
    let before = env::all();
    let assignments = opened.variables.assignments(&paths);
    let replaced = env::in_direnv().then(|| replaced(&assignments, &before));
    let decisive = decisive(args, &opened, workbench);
    // A path that is no UTF-8 can't be written in a script; what was read from it is no less right.
    let watched: Vec<&str> = decisive.iter().filter_map(|file| file.to_str()).collect();
    let export = Export {
        variables: &opened.variables,
        paths: &paths,
        proof: &opened.proof(),
        watched: &watched,
        replaced: replaced.as_ref(),
        delimiter: &delimiter()?,
    };
    let (text, github) = match &reader {
        Reader::Format(format) => {
            let render::Written { text, github_env } = render::export(*format, &export)?;
            (text, github_env.map(|text| Ok::<_, Failure>((github_env_file()?, text))).transpose()?)
        }
        Reader::Template { file, source } => {
            let text =
                render::user_template(file, source, &export).map_err(|errors| Failure::of_template(file, errors))?;
            (text, None)
        }
    };
    exported.commit()?;
    if let Some((file, text)) = github {
        let unwritable = |error| Failure::new(exit::FILE, format!("GITHUB_ENV can't be written: {error}"));
        append(&file, &text).map_err(unwritable)?;
    }
    output.data(&text);
    Ok(())
}

/// Who reads what is exported.
enum Reader {
    Format(ExportFormat),
    /// A template of the user: the file for people, and its text.
    Template {
        file: String,
        source: String,
    },
}

impl Reader {
    /// Finds out who reads the text, before anything is opened.
    fn of(args: &ExportArgs, workbench: &Workbench) -> Result<Self, Failure> {
        if let Some(template) = &args.template {
            let path = workbench.directory().join(template);
            let file = workbench.shown(&path);
            let source = fs::read_to_string(&path)
                .map_err(|error| Failure::new(exit::FILE, format!("the template {file} can't be read: {error}")))?;
            return Ok(Self::Template { file, source });
        }
        let format = args.format.map_or_else(shell, Ok)?;
        if format == ExportFormat::Github {
            github_env_file()?;
        }
        Ok(Self::Format(format))
    }

    /// Tells whether the files go into the text, so that none is written.
    fn holds_files(&self) -> bool {
        matches!(self, Self::Format(format) if format.holds_files())
    }
}

/// Returns the file that GitHub reads variables from after a step.
fn github_env_file() -> Result<PathBuf, Failure> {
    env::var(env::GITHUB_ENV).map(PathBuf::from).ok_or_else(|| {
        Failure::new(exit::USAGE, "GITHUB_ENV is not set, so there is nothing to append to")
            .hint("`github` is for a step of GitHub Actions; elsewhere use `--format dotenv` or a shell")
    })
}

/// Makes a text that no value holds.
fn delimiter() -> Result<String, Failure> {
    let mut random = [0; 24];
    let made = SystemRandom::new().fill(&mut random);
    made.map_err(|_| Failure::new(exit::FILE, "the system gives no random bytes"))?;
    Ok(format!("esc-shell-{}", URL_SAFE_NO_PAD.encode(random)))
}

/// Returns the files that decide about the variables; an `esc-shell.yaml` that is not there yet is one of them.
fn decisive(args: &ExportArgs, opened: &Opened, workbench: &Workbench) -> Vec<PathBuf> {
    let config = workbench.config_file().map_or_else(|| workbench.directory().join(FILE_NAME), Path::to_owned);
    let contract = args.guards.sources.contract.as_deref().map(|file| workbench.absolute(file));
    [config].into_iter().chain(contract).chain(opened.files()).collect()
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

/// Finds out which shell reads the text.
fn shell() -> Result<ExportFormat, Failure> {
    if env::in_direnv() {
        return Ok(ExportFormat::Direnv);
    }
    let shell = env::parent().as_deref().and_then(Shell::named).or_else(|| {
        let login = env::text(env::SHELL)?;
        Shell::named(login.rsplit('/').next()?)
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
