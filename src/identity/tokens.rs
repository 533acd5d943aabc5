//! Where a token comes from, in order: a file of the settings, AWS's own file, GitHub's endpoint.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    ffi::{OsStr, OsString},
    fmt, fs,
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
    time::SystemTime,
};

use tokio::sync::OnceCell;

use super::{
    Claims,
    github::{self, Refused},
};
use crate::{
    diagnostic::{Failure, FailureKind},
    http::Client,
};

/// The variable that names AWS's token file.
const AWS_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

/// The most bytes of a token: what STS takes.
const MAX_BYTES: u64 = 20_000;

/// A file of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenFile {
    /// The setting, as messages name it.
    pub setting: &'static str,
    /// The file, absolute; absent when nothing is set.
    pub path: Option<PathBuf>,
    /// The setting is for this very purpose, so its token serves whatever its audience is. Else it is passed over when its audience
    /// is not the one that is wanted.
    pub meant: bool,
}

/// Which token is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Who it is for.
    pub audience: String,
    /// The file of the settings that may hold one.
    pub file: TokenFile,
    /// A token of AWS's file serves whatever its audience is: AWS itself judges it. Everywhere else it must be for the audience
    /// that is wanted, since whoever gets it could use it.
    pub for_aws: bool,
}

/// Where a token came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, and the setting or variable that names it.
    File(&'static str),
    /// The endpoint of a GitHub Actions job.
    GitHub,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(setting) => write!(f, "the token file of {setting}"),
            Self::GitHub => f.write_str("GitHub's token endpoint"),
        }
    }
}

/// A token; `Debug` does not show it.
#[derive(Clone)]
pub struct Token {
    text: Arc<str>,
    /// Where it came from.
    pub source: Source,
    /// What it says.
    pub claims: Claims,
}

impl Token {
    /// Returns the token itself: it goes to whom it is for, and nowhere else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:?})", self.source)
    }
}

type Asked = Rc<OnceCell<Result<Token, Failure>>>;

/// The tokens of a run: each is asked for once.
pub struct Tokens {
    variables: Arc<BTreeMap<OsString, OsString>>,
    client: Client,
    asked: RefCell<HashMap<Wanted, Asked>>,
}

impl Tokens {
    /// Sees the caller's environment, and asks GitHub through the client.
    #[must_use]
    pub fn new(variables: Arc<BTreeMap<OsString, OsString>>, client: Client) -> Self {
        Self { variables, client, asked: RefCell::default() }
    }

    /// Returns a token.
    ///
    /// # Errors
    /// When no source has one: all are named, in order. A source that is set up and fails is not passed over.
    pub async fn get(&self, wanted: &Wanted) -> Result<Token, Failure> {
        let asked = Rc::clone(self.asked.borrow_mut().entry(wanted.clone()).or_default());
        asked.get_or_init(|| self.find(wanted)).await.clone()
    }

    /// Returns a token of this GitHub Actions job.
    ///
    /// # Errors
    /// When this is no job that may have one, or GitHub gives none.
    pub async fn github(&self, audience: &str) -> Result<Token, Failure> {
        match github::token(&self.variables, audience, &self.client).await {
            Ok(text) => token(&text, Source::GitHub, "GitHub's token endpoint").map_err(Tried::failure),
            Err(Refused::Failed(failure)) => Err(failure),
            Err(Refused::Absent(reason)) => {
                Err(Failure::new(FailureKind::Identity, format!("no token of a GitHub Actions job: {reason}")))
            }
        }
    }

    async fn find(&self, wanted: &Wanted) -> Result<Token, Failure> {
        let mut tried = Vec::new();
        match &wanted.file.path {
            Some(path) => match of_file(wanted.file.setting, path, wanted, wanted.file.meant) {
                Err(Tried::Other(reason)) => tried.push(reason),
                outcome => return outcome.map_err(Tried::failure),
            },
            None => tried.push(format!("{} is not set", wanted.file.setting)),
        }
        match variable(&self.variables, AWS_FILE) {
            Some(path) => match of_file(AWS_FILE, Path::new(path), wanted, wanted.for_aws) {
                Err(Tried::Other(reason)) => tried.push(reason),
                outcome => return outcome.map_err(Tried::failure),
            },
            None => tried.push(format!("{AWS_FILE} is not set")),
        }
        match github::token(&self.variables, &wanted.audience, &self.client).await {
            Ok(text) => return token(&text, Source::GitHub, "GitHub's token endpoint").map_err(Tried::failure),
            Err(Refused::Failed(failure)) => return Err(failure),
            Err(Refused::Absent(reason)) => tried.push(reason),
        }
        Err(Failure::new(FailureKind::Identity, format!("no web identity token: {}", tried.join("; ")))
            .hint(format!("name a file with a token for `{}` in {}", wanted.audience, wanted.file.setting))
            .hint("in GitHub Actions, give the job `permissions: id-token: write`"))
    }
}

/// Why a source that is set up gives no token.
enum Tried {
    /// It should have.
    Failed(Failure),
    /// It has one for somebody else.
    Other(String),
}

impl Tried {
    fn failure(self) -> Failure {
        match self {
            Self::Failed(failure) => failure,
            Self::Other(reason) => Failure::new(FailureKind::Identity, reason),
        }
    }
}

fn of_file(setting: &'static str, path: &Path, wanted: &Wanted, any: bool) -> Result<Token, Tried> {
    let failed = |message: String| Tried::Failed(Failure::new(FailureKind::Identity, message));
    let unreadable = |reason: &dyn fmt::Display| {
        failed(format!("the token file of {setting} can't be read: {reason}"))
            .hinted(format!("it is `{}`", path.display()))
    };
    // A pipe would be waited for.
    let about = fs::metadata(path).map_err(|error| unreadable(&error.kind()))?;
    if !about.is_file() || about.len() > MAX_BYTES {
        return Err(unreadable(&"it is no file with a token"));
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(&error.kind()))?;
    let token = token(&text, Source::File(setting), &format!("the token file of {setting}"))?;
    let audiences = &token.claims.audiences;
    if !any && !audiences.contains(&wanted.audience) {
        return Err(Tried::Other(format!("the token of {setting} is not for `{}`", wanted.audience)));
    }
    Ok(token)
}

impl Tried {
    fn hinted(self, hint: String) -> Self {
        match self {
            Self::Failed(failure) => Self::Failed(failure.hint(hint)),
            Self::Other(_) => self,
        }
    }
}

/// Takes a token that was found; one that has expired helps nobody.
fn token(text: &str, source: Source, place: &str) -> Result<Token, Tried> {
    let failed = |message: String| Tried::Failed(Failure::new(FailureKind::Identity, message));
    let text = text.trim();
    // Some issuers' tokens are opaque; those have no claims that could be looked at.
    let claims = Claims::of(text).unwrap_or_default();
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(failed(format!("{place} has no token")));
    }
    if claims.expires.is_some_and(|expires| expires <= SystemTime::now()) {
        return Err(failed(format!("{place} has a token that has expired"))
            .hinted("get a fresh one; if it is fresh, check the clock of this machine".to_owned()));
    }
    Ok(Token { text: text.into(), source, claims })
}

/// Returns a variable that is set, not empty, and text.
pub(super) fn variable<'v>(variables: &'v BTreeMap<OsString, OsString>, name: &str) -> Option<&'v str> {
    variables.get(OsStr::new(name))?.to_str().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests;
