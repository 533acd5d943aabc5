//! `esc-shell direnv`.

use std::{fs, io, path::Path};

use crate::{
    cli::{
        args::{DirenvArgs, DirenvCommand, InstallArgs},
        env, exit,
        failure::Failure,
        output::Output,
    },
    delivery::replace::replace,
    direnv::library::{self, Installed, Places},
};

/// Manages the library for direnv.
pub(in crate::cli) fn direnv(args: &DirenvArgs, output: &mut Output) -> Result<(), Failure> {
    match &args.command {
        DirenvCommand::Install(args) => install(args, output),
    }
}

fn install(args: &InstallArgs, output: &Output) -> Result<(), Failure> {
    let [direnv, config, home] = [env::DIRENV_CONFIG, env::XDG_CONFIG_HOME, env::HOME].map(env::var);
    let places = Places { direnv: direnv.as_deref(), config: config.as_deref(), home: home.as_deref() };
    let path = places.library().ok_or_else(|| {
        Failure::new(exit::FILE, "it is not known where direnv looks for libraries").hint("set HOME or DIRENV_CONFIG")
    })?;
    let shown = match home.as_deref().and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    };
    let unreadable = |error: io::Error| Failure::new(exit::FILE, format!("{shown} can't be read: {error}"));
    let before = library::installed(&path).map_err(unreadable)?;
    let other = |version: Option<u32>| match version {
        Some(version) if version != library::VERSION => format!("of version {version}"),
        _ => "another one".to_owned(),
    };
    if before == Installed::Current {
        output.say(&format!("{shown} is up to date"));
        return Ok(());
    }
    if args.check {
        let message = match before {
            Installed::Other(version) => format!("the library for direnv is {}: {shown}", other(version)),
            _ => format!("the library for direnv is not installed: {shown}"),
        };
        return Err(Failure::new(exit::FILE, message).hint("install it: `esc-shell direnv install`"));
    }
    write(&path).map_err(|reason| {
        let failure = Failure::new(exit::FILE, format!("{shown} can't be written: {reason}"));
        failure.hint("whoever installed it has to update it, or remove it first")
    })?;
    output.say(&match before {
        Installed::Other(version) => format!("updated {shown}, which was {}", other(version)),
        _ => format!("installed {shown}: `use esc` works in every .envrc"),
    });
    Ok(())
}

fn write(path: &Path) -> Result<(), String> {
    // A link is somebody else's way to install it, home-manager's for one.
    if let Ok(target) = fs::read_link(path) {
        return Err(format!("it is a link to {}", target.display()));
    }
    let folder = path.parent().expect("the library lies in a folder");
    fs::create_dir_all(folder).and_then(|()| replace(path, library::TEXT.as_bytes())).map_err(|error| error.to_string())
}
