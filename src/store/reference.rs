//! How environments are named: `[org/][project/]env[@version]`, or the path of a file.
//!
//! Invariant: a parsed name has no part that could leave a folder when it is joined to one.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// The grammar, as messages show it.
pub const GRAMMAR: &str = "[org/][project/]env[@version], or a file such as ./env.yaml";

/// The project of a reference that names none where none is configured, as Pulumi has it.
pub const DEFAULT_PROJECT: &str = "default";

/// Which state of a definition is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// The working tree, or the newest revision in Pulumi Cloud: `@latest`, or `@` with nothing behind it.
    Latest,
    /// A git revision, a tag or a revision number of Pulumi Cloud; never empty.
    Named(String),
}

impl Version {
    fn parse(text: &str) -> Self {
        match text {
            "" | "latest" => Self::Latest,
            _ => Self::Named(text.to_owned()),
        }
    }

    /// Tells whether it is a revision number, which only Pulumi Cloud has.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Named(text) if text.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("latest"),
            Self::Named(text) => f.write_str(text),
        }
    }
}

/// The name of an environment, with as many parts as were written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The organization.
    pub organization: Option<String>,
    /// The project; always there when the organization is.
    pub project: Option<String>,
    /// The environment.
    pub environment: String,
    /// The version; absent when none was written.
    pub version: Option<Version>,
}

impl Reference {
    /// Parses a name.
    ///
    /// # Errors
    /// When it does not follow the [`GRAMMAR`], or a part is no name.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let wrong = |reason| ReferenceError { reference: printable(text), reason };
        let (name, version) = split_version(text);
        if text.is_empty() {
            return Err(wrong(Reason::Empty));
        }
        if name.starts_with('/') {
            return Err(wrong(Reason::Absolute));
        }
        let segments: Vec<&str> = name.split('/').collect();
        for segment in &segments {
            check_name(segment).map_err(wrong)?;
        }
        if version.as_ref().is_some_and(|version| version.to_string().chars().any(char::is_control)) {
            return Err(wrong(Reason::Control));
        }
        let (organization, project, environment) = match segments[..] {
            [environment] => (None, None, environment),
            [project, environment] => (None, Some(project), environment),
            [organization, project, environment] => (Some(organization), Some(project), environment),
            _ => return Err(wrong(Reason::TooManySegments(segments.len()))),
        };
        Ok(Self {
            organization: organization.map(str::to_owned),
            project: project.map(str::to_owned),
            environment: environment.to_owned(),
            version,
        })
    }

    /// Fills in what was not written; the project becomes [`DEFAULT_PROJECT`] where none is configured.
    #[must_use]
    pub fn or_defaults(mut self, organization: Option<&str>, project: Option<&str>) -> Self {
        self.organization = self.organization.or_else(|| organization.map(str::to_owned));
        self.project = self.project.or_else(|| Some(project.unwrap_or(DEFAULT_PROJECT).to_owned()));
        self
    }

    /// Returns `project/env`, the name that an environment goes by within its organization.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.project.as_deref().unwrap_or(DEFAULT_PROJECT), self.environment)
    }
}

impl fmt::Display for Reference {
    /// Writes `[org/]project/env[@version]`; the project is always written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(organization) = &self.organization {
            write!(f, "{organization}/")?;
        }
        f.write_str(&self.name())?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, "@{version}"))
    }
}

/// A definition that is named by its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileReference {
    /// The path, as it was written.
    pub path: PathBuf,
    /// The version; absent when none was written.
    pub version: Option<Version>,
}

impl fmt::Display for FileReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, "@{version}"))
    }
}

/// What a command was asked to open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// An environment, by its name.
    Environment(Reference),
    /// A file, by its path.
    File(FileReference),
}

impl Target {
    /// Parses a name or a path: what begins with `./`, `../` or `/` and ends in `.yaml` or `.yml` is a path, and so is what holds a
    /// `/`, ends so and exists.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str, exists: impl Fn(&Path) -> bool) -> Result<Self, ReferenceError> {
        let file = |path: &str, version| Self::File(FileReference { path: PathBuf::from(path), version });
        let is_yaml = |path: &str| Path::new(path).extension().is_some_and(|end| end == "yaml" || end == "yml");
        let is_printable = !text.chars().any(char::is_control);
        // A path may hold `@` or `:` itself, so the whole text is tried before it is cut.
        if is_printable && is_yaml(text) && text.contains('/') && exists(Path::new(text)) {
            return Ok(file(text, None));
        }
        let (path, version) = split_version(text);
        let rooted = ["./", "../", "/"].iter().any(|start| path.starts_with(start));
        if is_printable && is_yaml(path) && path.contains('/') && (rooted || exists(Path::new(path))) {
            return Ok(file(path, version));
        }
        Reference::parse(text).map(Self::Environment)
    }

    /// Returns the version that was written.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        match self {
            Self::Environment(reference) => reference.version.as_ref(),
            Self::File(reference) => reference.version.as_ref(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(reference) => reference.fmt(f),
            Self::File(reference) => reference.fmt(f),
        }
    }
}

/// Cuts a version off: at the first `@`, else at the first `:`.
fn split_version(text: &str) -> (&str, Option<Version>) {
    text.split_once('@')
        .or_else(|| text.split_once(':'))
        .map_or((text, None), |(name, version)| (name, Some(Version::parse(version))))
}

/// Checks one part of a name: an organization, a project or an environment.
///
/// # Errors
/// When it could not be the name of one file in a folder.
pub fn check_name(name: &str) -> Result<(), Reason> {
    match name {
        "" => Err(Reason::EmptySegment),
        "." | ".." => Err(Reason::DotSegment),
        _ if name.contains('\\') => Err(Reason::Backslash),
        _ if name.chars().any(char::is_control) => Err(Reason::Control),
        _ => Ok(()),
    }
}

/// Makes a wrong reference fit to be shown.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Why a text names no environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Nothing was written.
    #[error("it is empty")]
    Empty,
    /// Nothing before, between or after slashes, or before the version.
    #[error("a part of it is empty")]
    EmptySegment,
    /// More than organization, project and environment.
    #[error("it has {0} parts, and three are the most")]
    TooManySegments(usize),
    /// `.` or `..` as a part.
    #[error("`.` and `..` are no names")]
    DotSegment,
    /// It begins with `/` and is no YAML file.
    #[error("it begins with `/` but does not end in `.yaml` or `.yml`")]
    Absolute,
    /// A control character.
    #[error("it holds a control character")]
    Control,
    /// A backslash.
    #[error("it holds a backslash")]
    Backslash,
}

/// A text that names no environment: a usage error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{reference}` names no environment: {reason}")]
pub struct ReferenceError {
    /// What was written, with control characters replaced.
    pub reference: String,
    /// What is wrong with it.
    pub reason: Reason,
}

impl ReferenceError {
    /// Returns the lines that say what to do.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        vec![format!("write {GRAMMAR}")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(organization: &str, project: &str, environment: &str, version: Option<&str>) -> Reference {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Reference {
            organization: part(organization),
            project: part(project),
            environment: environment.to_owned(),
            version: version.map(Version::parse),
        }
    }

    #[test]
    fn names_are_parsed_by_the_grammar() {
        for (text, expected) in [
            ("dev", reference("", "", "dev", None)),
            ("app/dev", reference("", "app", "dev", None)),
            ("org/app/dev", reference("org", "app", "dev", None)),
            ("dev@v1.2", reference("", "", "dev", Some("v1.2"))),
            ("dev:v1.2", reference("", "", "dev", Some("v1.2"))),
            ("dev@feature/x", reference("", "", "dev", Some("feature/x"))),
            ("org/app/dev@feature/x/y", reference("org", "app", "dev", Some("feature/x/y"))),
            ("dev@HEAD~3", reference("", "", "dev", Some("HEAD~3"))),
            ("dev@HEAD@{1}", reference("", "", "dev", Some("HEAD@{1}"))),
            ("a:b@c", reference("", "", "a:b", Some("c"))),
            ("dev:a:b", reference("", "", "dev", Some("a:b"))),
            ("dev@", reference("", "", "dev", Some(""))),
            ("dev@latest", reference("", "", "dev", Some("latest"))),
            ("dev.yaml", reference("", "", "dev.yaml", None)),
            ("-x", reference("", "", "-x", None)),
        ] {
            assert_eq!(Reference::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_could_leave_a_folder_is_no_name() {
        for (text, reason) in [
            ("", Reason::Empty),
            ("@v1", Reason::EmptySegment),
            (":v1", Reason::EmptySegment),
            ("a//b", Reason::EmptySegment),
            ("a/", Reason::EmptySegment),
            ("/a/b", Reason::Absolute),
            ("/etc/passwd", Reason::Absolute),
            ("../dev", Reason::DotSegment),
            ("./dev", Reason::DotSegment),
            ("a/../b", Reason::DotSegment),
            ("..", Reason::DotSegment),
            ("a\\b", Reason::Backslash),
            ("a\0", Reason::Control),
            ("a\x1b[31m", Reason::Control),
            ("dev@a\nb", Reason::Control),
            ("a/b/c/d", Reason::TooManySegments(4)),
            ("a/b/c/d/e", Reason::TooManySegments(5)),
        ] {
            assert_eq!(Reference::parse(text).map_err(|error| error.reason), Err(reason), "{text:?}");
        }
        assert_eq!(Reference::parse("a\0").unwrap_err().reference, "a\u{fffd}");
    }

    #[test]
    fn defaults_fill_what_is_left_out() {
        for (text, organization, project, shown) in [
            ("dev", None, None, "default/dev"),
            ("dev", Some("org"), None, "org/default/dev"),
            ("dev@v1", Some("org"), Some("app"), "org/app/dev@v1"),
            ("other/dev", Some("org"), Some("app"), "org/other/dev"),
            ("o/p/dev@", Some("org"), Some("app"), "o/p/dev@latest"),
        ] {
            let reference = Reference::parse(text).unwrap().or_defaults(organization, project);
            assert_eq!(reference.to_string(), shown);
            assert_eq!(Reference::parse(shown), Ok(reference));
        }
    }

    #[test]
    fn only_digits_are_a_revision_number() {
        for (text, number) in [("12", true), ("1a", false), ("v1", false), ("latest", false), ("", false)] {
            assert_eq!(Version::parse(text).is_number(), number, "{text}");
        }
    }

    #[test]
    fn paths_are_known_by_their_form_or_by_existing() {
        let there = ["infra/dev.yaml", "a@b/c:d.yml", "./odd@x.yaml"];
        let exists = |path: &Path| there.iter().any(|known| Path::new(known) == path);
        let file = |path: &str, version: Option<&str>| {
            Target::File(FileReference { path: path.into(), version: version.map(Version::parse) })
        };
        for (text, expected) in [
            ("./x.yaml", file("./x.yaml", None)),
            ("../x.yml", file("../x.yml", None)),
            ("/a/x.yaml", file("/a/x.yaml", None)),
            ("./x.yaml@v1", file("./x.yaml", Some("v1"))),
            ("./x.yaml@feature/x.yaml", file("./x.yaml", Some("feature/x.yaml"))),
            ("infra/dev.yaml", file("infra/dev.yaml", None)),
            ("infra/dev.yaml@v1", file("infra/dev.yaml", Some("v1"))),
            ("a@b/c:d.yml", file("a@b/c:d.yml", None)),
            ("./odd@x.yaml", file("./odd@x.yaml", None)),
            ("infra/other.yaml", Target::Environment(reference("", "infra", "other.yaml", None))),
            ("dev.yaml", Target::Environment(reference("", "", "dev.yaml", None))),
        ] {
            let target = Target::parse(text, exists);
            assert_eq!(target, Ok(expected), "{text}");
            assert_eq!(
                Target::parse(&target.unwrap().to_string(), exists).unwrap().version().is_some(),
                text.contains("@v1") || text.contains("@f")
            );
        }
        assert!(Target::parse("./x\0.yaml", |_| true).is_err());
        assert!(Target::parse("./x", |_| true).is_err());
    }
}
