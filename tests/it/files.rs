//! `files` of environments: private, at the same place every time, replaced at once, and never in a folder that others made.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use crate::support::project::{Printed, Project, printed};

const DEV: &str = "values:
  files:
    CERT: {fn::secret: \"-----BEGIN-----\\nabc\\n\"}
    EMPTY: ''
  environmentVariables:
    A: a
    CERT: replaced by the path
";

/// Reads `export NAME='value'` from a text.
fn value<'t>(text: &'t str, name: &str) -> &'t str {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("export {name}='"))).unwrap();
    line.strip_suffix('\'').unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn an_export_writes_private_files_at_the_same_place_every_time() {
    let project = Project::with(&[("dev", DEV)]);
    let first = project.prints(&["export", "dev", "--format", "bash"]);
    let path = Path::new(value(&first, "CERT"));
    assert!(path.starts_with(project.beside("run").join("esc-shell/export")), "{}", path.display());
    assert_eq!(fs::read_to_string(path).unwrap(), "-----BEGIN-----\nabc\n");
    assert_eq!(fs::read(value(&first, "EMPTY")).unwrap(), b"");
    assert_eq!((mode(path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(first.matches("CERT=").count(), 1);
    project.write("esc/dev.yaml", &DEV.replace("abc", "new").replace("    EMPTY: ''\n", ""));
    let second = project.prints(&["export", "dev", "--format", "bash"]);
    assert_eq!(value(&second, "CERT"), value(&first, "CERT"));
    assert_eq!(fs::read_to_string(path).unwrap(), "-----BEGIN-----\nnew\n");
    assert!(!Path::new(value(&first, "EMPTY")).exists(), "it is no file of the environment any more");
    // Another project's `dev` is another environment.
    project.write("other/esc/dev.yaml", DEV);
    let Printed { out, .. } =
        printed(project.command(&["export", "dev", "--format", "bash"]).current_dir(project.path().join("other")));
    assert_ne!(value(&out, "CERT"), value(&first, "CERT"));
}

#[test]
fn nothing_is_written_when_anything_is_wrong() {
    let project = Project::with(&[("dev", &format!("{DEV}    NUL: \"\\0\"\n"))]);
    let Printed { code, out, .. } = project.run(&["export", "dev", "--format", "bash"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    let left = fs::read_dir(project.beside("run").join("esc-shell/export")).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let project = Project::with(&[("dev", DEV)]);
    symlink(project.beside("tmp"), project.beside("run").join("esc-shell")).unwrap();
    let Printed { code, out, err } = project.run(&["export", "dev", "--format", "bash"]);
    assert_eq!((code, out.as_str()), (Some(5), ""));
    assert!(err.contains("can't be used for private files: it is no folder"), "{err}");
    assert_eq!(fs::read_dir(project.beside("tmp")).unwrap().count(), 0);
}

#[test]
fn every_format_of_open_shows_the_paths() {
    let project = Project::with(&[("dev", DEV)]);
    let path = value(&project.prints(&["open", "dev", "--format", "shell"]), "CERT").to_owned();
    assert!(Path::new(&path).exists());
    assert!(project.prints(&["open", "dev", "--format", "dotenv"]).contains(&format!("CERT='{path}'\n")));
    assert!(project.prints(&["open", "dev", "--format", "dotenv-compat"]).contains(&format!("CERT=\"{path}\"\n")));
    let read = |arguments: &[&str]| -> serde_json::Value { serde_json::from_str(&project.prints(arguments)).unwrap() };
    let open = read(&["open", "dev", "--files"]);
    assert_eq!(open["environmentVariables"]["CERT"], path.as_str());
    assert_eq!(open["files"]["CERT"], "-----BEGIN-----\nabc\n");
    assert_eq!(read(&["open", "dev"])["environmentVariables"]["CERT"], "replaced by the path");
}
