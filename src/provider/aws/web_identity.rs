//! A role, for a token that says who the caller is: STS's `AssumeRoleWithWebIdentity`.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_sts::types::PolicyDescriptorType;

use super::{
    ambient::Found,
    error::{Asked, failure},
    identity::Origin,
    service::Aws,
};
use crate::{
    diagnostic::{Failure, FailureKind},
    identity::{Token, TokenFile, Wanted},
};

/// The role that is wanted, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session: String,
    pub(super) duration: Duration,
    pub(super) policies: Vec<String>,
}

impl Role {
    /// Exchanges a token for the role's credentials.
    pub(super) async fn assume(&self, aws: &Aws) -> Result<Found, Failure> {
        let token = token(aws).await?;
        let base = aws.base().await?;
        let region = aws.sts_region().await?;
        let config = aws_sdk_sts::config::Builder::from(&base).region(region.clone()).build();
        let policies = self.policies.iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build());
        let answer = aws_sdk_sts::Client::from_conf(config)
            .assume_role_with_web_identity()
            .role_arn(&self.arn)
            .role_session_name(&self.session)
            .web_identity_token(token.reveal())
            .duration_seconds(i32::try_from(self.duration.as_secs()).unwrap_or(i32::MAX))
            .set_policy_arns((!self.policies.is_empty()).then(|| policies.collect()))
            .send()
            .await;
        let asked = Asked {
            service: "STS",
            region: region.as_ref(),
            action: "sts:AssumeRoleWithWebIdentity",
            resource: &format!("role `{}`", self.arn),
        };
        let answer = answer.map_err(|error| {
            let failed = failure(&error, &asked, &Origin::default(), |text| {
                aws.identities.redact(text).replace(token.reveal(), "[secret]")
            });
            explained(failed, &token)
        })?;
        let Some(found) = answer.credentials else {
            return Err(Failure::new(FailureKind::Provider, "STS gave an answer without credentials"));
        };
        let expires = SystemTime::try_from(found.expiration).ok();
        let credentials =
            Credentials::new(found.access_key_id, found.secret_access_key, Some(found.session_token), expires, "sts");
        let name = format!("role `{}` as `{}`, by {}", self.arn, self.session, token.source);
        Ok(Found { credentials, origin: Origin { name, renewal: Some("open the environment again".to_owned()) } })
    }
}

/// Finds a token for AWS.
async fn token(aws: &Aws) -> Result<Token, Failure> {
    let settings = &aws.host.settings.aws;
    let file =
        TokenFile { setting: "`aws.token-file` of esc-shell.yaml", path: settings.token_file.clone(), meant: true };
    aws.tokens.get(&Wanted { audience: settings.audience.clone(), file, for_aws: true }).await
}

/// Adds what the token says of its bearer: a trust policy that does not match is the usual cause.
fn explained(failure: Failure, token: &Token) -> Failure {
    if failure.kind != FailureKind::Identity {
        return failure;
    }
    let claims = &token.claims;
    let mut said = Vec::new();
    let mut say = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            said.push(format!("{name} `{value}`"));
        }
    };
    say("iss", claims.issuer.as_deref());
    say("aud", claims.audiences.first().map(String::as_str));
    say("sub", claims.subject.as_deref());
    if said.is_empty() {
        return failure;
    }
    failure.hint(format!("the token ({}) has {}", token.source, said.join(", "))).hint(
        "the trust policy of the role must allow exactly these: docs/hybrid-oidc.md has one for each form of `sub`",
    )
}
