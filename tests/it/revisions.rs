//! Local definitions at a git revision.

use std::{path::Path, process::Command};

use esc_shell::{
    diagnostic::FailureKind,
    store::{Definition, GitError, ImportRule, Layout, LocalStore, RUN_LIMIT, ResolveError, Surroundings},
};

use crate::support::repository::Repository;

fn resolve(store: &LocalStore, text: &str) -> Result<Definition, ResolveError> {
    store.resolve(&store.target(text, Path::new("")).unwrap())
}

fn content(store: &LocalStore, text: &str) -> String {
    let definition = resolve(store, text).unwrap_or_else(|error| panic!("{text}: {error}: {:?}", error.hints()));
    String::from_utf8(store.read(&definition).unwrap()).unwrap()
}

fn git_error(result: Result<Definition, ResolveError>) -> GitError {
    match result {
        Err(ResolveError::Git(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// A repository whose definitions changed after tag `v1`, on branches `main` and `feature/x`.
fn changed() -> Option<Repository> {
    let repository =
        Repository::committed(&["esc/dev.yaml", "esc/base.yaml", "esc/gone.yaml", "esc/data/key.txt", "sub/x"])?;
    repository.git(&["tag", "v1"]);
    repository.write("esc/dev.yaml", "second\n");
    repository.write("esc/base.yaml", "second base\n");
    repository.commit();
    repository.git(&["checkout", "--quiet", "-b", "feature/x"]);
    repository.write("esc/dev.yaml", "branch\n");
    repository.commit();
    repository.write("esc/dev.yaml", "now\n");
    repository.write("esc/base.yaml", "base now\n");
    repository.write("esc/new.yaml", "new\n");
    repository.remove("esc/gone.yaml");
    Some(repository)
}

#[test]
fn a_revision_is_read_as_it_was() {
    let Some(repository) = changed() else { return };
    let store = repository.store();
    let short = repository.git(&["rev-parse", "--short=10", "v1"]);
    for (text, expected) in [
        ("dev", "now\n"),
        ("dev@latest", "now\n"),
        ("dev@", "now\n"),
        ("dev@v1", "# esc/dev.yaml\n"),
        ("dev:v1", "# esc/dev.yaml\n"),
        ("org/app/dev@v1", "# esc/dev.yaml\n"),
        ("dev@HEAD", "branch\n"),
        ("dev@HEAD~1", "second\n"),
        ("dev@HEAD@{0}", "branch\n"),
        ("dev@main", "second\n"),
        ("dev@refs/heads/feature/x", "branch\n"),
        ("dev@feature/x", "branch\n"),
        ("dev@feature/x~2", "# esc/dev.yaml\n"),
        (&format!("dev@{short}"), "# esc/dev.yaml\n"),
        ("gone@v1", "# esc/gone.yaml\n"),
        ("./esc/dev.yaml@v1", "# esc/dev.yaml\n"),
        ("esc/dev.yaml@v1", "# esc/dev.yaml\n"),
        ("./esc/gone.yaml@main", "# esc/gone.yaml\n"),
    ] {
        // An abbreviation of digits only would be a number of Pulumi Cloud.
        if text.ends_with(|c: char| c.is_ascii_digit()) && short.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        assert_eq!(content(&store, text), expected, "{text}");
    }
    let found = resolve(&store, "dev@v1").unwrap();
    assert_eq!(found.shown, "esc/dev.yaml@v1");
    assert_eq!(&*found.commit.as_ref().unwrap().id, repository.git(&["rev-parse", "v1"]));
    assert_eq!(found.key, resolve(&store, "dev@feature/x~2").unwrap().key);
    assert_ne!(found.key, resolve(&store, "dev").unwrap().key);
    let Err(ResolveError::NotFound(error)) = resolve(&store, "new@v1") else { panic!("it is newer") };
    assert!(error.tried.contains(&"esc/new.yaml@v1".to_owned()), "{error:?}");
    // A folder that is gone by now is found as well, and so it is from below.
    std::fs::remove_dir_all(repository.path().join("esc")).unwrap();
    assert_eq!(content(&repository.store_in("sub", Layout::default()), "dev@v1"), "# esc/dev.yaml\n");
    let configured = Layout { folders: Some(vec!["../esc".into()]), ..Layout::default() };
    assert_eq!(content(&repository.store_in("sub", configured), "dev@v1"), "# esc/dev.yaml\n");
}

#[test]
fn imports_and_files_come_from_the_same_commit() {
    let Some(repository) = changed() else { return };
    let store = repository.store();
    let read = |from: &str, name: &str| {
        let import = store.import(&resolve(&store, from).unwrap(), name, ImportRule::OwnProjectFirst).unwrap();
        String::from_utf8(store.read(&import.definition).unwrap()).unwrap()
    };
    for (from, name, expected) in [
        ("dev@v1", "base", "# esc/base.yaml\n"),
        ("dev@v1", "gone", "# esc/gone.yaml\n"),
        ("dev@v1", "base@main", "second base\n"),
        ("dev@v1", "base@latest", "base now\n"),
        ("dev@HEAD", "base", "second base\n"),
        ("dev", "base", "base now\n"),
        ("dev", "base@v1", "# esc/base.yaml\n"),
        ("./esc/dev.yaml@v1", "base", "# esc/base.yaml\n"),
    ] {
        assert_eq!(read(from, name), expected, "{from} -> {name}");
    }
    let dev = resolve(&store, "dev@v1").unwrap();
    let commit = &*dev.commit.as_ref().unwrap().id;
    repository.write("esc/data/key.txt", "now");
    assert_eq!(store.read_file(commit, &dev.folder().join("data/key.txt")), Ok(b"# esc/data/key.txt\n".to_vec()));
    assert_eq!(store.read_file(commit, &dev.folder().join("../sub/x")), Ok(b"# sub/x\n".to_vec()));
    for (path, kind) in [
        ("data/none.txt", FailureKind::Provider),
        ("none/none.txt", FailureKind::Provider),
        ("data", FailureKind::File),
        ("../../outside", FailureKind::File),
    ] {
        assert_eq!(store.read_file(commit, &dev.folder().join(path)).unwrap_err().kind, kind, "{path}");
    }
    assert!(store.read_file("HEAD", &dev.path).is_err());
    assert!(store.read_file("--help", &dev.path).is_err());
}

#[test]
fn unknown_revisions_are_told_with_a_remedy() {
    let Some(repository) = changed() else { return };
    let store = repository.store();
    for revision in [
        "v2",
        "feature/y",
        "--help",
        "-x",
        "--output=/tmp/x",
        "HEAD..main",
        "^HEAD",
        "HEAD:esc",
        "HEAD^{tree}",
        "a b",
        ":/none",
        "@{9}",
        "0000000000000000000000000000000000000000x",
        "*",
        "$(id)",
    ] {
        let error = git_error(resolve(&store, &format!("dev@{revision}")));
        assert!(
            matches!(&error, GitError::UnknownRevision { revision: told, shallow: false, .. } if told == revision),
            "{error:?}"
        );
        assert_eq!(error.kind(), FailureKind::Provider);
    }
    let GitError::UnknownRevision { similar, .. } = git_error(resolve(&store, "dev@feature/y")) else { panic!() };
    assert_eq!(similar.as_deref(), Some("feature/x"));
    let error = git_error(resolve(&store, "./esc/new.yaml@v1"));
    assert_eq!(error, GitError::NotInCommit { path: "esc/new.yaml".into(), commit: "v1".into() });

    // Without a local file the version may be a tag of Pulumi Cloud.
    let Err(ResolveError::NotFound(error)) = resolve(&store, "elsewhere@stable") else { panic!("no such file") };
    assert_eq!(error.remarks, ["no revision `stable` in the repository of `.`"]);
    assert!(error.tried.contains(&"esc/elsewhere.yaml".to_owned()), "{error:?}");
    let dev = resolve(&store, "dev").unwrap();
    let import = |name| store.import(&dev, name, ImportRule::OwnProjectFirst).map(|import| import.definition);
    assert!(matches!(import("elsewhere@stable"), Err(ResolveError::NotFound(_))));
    assert!(matches!(import("base@stable"), Err(ResolveError::Git(_))));

    let clone = Repository::with(&[]);
    clone.git(&["clone", "--quiet", "--depth=1", &format!("file://{}", repository.path().display()), "clone"]);
    let error = git_error(resolve(&clone.store_in("clone", Layout::default()), "dev@v1"));
    assert!(matches!(&error, GitError::UnknownRevision { shallow: true, .. }), "{error:?}");
    assert!(error.hints().iter().any(|hint| hint.contains("--unshallow")));
}

#[test]
fn nothing_is_fetched() {
    let Some(repository) = changed() else { return };
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = Repository::with(&[]);
    let address = format!("file://{}", repository.path().display());
    clone.git(&["clone", "--quiet", "--filter=blob:none", "--branch=main", &address, "clone"]);
    let store = clone.store_in("clone", Layout::default());
    assert_eq!(content(&store, "dev@HEAD"), "second\n");
    let error = git_error(resolve(&store, "dev@v1"));
    assert_eq!(error, GitError::Partial(".".into()));
}

#[test]
fn a_revision_needs_git_and_a_repository() {
    let plain = Repository::with(&["esc/dev.yaml"]);
    if which::which("git").is_ok() {
        assert_eq!(git_error(resolve(&plain.store(), "dev@v1")), GitError::NotARepository(".".into()));
    }
    let without = |path: Option<&str>| {
        let surroundings = Surroundings { path: path.map(Into::into), ..plain.surroundings("") };
        git_error(resolve(&LocalStore::new(surroundings, Layout::default()), "dev@v1"))
    };
    assert_eq!(without(None), GitError::NotInstalled);
    assert_eq!(without(Some("")), GitError::NotInstalled);
    assert_eq!(without(Some("/nonexistent")), GitError::NotInstalled);
    assert_eq!(GitError::NotInstalled.kind(), FailureKind::File);
}

#[cfg(unix)]
#[test]
fn no_program_of_the_repository_is_run() {
    use std::os::unix::fs::PermissionsExt;

    let Some(repository) = changed() else { return };
    let program = |name: &str| {
        repository.write(name, "#!/bin/sh\necho run >> \"$(dirname \"$0\")/ran\"\nexit 1\n");
        let path = repository.path().join(name);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    };
    // A relative folder on the search path would be one of the repository.
    program("bin/git");
    for path in ["bin", "./bin", ":", "bin:/nonexistent"] {
        let surroundings = Surroundings { path: Some(path.into()), ..repository.surroundings("") };
        let store = LocalStore::new(surroundings, Layout::default());
        assert_eq!(git_error(resolve(&store, "dev@v1")), GitError::NotInstalled, "{path}");
    }
    let hook = program("hook");
    for (key, value) in [
        ("core.fsmonitor", hook.as_str()),
        ("core.pager", &hook),
        ("core.sshCommand", &hook),
        ("diff.external", &hook),
        ("filter.x.smudge", &hook),
        ("core.hooksPath", &repository.path().display().to_string()),
    ] {
        repository.git(&["config", key, value]);
    }
    repository.write(".gitattributes", "* filter=x diff=x text eol=crlf\n");
    assert_eq!(content(&repository.store(), "dev@v1"), "# esc/dev.yaml\n");
    assert!(resolve(&repository.store(), "dev@v2").is_err());
    assert!(!repository.path().join("ran").exists() && !repository.path().join("bin/ran").exists());
}

#[cfg(unix)]
#[test]
fn links_of_a_commit_stay_within_their_folder() {
    use std::os::unix::fs::symlink;

    let Some(repository) =
        Repository::committed(&["esc/a.yaml", "outside.yaml", "esc/app/x.yaml", "esc/folder.yaml/x"])
    else {
        return;
    };
    for (link, target) in [
        ("esc/in.yaml", "a.yaml"),
        ("esc/twice.yaml", "in.yaml"),
        ("esc/app/up.yaml", "../a.yaml"),
        ("esc/out.yaml", "../outside.yaml"),
        ("esc/etc.yaml", "/etc/passwd"),
        ("esc/far.yaml", "../../../../etc/passwd"),
        ("esc/loop.yaml", "loop.yaml"),
        ("esc/nothing.yaml", "nowhere"),
        ("esc/dir", ".."),
    ] {
        symlink(target, repository.path().join(link)).unwrap();
    }
    repository.commit();
    // What counts is the commit, not what is there now.
    for link in ["esc/in.yaml", "esc/out.yaml"] {
        repository.remove(link);
        repository.write(link, "now");
    }
    let store = repository.store();
    for text in ["in@HEAD", "twice@HEAD", "app/up@HEAD"] {
        assert_eq!(content(&store, text), "# esc/a.yaml\n", "{text}");
    }
    assert_eq!(repository.relative(&resolve(&store, "twice@HEAD").unwrap().key.path), "esc/a.yaml");
    for (text, message) in [
        ("out@HEAD", "`esc/out.yaml@HEAD` leads out of `esc@HEAD`"),
        ("etc@HEAD", "`esc/etc.yaml@HEAD` leads out of `esc@HEAD`"),
        ("far@HEAD", "`esc/far.yaml@HEAD` leads out of `esc@HEAD`"),
        ("loop@HEAD", "`esc/loop.yaml@HEAD` leads through more than 8 links"),
        ("nothing@HEAD", "`esc/nothing.yaml@HEAD` is a link to nothing"),
        ("folder@HEAD", "`esc/folder.yaml@HEAD` is a folder"),
    ] {
        match resolve(&store, text) {
            Err(ResolveError::File(failure)) => assert_eq!(failure.message, message),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(matches!(resolve(&store, "dir/outside@HEAD"), Err(ResolveError::NotFound(_))));
}

#[test]
fn odd_names_are_names() {
    let files = [
        "esc/a b.yaml",
        "esc/*.yaml",
        "esc/é.yaml",
        "esc/\"q\".yaml",
        "esc/-x.yaml",
        "esc/:(top)x.yaml",
        "esc/ab.yaml",
    ];
    let Some(repository) = Repository::committed(&files) else { return };
    let store = repository.store();
    for (name, file) in ["a b", "*", "é", "\"q\"", "-x", ":(top)x"].into_iter().zip(files) {
        assert_eq!(content(&store, &format!("{name}@HEAD")), format!("# {file}\n"));
    }
    assert!(matches!(resolve(&store, "?b@HEAD"), Err(ResolveError::NotFound(_))));
}

#[test]
fn revisions_count_against_the_limit_too() {
    let Some(repository) = Repository::committed(&["esc/dev.yaml"]) else { return };
    repository.write("esc/large.yaml", &"#".repeat(usize::try_from(RUN_LIMIT / 2 + 1).unwrap()));
    repository.commit();
    let store = repository.store();
    let large = resolve(&store, "large@HEAD").unwrap();
    assert!(store.read(&large).is_ok());
    assert_eq!(store.read(&large).unwrap_err().message, "`esc/large.yaml@HEAD` is too large");
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_told_as_such() {
    let Some(repository) = changed() else { return };
    let theirs = Command::new("chown").args(["-R", "12345"]).arg(repository.path()).output();
    if !theirs.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: files cannot be given away");
        return;
    }
    let error = git_error(resolve(&repository.store(), "dev@v1"));
    let advice = format!("git config --global --add safe.directory {}", repository.path().display());
    assert!(matches!(&error, GitError::Untrusted { advice: told, .. } if *told == advice), "{error:?}");
    assert_eq!(error.kind(), FailureKind::File);
}
