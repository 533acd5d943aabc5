//! Asks Pulumi Cloud: one token for a run, one connection, and every refusal a failure.

use std::{cell::OnceCell, rc::Rc, time::Instant};

use tokio::sync;
use url::Url;

use super::{
    Account, Grant, Operation, Token, TokenOrigin, exchange,
    operation::{malformed, refused},
};
use crate::{
    diagnostic::Failure,
    http::{self, Request, Response},
    identity::Tokens,
};

/// What every request asks for: the version of the API that the reference's program speaks.
const ACCEPT: &str = "application/vnd.pulumi+8";

/// The type of every body, as the reference's program has it; requests without one say so too.
pub(super) const JSON: &str = "application/json";

/// The most bytes of an answer that are read: 32 MiB.
const MAX_BYTES: usize = 32 << 20;

/// Asks Pulumi Cloud. Making one costs nothing; it is for one run.
pub struct Client {
    http: http::Client,
    account: Account,
    tokens: Rc<Tokens>,
    end: Instant,
    token: sync::OnceCell<Result<(Token, TokenOrigin), Failure>>,
    organization: sync::OnceCell<Result<Option<String>, Failure>>,
    known: OnceCell<String>,
}

impl Client {
    /// Makes a client for an account; `end` is when the command has to be done, and `tokens` has the identity that an exchange needs.
    #[must_use]
    pub fn new(http: http::Client, account: Account, tokens: Rc<Tokens>, end: Instant) -> Self {
        Self {
            http,
            account,
            tokens,
            end,
            token: sync::OnceCell::new(),
            organization: sync::OnceCell::new(),
            known: OnceCell::new(),
        }
    }

    /// Says which organization is the default one, so that it is not asked for.
    #[must_use]
    pub fn with_organization(self, organization: Option<String>) -> Self {
        if let Some(organization) = organization {
            let _ = self.known.set(organization);
        }
        self
    }

    /// Returns the account.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Returns the default organization as far as nobody has to be asked.
    #[must_use]
    pub fn known_organization(&self) -> Option<&str> {
        self.known.get().map(String::as_str)
    }

    /// Returns the organization of references that name none: the one that is known, the service's, or the user's own. It is asked for once.
    ///
    /// # Errors
    /// When it can't be asked for.
    pub async fn default_organization(&self) -> Result<Option<String>, Failure> {
        if let Some(known) = self.known.get() {
            return Ok(Some(known.clone()));
        }
        self.organization.get_or_init(|| self.ask_organization()).await.clone()
    }

    async fn ask_organization(&self) -> Result<Option<String>, Failure> {
        let operation = Operation::DefaultOrganization;
        let response =
            self.ask(Request::get(self.url(["api", "user", "organizations", "default"])), &operation).await?;
        if response.status != 404 {
            let answer = self.json(&response, &operation).await?;
            let name = ["gitHubLogin", "githubLogin"].iter().find_map(|key| answer.get(key)?.as_str());
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                return Ok(Some(name.to_owned()));
            }
        }
        Ok(self.account.username.clone())
    }

    /// Returns the address of a resource.
    pub fn url<'s>(&self, segments: impl IntoIterator<Item = &'s str>) -> Url {
        self.account.url.join(segments)
    }

    /// Sends a request with the token and returns the answer, whatever its status.
    ///
    /// # Errors
    /// When there is no token, or no answer.
    pub async fn ask(&self, request: Request, operation: &Operation) -> Result<Response, Failure> {
        let (token, _) = self.token().await?;
        let request = request
            .or_header("content-type", JSON)
            .header("authorization", format!("token {}", token.reveal()))
            .header("accept", ACCEPT)
            .at_most(MAX_BYTES)
            .within(self.left())
            .again_when_refused();
        self.http.send(request).await.map_err(|error| {
            let failure = Failure::from(error);
            Failure { message: format!("{operation}: {}", failure.message), ..failure }
        })
    }

    /// Sends a request and returns the answer when it is a success.
    ///
    /// # Errors
    /// As for [`Client::ask`], and when the request is refused.
    pub async fn get(&self, request: Request, operation: &Operation) -> Result<Response, Failure> {
        let response = self.ask(request, operation).await?;
        if response.is_success() { Ok(response) } else { Err(self.refused(&response, operation).await) }
    }

    /// Returns why a request is refused.
    pub async fn refused(&self, response: &Response, operation: &Operation) -> Failure {
        match self.token().await {
            Ok((token, origin)) => refused(response, operation, &token, &origin),
            Err(failure) => failure,
        }
    }

    /// Reads the JSON of an answer.
    ///
    /// # Errors
    /// When the request was refused, or the answer is no JSON.
    pub async fn json(&self, response: &Response, operation: &Operation) -> Result<serde_json::Value, Failure> {
        if !response.is_success() {
            return Err(self.refused(response, operation).await);
        }
        // The parser's own words may hold a part of the text.
        serde_json::from_slice(&response.body).map_err(|_| malformed(response, operation))
    }

    /// Returns the token; one that is to be had in exchange is asked for once.
    async fn token(&self) -> Result<(Token, TokenOrigin), Failure> {
        let token = self.token.get_or_init(|| async {
            match &self.account.grant {
                Grant::Token(token, origin) => Ok((token.clone(), origin.clone())),
                Grant::Exchange(wanted) => {
                    let url = self.url(["api", "oauth", "token"]);
                    let token = exchange::exchange(&self.http, &self.tokens, url, wanted, self.left()).await?;
                    Ok((token, TokenOrigin::Exchange))
                }
            }
        });
        token.await.clone()
    }

    /// Returns the time that is left.
    fn left(&self) -> std::time::Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}
