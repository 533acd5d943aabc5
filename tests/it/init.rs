//! `init`: from nothing and from what is there; a second run changes nothing, and no value is copied.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

/// Runs the program in a folder, as a person without a configuration would.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_esc-shell"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap()
}

/// Runs it, expects success, and returns what it printed and what it said.
fn passes(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = run(folder, arguments);
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {err}");
    (out, err)
}

/// A folder called `shop` with the given files.
fn scene(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join("shop").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir_all(folder.path().join("shop")).unwrap();
    folder
}

/// All files below a folder with their texts.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

const DOTENV: &str = "# of a developer\nDATABASE_URL=postgres://u:canary-of-a-password@h/db\nPORT=8080\nJWT_SECRET='canary of a key'\nx.y=1\n";

#[test]
fn from_nothing_an_example_comes_that_opens() {
    let scene = scene(&[]);
    let folder = scene.path().join("shop");
    let (out, err) = passes(&folder, &["init"]);
    assert_eq!(out, "");
    assert!(err.contains("wrote esc/dev.yaml: new\n") && err.contains("next: direnv allow\n"), "{err}");
    let names: Vec<String> = files(&folder).into_keys().collect();
    let expected = [
        ".envrc",
        ".gitignore",
        "esc-shell.yaml",
        "esc/base.yaml",
        "esc/dev.yaml",
        "esc/prod.yaml",
        "esc/staging.yaml",
    ];
    assert_eq!(names, expected);
    assert_eq!(fs::metadata(folder.join("esc/dev.yaml")).unwrap().permissions().mode() & 0o600, 0o600);
    let (out, err) = passes(&folder, &["check"]);
    assert_eq!((out.as_str(), err.as_str()), ("", "4 environments checked: 0 errors, 0 warnings\n"));
    assert_eq!(passes(&folder, &["get", "API_URL"]).0, "http://localhost:8080\n");
    assert_eq!(passes(&folder, &["get", "prod", "API_URL"]).0, "https://api.example.com\n");
}

#[test]
fn a_second_run_changes_nothing() {
    let scene = scene(&[(".env", DOTENV), (".envrc", "use flake"), (".gitignore", "target"), ("flake.nix", "{ }\n")]);
    let folder = scene.path().join("shop");
    passes(&folder, &["init", "--github"]);
    let first = files(&folder);
    assert!(first[".gitignore"].starts_with("target\n.env\n"));
    assert!(first[".envrc"].starts_with("use flake\n\n# >>> esc-shell >>>"));
    let (_, err) = passes(&folder, &["init", "--github"]);
    assert!(err.ends_with("nothing to write: all of it is there\n"), "{err}");
    assert_eq!(files(&folder), first);
    passes(&folder, &["init", "--check"]);
}

#[test]
fn names_and_types_of_env_files_are_taken_and_no_value() {
    let scene = scene(&[
        (".env", DOTENV),
        (".env.local", "PORT=9\n"),
        (".env.staging", "DATABASE_URL=postgres://staging\n"),
        (".env.example", "DATABASE_URL=\nOPTIONAL=1\n"),
        (".env.test", "A=1\n"),
        ("infra/Pulumi.yaml", "name: boutique\nruntime: nodejs\n"),
        ("infra/Pulumi.prod.yaml", ""),
        (".envrc", "dotenv\n: \"${STRIPE_KEY:?ask the team}\"\n"),
    ]);
    let folder = scene.path().join("shop");
    let (_, err) = passes(&folder, &["init"]);
    for line in [
        ".env: `x.y` can't be the name of a variable, and is left out\n",
        ".env.test belongs to none of dev, staging and prod",
        ".envrc:1 loads a .env file itself",
    ] {
        assert!(err.contains(line), "{line}: {err}");
    }
    let written = files(&folder);
    for (name, text) in &written {
        assert!(name.starts_with(".env") && !name.ends_with("rc") || !text.contains("canary"), "{name}: {text}");
    }
    let config = &written["esc-shell.yaml"];
    for line in [
        "project: boutique\n",
        "environments: infra/pulumi/esc\n",
        "  DATABASE_URL: { type: url, schemes: [postgres], in: [dev, staging] }\n",
        "  JWT_SECRET: { in: [dev] }\n",
        "  OPTIONAL: { required: false }\n",
        "  PORT: { type: port, in: [dev] }\n",
        "  STRIPE_KEY: { in: [dev] }\n",
    ] {
        assert!(config.contains(line), "{line}: {config}");
    }
    assert!(written["infra/pulumi/esc/prod.yaml"].contains("stack: boutique/prod\n"));
    assert!(!written["infra/pulumi/esc/staging.yaml"].contains("pulumi-stacks"));
    let (out, _) = passes(&folder, &["open", "--format", "dotenv"]);
    assert_eq!(out, "DATABASE_URL='postgres://u:canary-of-a-password@h/db'\nJWT_SECRET='canary of a key'\nPORT='9'\n");
}

#[test]
fn definitions_that_are_there_are_served_and_not_touched() {
    let dev = "values: {environmentVariables: {DATABASE_URL: {fn::secret: 'postgres://h/db'}}}\n";
    let envrc = "ESC_ENV=\"${ESC_ENV:-myorg/myproject/dev}\"\n: \"${DATABASE_URL:?check ESC}\"\n";
    let scene = scene(&[("infra/pulumi/esc/dev.yaml", dev), (".envrc", envrc)]);
    let folder = scene.path().join("shop");
    passes(&folder, &["init"]);
    let written = files(&folder);
    assert_eq!(written["infra/pulumi/esc/dev.yaml"], dev);
    assert!(!written.contains_key("infra/pulumi/esc/base.yaml"));
    let config = &written["esc-shell.yaml"];
    for line in ["organization: myorg\n", "project: myproject\n", "  DATABASE_URL: { type: url }\n"] {
        assert!(config.contains(line), "{line}: {config}");
    }
    assert!(written[".envrc"].starts_with(envrc));
}

#[test]
fn a_flake_is_written_where_there_is_none_and_never_edited() {
    let scene = scene(&[]);
    let folder = scene.path().join("shop");
    passes(&folder, &["init", "--nix", "--organization", "myorg"]);
    let written = files(&folder);
    assert!(written["flake.nix"].contains("environment = \"myorg/shop/dev\";\n"));
    assert!(written[".envrc"].starts_with("# shellcheck shell=bash\nuse flake\n\n# >>> esc-shell"));
    let (_, err) = passes(&folder, &["init", "--nix"]);
    assert!(err.ends_with("nothing to write: all of it is there\n"), "{err}");

    let own = "{ outputs = _: { }; }\n";
    let scene = self::scene(&[("flake.nix", own)]);
    let folder = scene.path().join("shop");
    let (_, err) = passes(&folder, &["init", "--nix"]);
    assert!(err.contains("add to flake.nix:\n  inputs.esc-shell.url = "), "{err}");
    assert!(err.contains("environment = \"shop/dev\";"), "{err}");
    assert_eq!(files(&folder)["flake.nix"], own);
}

#[test]
fn check_and_dry_run_write_nothing() {
    let scene = scene(&[(".env", DOTENV)]);
    let folder = scene.path().join("shop");
    let before = files(&folder);
    let output = run(&folder, &["init", "--check"]);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert!(err.contains("7 files to write: esc-shell.yaml (new), "), "{err}");
    let (out, _) = passes(&folder, &["init", "--dry-run"]);
    assert!(out.contains("==> esc/dev.yaml (new)\n") && !out.contains("canary"), "{out}");
    assert_eq!(files(&folder), before);
}

#[test]
fn what_cannot_be_read_or_written_leaves_the_folder_as_it_was() {
    let block = "# >>> esc-shell >>> x\n";
    for (files_there, arguments, code, message) in [
        (
            vec![(".env", "A='\n"), ("Pulumi.yaml", "x: 1\n")],
            vec!["init"],
            5,
            "`.env` is no .env file: line 1: the quote is never closed",
        ),
        (vec![("Pulumi.yaml", "x: 1\n"), (".env", "=\n")], vec!["init"], 5, "`Pulumi.yaml` has no `name`"),
        (vec![(".envrc", block)], vec!["init"], 5, "`.envrc` can't be changed: the block of line 1 has no end"),
        (vec![("esc-shell.yaml", "projekt: x\n")], vec!["init"], 2, "did you mean `project`?"),
        (vec![], vec!["init", "--from", "nope.env"], 5, "`nope.env` can't be read"),
        (vec![], vec!["init", "--project", "a/b"], 2, "expected letters, digits"),
        (vec![], vec!["init", "--environments", "/etc"], 2, "`--environments` leads out of the folder"),
        (vec![], vec!["init", "--environments", "esc/../../x"], 2, "`--environments` leads out of the folder"),
        // A file stands where a folder has to be.
        (vec![("esc", "")], vec!["init"], 5, "can't be written"),
    ] {
        let scene = scene(&files_there);
        let folder = scene.path().join("shop");
        let before = files(&folder);
        let output = run(&folder, &arguments);
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
        assert!(err.contains(message), "{message}: {err}");
        assert_eq!(files(&folder), before, "{arguments:?}");
    }
}
