//! What everything of AWS shares: the settings of the SDK, the identities, one client for each identity and region.

use std::{cell::RefCell, collections::HashMap, rc::Rc, time::Duration};

use aws_config::{
    BehaviorVersion, Region, SdkConfig, meta::region::ProvideRegion as _, profile::region::ProfileFileRegionProvider,
    provider_config::ProviderConfig, timeout::TimeoutConfig,
};
use aws_credential_types::Credentials;
use tokio::sync::OnceCell;
use url::{Host as UrlHost, Url};

use super::{
    ambient::{Ambient, Found},
    identity::{Identities, IdentityId, Origin},
};
use crate::{
    diagnostic::{Failure, FailureKind},
    identity::Tokens,
    provider::Host,
};

/// The defaults of the SDK that this program was written for.
pub(super) fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// How long an operation may take, attempts and pauses included: less than a provider call may, so that its own message is told.
const OPERATION: Duration = Duration::from_secs(9);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(4);

/// The region where STS is asked when nobody names one.
const STS_REGION: &str = "us-east-1";

type Asked = Rc<OnceCell<Result<Found, Failure>>>;

/// AWS as a run sees it; making it costs nothing.
pub(in crate::provider) struct Aws {
    pub(super) host: Rc<Host>,
    pub(super) tokens: Rc<Tokens>,
    pub(super) identities: Identities,
    base: OnceCell<Result<SdkConfig, Failure>>,
    ambient: RefCell<HashMap<Ambient, Asked>>,
    assumed: RefCell<HashMap<super::web_identity::Role, Asked>>,
    secrets: RefCell<HashMap<(IdentityId, String), aws_sdk_secretsmanager::Client>>,
}

impl Aws {
    /// Makes it for a host, with the tokens of the run.
    pub(in crate::provider) fn new(host: Rc<Host>, tokens: Rc<Tokens>) -> Self {
        Self {
            tokens,
            identities: Identities::default(),
            base: OnceCell::new(),
            ambient: RefCell::default(),
            assumed: RefCell::default(),
            secrets: RefCell::default(),
            host,
        }
    }

    /// Returns the caller's own credentials: found once for each way to look.
    ///
    /// # Errors
    /// When no source has any: each is named with its reason.
    pub(in crate::provider) async fn ambient(&self, ambient: &Ambient) -> Result<Credentials, Failure> {
        let asked = Rc::clone(self.ambient.borrow_mut().entry(ambient.clone()).or_default());
        let found = asked.get_or_init(|| ambient.find(self)).await.clone()?;
        Ok(self.met(found))
    }

    /// Returns the credentials of a role that a web identity token opens: asked for once for each role.
    pub(super) async fn assume(&self, role: &super::web_identity::Role) -> Result<Found, Failure> {
        let asked = Rc::clone(self.assumed.borrow_mut().entry(role.clone()).or_default());
        asked.get_or_init(|| role.assume(self)).await.clone()
    }

    /// Takes note of credentials that were found, and of where they come from.
    pub(super) fn met(&self, found: Found) -> Credentials {
        self.identities.number(&found.credentials, || found.origin);
        found.credentials
    }

    /// Returns the number of credentials that an input holds.
    pub(super) fn identity(&self, credentials: &Credentials) -> IdentityId {
        self.identities.number(credentials, Origin::default)
    }

    /// Makes it for a test, whose host has a client of its own.
    #[cfg(test)]
    pub(super) fn alone(host: Host) -> Self {
        let tokens = Tokens::new(host.variables.clone(), host.http.clone());
        Self::new(Rc::new(host), Rc::new(tokens))
    }

    /// Returns what the SDK read of its own settings: region, endpoints, retries. It holds no credentials.
    ///
    /// # Errors
    /// When a setting of AWS makes no sense.
    pub(in crate::provider) async fn base(&self) -> Result<SdkConfig, Failure> {
        self.base.get_or_init(|| self.load()).await.clone()
    }

    async fn load(&self) -> Result<SdkConfig, Failure> {
        // The SDK panics at this one.
        if self.host.variable("AWS_MAX_ATTEMPTS").is_some_and(|attempts| attempts.trim().parse() == Ok(0_u32)) {
            return Err(Failure::new(FailureKind::Identity, "AWS_MAX_ATTEMPTS is 0: no request would be made")
                .hint("unset it, or set it to 1 or more"));
        }
        self.warn_of_endpoints();
        let region = self.region(None).await;
        let timeouts = TimeoutConfig::builder().operation_timeout(OPERATION).operation_attempt_timeout(ATTEMPT).build();
        let loader = aws_config::defaults(behavior())
            .http_client(self.host.http.sdk())
            // Named, since the SDK would go on to ask the metadata service of a machine in Amazon's cloud.
            .region(region)
            .timeout_config(timeouts)
            .no_credentials();
        Ok(loader.load().await)
    }

    /// Returns the region that the caller's AWS settings name, or where STS is asked when there is none.
    pub(super) async fn region(&self, profile: Option<&str>) -> Region {
        if let Some(named) = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| self.host.variable(name))
        {
            return Region::new(named.to_owned());
        }
        let mut of_profile = ProfileFileRegionProvider::builder().configure(&ProviderConfig::without_region());
        if let Some(profile) = profile {
            of_profile = of_profile.profile_name(profile);
        }
        of_profile.build().region().await.unwrap_or_else(|| Region::from_static(STS_REGION))
    }

    /// Returns the region in which STS is asked.
    pub(super) async fn sts_region(&self) -> Result<Region, Failure> {
        match &self.host.settings.aws.region {
            Some(region) => Ok(Region::new(region.clone())),
            None => Ok(self.base().await?.region().cloned().unwrap_or_else(|| Region::from_static(STS_REGION))),
        }
    }

    /// Returns what the SDK's own sources of credentials are told.
    pub(super) async fn provider_config(&self, profile: Option<&str>) -> ProviderConfig {
        ProviderConfig::without_region()
            .with_region(Some(self.region(profile).await))
            .with_behavior_version(Some(behavior()))
            .with_http_client(self.host.http.sdk())
    }

    /// Returns the client of Secrets Manager for an identity and a region.
    pub(super) async fn secrets(
        &self,
        id: IdentityId,
        region: &str,
    ) -> Result<aws_sdk_secretsmanager::Client, Failure> {
        let base = self.base().await?;
        let mut clients = self.secrets.borrow_mut();
        let client = clients.entry((id, region.to_owned())).or_insert_with(|| {
            let config = aws_sdk_secretsmanager::config::Builder::from(&base)
                .region(Region::new(region.to_owned()))
                .credentials_provider(self.identities.credentials(id))
                .build();
            aws_sdk_secretsmanager::Client::from_conf(config)
        });
        Ok(client.clone())
    }

    /// Warns of endpoints where others can read what is sent.
    fn warn_of_endpoints(&self) {
        for (name, address) in self.host.variables.iter() {
            let (Some(name), Some(address)) = (name.to_str(), address.to_str()) else { continue };
            let Some(url) = name.starts_with("AWS_ENDPOINT_URL").then(|| Url::parse(address).ok()).flatten() else {
                continue;
            };
            let local = match url.host() {
                Some(UrlHost::Domain(name)) => name == "localhost",
                Some(UrlHost::Ipv4(address)) => address.is_loopback(),
                Some(UrlHost::Ipv6(address)) => address.is_loopback(),
                None => false,
            };
            if url.scheme() == "http" && !local {
                self.host
                    .notes
                    .warn(format!("{name} is no `https://` address: what AWS is asked can be read on the way"));
            }
        }
    }
}
