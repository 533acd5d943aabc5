//! What is taken and what is refused, by whole files.

use std::{collections::BTreeMap, path::Path, time::Duration};

use assert_fs::{TempDir, prelude::*};

use super::{
    Config, ConfigErrors,
    contract::{Bound, Level, Literal, Rule, Severity, Undeclared, Variable, VariableType},
    discover, find, load,
    services::{Aws, Cloud, CloudOidc, Pulumi, Stack, Vault},
};

pub(super) const EVERY_KEY: &str = r#"
organization: myorg
project: myproject
environment: dev@v1
environments: [infra/pulumi/esc, ../shared]
variables:
  PORT:
    type: port
    required: false
    default: 3.10
    secret: false
    pattern: "^[0-9]+$"
    min-length: 1
    max-length: 5
    min: 1
    max: 65535.5
    schemes: [postgres]
    values: [1_000, true, x]
    requires: [HOST]
    from: ports.api
    severity: {ci: error, local: warn}
    in: [staging, prod]
    help: "ask #platform"
    owner: platform
    docs: https://example.com/ports
  API_URL:
rules:
  - one-of: [DATABASE_URL, PGHOST]
    in: [prod]
  - requires: {TLS_CERT: [TLS_KEY]}
  - conflicts: [A, B]
undeclared: drop
aws: {token-file: /run/token, audience: a, region: eu-central-1, imds: true, session-suffix: false}
pulumi:
  backend: s3://bucket
  stacks:
    infra/staging: {backend: "file://~", passphrase-env: PASS, passphrase-file: p.txt}
vault: {token-file: t, audience: v}
cloud: {url: https://api.example.com, oidc: {organization: o, team: t, expiration: 1h30m}}
"#;

fn written(text: &str) -> (TempDir, Result<Config, ConfigErrors>) {
    let folder = TempDir::new().unwrap();
    let file = folder.child("esc-shell.yaml");
    file.write_str(text).unwrap();
    let config = load(file.path());
    (folder, config)
}

fn parsed(text: &str) -> Config {
    Config { file: Path::new("").into(), ..written(text).1.unwrap() }
}

/// Each error as `line:column message`, with its hints behind `|`.
fn errors(text: &str) -> Vec<String> {
    let told = |error: super::ConfigError| {
        let place = error.place.map_or(String::new(), |place| format!("{}:{} ", place.line, place.column));
        let mut parts = vec![format!("{place}{}", error.message)];
        parts.extend(error.hints);
        parts.join(" | ")
    };
    written(text).1.unwrap_err().0.into_iter().map(told).collect()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn every_key_arrives() {
    let text = |text: &str| Some(text.to_owned());
    let port = Variable {
        kind: Some(VariableType::Port),
        required: Some(false),
        default: Some(Literal("3.10".into())),
        secret: Some(false),
        pattern: text("^[0-9]+$"),
        min_length: Some(1),
        max_length: Some(5),
        min: Some(Bound::Integer(1)),
        max: Some(Bound::Decimal(65535.5)),
        schemes: texts(&["postgres"]),
        values: ["1_000", "true", "x"].map(|value| Literal(value.into())).to_vec(),
        requires: texts(&["HOST"]),
        from: text("ports.api"),
        severity: Severity { ci: Level::Error, local: Level::Warn },
        environments: texts(&["staging", "prod"]),
        help: text("ask #platform"),
        owner: text("platform"),
        docs: text("https://example.com/ports"),
    };
    let stack =
        Stack { backend: text("file://~"), passphrase_env: text("PASS"), passphrase_file: Some("p.txt".into()) };
    let expected = Config {
        file: "".into(),
        written: super::Written::default(),
        organization: text("myorg"),
        project: text("myproject"),
        environment: text("dev@v1"),
        environments: vec!["infra/pulumi/esc".into(), "../shared".into()],
        variables: BTreeMap::from([("PORT".into(), port), ("API_URL".into(), Variable::default())]),
        rules: vec![
            Rule {
                one_of: texts(&["DATABASE_URL", "PGHOST"]),
                requires: BTreeMap::new(),
                conflicts: Vec::new(),
                environments: texts(&["prod"]),
            },
            Rule { requires: BTreeMap::from([("TLS_CERT".into(), texts(&["TLS_KEY"]))]), ..Rule::default() },
            Rule { conflicts: texts(&["A", "B"]), ..Rule::default() },
        ],
        undeclared: Undeclared::Drop,
        aws: Aws {
            token_file: Some("/run/token".into()),
            audience: "a".into(),
            region: text("eu-central-1"),
            imds: true,
            session_suffix: false,
        },
        pulumi: Pulumi { backend: text("s3://bucket"), stacks: BTreeMap::from([("infra/staging".into(), stack)]) },
        vault: Vault { token_file: Some("t".into()), audience: text("v") },
        cloud: Cloud {
            url: text("https://api.example.com"),
            oidc: Some(CloudOidc {
                organization: text("o"),
                team: text("t"),
                user: None,
                expiration: Duration::from_mins(90),
            }),
        },
    };
    assert_eq!(parsed(EVERY_KEY), expected);
    assert_eq!(parsed("cloud: {oidc: {user: u}}").cloud.oidc.unwrap().user, text("u"));
}

#[test]
fn nothing_is_the_default() {
    for text in ["", "# nothing\n", "---\n", "variables:\nrules:\naws:\npulumi: ~\nvault: null\ncloud:\n", "{}"] {
        assert_eq!(parsed(text), Config::default(), "{text:?}");
    }
    let aws = Aws::default();
    assert_eq!((aws.audience.as_str(), aws.imds, aws.session_suffix), ("sts.amazonaws.com", false, true));
    assert_eq!(parsed("cloud: {oidc: {}}").cloud.oidc.unwrap().expiration, Duration::from_hours(2));
    assert_eq!(parsed("\u{feff}project: p").project.as_deref(), Some("p"));
}

#[test]
fn folders_are_relative_to_the_file() {
    let (folder, config) = written("{organization: o, project: p, environments: esc}");
    let layout = config.unwrap().layout();
    assert_eq!((layout.organization.as_deref(), layout.project.as_deref()), (Some("o"), Some("p")));
    assert_eq!(layout.folders, Some(vec![folder.path().join("esc")]));
    assert_eq!(written("environments: [/a, b]").1.unwrap().layout().folders.unwrap()[0], Path::new("/a"));
    assert_eq!(written("project: p").1.unwrap().layout().folders, None);
}

#[test]
fn every_type_has_its_name() {
    assert!(VariableType::NAMES.len() >= 24);
    for name in VariableType::NAMES {
        let config = parsed(&format!("variables: {{A: {{type: {name}}}}}"));
        assert_eq!(config.variables["A"].kind.map(VariableType::name), Some(name));
    }
}

#[test]
fn one_severity_is_for_everywhere() {
    let both = |level| Severity { ci: level, local: level };
    for (text, expected) in [
        ("error", both(Level::Error)),
        ("warn", both(Level::Warn)),
        ("{local: warn}", Severity { ci: Level::Error, local: Level::Warn }),
    ] {
        assert_eq!(parsed(&format!("variables: {{A: {{severity: {text}}}}}")).variables["A"].severity, expected);
    }
}

#[test]
fn everything_wrong_is_told_at_once_with_its_place() {
    let text = "\
organisation: x
project: 12
environment: a/b/c/d
environments: []
variables:
  bad-name: {}
  A: {type: sting, min-lenght: 1, min-length: -1, max: high, required: yes, default: [1]}
  A: {}
rules:
  - {one-of: [B]}
  - {one-of: [B, C], conflicts: [B, C]}
  - {in: [x]}
undeclared: keep
cloud: {oidc: {team: a, user: b, expiration: 2d}, url: https://u:p@host/x}
aws: []
pulumi: {stacks: {infra: {}}}
";
    let expected = [
        "1:1 unknown key `organisation` | did you mean `organization`?",
        "2:10 `project`: expected a name without `/`, `@` and `:`, found number | put it in quotes | `project`: project of references that name none",
        "3:14 `environment`: expected the name of an environment | it has 4 parts, and three are the most",
        "4:15 `environments`: expected at least 1, found 0",
        "6:3 `variables`: expected the name of a variable",
        "7:13 `variables.A.type`: expected one of `string`, `int`, `number`, `bool`, `port`, `url`, `email`, `hostname`, `ip`, `cidr`, `path`, `file`, `dir`, `json`, `base64`, `hex`, `uuid`, `semver`, `duration`, `enum`, `date`, `regex`, `aws-arn`, `aws-region`, `jwt`, `pem`, `x509` | did you mean `string`?",
        "7:20 unknown key `min-lenght` in `variables.A` | did you mean `min-length`?",
        "7:47 `variables.A.min-length`: expected a whole number from 0, found number | `min-length`: least number of characters",
        "7:56 `variables.A.max`: expected a number, found string | write it without quotes | `max`: greatest number",
        "7:72 `variables.A.required`: expected true or false, found string | write it without quotes | `required`: whether it must exist [true, or false with a default]",
        "7:86 `variables.A.default`: expected a string, a number or a boolean, found list | `default`: value when there is none",
        "8:3 `A` stands twice in `variables` | keep one of them",
        "10:14 `rules[0].one-of`: expected at least 2, found 1",
        "11:22 `one-of` and `conflicts` exclude one another in `rules[1]` | keep one of them",
        "12:5 a key is missing in `rules[2]` | write one of `one-of`, `requires`, `conflicts`",
        "13:13 `undeclared`: expected `export` or `drop`",
        "14:25 `team` and `user` exclude one another in `cloud.oidc` | keep one of them",
        "14:46 `cloud.oidc.expiration`: expected a duration such as `90m` or `1h30m` | units are ns, us, ms, s, m and h",
        "14:56 `cloud.url`: expected an address without credentials in it | credentials never stand in this file: leave out the part before `@`",
        "15:6 `aws`: expected a mapping, found list | write a mapping, `key: value` | `aws`: how AWS is reached",
        "16:19 `pulumi.stacks`: expected a stack such as `infra/staging`",
    ];
    assert_eq!(errors(text), expected);
}

#[test]
fn secrets_are_sent_elsewhere() {
    for (text, key, remedy) in [
        ("cloud: {token: pul-s3cret}", "`token` in `cloud`", "PULUMI_ACCESS_TOKEN"),
        ("cloud: {access_token: pul-s3cret}", "`access_token` in `cloud`", "PULUMI_ACCESS_TOKEN"),
        ("vault: {token: hvs.s3cret}", "`token` in `vault`", "`token-file`"),
        ("pulumi: {passphrase: s3cret}", "`passphrase` in `pulumi`", "PULUMI_CONFIG_PASSPHRASE"),
        ("pulumi: {stacks: {a/b: {passphrase: s3cret}}}", "`passphrase` in `pulumi.stacks.a/b`", "`passphrase-env`"),
        ("aws: {secret-access-key: s3cret}", "`secret-access-key` in `aws`", "`token-file`"),
        ("cloud: {oidc: {token: s3cret}}", "`token` in `cloud.oidc`", "job"),
        ("password: s3cret", "`password`", "`fn::secret`"),
    ] {
        let found = errors(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(&format!("unknown key {key}")), "{found:?}");
        assert!(found[0].contains(remedy), "{found:?}");
        assert!(!found[0].contains("s3cret"), "{found:?}");
    }
}

#[test]
fn values_are_never_told() {
    for text in [
        "aws: s3cret",
        "variables: {A: {type: s3cret, min: s3cret, severity: s3cret}}",
        "environment: s3cret/a/b/c",
        "undeclared: s3cret",
        "project: [s3cret]",
        "cloud: {oidc: {expiration: s3cret}}",
        "cloud: {url: 'https://s3cret@h'}",
        "aws: {imds: s3cret}",
        "project: !!int s3cret",
        "project: \"s3cret",
        "project: *s3cret",
        "project: !s3cret x",
        "s3: [s3cret, {",
    ] {
        let found = errors(text).join("\n");
        assert!(!found.contains("s3cret"), "{found}");
    }
}

#[test]
fn odd_documents_are_refused() {
    for (text, expected) in [
        ("[]", "1:1 expected a mapping, found list | write a mapping, `key: value`"),
        ("just text", "1:1 expected a mapping, found string | write a mapping, `key: value`"),
        ("1: x", "1:1 expected a name as key, found number | put the key in quotes"),
        ("? [a]\n: x", "1:3 expected a name as key, found list | put the key in quotes"),
        (
            "project: !t x",
            "1:10 `project`: expected a name without `/`, `@` and `:`, found tag | remove the tag | `project`: project of references that name none",
        ),
        (
            "project:",
            "1:9 `project`: expected a name without `/`, `@` and `:`, found nothing | give it a value or remove the key | `project`: project of references that name none",
        ),
        (
            "aws: &a {imds: true}\nvault:\n  <<: *a",
            "3:3 unknown key `<<` in `vault` | merge keys are not read; use an alias for a whole value",
        ),
        (
            "variables: {A: {severity: {}}}",
            "1:27 a key is missing in `variables.A.severity` | give it a value or remove the key",
        ),
        ("a: [", "2:1 did not find expected node content"),
    ] {
        assert_eq!(errors(text), [expected], "{text}");
    }
    let many: Vec<String> = (0..150).map(|index| format!("zz{index}: 1")).collect();
    let found = errors(&many.join("\n"));
    assert_eq!((found.len(), found[100].as_str()), (101, "50 more errors"));
}

#[test]
fn unreadable_files_are_clear_errors() {
    let folder = TempDir::new().unwrap();
    let message = |name: &str| load(&folder.path().join(name)).unwrap_err().0[0].message.clone();
    folder.child("folder/x").write_str("").unwrap();
    folder.child("large").write_str(&"#".repeat((1 << 20) + 1)).unwrap();
    folder.child("latin1").write_binary(b"project: a\nowner: caf\xE9\n").unwrap();
    folder.child("utf16").write_binary(b"\xFF\xFEp\0").unwrap();
    assert_eq!(message("none"), "no such file");
    assert_eq!(message("folder"), "it is a folder");
    assert_eq!(message("large"), "larger than 1 MB");
    assert_eq!(message("utf16"), "no UTF-8 text");
    #[cfg(unix)]
    {
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(message("pipe"), "it is no regular file");
    }
    let error = load(&folder.path().join("latin1")).unwrap_err().0.remove(0);
    assert_eq!((error.message.as_str(), error.place.map(|p| (p.line, p.column))), ("no UTF-8 text", Some((2, 11))));
    assert!(error.to_string().ends_with("latin1:2:11: no UTF-8 text"), "{error}");
}

#[test]
fn the_nearest_file_is_found() {
    let folder = TempDir::new().unwrap();
    folder.child("esc-shell.yaml").write_str("project: outer").unwrap();
    folder.child("a/esc-shell.yaml").write_str("project: inner").unwrap();
    folder.child("a/b/c/x").write_str("").unwrap();
    folder.child("d/x").write_str("").unwrap();
    let project = |from: &str, named: Option<&str>| {
        discover(&folder.path().join(from), named.map(Path::new)).unwrap().unwrap().project.unwrap()
    };
    assert_eq!(project("a/b/c", None), "inner");
    assert_eq!(project("d", None), "outer");
    assert_eq!(project("d", Some("../a/esc-shell.yaml")), "inner");
    assert!(discover(folder.path(), Some(Path::new("none.yaml"))).is_err());
    // A folder of that name hides a file above it: being told is better than a surprise.
    folder.child("d/esc-shell.yaml/x").write_str("").unwrap();
    assert_eq!(find(&folder.path().join("d")), Some(folder.path().join("d/esc-shell.yaml")));
    assert!(discover(&folder.path().join("d"), None).is_err());
}
