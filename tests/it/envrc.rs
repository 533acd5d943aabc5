//! `envrc`, `direnv install`, and what they write: text that bash and its linters like, in files that stay what they were.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use esc_shell::direnv::{Form, library, snippet};

use crate::support::{
    nasty,
    project::{Printed, Project, printed},
    tools,
};

fn texts() -> Vec<(&'static str, String)> {
    let arguments = ["--require", "A:url", "--require", "B", "myorg/p/it's dev"].map(str::to_owned);
    let header = "# shellcheck shell=bash\n";
    vec![
        ("library", library::TEXT.to_owned()),
        ("standalone", format!("{header}{}", snippet(Form::Standalone, &arguments))),
        ("short", format!("{header}{}", snippet(Form::Library, &arguments))),
        ("short, no arguments", format!("{header}{}", snippet(Form::Library, &[]))),
    ]
}

#[test]
fn linters_have_nothing_to_say() {
    for (name, text) in texts() {
        let linters: [(&str, &[&str]); 2] =
            [("shellcheck", &["--norc", "--shell=bash", "-"]), ("shfmt", &["-d", "-i", "2", "-ci", "-ln", "bash"])];
        for (linter, arguments) in linters {
            let Some(program) = tools::program(linter) else { continue };
            // A line that is longer than shfmt's is what fits into two lines of an `.envrc`.
            if linter == "shfmt" && name.starts_with("short") {
                continue;
            }
            let said =
                tools::run(&program, arguments, &[], text.as_bytes()).map(|said| String::from_utf8(said).unwrap());
            assert_eq!(said, Ok(String::new()), "{name}");
        }
    }
}

/// Writes values as the program does.
fn exports(values: &[&str]) -> String {
    let line = |(n, value): (usize, &&str)| format!("export V{n}='{}'\n", value.replace('\'', r"'\''"));
    values.iter().enumerate().map(line).collect::<Vec<_>>().concat()
}

/// A text with values that look like its last line.
fn exported() -> String {
    let lines =
        exports(&["x\nexport ESC_SHELL_ENVIRONMENT='p/dev@1'", "\nexport ESC_SHELL_ENVIRONMENT='", "'", "a'b\\"]);
    format!("watch_file '/x/y.yaml'\n{lines}export ESC_SHELL_ENVIRONMENT='myorg/p/dev@0123456789ab'\n")
}

#[test]
fn the_library_sees_a_cut_at_any_byte() {
    let Some(bash) = tools::program("bash") else { return };
    let text = exports(nasty::TABLE) + &exported();
    let script = format!(
        "{}\nLC_ALL=C; whole=; text=$(cat; echo .); text=${{text%.}}\n\
         for ((n = 0; n <= ${{#text}}; n++)); do\n  \
         cut=${{text:0:n}}; while [[ $cut == *$'\\n' ]]; do cut=${{cut%$'\\n'}}; done\n  \
         ! _esc_shell_is_whole \"$cut\" || whole=\"$whole $((${{#text}} - n))\"\ndone\necho \"$whole\"\n",
        library::TEXT
    );
    let whole = tools::run(&bash, &["-c", &script], &[("PATH", "/usr/bin:/bin".as_ref())], text.as_bytes());
    assert_eq!(whole.map(|whole| String::from_utf8(whole).unwrap()).as_deref(), Ok(" 1 0\n"));
}

#[test]
fn the_lines_see_a_cut_at_any_byte() {
    let Some(bash) = tools::program("bash") else { return };
    let project = Project::with(&[]);
    let text = exported();
    project.write("text", &text);
    let program = project.script("program", "head -c \"$N\" text");
    // What direnv has, as far as the lines use it; a subshell stands for each load.
    let script = format!(
        "has() {{ type \"$1\" >/dev/null; }}; log_error() {{ :; }}; watch_file() {{ :; }}\n\
         for ((N = 0; N <= {0}; N++)); do\n  export N\n  (\n{1}\n  ) && printf ' %s' $(({0} - N))\ndone\n",
        text.len(),
        snippet(Form::Standalone, &[])
    );
    let ran = printed(project.program(&bash).args(["-c", &script]).env("ESC_SHELL_BIN", program));
    assert_eq!((ran.out.as_str(), ran.err.as_str()), (" 1 0", ""));
}

#[test]
fn both_forms_are_printed() {
    let project = Project::with(&[]);
    let short = project.prints(&["envrc", "dev", "--require", "A:url", "--library"]);
    assert_eq!(short.lines().count(), 4);
    assert!(short.contains("\nuse esc --require A:url dev\n"), "{short}");
    let own = project.prints(&["envrc", "dev", "--require", "A"]);
    assert!(own.contains(" export --format direnv --require A dev </dev/null\n"), "{own}");
    for wrong in
        [&["envrc", "a/b/c/d"][..], &["envrc", "dev", "--require", "A:nonsense"], &["envrc", "--contract", "none.json"]]
    {
        let refused = project.run(wrong);
        assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""), "{}", refused.err);
    }
}

#[test]
fn the_file_is_written_in_place_and_nothing_else_of_it_changes() {
    let project = Project::with(&[]);
    let path = project.path().join(".envrc");
    let write = |arguments: &[&str]| {
        let Printed { code, out, err } = project.run(&[&["envrc", "--write"], arguments].concat());
        assert_eq!((code, out.as_str()), (Some(0), ""), "{err}");
        err
    };
    assert_eq!(write(&["--library"]), "wrote .envrc; to load it, run: direnv allow\n");
    assert_eq!(write(&["--library"]), ".envrc is up to date\n");

    let own = "use flake\nexport A=$'\\x01'\t\n";
    fs::write(&path, own).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(write(&["dev", "--library"]), "updated .envrc; to load it, run: direnv allow\n");
    let text = fs::read_to_string(&path).unwrap();
    let block = text.strip_prefix(own).unwrap().to_owned();
    fs::write(&path, format!("{text}PATH_add bin\n")).unwrap();
    assert_eq!(write(&["staging", "--library"]), "updated .envrc; to load it, run: direnv allow\n");
    let expected = format!("{own}{}PATH_add bin\n", block.replace("use esc dev", "use esc staging"));
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(&project.path()), [".envrc", "esc"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_that_is_not_understood_stays_as_it_is() {
    let project = Project::with(&[]);
    let path = project.path().join(".envrc");
    let refused = |reason: &str| {
        let Printed { code, out, err } = project.run(&["envrc", "--write", "dev"]);
        assert_eq!((code, out.as_str()), (Some(5), ""));
        assert!(err.contains(reason), "{err}");
    };
    for (text, reason) in [
        (&b"# >>> esc-shell >>> x\n"[..], "line 1 has no end"),
        (b"x\n# <<< esc-shell <<<\n", "line 2 ends a block"),
        (b"\xff\n", "not UTF-8"),
    ] {
        fs::write(&path, text).unwrap();
        refused(reason);
        assert_eq!(fs::read(&path).unwrap(), text);
    }
    fs::remove_file(&path).unwrap();
    let elsewhere = project.beside("home").join("other");
    fs::write(&elsewhere, "mine\n").unwrap();
    for target in [&elsewhere, &project.beside("home").join("nothing"), &path] {
        symlink(target, &path).unwrap();
        refused("it is a link");
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "mine\n");
    fs::create_dir(&path).unwrap();
    refused("it is no file");
}

#[test]
fn the_library_is_installed_once_and_brought_up_to_date() {
    let project = Project::with(&[]);
    let (home, folder) = (project.beside("home"), project.path());
    let install = |arguments: &[&str], variables: &[(&str, &Path)]| {
        let arguments = [&["direnv", "install"], arguments].concat();
        let Printed { code, out, err } = printed(project.command(&arguments).envs(variables.iter().copied()));
        assert_eq!(out, "");
        (code, err.replace(folder.to_str().unwrap(), "."))
    };
    let own = home.join(".config/direnv/lib/esc-shell.sh");
    let installed = "installed ~/.config/direnv/lib/esc-shell.sh: `use esc` works in every .envrc\n".to_owned();
    assert_eq!(install(&[], &[]), (Some(0), installed));
    assert_eq!(fs::read_to_string(&own).unwrap(), library::TEXT);
    assert_eq!(fs::metadata(&own).unwrap().permissions().mode() & 0o133, 0, "readable for all, writable for one");
    let current = (Some(0), "~/.config/direnv/lib/esc-shell.sh is up to date\n".to_owned());
    assert_eq!(install(&[], &[]), current);
    assert_eq!(install(&["--check"], &[]), current);

    fs::write(&own, "# Library version: 99\n").unwrap();
    let (code, said) = install(&["--check"], &[]);
    assert_eq!(code, Some(5));
    assert!(said.contains("the library for direnv is of version 99"), "{said}");
    assert_eq!(fs::read_to_string(&own).unwrap(), "# Library version: 99\n");
    let updated = "updated ~/.config/direnv/lib/esc-shell.sh, which was of version 99\n".to_owned();
    assert_eq!(install(&[], &[]), (Some(0), updated));
    assert_eq!(install(&["--check"], &[]), current);

    for (variables, place) in [
        (vec![("XDG_CONFIG_HOME", folder.join("x"))], "x/direnv"),
        (vec![("XDG_CONFIG_HOME", folder.join("x")), ("DIRENV_CONFIG", folder.join("d"))], "d"),
    ] {
        let variables: Vec<_> = variables.iter().map(|(name, path)| (*name, path.as_path())).collect();
        let (code, said) = install(&["--check"], &variables);
        assert_eq!(code, Some(5));
        assert!(said.contains("not installed"), "{said}");
        assert!(!folder.join(place).exists());
        let installed = format!("installed ./{place}/lib/esc-shell.sh: `use esc` works in every .envrc\n");
        assert_eq!(install(&[], &variables), (Some(0), installed));
        assert_eq!(names(&folder.join(place).join("lib")), ["esc-shell.sh"]);
    }

    fs::remove_file(&own).unwrap();
    let store = folder.join("store.sh");
    fs::write(&store, "older\n").unwrap();
    symlink(&store, &own).unwrap();
    let (code, said) = install(&[], &[]);
    assert_eq!(code, Some(5));
    assert!(said.contains("it is a link to ./store.sh"), "{said}");
    assert_eq!(fs::read_to_string(&store).unwrap(), "older\n");
    fs::write(&store, library::TEXT).unwrap();
    assert_eq!(install(&[], &[]), current);
}
