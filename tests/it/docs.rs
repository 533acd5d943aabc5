//! The pages are true: their examples are run, their tables are complete, their links lead somewhere.
//!
//! `console` blocks hold commands behind `$ ` (continued behind `> `) and what they print; a line `…` stands for any lines. Behind
//! `console` stand programs that a block needs; it is skipped where one of them is missing.
//! `yaml esc` blocks are definitions that `check` accepts, in a file of the name in their first line; a `json` block behind one is
//! what `open` prints for it. `ESC_SHELL_UPDATE_DOCS=1` writes what is printed into the pages instead of comparing.

use std::{
    fmt::Write as _,
    fs,
    ops::Range,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::support::{rust_source::files, tools};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md"].map(|name| root().join(name)).into();
    for folder in ["docs", "examples"] {
        let markdown = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
        pages.extend(files(&root().join(folder)).into_iter().filter(markdown));
    }
    pages
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A fenced block: what stands behind its fence, and the lines in it.
struct Block {
    info: String,
    lines: Range<usize>,
}

fn blocks(lines: &[String]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, usize)> = None;
    for (at, line) in lines.iter().enumerate() {
        let Some(info) = line.strip_prefix("```") else { continue };
        open = match open {
            None => Some((info.to_owned(), at + 1)),
            Some((info, start)) => {
                blocks.push(Block { info, lines: start..at });
                None
            }
        };
    }
    assert!(open.is_none(), "a fence is open at the end");
    blocks
}

/// A copy of what people have at hand: the examples of the repository, and an empty home.
struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        for file in files(&root().join("examples")) {
            let copy = folder.path().join(file.strip_prefix(root()).expect("the file is the project's"));
            fs::create_dir_all(copy.parent().expect("a file lies in a folder")).expect("a folder can be made");
            fs::copy(&file, copy).expect("an example can be copied");
        }
        Self { folder }
    }

    /// Runs a command line as a person would; returns what a terminal shows.
    fn run(&self, line: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_esc-shell"));
        let mut path = program.parent().expect("a program lies in a folder").as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{line}")])
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("a shell can be started");
        String::from_utf8(output.stdout).expect("examples print text")
    }
}

/// Runs the commands of a block; returns the block as it should be.
fn replay(block: &[String], sandbox: &Sandbox) -> Vec<String> {
    let mut replayed = Vec::new();
    let mut at = 0;
    while at < block.len() {
        let start = at;
        let first = block[at].strip_prefix("$ ").unwrap_or_else(|| panic!("no command in front of `{}`", block[at]));
        let mut command = first.to_owned();
        at += 1;
        while let Some(more) = block.get(at).and_then(|line| line.strip_prefix("> ")) {
            command.push('\n');
            command.push_str(more);
            at += 1;
        }
        replayed.extend_from_slice(&block[start..at]);
        let end = block[at..].iter().position(|line| line.starts_with("$ ")).map_or(block.len(), |next| at + next);
        let expected = &block[at..end];
        let output: Vec<String> = sandbox.run(&command).lines().map(str::to_owned).collect();
        replayed.extend(if matches(expected, &output) { expected.to_vec() } else { output });
        at = end;
    }
    replayed
}

/// Compares lines; `…` stands for any number of them.
fn matches(expected: &[String], output: &[String]) -> bool {
    match expected {
        [] => output.is_empty(),
        [dots, rest @ ..] if dots == "…" => (0..=output.len()).any(|skip| matches(rest, &output[skip..])),
        [line, rest @ ..] => output.first() == Some(line) && matches(rest, &output[1..]),
    }
}

/// Checks a definition, and opens it where its result is shown; returns the result as it should be.
fn define(definition: &[String], result: Option<&[String]>, sandbox: &Sandbox) -> Option<Vec<String>> {
    let name = definition[0].strip_prefix("# ").and_then(|name| name.strip_suffix(".yaml"));
    let file =
        format!("{}.yaml", name.unwrap_or_else(|| panic!("`# NAME.yaml` must be the first line: {definition:?}")));
    fs::write(sandbox.folder.path().join(&file), definition.join("\n") + "\n").expect("a definition can be written");
    let checked = sandbox.run(&format!("esc-shell --quiet check ./{file} || echo failed"));
    assert!(!checked.contains("failed"), "{checked}");
    result.map(|_| sandbox.run(&format!("esc-shell --quiet open ./{file}")).lines().map(str::to_owned).collect())
}

#[test]
fn examples_are_real() {
    let update = std::env::var_os("ESC_SHELL_UPDATE_DOCS").is_some();
    let mut wrong = String::new();
    for page in pages() {
        let text = read(&page);
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let blocks = blocks(&lines);
        let sandbox = Sandbox::new();
        let mut new = Vec::new();
        let mut done = 0;
        for (at, block) in blocks.iter().enumerate() {
            let inside = &lines[block.lines.clone()];
            let (place, real) = match block.info.as_str() {
                info if info.split(' ').next() == Some("console") => {
                    if info.split(' ').skip(1).any(|program| tools::program(program).is_none()) {
                        continue;
                    }
                    (block.lines.clone(), replay(inside, &sandbox))
                }
                "yaml esc" => {
                    let behind = blocks
                        .get(at + 1)
                        .filter(|next| next.info == "json" && next.lines.start == block.lines.end + 3);
                    let result = behind.map(|behind| &lines[behind.lines.clone()]);
                    match (define(inside, result, &sandbox), behind) {
                        (Some(real), Some(behind)) => (behind.lines.clone(), real),
                        _ => continue,
                    }
                }
                _ => continue,
            };
            if real != lines[place.clone()] {
                let _ = writeln!(wrong, "{}:{}:\n{}\n", page.display(), place.start, real.join("\n"));
            }
            new.extend_from_slice(&lines[done..place.start]);
            new.extend(real);
            done = place.end;
        }
        new.extend_from_slice(&lines[done..]);
        if update && new != lines {
            fs::write(&page, new.join("\n") + "\n").expect("a page can be written");
        }
    }
    assert!(update || wrong.is_empty(), "{wrong}");
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for page in pages() {
        for link in read(&page).split("](").skip(1) {
            let target = link.split(')').next().expect("a split text has a first part");
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            if file.contains("://") {
                continue;
            }
            let path =
                if file.is_empty() { page.clone() } else { page.parent().expect("a page lies in a folder").join(file) };
            let found =
                path.exists() && (anchor.is_empty() || anchors(&read(&path)).iter().any(|known| known == anchor));
            if !found {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns the names that headings can be linked by.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings
        .map(|line| line.trim_start_matches('#').trim().to_lowercase().chars().filter(kept).collect::<String>())
        .map(|name| name.replace(' ', "-"))
        .collect()
}

/// Every code that a problem can have, read from the sources: the only strings in them.
fn codes() -> Vec<String> {
    let mut codes = Vec::new();
    for file in ["problem.rs", "contract.rs"] {
        let text = read(&root().join("src/diagnostic").join(file));
        let start = text.find("pub fn code(&self)").expect("problems have codes");
        let arms = text[start..].lines().filter_map(|line| line.trim().split_once("=> \""));
        codes.extend(arms.filter_map(|(_, code)| code.strip_suffix("\",")).map(str::to_owned));
    }
    codes.sort();
    codes.dedup();
    assert!(codes.len() > 70, "the codes were found: {}", codes.len());
    codes
}

#[test]
fn every_code_is_explained_once() {
    let page = read(&root().join("docs/errors.md"));
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let rows = rows.filter(|(_, row)| row.starts_with("error") || row.starts_with("warning"));
    let mut explained: Vec<String> = rows.map(|(code, _)| code.to_owned()).collect();
    explained.sort();
    assert_eq!(explained, codes());
}

#[test]
fn every_exit_code_is_explained() {
    let page = read(&root().join("docs/errors.md"));
    let code = read(&root().join("src/cli/exit.rs"));
    let numbers = code.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(": u8 = "));
    let mut found = 0;
    for (name, number) in numbers {
        let number = number.trim_end_matches(';');
        assert!(page.contains(&format!("| {number} |")), "{name} = {number} is not explained");
        found += 1;
    }
    assert!(found > 7, "exit codes were found: {found}");
}

#[test]
fn ci_runs_what_the_readme_says() {
    let readme = read(&root().join("README.md"));
    let ci = read(&root().join(".ci/run"));
    let command = ci.lines().last().expect("the script has lines");
    assert!(readme.lines().any(|line| line == command), "the README does not say `{command}`");
}
