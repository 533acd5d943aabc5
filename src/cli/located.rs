//! An environment that a name was found to mean: a local definition, or one of Pulumi Cloud.

use crate::{
    pulumi::CloudEnvironment,
    session::{Read, revision},
    store::{Definition, reference::DEFAULT_PROJECT},
};

/// Where an environment is.
#[derive(Clone, Debug)]
pub(super) enum Located {
    /// In a file, and evaluated here.
    Local(Box<Definition>),
    /// In Pulumi Cloud, which evaluates it.
    Cloud(InCloud),
}

/// An environment of Pulumi Cloud.
#[derive(Clone, Debug)]
pub(super) struct InCloud {
    /// The environment.
    pub(super) environment: CloudEnvironment,
    /// Where it was looked for before, for whoever does not find it.
    pub(super) hints: Vec<String>,
}

impl Located {
    /// Returns the local definition.
    pub(super) fn local(&self) -> Option<&Definition> {
        match self {
            Self::Local(definition) => Some(definition),
            Self::Cloud(_) => None,
        }
    }

    /// Returns the name of the environment, `[org/][project/]env`; a file may be called anything, so what would not read as a name
    /// becomes `_`.
    pub(super) fn reference(&self) -> String {
        let name = match self {
            Self::Cloud(InCloud { environment, .. }) => {
                format!("{}/{}", environment.organization, environment.name())
            }
            Self::Local(definition) => {
                let project = (&*definition.project != DEFAULT_PROJECT).then_some(&definition.project);
                let organization = project.and(definition.organization.as_ref());
                let parts = organization.into_iter().chain(project).chain([&definition.environment]);
                parts.map(|part| &**part).collect::<Vec<_>>().join("/")
            }
        };
        let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '/' | '.' | '-' | '_');
        name.chars().map(|char| if plain(char) { char } else { '_' }).collect()
    }

    /// Returns what tells it apart from all others on this machine.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Cloud(InCloud { environment, .. }) => environment.to_string(),
            Self::Local(definition) => {
                let state = definition.commit.as_ref().map(|commit| format!("@{}", commit.revision));
                format!("{}{}", definition.key.path.display(), state.unwrap_or_default())
            }
        }
    }

    /// Returns which state of it was read: for a local one, of everything that was read; for one of Pulumi Cloud the version that was
    /// asked for.
    pub(super) fn revision(&self, reads: &[Read]) -> String {
        match self {
            Self::Cloud(InCloud { environment, .. }) => environment.version.as_deref().unwrap_or("latest").to_owned(),
            Self::Local(_) => revision(reads),
        }
    }
}
