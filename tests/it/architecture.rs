//! The map of `docs/architecture.md` holds: who may use whom, and what only one module may do.

use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock};

use crate::support::rust_source::{RustFile, files, rust_files};

/// Each module of the crate with those that it may use, lowest first. What stands further down is out of reach.
const ARROWS: &[(&str, &[&str])] = &[
    ("dialect", &[]),
    ("dotenv", &[]),
    ("duration", &[]),
    ("shell", &[]),
    ("source", &[]),
    ("value", &["source"]),
    ("diagnostic", &["source", "value"]),
    ("syntax", &["source", "value", "diagnostic", "dialect"]),
    ("ast", &["source", "value", "diagnostic", "dialect", "syntax"]),
    ("http", &["diagnostic", "duration"]),
    ("identity", &["diagnostic", "duration", "http"]),
    ("pulumi", &["source", "value", "diagnostic", "duration", "http", "identity"]),
    ("provider", &["value", "diagnostic", "dialect", "dotenv", "duration", "http", "identity", "pulumi"]),
    ("eval", &["source", "value", "diagnostic", "dialect", "syntax", "ast", "provider"]),
    ("environment", &["value", "dialect"]),
    ("render", &["source", "value", "dialect", "environment", "shell"]),
    ("store", &["diagnostic", "pulumi"]),
    ("config", &["diagnostic", "duration", "store"]),
    ("session", &["source", "value", "diagnostic", "dialect", "syntax", "pulumi", "provider", "eval", "store"]),
    ("guard", &["value", "diagnostic", "syntax", "duration", "environment", "shell", "config"]),
    ("delivery", &["value", "diagnostic", "environment"]),
    ("direnv", &["diagnostic", "shell", "delivery"]),
    ("run", &["value", "diagnostic", "environment", "delivery"]),
    ("scaffold", &["value", "diagnostic", "dotenv", "shell", "store", "config", "render", "delivery", "direnv"]),
    (
        "cli",
        &[
            "dialect",
            "duration",
            "shell",
            "source",
            "value",
            "diagnostic",
            "syntax",
            "provider",
            "eval",
            "environment",
            "render",
            "store",
            "config",
            "session",
            "http",
            "identity",
            "pulumi",
            "guard",
            "delivery",
            "direnv",
            "run",
            "scaffold",
        ],
    ),
];

/// The module that a file of `src` belongs to: `eval` for `eval/builtin/mod.rs`.
fn module(file: &RustFile) -> &str {
    let first = file.name.split('/').next().expect("a name has a first part");
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The files of `src`.
static SOURCES: LazyLock<Vec<RustFile>> = LazyLock::new(|| rust_files("src"));

#[test]
fn arrows_point_one_way() {
    let mut wrong = BTreeSet::new();
    for file in &*SOURCES {
        let module = module(file);
        if matches!(module, "lib" | "main") {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            wrong.insert(format!("{module} is not on the map"));
            continue;
        };
        for path in &file.paths {
            let Some(used) = path.strip_prefix("crate::") else { continue };
            let used = used.split("::").next().expect("a split text has a first part");
            if used != module && !allowed.contains(&used) {
                wrong.insert(format!("{} uses {used}", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_table_of_arrows_has_no_cycle() {
    for (at, (module, allowed)) in ARROWS.iter().enumerate() {
        for used in *allowed {
            assert!(
                ARROWS[..at].iter().any(|(name, _)| name == used),
                "{module} may use {used}, which is not below it"
            );
        }
    }
}

#[test]
fn nothing_reaches_the_root_by_super() {
    let mut wrong = Vec::new();
    for file in &*SOURCES {
        let depth = file.name.split('/').filter(|part| *part != "mod.rs").count();
        for path in &file.paths {
            let up = path.split("::").take_while(|part| *part == "super").count();
            // Unit tests are one module further in.
            let own = usize::from(file.text.contains("mod tests {") || file.text.contains("mod test {"));
            if up >= depth + own {
                wrong.push(format!("{}: {path}", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_process_environment_is_read_in_one_file() {
    let reads = |file: &RustFile| file.paths.iter().any(|path| path == "std::env" || path.starts_with("std::env::"));
    let readers: Vec<String> = SOURCES.iter().filter(|file| reads(file)).map(|file| file.name.clone()).collect();
    assert_eq!(readers, ["cli/env.rs"]);
}

#[test]
fn nothing_is_printed_beside_the_output() {
    for file in &*SOURCES {
        let code = &file.code;
        for name in ["print", "println", "eprint", "eprintln", "dbg"] {
            let called = code
                .match_indices(&format!("{name}!"))
                .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
            assert!(!called, "{} has {name}!", file.name);
        }
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for file in SOURCES.iter().chain(&rust_files("tests/it")) {
        assert!(file.text.starts_with("//! "), "{} opens without a module comment", file.name);
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let files = rust_files("tests/it");
    let main = files.iter().find(|file| file.name == "main.rs").expect("main.rs stands there");
    for file in files.iter().filter(|file| !file.name.contains('/') && file.name != "main.rs") {
        let module = module(file);
        assert!(main.code.contains(&format!("mod {module};")), "main.rs does not name {module}");
    }
}

#[test]
fn no_file_knows_a_machine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = [
        "src",
        "tests/it",
        "docs",
        "examples",
        "flake.nix",
        "lib-direnv",
        "nix",
        "scripts",
        "templates",
        "tests/nix",
        "Cargo.toml",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
    ];
    let mut texts = Vec::new();
    for place in places.map(|place| root.join(place)) {
        if place.is_dir() { texts.extend(files(&place)) } else { texts.push(place) }
    }
    for path in texts {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for machine in [concat!("/", "root/"), concat!("/", "Users/"), env!("CARGO_MANIFEST_DIR")] {
            assert!(!text.contains(machine), "{} names {machine}", path.display());
        }
    }
}
