//! `esc-shell check --fix`: mends what is mechanical. A file is replaced at once, or not at all.

use std::fs;

use crate::{
    cli::{exit, failure::Failure, output::Output},
    delivery::replace::replace,
    diagnostic::Count,
    store::Definition,
    syntax::fix::fixed,
};

/// Mends the files of definitions, those that come from the working tree.
pub(super) fn fix<'d>(definitions: impl Iterator<Item = &'d Definition>, output: &Output) -> Result<(), Failure> {
    for definition in definitions.filter(|definition| definition.commit.is_none()) {
        let path = &definition.key.path;
        let unreadable =
            |error: std::io::Error| Failure::new(exit::FILE, format!("{} can't be mended: {error}", definition.shown));
        let Ok(text) = String::from_utf8(fs::read(path).map_err(unreadable)?) else { continue };
        let Some((mended, moved)) = fixed(&text) else { continue };
        replace(path, mended.as_bytes()).map_err(unreadable)?;
        output.say(&format!("{}: moved {} under `values`", definition.shown, Count(moved, "section")));
    }
    Ok(())
}
