//! `aws-login`: credentials that are written down, of a role for a web identity, or the caller's own.

use std::{rc::Rc, time::Duration};

use super::{Ambient, Aws, ambient::Found, identity, web_identity::Role};
use crate::{
    diagnostic::{Failure, FailureKind},
    duration,
    provider::{
        CallContext, Host, Opening, Provider,
        input::{optional_text, required, text},
    },
    value::{Value, View},
};

/// How long a session lasts when its inputs do not say: what every role allows.
const DURATION: Duration = Duration::from_hours(1);

/// What STS allows.
const DURATIONS: std::ops::RangeInclusive<Duration> = Duration::from_mins(15)..=Duration::from_hours(12);

/// The most characters of a session's name.
const SESSION: usize = 64;

/// Opens `aws-login`.
pub(in crate::provider) struct Login {
    aws: Rc<Aws>,
}

impl Login {
    /// Makes the provider.
    pub(in crate::provider) fn new(aws: Rc<Aws>) -> Self {
        Self { aws }
    }

    async fn log_in(&self, inputs: View<'_>, context: &CallContext) -> Result<Value, Failure> {
        let given: Vec<&str> =
            ["oidc", "static", "ambient"].into_iter().filter(|name| inputs.get(name).is_some()).collect();
        if given.len() > 1 {
            let given: Vec<String> = given.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("{} exclude one another", crate::diagnostic::list(&given));
            return Err(Failure::new(FailureKind::Definition, message).hint("keep one of them"));
        }
        if let Some(fixed) = inputs.get("static") {
            return Ok(identity::value(&identity::of_input(fixed)?));
        }
        if let Some(oidc) = inputs.get("oidc") {
            let found = self.aws.assume(&self.role(oidc, context)?).await?;
            self.tell(&found, context);
            return Ok(identity::value(&self.aws.met(found)));
        }
        let ambient = match inputs.get("ambient") {
            Some(ambient) => Ambient {
                profile: optional_text(ambient, "profile")?.filter(|name| !name.is_empty()).map(str::to_owned),
                imds: ambient.get("imds").and_then(View::as_bool) == Some(true),
            },
            None => Ambient::default(),
        };
        let credentials = self.aws.ambient(&ambient).await?;
        let origin = self.aws.identities.origin(self.aws.identity(&credentials));
        self.tell(&Found { credentials: credentials.clone(), origin }, context);
        Ok(identity::value(&credentials))
    }

    /// Reads the role of `oidc`.
    fn role(&self, oidc: View<'_>, context: &CallContext) -> Result<Role, Failure> {
        let notes = &self.aws.host.notes;
        let place = format!("aws-login in {}", context.current_environment);
        if oidc.get("subjectAttributes").is_some() {
            notes.warn(format!(
                "{place}: `subjectAttributes` has no effect here, the issuer decides what its tokens say"
            ));
        }
        let duration = match optional_text(oidc, "duration")?.filter(|text| !text.is_empty()) {
            None => {
                notes.note(format!("{place}: `duration` is left out, the session lasts 1h"));
                DURATION
            }
            Some(text) => duration::parse(text)
                .map_err(|error| Failure::new(FailureKind::Definition, format!("`duration`: {error}")))?,
        };
        if !DURATIONS.contains(&duration) {
            return Err(Failure::new(FailureKind::Definition, "`duration`: a session lasts 15m to 12h"));
        }
        let policies = oidc.get("policyArns").into_iter().flat_map(View::items);
        Ok(Role {
            arn: text(required(oidc, "roleArn"), "roleArn")?.to_owned(),
            session: session_name(&self.aws.host, text(required(oidc, "sessionName"), "sessionName")?),
            duration,
            policies: policies.map(|arn| Ok(text(arn, "policyArns")?.to_owned())).collect::<Result<_, Failure>>()?,
        })
    }

    /// Says which identity was used.
    fn tell(&self, found: &Found, context: &CallContext) {
        let expires = found.credentials.expiry().map(|at| format!(", until {}", identity::time(at)));
        self.aws.host.notes.note(format!(
            "aws-login in {}: {}{}",
            context.current_environment,
            found.origin.name,
            expires.unwrap_or_default()
        ));
    }
}

impl Provider for Login {
    fn open(&self, inputs: Value, context: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.log_in(inputs.view(), &context).await })
    }
}

/// Makes the name of a session: in a GitHub Actions job the repository and the run are added, so that the audit trail names them.
pub(super) fn session_name(host: &Host, name: &str) -> String {
    let job = host.variable("GITHUB_REPOSITORY").zip(host.variable("GITHUB_RUN_ID"));
    let (Some((repository, run)), true) = (job, host.settings.aws.session_suffix) else { return name.to_owned() };
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) { c } else { '-' };
    let full = format!("{name}-{}-{run}", repository.replace('/', "."));
    full.chars().map(allowed).take(SESSION).collect()
}

#[cfg(test)]
mod tests;
