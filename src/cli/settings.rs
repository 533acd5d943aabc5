//! What `esc-shell.yaml` says of services, as providers take it: paths that start at the file or at `~/` become absolute.

use std::path::{Path, PathBuf};

use crate::{
    config::{
        Config,
        services::{Aws, Pulumi, Stack, Vault},
    },
    provider::{AwsSettings, PulumiSettings, Settings, StackSettings, VaultSettings},
    store::Surroundings,
};

/// Returns what providers are told of a configuration.
pub(super) fn settings(config: &Config, surroundings: &Surroundings) -> Settings {
    let path = |path: &PathBuf| absolute(path, config.folder(), surroundings.home.as_deref());
    let Aws { token_file, audience, region, imds, session_suffix } = config.aws.clone();
    let Pulumi { backend, stacks } = &config.pulumi;
    let Vault { token_file: vault_file, audience: vault_audience } = &config.vault;
    let stack = |stack: &Stack| StackSettings {
        backend: stack.backend.clone(),
        passphrase_env: stack.passphrase_env.clone(),
        passphrase_file: stack.passphrase_file.as_ref().map(path),
    };
    Settings {
        folder: Some(config.folder().to_owned()),
        aws: AwsSettings { token_file: token_file.as_ref().map(path), audience, region, imds, session_suffix },
        pulumi: PulumiSettings {
            backend: backend.clone(),
            stacks: stacks.iter().map(|(name, settings)| (name.clone(), stack(settings))).collect(),
        },
        vault: VaultSettings { token_file: vault_file.as_ref().map(path), audience: vault_audience.clone() },
    }
}

/// Makes a path of the file absolute; `~/` stays as it is where there is no home folder, so that messages name it.
fn absolute(path: &Path, folder: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(below), Some(home)) => home.join(below),
        _ => folder.join(path),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn paths_become_absolute() {
        let config = Config {
            file: "/repo/esc-shell.yaml".into(),
            aws: Aws { token_file: Some("token".into()), region: Some("eu-west-1".into()), ..Aws::default() },
            pulumi: Pulumi {
                backend: Some("file://state".into()),
                stacks: BTreeMap::from([(
                    "infra/dev".to_owned(),
                    Stack {
                        backend: None,
                        passphrase_env: Some("P".into()),
                        passphrase_file: Some("~/pass/infra".into()),
                    },
                )]),
            },
            vault: Vault { token_file: Some("/run/token".into()), audience: None },
            ..Config::default()
        };
        let surroundings = Surroundings { home: Some("/home/u".into()), ..Surroundings::default() };
        let want = Settings {
            folder: Some("/repo".into()),
            aws: AwsSettings {
                token_file: Some("/repo/token".into()),
                region: Some("eu-west-1".into()),
                ..AwsSettings::default()
            },
            pulumi: PulumiSettings {
                backend: Some("file://state".into()),
                stacks: BTreeMap::from([(
                    "infra/dev".to_owned(),
                    StackSettings {
                        backend: None,
                        passphrase_env: Some("P".into()),
                        passphrase_file: Some("/home/u/pass/infra".into()),
                    },
                )]),
            },
            vault: VaultSettings { token_file: Some("/run/token".into()), audience: None },
        };
        assert_eq!(settings(&config, &surroundings), want);
        assert_eq!(absolute(Path::new("~/x"), Path::new("/repo"), None), Path::new("/repo/~/x"));
    }

    #[test]
    fn what_is_not_set_is_the_default_of_both() {
        let config = Config { file: "/repo/esc-shell.yaml".into(), ..Config::default() };
        let want = Settings { folder: Some("/repo".into()), ..Settings::default() };
        assert_eq!(settings(&config, &Surroundings::default()), want);
    }
}
