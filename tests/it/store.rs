//! Local definitions in the working tree.

use std::path::Path;

use esc_shell::{
    diagnostic::FailureKind,
    store::{Import, ImportRule, Layout, LocalStore, NotFound, RUN_LIMIT, ResolveError, reference::Target},
};

use crate::support::repository::Repository;

fn target(text: &str) -> Target {
    Target::parse(text, |_| false).unwrap()
}

fn layout(organization: &str, project: &str, folders: &[&str]) -> Layout {
    let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Layout {
        organization: part(organization),
        project: part(project),
        folders: (!folders.is_empty()).then(|| folders.iter().map(Into::into).collect()),
        root: None,
    }
}

/// Resolves a name; returns the file and the name that the environment goes by.
fn resolved(repository: &Repository, store: &LocalStore, name: &str) -> Option<(String, String)> {
    match store.resolve(&store.target(name, Path::new("")).unwrap()) {
        Ok(found) => Some((repository.relative(&found.path), found.name().to_string())),
        Err(ResolveError::NotFound(_)) => None,
        Err(error) => panic!("{name}: {error}"),
    }
}

fn not_found(store: &LocalStore, name: &str) -> NotFound {
    match store.resolve(&target(name)) {
        Err(ResolveError::NotFound(error)) => error,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn short_forms_stand_for_what_is_configured() {
    let files = ["infra/pulumi/esc/dev.yaml", "infra/pulumi/esc/app/dev.yaml", "infra/pulumi/esc/org/app/prod.yml"];
    let repository = Repository::with(&files);
    let [dev, app, prod] = files;
    for (organization, project, name, expected) in [
        ("", "", "dev", Some((dev, "default/dev"))),
        ("", "", "app/dev", Some((app, "app/dev"))),
        ("", "", "other/dev", Some((dev, "other/dev"))),
        ("", "", "myorg/myproject/dev", Some((dev, "myproject/dev"))),
        ("", "", "myorg/app/dev", Some((app, "app/dev"))),
        ("", "", "org/app/prod", Some((prod, "app/prod"))),
        ("", "", "app/prod", None),
        ("", "app", "dev", Some((app, "app/dev"))),
        ("", "web", "dev", Some((dev, "web/dev"))),
        ("", "web", "default/dev", None),
        ("", "web", "other/dev", None),
        ("", "web", "x/web/dev", Some((dev, "web/dev"))),
        ("myorg", "", "otherorg/myproject/dev", None),
        ("myorg", "", "otherorg/app/dev", None),
        ("myorg", "", "myorg/app/dev", Some((app, "app/dev"))),
        ("myorg", "", "dev", Some((dev, "default/dev"))),
        ("org", "app", "prod", Some((prod, "app/prod"))),
        ("myorg", "", "org/app/prod", Some((prod, "app/prod"))),
    ] {
        let store = repository.store_in("", layout(organization, project, &[]));
        let found = resolved(&repository, &store, name);
        let found = found.as_ref().map(|(file, name)| (file.as_str(), name.as_str()));
        assert_eq!(found, expected, "{organization}/{project}: {name}");
    }
}

#[test]
fn the_longer_form_and_the_first_folder_win() {
    let repository = Repository::with(&[
        "one/app/dev.yml",
        "one/dev.yaml",
        "two/org/app/dev.yaml",
        "two/app/dev.yaml",
        "two/prod.yaml",
        "two/prod.yml",
    ]);
    let both = repository.store_in("", layout("", "", &["one", "two"]));
    let second = repository.store_in("", layout("", "", &["two", "one", "none"]));
    for (store, name, file) in [
        (&both, "org/app/dev", "one/app/dev.yml"),
        (&second, "org/app/dev", "two/org/app/dev.yaml"),
        (&second, "o/app/dev", "two/app/dev.yaml"),
        (&second, "o/p/dev", "one/dev.yaml"),
        (&both, "prod", "two/prod.yaml"),
    ] {
        assert_eq!(resolved(&repository, store, name).map(|(file, _)| file).as_deref(), Some(file), "{name}");
    }
}

#[test]
fn folders_of_the_repository_are_looked_at_from_below() {
    let repository = Repository::with(&[
        ".git/HEAD",
        "esc/dev.yaml",
        ".esc/hidden.yaml",
        "infra/pulumi/esc/base.yaml",
        "packages/web/esc/dev.yaml",
    ]);
    let root = repository.store();
    let below = repository.store_in("packages/web", Layout::default());
    for (store, name, file) in [
        (&root, "dev", "esc/dev.yaml"),
        (&root, "hidden", ".esc/hidden.yaml"),
        (&below, "dev", "packages/web/esc/dev.yaml"),
        (&below, "base", "infra/pulumi/esc/base.yaml"),
    ] {
        assert_eq!(resolved(&repository, store, name).map(|(file, _)| file).as_deref(), Some(file), "{name}");
    }
    let found = below.resolve(&target("base")).unwrap();
    assert_eq!(found.shown, "../../infra/pulumi/esc/base.yaml");
    assert_eq!(found.folder(), repository.path().join("infra/pulumi/esc"));

    // Without a repository, nothing above the working directory is looked at, unless the configuration stands there.
    let plain = Repository::with(&["esc/dev.yaml", "sub/x"]);
    assert_eq!(resolved(&plain, &plain.store_in("sub", Layout::default()), "dev"), None);
    let configured = plain.store_in("sub", Layout { root: Some(plain.path()), ..Layout::default() });
    assert_eq!(resolved(&plain, &configured, "dev").map(|(file, _)| file).as_deref(), Some("esc/dev.yaml"));
}

#[test]
fn what_is_missing_is_told_with_every_place() {
    let repository = Repository::with(&[".git/HEAD", "esc/app/staging.yaml", "esc/dev.yaml", "notes.yaml"]);
    let store = repository.store_in("", layout("org", "app", &["esc", "gone"]));
    let error = not_found(&store, "stagin@latest");
    assert_eq!(error.reference, "org/app/stagin@latest");
    assert_eq!(error.tried, ["esc/org/app/stagin.yaml", "esc/app/stagin.yaml", "esc/stagin.yaml"]);
    assert_eq!(error.similar.as_deref(), Some("app/staging"));
    assert_eq!(error.remarks, ["`environments` names `gone`, which is no folder"]);
    assert_eq!(not_found(&store, "other/x/dev").similar.as_deref(), Some("dev"));
    assert_eq!(not_found(&store, "other/x/dev").tried, ["esc/other/x/dev.yaml"]);
    assert_eq!(not_found(&store, "notes.yaml").remarks[0], "write `./notes.yaml` for the file of that name");
    assert_eq!(not_found(&store, "zzzzzz").similar, None);
    assert_eq!(store.resolve(&target("zzzzzz")).unwrap_err().kind(), FailureKind::Provider);

    let empty = Repository::with(&["x"]);
    let error = not_found(&empty.store(), "dev");
    assert_eq!(error.tried, Vec::<String>::new());
    assert_eq!(error.remarks[0], "there is no folder `infra/pulumi/esc`, `esc`, `.esc` in `.`");
}

#[test]
fn paths_are_references() {
    let repository = Repository::with(&["infra/pulumi/esc/app/dev.yaml", "other/x.yml", "sub/y"]);
    let store = repository.store_in("", layout("org", "", &[]));
    for (text, file, name, organization) in [
        ("./infra/pulumi/esc/app/dev.yaml", "infra/pulumi/esc/app/dev.yaml", "app/dev", Some("org")),
        ("infra/pulumi/esc/app/dev.yaml", "infra/pulumi/esc/app/dev.yaml", "app/dev", Some("org")),
        ("other/x.yml", "other/x.yml", "default/x", Some("org")),
    ] {
        let found = store.resolve(&store.target(text, Path::new("")).unwrap()).unwrap();
        assert_eq!(repository.relative(&found.key.path), file);
        assert_eq!((&**found.name(), found.organization.as_deref()), (name, organization), "{text}");
    }
    // What a file in another folder says starts from there.
    let found = store.resolve(&store.target("../other/x.yml", Path::new("sub")).unwrap()).unwrap();
    assert_eq!((repository.relative(&found.key.path).as_str(), found.shown.as_str()), ("other/x.yml", "other/x.yml"));
    let error = store.resolve(&target("./none.yaml")).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (FailureKind::File, "`none.yaml` does not exist"));
}

fn imported(store: &LocalStore, from: &str, name: &str, rule: ImportRule) -> Option<Import> {
    let importer = store.resolve(&store.target(from, Path::new("")).unwrap()).unwrap();
    match store.import(&importer, name, rule) {
        Ok(import) => Some(import),
        Err(ResolveError::NotFound(_)) => None,
        Err(error) => panic!("{from} -> {name}: {error}"),
    }
}

#[test]
fn imports_are_looked_for_in_the_own_project_first() {
    use ImportRule::{DefaultProjectOnly as Hosted, OwnProjectFirst as Local};
    let repository = Repository::with(&[
        "esc/app/dev.yaml",
        "esc/app/base.yaml",
        "esc/default/base.yaml",
        "esc/default/common.yaml",
        "esc/net/vpc.yaml",
        "esc/org/app/deep.yaml",
        "esc/flat.yaml",
        "esc/short.yaml",
    ]);
    let plain = repository.store();
    let web = repository.store_in("", layout("", "web", &[]));
    for (store, from, name, rule, expected) in [
        (&plain, "app/dev", "base", Local, Some(("esc/app/base.yaml", true))),
        (&plain, "app/dev", "base", Hosted, Some(("esc/default/base.yaml", false))),
        (&plain, "app/dev", "common", Local, Some(("esc/default/common.yaml", false))),
        (&plain, "app/dev", "net/vpc", Local, Some(("esc/net/vpc.yaml", false))),
        (&plain, "app/dev", "net/vpc", Hosted, Some(("esc/net/vpc.yaml", false))),
        (&plain, "app/dev", "app/base", Hosted, Some(("esc/app/base.yaml", false))),
        (&plain, "app/dev", "none", Local, None),
        (&plain, "org/app/dev", "deep", Local, Some(("esc/org/app/deep.yaml", true))),
        (&plain, "app/dev", "deep", Local, None),
        (&plain, "app/dev", "org/app/deep", Local, Some(("esc/org/app/deep.yaml", false))),
        // The seed's pattern: nothing is configured, and the files lie flat in one folder.
        (&plain, "myorg/myproject/flat", "short", Local, Some(("esc/short.yaml", true))),
        (&plain, "myorg/myproject/flat", "short", Hosted, None),
        (&plain, "myorg/myproject/flat", "other/short", Hosted, None),
        (&plain, "flat", "short", Local, Some(("esc/short.yaml", false))),
        (&plain, "flat", "short", Hosted, Some(("esc/short.yaml", false))),
        (&web, "flat", "short", Local, Some(("esc/short.yaml", true))),
        (&web, "flat", "short", Hosted, None),
        (&web, "flat", "default/short", Local, None),
        // A path: its own folder first.
        (&plain, "./esc/app/dev.yaml", "base", Local, Some(("esc/app/base.yaml", true))),
        (&plain, "./esc/app/dev.yaml", "common", Local, Some(("esc/default/common.yaml", false))),
        (&plain, "./esc/flat.yaml", "short", Local, Some(("esc/short.yaml", false))),
        (&plain, "./esc/flat.yaml", "short", Hosted, Some(("esc/short.yaml", false))),
        (&plain, "./esc/flat.yaml", "base", Local, Some(("esc/default/base.yaml", false))),
    ] {
        let found = imported(store, from, name, rule);
        let found = found.map(|import| (repository.relative(&import.definition.path), import.from_own_project));
        let found = found.as_ref().map(|(file, own)| (file.as_str(), *own));
        assert_eq!(found, expected, "{from} -> {name} {rule:?}");
    }
}

#[test]
fn imports_keep_their_importers_organization_and_place() {
    let repository =
        Repository::with(&["esc/dev.yaml", "esc/base.yaml", "esc/root.yaml", "lib/a.yaml", "lib/b.yaml", "lib/c.yaml"]);
    let store = repository.store();
    let base = imported(&store, "org/app/dev", "base", ImportRule::OwnProjectFirst).unwrap().definition;
    assert_eq!((&*base.key.name, base.organization.as_deref()), ("app/base", Some("org")));
    assert_eq!(base.key, store.resolve(&target("org/app/base")).unwrap().key);
    assert_ne!(base.key, store.resolve(&target("org/other/base")).unwrap().key);

    let b = imported(&store, "./lib/a.yaml", "b", ImportRule::OwnProjectFirst).unwrap().definition;
    let c = store.import(&b, "c", ImportRule::OwnProjectFirst).unwrap().definition;
    assert_eq!(repository.relative(&c.path), "lib/c.yaml");
}

#[test]
fn imports_are_names_and_not_paths() {
    let repository = Repository::with(&["esc/dev.yaml", "esc/base.yaml"]);
    let store = repository.store();
    let dev = store.resolve(&target("dev")).unwrap();
    for name in ["./base.yaml", "/etc/base.yaml", "../base", "a/../base", "", "a/b/c/d", "base\0", "a\\b"] {
        let error = store.import(&dev, name, ImportRule::OwnProjectFirst).unwrap_err();
        assert!(matches!(error, ResolveError::ImportPath(_) | ResolveError::ImportName(_)), "{name:?}: {error:?}");
        assert_eq!(error.kind(), FailureKind::Definition);
    }
}

#[test]
fn revision_numbers_are_of_pulumi_cloud() {
    let repository = Repository::with(&["esc/dev.yaml", "esc/base.yaml"]);
    let store = repository.store();
    assert!(matches!(store.resolve(&target("dev@3")), Err(ResolveError::CloudRevision { .. })));
    assert!(matches!(store.resolve(&target("./esc/dev.yaml@3")), Err(ResolveError::CloudRevision { .. })));
    // What is no local file may be meant for Pulumi Cloud.
    assert_eq!(not_found(&store, "other@3").reference, "default/other@3");
    let dev = store.resolve(&target("dev@latest")).unwrap();
    let import = |name| store.import(&dev, name, ImportRule::OwnProjectFirst);
    assert!(matches!(import("base@3"), Err(ResolveError::CloudRevision { .. })));
    assert!(matches!(import("none@3"), Err(ResolveError::NotFound(_))));
    assert!(import("base@latest").is_ok());
}

#[test]
fn bytes_are_read_and_counted() {
    let repository = Repository::with(&["esc/dev.yaml"]);
    let store = repository.store();
    let dev = store.resolve(&target("dev")).unwrap();
    assert_eq!(store.read(&dev), Ok(b"# esc/dev.yaml\n".to_vec()));
    repository.write("esc/large.yaml", &"#".repeat(usize::try_from(RUN_LIMIT / 2 + 1).unwrap()));
    let large = store.resolve(&target("large")).unwrap();
    assert!(store.read(&large).is_ok());
    let failure = store.read(&large).unwrap_err();
    assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::File, "`esc/large.yaml` is too large"));
    repository.remove("esc/dev.yaml");
    assert_eq!(store.read(&dev).unwrap_err().kind, FailureKind::File);
}

#[test]
fn what_is_no_file_is_refused_and_never_waited_for() {
    let repository = Repository::with(&["esc/app/x", "esc/folder.yaml/x"]);
    let failure = |name: &str| match repository.store().resolve(&target(name)) {
        Err(ResolveError::File(failure)) => failure.message,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(failure("folder"), "`esc/folder.yaml` is a folder");
    assert_eq!(failure("./esc/folder.yaml"), "`esc/folder.yaml` is a folder");
    #[cfg(unix)]
    {
        let pipe = repository.path().join("esc/pipe.yaml");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(failure("pipe"), "`esc/pipe.yaml` is no regular file");
        std::os::unix::fs::symlink("/etc/passwd", repository.path().join("esc/out.yaml")).unwrap();
        std::os::unix::fs::symlink("/etc", repository.path().join("esc/etc")).unwrap();
        std::os::unix::fs::symlink("nothing", repository.path().join("esc/nothing.yaml")).unwrap();
        assert_eq!(failure("out"), "`esc/out.yaml` leads out of `esc`");
        assert_eq!(failure("nothing"), "`esc/nothing.yaml` is a link to nothing");
        let folder = repository.store_in("", layout("", "", &["esc"]));
        std::os::unix::fs::symlink("..", repository.path().join("esc/up")).unwrap();
        repository.write("up.yaml", "");
        assert!(matches!(folder.resolve(&target("up/up")), Err(ResolveError::File(_))));
    }
}

#[test]
fn environments_are_listed_by_what_they_can_be_opened_by() {
    let repository = Repository::with(&[
        "esc/dev.yaml",
        "esc/dev.yml",
        "esc/app/dev.yml",
        "esc/org/app/prod.yaml",
        "esc/too/deep/to/be.yaml",
        "esc/README.md",
        "esc/.hidden.yaml",
        "esc/.git/x.yaml",
        "esc/.yaml",
        ".esc/dev.yaml",
        ".esc/other.yaml",
        "outside.yaml",
    ]);
    #[cfg(unix)]
    for (link, target) in
        [("out.yaml", "../outside.yaml"), ("loop", "."), ("in.yaml", "dev.yaml"), ("gone.yaml", "gone")]
    {
        std::os::unix::fs::symlink(target, repository.path().join("esc").join(link)).unwrap();
    }
    let store = repository.store();
    let listed: Vec<(String, String)> =
        store.list().unwrap().into_iter().map(|entry| (entry.name, repository.relative(&entry.path))).collect();
    let names: Vec<&str> = listed.iter().map(|(name, _)| name.as_str()).collect();
    let mut expected = vec!["app/dev", "dev", "org/app/prod", "other"];
    if cfg!(unix) {
        expected.insert(2, "in");
    }
    assert_eq!(names, expected);
    assert_eq!(listed.iter().find(|(name, _)| name == "dev").unwrap().1, "esc/dev.yaml");
    for name in names {
        assert!(resolved(&repository, &store, name).is_some(), "{name}");
    }
    assert_eq!(Repository::with(&["x"]).store().list(), Ok(Vec::new()));
}
