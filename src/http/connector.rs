//! The connector: TLS, proxy and pool, made when the first request needs it.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_smithy_http_client::{
    Connector,
    proxy::ProxyConfig,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::HttpRequest,
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};

use super::{Error, ErrorKind, trust};

/// How long making a connection may take.
pub(super) const CONNECT: Duration = Duration::from_secs(3);

/// What the connector is told of the run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The caller's environment: the trusted certificates and the proxy.
    pub variables: Arc<BTreeMap<OsString, OsString>>,
    /// No request is sent.
    pub offline: bool,
}

/// The connectors, one with TLS and one without; shared by everybody who sends requests.
#[derive(Clone)]
pub(super) struct Connectors {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    secure: OnceLock<Result<SharedHttpConnector, ErrorKind>>,
    plain: OnceLock<SharedHttpConnector>,
}

impl Connectors {
    pub(super) fn new(settings: Settings) -> Self {
        Self { shared: Arc::new(Shared { settings, secure: OnceLock::new(), plain: OnceLock::new() }) }
    }

    pub(super) fn offline(&self) -> bool {
        self.shared.settings.offline
    }

    /// Returns the connector for an address; only one that needs TLS reads certificates.
    fn of(&self, uri: &str) -> Result<&SharedHttpConnector, ErrorKind> {
        let Shared { settings, secure, plain } = &*self.shared;
        if settings.offline {
            return Err(ErrorKind::Offline);
        }
        if uri.starts_with("https:") {
            secure.get_or_init(|| make_secure(settings)).as_ref().map_err(Clone::clone)
        } else {
            // What is not encrypted stays on this machine, or on the link: it never goes through a proxy.
            Ok(plain.get_or_init(|| make(TrustStore::empty(), ProxyConfig::disabled())))
        }
    }
}

fn make_secure(settings: &Settings) -> Result<SharedHttpConnector, ErrorKind> {
    Ok(make(trust::store(&settings.variables)?, proxy(&settings.variables)?))
}

fn make(trusted: TrustStore, proxy: ProxyConfig) -> SharedHttpConnector {
    let tls = TlsContext::builder().with_trust_store(trusted).build().expect("a trust store makes a context");
    let timeouts = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
    let connector = Connector::builder()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(tls)
        .connector_settings(timeouts)
        .proxy_config(proxy);
    SharedHttpConnector::new(connector.build())
}

/// Finds the proxy for `https://` addresses, and the hosts that do without it.
fn proxy(variables: &BTreeMap<OsString, OsString>) -> Result<ProxyConfig, ErrorKind> {
    let text = |name: &&'static str| {
        let value = variables.get(OsStr::new(*name))?.to_str()?;
        (!value.is_empty()).then_some((*name, value))
    };
    let named = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].iter().find_map(text);
    let Some((variable, address)) = named else { return Ok(ProxyConfig::disabled()) };
    let address = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let proxy = ProxyConfig::https(address).map_err(|_| ErrorKind::Proxy { variable })?;
    Ok(match ["no_proxy", "NO_PROXY"].iter().find_map(text) {
        Some((_, rules)) => proxy.no_proxy(rules),
        None => proxy,
    })
}

impl HttpConnector for Connectors {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match self.of(request.uri()) {
            Ok(connector) => connector.call(request),
            Err(kind) => {
                let error = Error::new(host(request.uri()), kind);
                HttpConnectorFuture::ready(Err(ConnectorError::user(Box::new(error))))
            }
        }
    }
}

impl HttpClient for Connectors {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl fmt::Debug for Connectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connectors")
    }
}

/// Returns the host and the port of an address.
fn host(uri: &str) -> String {
    let parsed = url::Url::parse(uri).ok();
    parsed.map(|url| url[url::Position::BeforeHost..url::Position::AfterPort].to_owned()).unwrap_or_default()
}
