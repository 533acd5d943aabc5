//! Variables that may be written: the name is one that every shell takes, the value is text that a process can hold.

use super::{RenderError, RenderErrors};
use crate::{
    environment::Assignment,
    shell::is_name,
    value::{SECRET, Secrets},
};

/// A variable that may be written.
///
/// There is no `Debug`: the value may be a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry<'v> {
    /// Its name.
    pub name: &'v str,
    /// Its value, without NUL; masked where it was asked to be.
    pub value: &'v str,
    /// To be redacted.
    pub secret: bool,
}

impl<'v> Entry<'v> {
    /// Checks an assignment, and masks a secret where that is wanted.
    pub(super) fn checked(assignment: &'v Assignment<'_>, secrets: Secrets) -> Result<Self, RenderError> {
        Self::check_name(assignment.name, assignment.unknown)?;
        let name = || assignment.name.to_owned();
        if assignment.text.as_bytes().contains(&0) {
            return Err(RenderError::Nul { name: name() });
        }
        let text = assignment.text.as_str().ok_or_else(|| RenderError::NotUtf8 { name: name() })?;
        let value = if secrets == Secrets::Masked && assignment.secret { SECRET } else { text };
        Ok(Self { name: assignment.name, value, secret: assignment.secret })
    }

    /// Checks the name of something whose value may be unknown.
    pub(super) fn check_name(name: &str, unknown: bool) -> Result<(), RenderError> {
        if !is_name(name) {
            Err(RenderError::InvalidName { name: name.to_owned() })
        } else if unknown {
            Err(RenderError::Unknown { name: name.to_owned() })
        } else {
            Ok(())
        }
    }
}

/// Checks assignments, and masks secrets where that is wanted.
///
/// # Errors
/// Every name and value that can't be written.
pub fn entries<'v>(assignments: &'v [Assignment<'v>], secrets: Secrets) -> Result<Vec<Entry<'v>>, RenderErrors> {
    RenderErrors::collect(assignments.iter().map(|assignment| Entry::checked(assignment, secrets)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Text;

    fn assignment(name: &str, text: impl Into<Text>) -> Assignment<'_> {
        Assignment { name, text: text.into(), secret: false, unknown: false }
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let unknown = Assignment { unknown: true, ..assignment("U", "[unknown]") };
        let all = [
            assignment("A", "ok"),
            assignment("N", "a\0"),
            assignment("B", &b"\xff"[..]),
            unknown,
            assignment("x;rm", ""),
        ];
        let name = |name: &str| name.to_owned();
        let errors = entries(&all, Secrets::Shown).map(|_| ()).unwrap_err();
        assert_eq!(
            errors.0,
            [
                RenderError::Nul { name: name("N") },
                RenderError::NotUtf8 { name: name("B") },
                RenderError::Unknown { name: name("U") },
                RenderError::InvalidName { name: name("x;rm") },
            ]
        );
    }

    #[test]
    fn secrets_are_masked_where_asked() {
        let all = [Assignment { secret: true, ..assignment("S", "s") }, assignment("A", "a")];
        let values = |secrets| entries(&all, secrets).unwrap_or_default().iter().map(|e| e.value).collect::<Vec<_>>();
        assert_eq!(values(Secrets::Shown), ["s", "a"]);
        assert_eq!(values(Secrets::Masked), ["[secret]", "a"]);
    }
}
