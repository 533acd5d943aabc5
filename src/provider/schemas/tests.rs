//! Every schema, written down a second time in one line: `name?` may be left out, `~name` is for rotations only, `map+` has at
//! least one entry, `(2..64)` are bounds, `/…/` is a pattern, `=x` is a default, `^` means exactly one.

use super::{PROVIDERS, ROTATORS, Scope};
use crate::{
    dialect::Dialect,
    value::{
        Kind, Value,
        schema::{Keywords, Schema, SchemaRef, Type},
    },
};

/// Parts that stand in several lines.
const PARTS: [(&str, &str); 6] = [
    ("$aws", "{accessKeyId: string, secretAccessKey: string, sessionToken?: string}"),
    (
        "$azure",
        "{clientId: string, clientSecret?: string, oidc?: {token?: string}, subscriptionId?: string, tenantId: string}",
    ),
    (
        "$subject",
        r#"["currentEnvironment.name"|"rootEnvironment.name"|"pulumi.organization.login"|"pulumi.user.login"|"pulumi.token.type"|"pulumi.token.team"]"#,
    ),
    ("$lifetime", "string/^([0-9]+h)?([0-9]+m)?([0-9]+s)?$/"),
    ("$format", r#"format?: "string"|"json"|"yaml"|"dotenv"|"base64"=string"#),
    ("$token", r#"{audience: string(1..512), duration?: $lifetime=1h, identityToken: {version: "v2"}}"#),
];

/// Name, inputs, outputs.
const HOSTED: [(&str, &str, &str); 21] = [
    ("1password-secrets", "{get: map+<{ref: string/op://.+/}>, login: {serviceAccountToken: string}}", "map<string>"),
    (
        "aws-login",
        r"{oidc?: {duration?: $lifetime=2h, policyArns?: [string(20..2048)], roleArn: string(20..2048), sessionName: string(2..64)/[\w+=,.@-]*/, subjectAttributes?: $subject}, static?: $aws}",
        "$aws",
    ),
    (
        "aws-parameter-store",
        "{get: map+<{decrypt?: boolean=false, name: string}>, login: $aws, region: string}",
        "map<string>",
    ),
    (
        "aws-secrets",
        "{get: map+<{secretId: string, versionId?: string, versionStage?: string}>, login: $aws, region: string}",
        "map<string>",
    ),
    (
        "azure-login",
        "{clientId: string, clientSecret?: string, oidc?: boolean=false, subjectAttributes?: $subject, subscriptionId?: string, tenantId: string}",
        "$azure",
    ),
    ("azure-secrets", "{get: map+<{name: string, version?: string}>, login: $azure, vault: string}", "map<string>"),
    ("debug-oidc-claims", "($token | {audiencePrefix: string, subjectAttributes?: $subject})", "map<any>"),
    (
        "doppler-login",
        "{oidc: {identityId: string/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/, subjectAttributes?: $subject}}",
        "{accessToken: string}",
    ),
    (
        "doppler-secrets",
        "{config: string, get: map+<{name: string}>, login: {accessToken: string}, project: string}",
        "map<string>",
    ),
    ("external", "{request?: {}={}, secret?: boolean=true, url: string/^https:///}", "{response: map<any>}"),
    (
        "gcp-login",
        "{accessToken?: {accessToken: string, serviceAccount?: string, tokenLifetime?: $lifetime=1h}, oidc?: {providerId: string, region?: string, serviceAccount: string, subjectAttributes?: $subject, tokenLifetime?: $lifetime=1h, workloadPoolId: string}, project: number}",
        "{accessToken: string, expiry?: string, project: number, tokenType: string}",
    ),
    (
        "gcp-secrets",
        "{access: map+<{name: string, version?: number}>, login: {accessToken: string, project: number, tokenType: string}}",
        "map<string>",
    ),
    (
        "gh-login",
        "{appId: number, ghe?: {host?: string}, owner: string, permissions?: map<string>, privateKey: string, repositories?: [string](..500)}",
        "{accessToken: string, appId: number, appSlug: string, expiry: string, installationId: number, type: string}",
    ),
    (
        "infisical-login",
        "{oidc?: {identityId: string, subjectAttributes?: $subject}, siteUrl?: string, static?: {clientId: string, clientSecret: string}}",
        "{accessToken: string, siteUrl?: string}",
    ),
    (
        "infisical-secrets",
        r#"{get: map+<{environment: string, projectId: string, secretKey: string, secretPath?: string=/, type?: "shared"|"personal"}>, login: {accessToken: string, siteUrl?: string}}"#,
        "map<string>",
    ),
    ("oidc", "$token", "string"),
    (
        "pulumi-stacks",
        r"{stacks: map+<{stack: string/^[a-zA-Z0-9-_.]{1,100}\/[a-zA-Z0-9-_.]{1,100}$/}>}",
        "map<map<any>>",
    ),
    (
        "snowflake-login",
        "{oidc: {account: string, role?: string, user: string}}",
        "{account: string, token: string, user: string}",
    ),
    (
        "terraform-state",
        "{backend: ({s3: {bucket: string, key: string, login: $aws, region: string}} ^ {remote: {hostname?: string=app.terraform.io, organization: string, token: string, workspace: string}})}",
        "{outputs: map<any>}",
    ),
    (
        "vault-login",
        "{address: string, jwt?: {mount?: string=jwt, role: string, subjectAttributes?: $subject}, namespace?: string, token?: {displayName?: string=pulumi, maxTtl?: $lifetime=2h, metadata?: {}, policies?: [string], token: string}}",
        "{address: string, namespace?: string, token: string}",
    ),
    (
        "vault-secrets",
        "{login: {address: string, namespace?: string, token: string}, read: map+<{field?: string, path: string}>}",
        "map<any>",
    ),
];

/// What the local dialect has beside the hosted one's, or otherwise.
const LOCAL: [(&str, &str, &str); 8] = [
    (
        "aws-login",
        r"{ambient?: {imds?: boolean=false, profile?: string}, oidc?: {duration?: $lifetime=2h, policyArns?: [string(20..2048)], roleArn: string(20..2048), sessionName: string(2..64)/[\w+=,.@-]*/, subjectAttributes?: $subject}, static?: $aws}",
        "$aws",
    ),
    (
        "aws-parameter-store",
        "{get: map+<{decrypt?: boolean=false, name: string}>, login: $aws, region: string}",
        "map<(string | [string])>",
    ),
    (
        "aws-secrets",
        "{get: map+<{secretId: string, versionId?: string, versionStage?: string}>, login?: $aws, region: string}",
        "map<string>",
    ),
    (
        "external",
        r"{request?: {}={}, secret?: boolean=true, url: string/^(https://|http://(localhost|127\.0\.0\.1|\[::1\])([:/]|$))/}",
        "{response: map<any>}",
    ),
    (
        "local-command",
        r"{command: [string](1..), cwd?: string(1..), $format, secret?: boolean=true, timeout?: string/^\+?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$/=10s}",
        "any",
    ),
    ("local-env", "{get: map+<{default?: string, name: string(1..)}>, secret?: boolean=true}", "map<string>"),
    ("local-file", "{$format, path: string(1..), secret?: boolean=true}", "any"),
    (
        "pulumi-stacks",
        r"{stacks: map+<{stack: string/^([a-zA-Z0-9-_.]{1,100}\/)?[a-zA-Z0-9-_.]{1,100}\/[a-zA-Z0-9-_.]{1,100}$/}>}",
        "map<map<any>>",
    ),
];

const DATABASE: &str = "{database: {connector?: {awsLambda?: {lambdaArn: string, login: $aws}}, database: string, host: string, ~managingUser: {password: string, username: string}, port: number}, rotateUsers: {username1: string, username2: string}}";

const USERS: &str = "{current: {password: string, username: string}, previous?: {password: string, username: string}}";

const TEXTS: &str = "{current: string, previous?: string}";

/// Name, inputs, state, outputs.
const ALL_ROTATORS: [(&str, &str, &str, &str); 8] = [
    (
        "aws-iam",
        "{~login: $aws, region?: string=us-east-1, userArn: string}",
        "{current: {accessKeyId: string, createdAt?: string, secretAccessKey: string}, previous?: {accessKeyId: string, createdAt?: string, secretAccessKey: string}}",
        "",
    ),
    (
        "azure-app-secret",
        "{clientId: string, lifetimeInDays?: number(1..730)=180, ~login: $azure}",
        "{current: {createdAt?: string, expiresAt?: string, secretId: string, secretValue: string}, previous?: {createdAt?: string, expiresAt?: string, secretId: string, secretValue: string}}",
        "",
    ),
    ("external", "{~request?: {}={}, url: string/^https:///}", "{current: map<any>}", ""),
    ("mysql", DATABASE, USERS, ""),
    ("passphrase", "{capitalize?: boolean=false, length?: number(3..15)=5, separator?: string(1..1)=-}", TEXTS, ""),
    (
        "password",
        "{length?: number(8..100)=16, lower?: boolean=true, minLower?: number(0..100)=0, minNumeric?: number(0..100)=0, minSpecial?: number(0..100)=0, minUpper?: number(0..100)=0, numeric?: boolean=true, overrideSpecial?: string=!@#$%&*()-_=+[]{}<>:?, special?: boolean=true, upper?: boolean=true}",
        TEXTS,
        "",
    ),
    ("postgres", DATABASE, USERS, ""),
    (
        "snowflake-user",
        "{~login: ({account: string, privateKey: string, user: string} | {account: string, token: string, user: string}), targetUser: string}",
        "{account: string, createdAt: string, privateKey: string}",
        "{account: string, privateKey: string, rotatedAt: string, user: string}",
    ),
];

/// Puts the parts into a line.
fn whole(line: &str) -> String {
    PARTS.iter().rev().fold(line.to_owned(), |line, (name, part)| line.replace(name, part))
}

/// Writes a schema as a line.
fn line(schema: &SchemaRef) -> String {
    match schema.as_ref() {
        Schema::Any => "any".to_owned(),
        Schema::Never => "never".to_owned(),
        Schema::Keywords(keywords) => keywords_line(keywords),
    }
}

fn keywords_line(keywords: &Keywords) -> String {
    let rare = keywords.rare.as_deref().cloned().unwrap_or_default();
    for (alternatives, or) in [(&rare.any_of, " | "), (&rare.one_of, " ^ ")] {
        if !alternatives.is_empty() {
            return format!("({})", alternatives.iter().map(line).collect::<Vec<_>>().join(or));
        }
    }
    let mut out = match (keywords.kind, &keywords.additional_properties) {
        _ if !keywords.one_of_values.is_empty() => {
            let values = keywords.one_of_values.iter().map(|value| format!("{:?}", scalar(value)));
            values.collect::<Vec<_>>().join("|")
        }
        (Some(Type::Object), Some(values)) => {
            let least = rare.min_properties.as_ref().map_or(String::new(), |least| {
                assert_eq!(least.as_ref(), "1");
                "+".to_owned()
            });
            format!("map{least}<{}>", line(values))
        }
        (Some(Type::Object), None) => {
            let property = |(name, schema): (&crate::value::Key, &SchemaRef)| {
                let rotate = if rare.rotate_only.contains(name) { "~" } else { "" };
                let optional = if keywords.required.contains(name) { "" } else { "?" };
                format!("{rotate}{name}{optional}: {}", line(schema))
            };
            format!("{{{}}}", keywords.properties.iter().map(property).collect::<Vec<_>>().join(", "))
        }
        (Some(Type::Array), _) => format!("[{}]", keywords.items.as_ref().map_or(String::new(), line)),
        (kind, _) => kind.map_or("untyped", Type::name).to_owned(),
    };
    for (least, most) in
        [(&rare.min_length, &rare.max_length), (&rare.minimum, &rare.maximum), (&rare.min_items, &rare.max_items)]
    {
        if least.is_some() || most.is_some() {
            let text = |bound: &Option<std::sync::Arc<str>>| bound.as_deref().unwrap_or_default().to_owned();
            out.extend(["(", &text(least), "..", &text(most), ")"]);
        }
    }
    if let Some(pattern) = &rare.pattern {
        out.extend(["/", &pattern.text, "/"]);
    }
    if let Some(default) = &rare.default {
        out.extend(["=", &scalar(default)]);
    }
    out
}

fn scalar(value: &Value) -> String {
    match value.view().kind() {
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.to_string(),
        Kind::String(text) => text.as_str().unwrap().to_owned(),
        Kind::Object(object) if object.entries.is_empty() => "{}".to_owned(),
        kind => panic!("{kind:?} is no default"),
    }
}

/// The line of a provider in the table, `Local` only where it differs.
fn expected(name: &str, dialect: Dialect) -> Option<(String, String)> {
    let find = |table: &[(&str, &str, &str)]| {
        let found = table.iter().find(|(known, ..)| *known == name);
        found.map(|(_, inputs, outputs)| (whole(inputs), whole(outputs)))
    };
    let hosted = find(&HOSTED);
    if dialect == Dialect::Local { find(&LOCAL).or(hosted) } else { hosted }
}

#[test]
fn providers_are_as_written_down() {
    for known in &PROVIDERS {
        for dialect in [Dialect::Hosted, Dialect::Local] {
            let signature = (known.signature)(dialect);
            let got = (line(&signature.inputs), line(&signature.outputs));
            let Some(want) = expected(known.name, dialect) else {
                assert_eq!(
                    (known.scope, dialect),
                    (Scope::Local, Dialect::Hosted),
                    "{} is not written down",
                    known.name
                );
                continue;
            };
            assert_eq!(got, want, "{} {dialect:?}", known.name);
        }
    }
}

#[test]
fn rotators_are_as_written_down() {
    assert_eq!(ROTATORS.len(), ALL_ROTATORS.len());
    for (known, (name, inputs, state, outputs)) in ROTATORS.iter().zip(ALL_ROTATORS) {
        assert_eq!(known.name, name);
        let signature = (known.signature)();
        let outputs = if outputs.is_empty() { state } else { outputs };
        assert_eq!(line(&signature.inputs), whole(inputs), "{name}");
        assert_eq!(line(&signature.state), whole(state), "{name}");
        assert_eq!(line(&signature.outputs), whole(outputs), "{name}");
    }
}

#[test]
fn every_provider_that_is_written_down_is_known() {
    let names: Vec<&str> = PROVIDERS.iter().map(|known| known.name).collect();
    for (name, ..) in HOSTED.iter().chain(&LOCAL) {
        assert!(names.contains(name), "{name}");
    }
    assert!(names.is_sorted());
    assert!(ROTATORS.is_sorted_by_key(|known| known.name));
}

#[test]
fn missing_properties_are_told_in_the_order_of_the_manual() {
    let signature = (PROVIDERS.iter().find(|known| known.name == "aws-secrets").unwrap().signature)(Dialect::Hosted);
    let required: Vec<&str> = signature.inputs.keywords().unwrap().required.iter().map(AsRef::as_ref).collect();
    assert_eq!(required, ["region", "login", "get"]);
}
