//! Refusals as AWS writes them, and what people are told.

use super::*;

const ASKED: Asked<'_> = Asked {
    service: "Secrets Manager",
    region: "eu-west-1",
    action: "secretsmanager:GetSecretValue",
    resource: "secret `db`",
};

fn told(code: &str, message: &str) -> Failure {
    let refusal = Refusal { code: code.into(), message: message.into(), request: Some("rid-1".into()) };
    let origin = Origin { name: "profile `dev`".into(), renewal: Some("run `aws sso login --profile dev`".into()) };
    refused(&refusal, &ASKED, &origin, |text| text.replace("canary-4711", "[secret]"))
}

#[test]
fn a_refusal_says_whose_fault_it_is() {
    use FailureKind::{Identity, Provider};
    let denied = "User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: secretsmanager:GetSecretValue \
                  on resource: db because no identity-based policy allows it";
    let cases = [
        ("ResourceNotFoundException", "x", Provider, "there is no secret `db` in eu-west-1"),
        (
            "AccessDeniedException",
            denied,
            Identity,
            "`secretsmanager:GetSecretValue` for secret `db` in eu-west-1 is denied (profile `dev`)",
        ),
        (
            "AccessDeniedException",
            "Access to KMS is not allowed",
            Identity,
            "the KMS key of secret `db` may not be used (profile `dev`)",
        ),
        ("403", "", Identity, "`secretsmanager:GetSecretValue` for secret `db` in eu-west-1 is denied (profile `dev`)"),
        ("ExpiredTokenException", "x", Identity, "the AWS session has expired (profile `dev`)"),
        ("ExpiredToken", "x", Identity, "the AWS session has expired (profile `dev`)"),
        ("UnrecognizedClientException", "x", Identity, "AWS does not know this access key (profile `dev`)"),
        ("InvalidClientTokenId", "x", Identity, "AWS does not know this access key (profile `dev`)"),
        ("InvalidSignatureException", "x", Identity, "Secrets Manager refuses the signature (profile `dev`)"),
        (
            "InvalidSignatureException",
            "Signature expired: 20260101T000000Z is now earlier than 20260102T000000Z",
            Identity,
            "the clock of this machine and that of Secrets Manager differ too much",
        ),
        (
            "RequestTimeTooSkewed",
            "x",
            Identity,
            "the clock of this machine and that of Secrets Manager differ too much",
        ),
        ("ThrottlingException", "x", Provider, "Secrets Manager in eu-west-1 is asked too often just now"),
        ("InternalServiceError", "x", Provider, "Secrets Manager in eu-west-1 fails itself (InternalServiceError)"),
        ("503", "x", Provider, "Secrets Manager in eu-west-1 fails itself (503)"),
        ("InvalidIdentityToken", "x", Identity, "STS does not accept the token for secret `db` (InvalidIdentityToken)"),
        ("DecryptionFailure", "x", Provider, "Secrets Manager in eu-west-1 refuses secret `db` (DecryptionFailure)"),
        (
            "InvalidRequestException",
            "x",
            Provider,
            "Secrets Manager in eu-west-1 refuses secret `db` (InvalidRequestException)",
        ),
    ];
    for (code, message, kind, want) in cases {
        let failure = told(code, message);
        assert_eq!((failure.kind, failure.message.as_str()), (kind, want), "{code} {message}");
    }
    assert_eq!(told("ExpiredTokenException", "").hints, ["run `aws sso login --profile dev`", "request id rid-1"]);
}

#[test]
fn what_aws_says_is_short_plain_and_redacted() {
    let long = format!("\u{1b}[31mred\u{1b}[0m\r\ncanary-4711 {}", "x".repeat(1000));
    let hints = told("InvalidRequestException", &long).hints;
    let said = hints.iter().find(|hint| hint.starts_with("AWS says: ")).unwrap();
    assert!(said.starts_with("AWS says: red[secret] xxx"), "{said}");
    assert_eq!(said.chars().count(), "AWS says: ".len() + 300 + 1);
}
