//! `esc-shell check --fix`: mends what is mechanical. A file is replaced at once, or not at all.

use std::{fs, io::Write as _, path::Path};

use crate::{
    cli::{exit, failure::Failure, output::Output},
    diagnostic::Count,
    store::Definition,
    syntax::fix::fixed,
};

/// Mends the files of definitions, those that come from the working tree.
pub(super) fn fix(definitions: &[Definition], output: &Output) -> Result<(), Failure> {
    for definition in definitions.iter().filter(|definition| definition.commit.is_none()) {
        let path = &definition.key.path;
        let unreadable =
            |error: std::io::Error| Failure::new(exit::FILE, format!("{} can't be mended: {error}", definition.shown));
        let Ok(text) = String::from_utf8(fs::read(path).map_err(unreadable)?) else { continue };
        let Some((mended, moved)) = fixed(&text) else { continue };
        replace(path, &mended).map_err(unreadable)?;
        output.say(&format!("{}: moved {} under `values`", definition.shown, Count(moved, "section")));
    }
    Ok(())
}

/// Replaces a file by another with the same permissions.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".esc-shell-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
