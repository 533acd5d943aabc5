//! Files that grow: `$GITHUB_ENV` of a job.

use std::{
    fs::OpenOptions,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

/// Appends a text in one write. Where the file does not end with a line feed, one comes before it.
///
/// # Errors
/// When the file can't be read or written.
pub fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let lead = if last == [b'\n'] { "" } else { "\n" };
    file.write_all(format!("{lead}{text}").as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_text_begins_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("env");
        append(&path, "A=1\n").unwrap();
        append(&path, "B=2").unwrap();
        append(&path, "C=3\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "A=1\nB=2\nC=3\n");
        assert!(append(folder.path(), "").is_err());
    }
}
