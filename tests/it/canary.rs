//! A random secret goes through every command and every format, and is looked for wherever it has no business: on standard error at
//! every verbosity, in files, and in the command lines of all processes while the program runs.
//!
//! A new command is a new row of [`rows`].

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use esc_shell::render::{ExportFormat, Format};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::support::project::Project;

/// Where the secret may be on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// It must be there: that is what the command is for.
    Yes,
    /// In the commands that mask it only.
    Masks,
    /// Nowhere.
    No,
}

/// A command line, and where the secret may go.
#[derive(Clone, Debug)]
struct Row {
    arguments: Vec<String>,
    shown: Shown,
    /// The folders and files, beside the project, in which it may be written.
    written: &'static [&'static str],
    /// How it ends.
    code: i32,
    /// Whether it opens the environment, and so waits for the provider that the test holds.
    opens: bool,
}

/// The folder of private files, and what stands for GitHub's file.
const FILES: &[&str] = &["run/esc-shell/"];
const GITHUB: &[&str] = &["run/esc-shell/", "tmp/github-env"];

fn row(line: &str, shown: Shown, written: &'static [&'static str]) -> Row {
    let arguments = line.split_whitespace().map(str::to_owned).collect();
    Row { arguments, shown, written, code: 0, opens: true }
}

/// Every command that there is, in every format.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for format in Format::ALL {
        let written = if format.holds_variables_only() { FILES } else { &[] };
        let name = format.name();
        rows.push(row(&format!("open dev --format {name}"), Shown::Yes, written));
        rows.push(row(&format!("open dev --redact --format {name}"), Shown::No, written));
    }
    for format in ExportFormat::all() {
        let name = format.name();
        let shown = if format == ExportFormat::Github { Shown::Masks } else { Shown::Yes };
        let written = match format {
            ExportFormat::Github => GITHUB,
            _ if format.holds_files() => &[],
            _ => FILES,
        };
        rows.push(row(&format!("export dev --format {name}"), shown, written));
    }
    rows.extend([
        row("open dev --files", Shown::Yes, FILES),
        row("open dev nested.secret", Shown::Yes, &[]),
        row("get dev S", Shown::Yes, &[]),
        row("get dev S --redact", Shown::No, &[]),
        row("export dev --template template.yaml", Shown::Yes, FILES),
        // The child's environment and files are meant for it; they are gone when it is.
        row("run dev -- true", Shown::No, &[]),
        row("run dev -- printenv S", Shown::No, &[]),
        row("run dev --no-redact -- printenv S", Shown::Yes, &[]),
    ]);
    // What fails when all is open prints nothing and writes no file.
    let failing = [
        ("export dev --template wrong.yaml", 1),
        ("export dev nul --format bash", 1),
        ("export dev broken --format bash", 1),
        ("export dev --format bash --require S:port --require MISSING", 6),
    ];
    rows.extend(failing.map(|(line, code)| Row { code, ..row(line, Shown::No, &[]) }));
    let unopened = [
        ("check dev", 0),
        ("check", 1),
        ("check --portable", 1),
        ("get dev nope", 6),
        ("ls", 0),
        ("contract types", 0),
        ("envrc dev", 0),
        ("init --dry-run", 0),
        ("completions bash", 0),
        ("man", 0),
    ];
    rows.extend(unopened.map(|(line, code)| Row { code, opens: false, ..row(line, Shown::No, &[]) }));
    rows
}

/// The secret, and what an encoder makes of it.
struct Canary {
    secret: String,
    forms: Vec<String>,
}

impl Canary {
    fn new() -> Self {
        let mut random = [0; 24];
        SystemRandom::new().fill(&mut random).unwrap();
        let secret = random.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let reversed = secret.chars().rev().collect();
        // Of base64, what does not depend on what stands around it.
        let inner = STANDARD.encode(&secret[..45])[..56].to_owned();
        Self { forms: vec![secret.clone(), secret.to_uppercase(), reversed, inner], secret }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        let has = |form: &String| bytes.windows(form.len()).any(|window| window == form.as_bytes());
        self.forms.iter().any(has)
    }
}

/// A project whose environment has the canary from a file outside of it, and in a definition; it opens only when the test lets it.
fn scene(canary: &Canary) -> Project {
    let project = Project::with(&[]);
    let secret = &canary.secret;
    let (outside, fifo) = (project.beside("outside"), project.beside("fifo"));
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret"), secret).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let dev = format!(
        "values:
  held: {{fn::open::local-command: {{command: [cat, {fifo}], timeout: 5m}}}}
  provided: {{fn::open::local-file: {{path: {outside}/secret}}}}
  nested: {{secret: \"${{provided}}\"}}
  environmentVariables:
    HELD: ${{held}}
    S: ${{provided}}
    URL: https://user:${{nested.secret}}@example.com/
    PLAIN: {{fn::secret: {secret}}}
  files:
    CERT: ${{provided}}
",
        fifo = fifo.display(),
        outside = outside.display(),
    );
    project.write("esc/dev.yaml", &dev);
    let variables =
        |line: &str| format!("values:\n  environmentVariables:\n    X: {{fn::secret: {secret}}}\n    {line}\n");
    project.write("esc/nul.yaml", &variables(&format!("NUL: {{fn::secret: \"{secret}\\0\"}}")));
    project.write("esc/broken.yaml", &variables("Y: ${nope}"));
    project.write("template.yaml", "{% for variable in variables %}\n- {{ variable.value }}\n{% endfor %}\n");
    project.write("wrong.yaml", "- {{ vars.S|frobnicate }}\n");
    project
}

/// Returns the content of every file beside the project and in it.
fn snapshot(project: &Project) -> BTreeMap<PathBuf, Vec<u8>> {
    let root = project.beside("");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.insert(entry.path().strip_prefix(&root).unwrap().to_owned(), fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

/// Tells whether the command line of any process holds the canary.
fn is_in_a_command_line(canary: &Canary) -> bool {
    let processes = fs::read_dir("/proc").map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    processes.iter().any(|process| canary.is_in(&fs::read(process.path().join("cmdline")).unwrap_or_default()))
}

/// Runs a row; returns its exit code, standard output and standard error.
fn run(row: &Row, verbosity: &[&str], project: &Project, canary: &Canary) -> (Option<i32>, Vec<u8>, Vec<u8>) {
    let fifo = project.beside("fifo");
    // It is held while all processes are looked at, which takes its time on a busy machine.
    let patient = ["--timeout", "5m"];
    let arguments = patient.iter().chain(verbosity).copied().chain(row.arguments.iter().map(String::as_str));
    let arguments: Vec<&str> = arguments.collect();
    let mut command = project.command(&arguments);
    command.env("GITHUB_ENV", project.beside("tmp").join("github-env"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = |mut from: Box<dyn std::io::Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes).unwrap();
            bytes
        })
    };
    let (out, err) = (read(Box::new(stdout)), read(Box::new(stderr)));
    let ended = {
        let fifo = fifo.clone();
        std::thread::spawn(move || {
            let status = child.wait().unwrap();
            // Whoever still waits for a reader gets one.
            let nonblocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
            (status, OpenOptions::new().read(true).custom_flags(nonblocking).open(fifo).unwrap())
        })
    };
    if row.opens {
        // The program waits for this, with every other provider open.
        let mut held = OpenOptions::new().write(true).open(&fifo).unwrap();
        assert!(!is_in_a_command_line(canary), "{row:?}");
        let _ = held.write_all(b"held");
    }
    let (status, _reader) = ended.join().unwrap();
    (status.code(), out.join().unwrap(), err.join().unwrap())
}

#[test]
fn a_secret_goes_where_it_is_meant_to_go_and_nowhere_else() {
    let canary = Canary::new();
    let project = scene(&canary);
    let styles = [&[][..], &["-q"], &["-v"], &["-v", "--diagnostics", "json"], &["--diagnostics", "github"]];
    for (number, row) in rows().iter().enumerate() {
        // Every verbosity in turn; what fails says the most, so it is run at all of them.
        let failing = row.shown == Shown::No;
        let wanted: Vec<_> = if failing { styles.to_vec() } else { vec![styles[number % styles.len()], styles[3]] };
        for verbosity in wanted {
            let before = snapshot(&project);
            let (code, out, err) = run(row, verbosity, &project, &canary);
            let told = String::from_utf8_lossy(&err);
            assert!(!canary.is_in(&err), "{row:?} {verbosity:?} says it");
            assert_eq!(code, Some(row.code), "{row:?} {verbosity:?}: {told}");
            let text = String::from_utf8_lossy(&out);
            match row.shown {
                Shown::Yes => assert!(canary.is_in(&out), "{row:?} does not print it: {told}"),
                Shown::No => assert!(!canary.is_in(&out), "{row:?} prints it"),
                Shown::Masks => {
                    assert!(canary.is_in(&out), "{row:?} does not mask it: {told}");
                    assert!(text.lines().all(|line| line.starts_with("::add-mask::")), "{text}");
                }
            }
            for (path, bytes) in snapshot(&project) {
                let new = before.get(&path) != Some(&bytes);
                let meant = row.written.iter().any(|place| path.starts_with(Path::new(place)));
                assert!(!(new && canary.is_in(&bytes)) || meant, "{row:?} writes it to {}", path.display());
            }
            for place in ["run/esc-shell", "tmp"] {
                let _ = fs::remove_dir_all(project.beside(place));
            }
            fs::create_dir_all(project.beside("tmp")).unwrap();
        }
    }
}
