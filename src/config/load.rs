//! Finding and reading the configuration file.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

use super::{
    Config,
    check::{Fault, check},
    error::{ConfigError, ConfigErrors, Place},
    keys,
    shape::Object,
    tree,
    written::Written,
};

/// The name of the file.
pub const FILE_NAME: &str = "esc-shell.yaml";

/// The most bytes that a file may have.
const LIMIT: u64 = 1 << 20;

/// The most faults that are told; each is looked up in the text anew.
const FAULTS: usize = 100;

/// Finds the file in a folder or the nearest one above it, up to the root of the file system.
///
/// Anything of that name is taken, so that a file which cannot be read is an error and not passed over.
#[must_use]
pub fn find(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| fs::symlink_metadata(file).is_ok())
}

/// Reads the file that was named, else the one that is found; `None` when there is none.
///
/// # Errors
/// As [`load`] has them.
pub fn discover(from: &Path, named: Option<&Path>) -> Result<Option<Config>, ConfigErrors> {
    named.map(|file| from.join(file)).or_else(|| find(from)).map(|file| load(&file)).transpose()
}

/// Reads a file.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file: it is no regular file, unreadable, above 1 MB, no UTF-8, no YAML,
/// has unknown keys, or values that a key does not take.
pub fn load(file: &Path) -> Result<Config, ConfigErrors> {
    let bytes = read(file)?;
    let text = decode(file, &bytes)?;
    let mut config: Config = parse(file, text, &keys::CONFIG)?;
    file.clone_into(&mut config.file);
    config.written = Written::new(text);
    Ok(config)
}

/// Reads the bytes of a file of at most 1 MB.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, ConfigError> {
    let wrong = |message: &str| ConfigError::new(file, message);
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => wrong("no such file").hint("create it, or leave out `--config`"),
        io::ErrorKind::PermissionDenied => wrong("permission denied").hint("make the file readable for this user"),
        _ => wrong(&format!("unreadable: {error}")),
    };
    // What is no regular file is never opened: a pipe would wait for its writer.
    let metadata = fs::metadata(file).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(wrong("it is a folder").hint("name a file"));
    }
    if !metadata.is_file() {
        return Err(wrong("it is no regular file").hint("name a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(file).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > LIMIT {
        return Err(wrong("larger than 1 MB").hint("environments belong in files of their own"));
    }
    Ok(bytes)
}

/// Takes bytes for text.
pub(super) fn decode<'a>(file: &Path, bytes: &'a [u8]) -> Result<&'a str, ConfigError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = before.split('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let byte = error.valid_up_to() as u64;
        let place = Place { line: line as u64, column: column as u64, byte };
        ConfigError::new(file, "no UTF-8 text").at(Some(place)).hint("save the file as UTF-8")
    })
}

/// Reads a text by a table of keys.
pub(super) fn parse<T: DeserializeOwned + Default>(
    file: &Path,
    text: &str,
    table: &'static Object,
) -> Result<T, ConfigErrors> {
    let wrong = |message: String| ConfigError::new(file, message);
    let root = tree::read(text).map_err(|refusal| wrong(refusal.reason).at(refusal.place))?;
    let faults = check(&root, table);
    if !faults.is_empty() {
        return Err(place(file, text, faults));
    }
    if matches!(root.content, tree::Content::Null) {
        return Ok(T::default());
    }
    // The table takes nothing that the types do not; should they ever differ, that is an error with a place as well.
    let value = serde_yaml::from_str(text)
        .map_err(|error| wrong("a value that cannot be used".to_owned()).at(tree::place_of(text, &error)))?;
    Ok(value)
}

fn place(file: &Path, text: &str, faults: Vec<Fault>) -> ConfigErrors {
    let more = faults.len().saturating_sub(FAULTS);
    let mut errors: Vec<ConfigError> = faults
        .into_iter()
        .take(FAULTS)
        .map(|Fault { id, message, hints }| ConfigError {
            file: file.to_owned(),
            place: tree::place(text, id),
            message,
            hints,
        })
        .collect();
    if more > 0 {
        errors.push(ConfigError::new(file, format!("{more} more errors")));
    }
    ConfigErrors(errors)
}
