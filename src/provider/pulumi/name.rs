//! Names of stacks: `project/stack`, and here also `organization/project/stack`.

use std::fmt;

/// The name of a stack.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct StackName {
    /// Its organization, where it is named; self-managed backends have none.
    pub(super) organization: Option<String>,
    /// Its project.
    pub(super) project: String,
    /// Its own name.
    pub(super) stack: String,
}

impl StackName {
    /// Reads a name; nothing when a part would lead out of its folder, or there are not two or three.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        if parts.iter().any(|part| part.is_empty() || *part == "." || *part == "..") {
            return None;
        }
        let (organization, project, stack) = match parts[..] {
            [project, stack] => (None, project, stack),
            [organization, project, stack] => (Some(organization.to_owned()), project, stack),
            _ => return None,
        };
        Some(Self { organization, project: project.to_owned(), stack: stack.to_owned() })
    }

    /// Returns `project/stack`.
    pub(super) fn short(&self) -> String {
        format!("{}/{}", self.project, self.stack)
    }
}

impl fmt::Display for StackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.organization {
            Some(organization) => write!(f, "{organization}/{}/{}", self.project, self.stack),
            None => write!(f, "{}/{}", self.project, self.stack),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_two_or_three_parts() {
        for (text, organization) in [("infra/dev", None), ("org/infra/dev", Some("org"))] {
            let name = StackName::parse(text).unwrap();
            assert_eq!(name.organization.as_deref(), organization);
            assert_eq!((name.short().as_str(), name.to_string().as_str()), ("infra/dev", text));
        }
        for text in ["", "dev", "a/b/c/d", "infra/", "/dev", "infra/..", "../dev", "./dev", "../../etc"] {
            assert_eq!(StackName::parse(text), None, "{text}");
        }
    }
}
