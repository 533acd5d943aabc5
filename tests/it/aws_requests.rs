//! How many requests AWS gets, and in which order, counted by a server that takes no more than AWS does.

use std::fmt::Write as _;

use crate::support::{
    aws::Aws,
    project::{Printed, Project, printed},
};

fn run(project: &Project, variables: &[(&str, String)], arguments: &[&str]) -> Printed {
    let mut command = project.command(arguments);
    command.envs(variables.iter().map(|(name, value)| (*name, value)));
    printed(&mut command)
}

/// Names of secrets with their texts.
fn secrets(count: usize) -> Vec<(String, String)> {
    (0..count).map(|at| (format!("app/s{at:03}"), format!("value {at}"))).collect()
}

fn served(secrets: &[(String, String)]) -> Vec<(&str, &str)> {
    secrets.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

/// A call that gets secrets by name, below a key.
fn call(key: &str, login: &str, region: &str, names: &[&str]) -> String {
    let mut text = format!("  {key}:\n    fn::open::aws-secrets:\n      region: {region}\n{login}      get:\n");
    for name in names {
        writeln!(text, "        {}: {{secretId: {name}}}", name.replace('/', "-")).unwrap();
    }
    text
}

/// An environment that imports three, which share so many secrets among them.
fn over_three_imports(count: usize) -> (Project, Vec<(String, String)>) {
    let secrets = secrets(count);
    let names: Vec<&str> = secrets.iter().map(|(name, _)| name.as_str()).collect();
    let login = "      login: ${aws}\n";
    let base = "values:\n  aws:\n    fn::open::aws-login: {}\n".to_owned();
    let mut definitions = vec![("base".to_owned(), base)];
    let mut variables = String::from("  environmentVariables:\n");
    for part in 0..3 {
        // Every import has one secret in common with the next.
        let own: Vec<&str> = names
            .iter()
            .copied()
            .enumerate()
            .filter(|(at, _)| at % 3 == part || *at == 0)
            .map(|(_, name)| name)
            .collect();
        let text = format!("imports: [base]\nvalues:\n{}", call(&format!("s{part}"), login, "eu-west-1", &own));
        for name in own {
            writeln!(variables, "    V{part}_{}: ${{s{part}.{}}}", &name[5..], name.replace('/', "-")).unwrap();
        }
        definitions.push((format!("part{part}"), text));
    }
    definitions.push(("env".to_owned(), format!("imports: [part0, part1, part2]\nvalues:\n{variables}")));
    let definitions: Vec<(&str, &str)> =
        definitions.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    (Project::with(&definitions), secrets)
}

#[test]
fn secrets_of_three_imports_are_read_in_twenties_and_once() {
    for (count, want) in [(1, vec![1]), (20, vec![20]), (21, vec![20, 1]), (45, vec![20, 20, 5]), (200, vec![20; 10])] {
        let (project, secrets) = over_three_imports(count);
        for format in ["dotenv", "json"] {
            let aws = Aws::at_once(&served(&secrets), 1, want.len());
            let Printed { code, out, err } = run(&project, &aws.session(), &["open", "env", "--format", format]);
            assert_eq!((code, err.as_str()), (Some(0), ""), "{count}");
            for (_, text) in &secrets {
                assert!(out.contains(text), "{count} {text}");
            }
            let mut sizes: Vec<usize> =
                aws.asked().iter().map(|asked| asked.rsplit(' ').next().unwrap().parse().unwrap()).collect();
            sizes.sort_unstable_by(|one, other| other.cmp(one));
            assert_eq!(sizes, want, "{count} {format}");
            let single = aws.asked().iter().filter(|asked| asked.starts_with("GetSecretValue")).count();
            assert_eq!(single, usize::from(count == 1 || count == 21), "{count}: a batch of one is none");
        }
    }
}

#[test]
fn accounts_and_regions_have_batches_of_their_own() {
    let role = |account: &str| format!("{{oidc: {{roleArn: 'arn:aws:iam::{account}:role/ci', sessionName: test}}}}");
    let mut text = format!(
        "values:\n  one:\n    fn::open::aws-login: {}\n  two:\n    fn::open::aws-login: {}\n  again:\n    fn::open::aws-login: {}\n",
        role("111111111111"),
        role("222222222222"),
        role("111111111111"),
    );
    for (key, login, region) in
        [("a", "one", "eu-west-1"), ("b", "again", "eu-west-1"), ("c", "two", "eu-west-1"), ("d", "one", "us-east-1")]
    {
        text += &call(key, &format!("      login: ${{{login}}}\n"), region, &["x", "y", key]);
    }
    let project = Project::with(&[("env", &text)]);
    let own = "{key} in {region}";
    let aws = Aws::at_once(&[("x", own), ("y", own), ("a", own), ("b", own), ("c", own), ("d", own)], 2, 3);
    let printed = run(&project, &aws.job(), &["open", "env", "--format", "json"]);
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
    let value: serde_json::Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(value["a"]["x"], "ASIA111111111111 in eu-west-1");
    assert_eq!(value["b"]["b"], "ASIA111111111111 in eu-west-1");
    assert_eq!(value["c"]["x"], "ASIA222222222222 in eu-west-1");
    assert_eq!(value["d"]["y"], "ASIA111111111111 in us-east-1");
    // One token, then both sessions at once, then all secrets at once.
    let mut asked = aws.asked();
    asked[3..].sort();
    let want = [
        "token",
        "sts",
        "sts",
        "BatchGetSecretValue eu-west-1 ASIA111111111111 4",
        "BatchGetSecretValue eu-west-1 ASIA222222222222 3",
        "BatchGetSecretValue us-east-1 ASIA111111111111 3",
    ];
    assert_eq!(asked, want);
}

#[test]
fn only_what_is_needed_is_read() {
    let (project, secrets) = over_three_imports(9);
    let aws = Aws::with(&served(&secrets));
    let printed = run(&project, &aws.session(), &["get", "env", "V1_004"]);
    assert_eq!((printed.code, printed.out.as_str()), (Some(0), "value 4\n"));
    assert_eq!(aws.asked(), ["GetSecretValue eu-west-1 AKIASESSION 1"]);
}

#[test]
fn without_the_right_to_batches_secrets_are_read_one_by_one() {
    let (project, secrets) = over_three_imports(45);
    let aws = Aws::without_batch(&served(&secrets));
    let printed = run(&project, &aws.session(), &["open", "env", "--format", "dotenv", "-v"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.out.contains("V2_044='value 44'"), "{}", printed.out);
    let note = "note: aws-secrets: `secretsmanager:BatchGetSecretValue` is denied in eu-west-1, so secrets are read one by one\n";
    assert!(printed.err.contains(note), "{}", printed.err);
    let count = |action: &str| aws.asked().iter().filter(|asked| asked.starts_with(action)).count();
    assert_eq!((count("BatchGetSecretValue"), count("GetSecretValue")), (3, 45));
}

#[test]
fn every_entry_that_is_missing_is_told() {
    let text = format!("values:\n{}", call("s", "", "eu-west-1", &["app/one", "app/two", "app/three"]));
    let project = Project::with(&[("env", &text)]);
    let aws = Aws::with(&[("app/one", "secret one")]);
    let printed = run(&project, &aws.session(), &["open", "env", "--diagnostics", "short"]);
    assert_eq!((printed.code, printed.out.as_str()), (Some(4), ""));
    for name in ["app/two", "app/three"] {
        let message = format!("can't open `aws-secrets`: there is no secret `{name}` in eu-west-1");
        assert_eq!(printed.err.matches(&message).count(), 1, "{}", printed.err);
    }
    assert!(!printed.err.contains("secret one"), "{}", printed.err);
}

#[test]
fn a_job_says_who_it_is_and_who_refuses_it() {
    let role = |name: &str| {
        format!(
            "values:\n  aws:\n    fn::open::aws-login:\n      oidc: {{roleArn: 'arn:aws:iam::123456789012:role/{name}', sessionName: ci, duration: 30m}}\n"
        )
    };
    let project = Project::with(&[("ok", &role("ci")), ("denied", &role("denied")), ("old", &role("old"))]);
    let aws = Aws::with(&[]);
    let printed = run(&project, &aws.job(), &["open", "ok", "-v"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.out.contains(r#""sessionToken": "token-of-ci-acme.shop-4711""#), "{}", printed.out);
    let note = "note: aws-login in default/ok: role `arn:aws:iam::123456789012:role/ci` as `ci-acme.shop-4711`, \
                by GitHub's token endpoint, until 2100-01-01T00:00:00Z\n";
    assert!(printed.err.contains(note), "{}", printed.err);
    assert!(!printed.err.contains("token-of") && !printed.err.contains("secret-of"), "{}", printed.err);
    let body = aws.server.seen().last().unwrap().body.clone();
    assert!(body.contains("DurationSeconds=1800"), "{body}");

    let printed = run(&project, &aws.job(), &["open", "denied"]);
    assert_eq!((printed.code, printed.out.as_str()), (Some(3), ""));
    for part in [
        "`sts:AssumeRoleWithWebIdentity` for role `arn:aws:iam::123456789012:role/denied` in us-east-1 is denied",
        "AWS says: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "the token (GitHub's token endpoint) has iss `https://token.actions.githubusercontent.com`, aud `sts.amazonaws.com`, \
         sub `repo:acme/shop:environment:staging`",
    ] {
        assert!(printed.err.contains(part), "{part}: {}", printed.err);
    }
    assert!(!printed.err.contains("e30."), "{}", printed.err);

    let printed = run(&project, &aws.job(), &["open", "old", "aws.accessKeyId"]);
    let warning = "warning: credentials that were opened expire in 0 seconds\n";
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), warning));
}
