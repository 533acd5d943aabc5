//! What is told of stacks that can't be read, or that are odd.

use super::{
    backend::{Choice, NotFound},
    name::StackName,
    secrets::Lost,
    state::{Malformed, Note, StateError},
};
use crate::{
    diagnostic::{Failure, FailureKind, list, suggest},
    provider::input::plain,
};

/// The most stacks that a message lists.
const LISTED: usize = 10;

/// A backend that gives no state.
pub(super) fn not_found(error: NotFound, name: &StackName, choice: &Choice) -> Failure {
    match error {
        NotFound::Failed(failure) => failure.hint(choice.by.told()),
        NotFound::Backend => {
            let message = format!("there is no Pulumi state in `{}`", choice.address.shown());
            Failure::new(FailureKind::Provider, message).hint(choice.by.told())
        }
        NotFound::Stack(known) => no_stack(name, choice, &known),
    }
}

/// A stack that is not there; the others may be named `project/stack`, or without a project.
pub(super) fn no_stack(name: &StackName, choice: &Choice, known: &[String]) -> Failure {
    let message = format!("there is no stack `{}` in `{}`", name.short(), choice.address.shown());
    let mut failure = Failure::new(FailureKind::Provider, message);
    let wanted = if known.iter().any(|known| known.contains('/')) { name.short() } else { name.stack.clone() };
    if let Some(similar) = suggest::property(&wanted, known.iter().map(String::as_str)) {
        failure = failure.hint(format!("did you mean `{}`?", plain(similar, 200)));
    } else if !known.is_empty() {
        let mut names: Vec<String> = known.iter().take(LISTED).map(|name| format!("`{}`", plain(name, 200))).collect();
        if known.len() > LISTED {
            names.push(format!("{} more", known.len() - LISTED));
        }
        failure = failure.hint(format!("there are {}", list(&names)));
    }
    failure.hint(choice.by.told())
}

/// A state that can't be read.
pub(super) fn unreadable(name: &StackName, error: &StateError) -> Failure {
    let message = format!("the state of stack `{name}` can't be read: {error}");
    let failure = Failure::new(FailureKind::Provider, message);
    match error {
        StateError::Version(_) | StateError::Features(_) => failure.hint("update esc-shell"),
        StateError::Malformed(Malformed::Signature { .. }) => {
            failure.hint("update esc-shell, or change the type of the output")
        }
        StateError::Malformed(_) => {
            failure.hint(format!("look at it with `pulumi stack export --stack {}`", name.stack))
        }
        StateError::TooLarge => failure,
    }
}

/// A secret that has no value.
pub(super) fn lost(name: &StackName, output: &str, error: &Lost) -> Failure {
    let output = plain(output, 120);
    let message = match error {
        Lost::Refused => format!("a secret in output `{output}` of stack `{name}` does not open with the stack's key"),
        Lost::Malformed(malformed) => format!("stack `{name}` is damaged: {malformed}"),
    };
    Failure::new(FailureKind::Provider, message).hint("deploy the stack once more: `pulumi up` writes its state anew")
}

/// What may surprise in the outputs of a stack.
pub(super) fn noted(name: &StackName, note: &Note) -> String {
    match note {
        Note::Bytes { output } => {
            format!("output `{}` of stack `{name}` holds bytes: they come as base64 text", plain(output, 120))
        }
        Note::NotFinite { output } => {
            format!(
                "output `{}` of stack `{name}` holds a number that JSON does not have: it comes as text",
                plain(output, 120)
            )
        }
    }
}
