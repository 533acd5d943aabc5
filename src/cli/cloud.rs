//! Pulumi Cloud as a command sees it: reached when it is first needed, with what the environment and `esc-shell.yaml` say.

use std::{path::PathBuf, rc::Rc};

use super::{
    args::Source,
    complaint::Complaint,
    env, exit,
    failure::Failure,
    located::{InCloud, Located},
    workbench::Workbench,
};
use crate::{
    config::services::{Cloud, CloudOidc},
    diagnostic::{self, FailureKind, printable},
    eval::{Evaluation, Mode},
    identity::Tokens,
    pulumi::{Client, CloudEnvironment, Oidc, Scope, Settings, Token, account, stored_organization},
    session::{Read, checked, opened},
    store::{CloudStore, Definition, NotFound, ResolveError, reference::Reference},
    syntax,
};

impl Workbench {
    /// Returns Pulumi Cloud; nothing when only local definitions are wanted.
    ///
    /// # Errors
    /// The inner one says why it can't be asked.
    pub(super) fn cloud(&self) -> Option<Result<Rc<CloudStore>, diagnostic::Failure>> {
        (self.global.source != Source::Local).then(|| self.cloud.get_or_init(|| self.reach_cloud()).clone())
    }

    fn reach_cloud(&self) -> Result<Rc<CloudStore>, diagnostic::Failure> {
        if self.global.offline {
            return Err(diagnostic::Failure::new(FailureKind::Provider, "`--offline` allows no network")
                .hint("leave `--offline` out to ask Pulumi Cloud"));
        }
        let settings = self.pulumi_settings();
        let account = account(&settings)?;
        let organization = stored_organization(&settings, &account.url);
        let tokens = Rc::new(Tokens::new(self.variables(), self.http().clone()));
        let client = Client::new(self.http().clone(), account, tokens, self.end()).with_organization(organization);
        let project = self.config.as_ref().and_then(|config| config.project.clone());
        Ok(Rc::new(CloudStore::new(client, project)))
    }

    /// Returns what decides which Pulumi Cloud is meant.
    pub(super) fn pulumi_settings(&self) -> Settings {
        let Cloud { url, oidc } = self.config.as_ref().map(|config| config.cloud.clone()).unwrap_or_default();
        let oidc = oidc.map(|CloudOidc { organization, team, user, expiration }| Oidc {
            organization,
            scope: match (team, user) {
                (Some(team), _) => Scope::Team(team),
                (None, Some(user)) => Scope::User(user),
                (None, None) => Scope::Organization,
            },
            expiration,
        });
        Settings {
            access_token: env::text(env::PULUMI_ACCESS_TOKEN).as_deref().and_then(Token::new),
            backend_url: env::text(env::PULUMI_BACKEND_URL),
            api: env::text(env::PULUMI_API),
            default_organization: env::text(env::PULUMI_DEFAULT_ORGANIZATION),
            credentials_path: env::var(env::PULUMI_CREDENTIALS_PATH).map(PathBuf::from),
            pulumi_home: env::var(env::PULUMI_HOME).map(PathBuf::from),
            home: env::home_folder(),
            configured_url: url,
            configured_organization: self.config.as_ref().and_then(|config| config.organization.clone()),
            oidc,
        }
    }

    /// Finds what a reference means in Pulumi Cloud; `missing` says where it was looked for before.
    pub(super) fn locate_in_cloud(&self, reference: &Reference, missing: Option<NotFound>) -> Result<Located, Failure> {
        if let Some(known) = self.in_cloud.borrow().get(reference) {
            return Ok(known.clone());
        }
        let store = match self.cloud() {
            Some(Ok(store)) => store,
            Some(Err(reason)) => return Err(unreachable_cloud(reference, missing, reason)),
            None => return Err(ResolveError::NotFound(missing.unwrap_or_default()).into()),
        };
        let found = match store.known(reference) {
            Some(found) => found,
            None => {
                let found = async { Ok(store.find(reference).await) };
                self.wait(&format!("`{reference}` in Pulumi Cloud"), found)?.map_err(Failure::from)?
            }
        };
        if found.by_organization {
            let warning =
                format!("environment reference \"{reference}\" is ambiguous (resolved to {})", found.environment);
            let hint = "use <org>/<project>/<environment> instead";
            self.output().warn(&Complaint::warning("ambiguous", warning).hint(hint));
        }
        let hints = missing.as_ref().map(elsewhere).unwrap_or_default();
        let located = Located::Cloud(InCloud { environment: found.environment, hints });
        self.in_cloud.borrow_mut().insert(reference.clone(), located.clone());
        Ok(located)
    }

    /// Lets Pulumi Cloud evaluate one of its environments.
    pub(super) fn evaluate_in_cloud(&self, target: &InCloud, mode: &Mode) -> Result<(Evaluation, Vec<Read>), Failure> {
        let InCloud { environment, hints } = target;
        let store = self.asked_cloud()?;
        let evaluation = match mode {
            Mode::Check => self.wait(&format!("the check of `{environment}`"), check(&store, environment)),
            Mode::Open | Mode::Rotate(_) => {
                let open = store.open(environment, self.lifetime);
                self.wait(&format!("Pulumi Cloud to open `{environment}`"), open)
                    .map(|judged| opened(environment, judged))
            }
        };
        let evaluation = evaluation.map_err(|failure| {
            let missing = failure.code() == exit::PROVIDER;
            hints.iter().filter(|_| missing).fold(failure, Failure::hint)
        })?;
        let account = store.client().account();
        self.note(&format!("`{environment}` was evaluated by Pulumi Cloud ({})", account.url));
        // Whoever watches what was read is told when somebody else logs in.
        let read = Read {
            name: environment.name().into(),
            path: account.credentials_file.clone(),
            bytes: environment.to_string().into_bytes().into(),
        };
        Ok((evaluation, vec![read]))
    }

    /// Lets Pulumi Cloud check a local definition.
    pub(super) fn check_in_cloud(&self, definition: &Definition) -> Result<Evaluation, Failure> {
        let store = self.asked_cloud()?;
        let bytes = self.store.read(definition)?;
        let text = syntax::decode(&bytes).map_err(|error| {
            Failure::new(exit::DEFINITION, format!("{} is no text: {}", definition.shown, error.reason))
        })?;
        let check = async {
            let organization = match &definition.organization {
                Some(organization) => organization.to_string(),
                None => {
                    let nameless = || ResolveError::NoOrganization(definition.name().to_string());
                    store.client().default_organization().await?.ok_or_else(nameless)?
                }
            };
            let judged = store.client().check(&organization, text.as_bytes()).await?;
            Ok(checked(definition.name(), &definition.shown, &text, judged))
        };
        self.wait(&format!("the check of {}", definition.shown), check)
    }

    /// Lists the environments of Pulumi Cloud.
    pub(super) fn list_cloud(&self, store: &CloudStore, prefix: &str) -> Result<Vec<CloudEnvironment>, Failure> {
        // Only the first of three parts is surely an organization.
        let organization = (prefix.matches('/').count() >= 2).then(|| prefix.split('/').next()).flatten();
        self.wait("the list of Pulumi Cloud", store.client().list(organization))
    }

    fn asked_cloud(&self) -> Result<Rc<CloudStore>, Failure> {
        match self.cloud() {
            Some(store) => Ok(store?),
            None => {
                Err(Failure::new(exit::USAGE, "Pulumi Cloud is to be asked, and `--source local` does not allow it"))
            }
        }
    }
}

/// Fetches a definition and has it checked.
async fn check(store: &CloudStore, environment: &CloudEnvironment) -> Result<Evaluation, diagnostic::Failure> {
    let client = store.client();
    let definition = client.definition(environment).await??;
    let text = syntax::decode(&definition.bytes).map_err(|error| {
        let message = format!("the definition of `{environment}` is no text: {}", error.reason);
        diagnostic::Failure::new(FailureKind::Definition, message)
    })?;
    let judged = client.check(&environment.organization, text.as_bytes()).await?;
    let file = environment.at(definition.revision).to_string();
    Ok(checked(&environment.name(), &file, &text, judged))
}

/// Why an environment is not found when Pulumi Cloud can't be asked: whoever names an organization means Pulumi Cloud.
fn unreachable_cloud(reference: &Reference, missing: Option<NotFound>, reason: diagnostic::Failure) -> Failure {
    let Some(missing) = missing else { return reason.into() };
    if reference.organization.is_some() {
        let failure = Failure::from(diagnostic::Failure {
            message: format!(
                "`{}` can't be read from Pulumi Cloud: {}",
                printable(&reference.to_string()),
                reason.message
            ),
            ..reason
        });
        return elsewhere(&missing).into_iter().fold(failure, Failure::hint);
    }
    let failure = Failure::from(ResolveError::NotFound(missing));
    failure.hint(format!("Pulumi Cloud was not asked: {}", reason.message))
}

/// Says where a local definition was looked for, in a line or two.
fn elsewhere(missing: &NotFound) -> Vec<String> {
    let similar = missing.similar.iter().map(|name| format!("did you mean the local `{name}`?"));
    let place = match (missing.tried.as_slice(), missing.remarks.first()) {
        ([], remark) => remark.cloned(),
        (tried, _) => Some(format!("looked for {} (or .yml)", tried.join(", "))),
    };
    similar.chain(place.map(|place| format!("no local definition: {place}"))).collect()
}
