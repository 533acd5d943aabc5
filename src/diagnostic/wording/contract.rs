//! The text of violations of a contract: names and limits of the contract, never a value.

use super::{
    Count, Wording,
    words::{did_you_mean, foreign, tick, ticks},
};
use crate::diagnostic::{Breach, BreachKind};

/// Words a violation: what is known of this case, what the contract says to do, what helps in general, and where it is declared.
pub(super) fn wording(breach: &Breach) -> Wording {
    let mut wording = case(&breach.kind);
    wording.help.extend(breach.advice.iter().map(|line| foreign(line)));
    wording
        .maybe(general(&breach.kind).map(str::to_owned))
        .maybe(breach.declared.as_deref().map(|place| format!("declared by {}", foreign(place))))
}

fn general(kind: &BreachKind) -> Option<&'static str> {
    match kind {
        BreachKind::Missing { suggestion: None, from: None, .. } => {
            Some("add it to `environmentVariables` of the environment")
        }
        BreachKind::Empty { .. } => Some("give it a value, or write `required: false`"),
        BreachKind::Unknown { .. } => Some("it follows from something that only Pulumi Cloud knows, or that failed"),
        BreachKind::NotText { .. } => Some("make it a text: `fn::toJSON`, or `fn::join` for a list"),
        BreachKind::NotFile { .. } => Some("move it from `environmentVariables` to `files`"),
        BreachKind::Expired { .. } => Some("log in again, or renew it"),
        BreachKind::Early { .. } => Some("look at the clock of this machine"),
        _ => None,
    }
}

fn case(kind: &BreachKind) -> Wording {
    match kind {
        BreachKind::Missing { name, from: Some(path), .. } => {
            Wording::new(format!("required variable {} is missing: nothing is at {}", tick(name), tick(path)))
        }
        BreachKind::Missing { name, suggestion, .. } => {
            Wording::new(format!("required variable {} is missing", tick(name)))
                .maybe(suggestion.as_deref().map(|other| format!("the environment has {}", tick(other))))
        }
        BreachKind::Empty { name } => Wording::new(format!("required variable {} is empty", tick(name))),
        BreachKind::Unknown { name } => Wording::new(format!("the value of {} is not known", tick(name))),
        BreachKind::NotText { name, found } => Wording::new(format!("{} is {found}, which is no text", tick(name))),
        BreachKind::NotFile { name } => {
            Wording::new(format!("{} is declared as a file, and is a variable", tick(name)))
        }
        BreachKind::Type { name, wanted, about, reason } => {
            Wording::new(format!("{} is not of type {}: expected {about}", tick(name), tick(wanted)))
                .maybe(reason.map(str::to_owned))
        }
        BreachKind::Pattern { name, pattern } => {
            Wording::new(format!("{} does not match the pattern {}", tick(name), tick(pattern)))
        }
        BreachKind::TooShort { name, least } => {
            Wording::new(format!("{} is too short: expected at least {}", tick(name), characters(*least)))
        }
        BreachKind::TooLong { name, most } => {
            Wording::new(format!("{} is too long: expected at most {}", tick(name), characters(*most)))
        }
        BreachKind::TooSmall { name, least } => {
            Wording::new(format!("{} is too small: expected at least {}", tick(name), foreign(least)))
        }
        BreachKind::TooLarge { name, most } => {
            Wording::new(format!("{} is too large: expected at most {}", tick(name), foreign(most)))
        }
        BreachKind::Scheme { name, schemes } => {
            Wording::new(format!("the scheme of {} is none of {}", tick(name), ticks(schemes)))
        }
        BreachKind::Value { name, values } => Wording::new(format!("{} is none of {}", tick(name), ticks(values))),
        BreachKind::Expired { name, seconds } => {
            Wording::new(format!("{} expired {} ago", tick(name), about(*seconds)))
        }
        BreachKind::Early { name, seconds } => {
            Wording::new(format!("{} is not valid yet, but in {}", tick(name), about(*seconds)))
        }
        BreachKind::Requires { name, missing } => {
            let are = if missing.len() == 1 { "is" } else { "are" };
            Wording::new(format!("{} needs {}, which {are} missing", tick(name), ticks(missing)))
        }
        BreachKind::OneOf { names } => Wording::new(format!("one of {} must exist, and none does", ticks(names))),
        BreachKind::Conflicts { names } => Wording::new(format!("{} exclude one another", ticks(names))),
        BreachKind::Nowhere { name, suggestion } => {
            Wording::new(format!("{} is declared, and no environment has it", tick(name)))
                .maybe(suggestion.as_deref().map(did_you_mean))
        }
        BreachKind::NoEnvironment { name, suggestion } => {
            Wording::new(format!("the contract names environment {}, which does not exist", tick(name)))
                .maybe(suggestion.as_deref().map(did_you_mean))
        }
    }
}

fn characters(count: u64) -> Count {
    Count(usize::try_from(count).unwrap_or(usize::MAX), "character")
}

/// Tells a span of time in the largest unit that it fills: when exactly something ends is a part of its value.
fn about(seconds: u64) -> String {
    let units = [(365 * 24 * 3600, "year"), (24 * 3600, "day"), (3600, "hour"), (60, "minute")];
    match units.into_iter().find(|(length, _)| seconds >= *length) {
        Some((length, unit)) => Count(usize::try_from(seconds / length).unwrap_or(usize::MAX), unit).to_string(),
        None => "less than a minute".to_owned(),
    }
}
