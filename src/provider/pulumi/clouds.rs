//! The Pulumi Clouds of a run: one client for each address, and for whoever named it.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::{
    backend::{Choice, NamedBy},
    name::StackName,
    secrets::ServiceStack,
};
use crate::{
    diagnostic::{Failure, FailureKind},
    identity::Tokens,
    provider::Host,
    pulumi::{self, Client, CloudStack, account, account_at, stored_organization},
};

/// An address that a repository names, and what names it; nothing where the caller's own settings decide.
type Named = Option<(String, &'static str)>;

/// Finds and keeps clients.
pub(super) struct Clouds {
    host: Rc<Host>,
    tokens: Rc<Tokens>,
    clients: RefCell<BTreeMap<Named, Rc<Client>>>,
}

impl Clouds {
    /// Makes it for a host; nothing is asked for.
    pub(super) fn new(host: Rc<Host>, tokens: Rc<Tokens>) -> Self {
        Self { host, tokens, clients: RefCell::default() }
    }

    /// Returns the state of a stack.
    ///
    /// # Errors
    /// When there is no token, no organization, or no such stack.
    pub(super) async fn read(&self, url: &str, choice: &Choice, name: &StackName) -> Result<Vec<u8>, Failure> {
        let named = match choice.by {
            NamedBy::Stack => Some((url.to_owned(), "`pulumi.stacks` of esc-shell.yaml")),
            NamedBy::Configuration => Some((url.to_owned(), "`pulumi.backend` of esc-shell.yaml")),
            NamedBy::Project(_) => Some((url.to_owned(), "the project file of Pulumi")),
            NamedBy::Variable | NamedBy::Login | NamedBy::Nobody => None,
        };
        let client = self.client(named).map_err(|failure| failure.hint(choice.by.told()))?;
        let organization = match &name.organization {
            Some(organization) => organization.clone(),
            None => client.default_organization().await?.ok_or_else(|| {
                let message = format!("the organization of stack `{name}` is not known");
                Failure::new(FailureKind::Provider, message)
                    .hint("name it: `organization/project/stack`, `organization` in esc-shell.yaml, or PULUMI_DEFAULT_ORGANIZATION")
            })?,
        };
        let (project, stack) = (name.project.clone(), name.stack.clone());
        client.stack(&CloudStack { organization, project, stack }).await
    }

    /// Decrypts secrets with the key of a stack.
    ///
    /// # Errors
    /// When there is no token, or they may not be decrypted.
    pub(super) async fn decrypt(
        &self,
        stack: &ServiceStack,
        ciphertexts: &[String],
    ) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
        let own = self.client(None).ok().filter(|own| {
            stack.url.as_deref().is_none_or(|url| own.account().url.to_string() == url.trim_end_matches('/'))
        });
        let client = match (own, &stack.url) {
            (Some(own), _) => own,
            (None, Some(url)) => self.client(Some((url.clone(), "the state of the stack")))?,
            (None, None) => self.client(None)?,
        };
        let ServiceStack { owner: organization, project, stack, .. } = stack.clone();
        client.decrypt(&CloudStack { organization, project, stack }, ciphertexts).await
    }

    fn client(&self, named: Named) -> Result<Rc<Client>, Failure> {
        if let Some(client) = self.clients.borrow().get(&named) {
            return Ok(Rc::clone(client));
        }
        let settings = &self.host.pulumi;
        let account = match &named {
            Some((url, by)) => account_at(settings, url, pulumi::NamedBy::Repository(by))?,
            None => account(settings)?,
        };
        let organization = stored_organization(settings, &account.url);
        let client = Client::new(self.host.http.clone(), account, Rc::clone(&self.tokens), self.host.end);
        let client = Rc::new(client.with_organization(organization));
        self.clients.borrow_mut().insert(named, Rc::clone(&client));
        Ok(client)
    }
}
