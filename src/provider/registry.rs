//! Every provider by name: its schemas, whether this build can open it, and what is told when it can't.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc};

use super::{
    Host, Provider, RotatorSignature, Signature,
    aws::{self, Aws},
    external, local, oidc, pulumi,
    schemas::{Known, KnownRotator, PROVIDERS, ROTATORS, Scope},
    terraform, vault,
};
use crate::{
    diagnostic::{Failure, FailureKind, list, suggest},
    dialect::Dialect,
    identity::Tokens,
};

/// Makes a provider of what all of them share.
type Make = fn(&Shared) -> Rc<dyn Provider>;

/// The providers that this build can open: a name, and how it is made when it is first asked for.
const OPENABLE: [(&str, Make); 12] = [
    ("aws-login", |shared| Rc::new(aws::Login::new(Rc::clone(&shared.aws)))),
    ("aws-parameter-store", |shared| Rc::new(aws::ParameterStore::new(Rc::clone(&shared.aws)))),
    ("aws-secrets", |shared| Rc::new(aws::Secrets::new(Rc::clone(&shared.aws)))),
    ("external", |shared| Rc::new(external::External::new(Rc::clone(&shared.host), Rc::clone(&shared.tokens)))),
    ("local-command", |shared| Rc::new(local::Command::new(Rc::clone(&shared.host)))),
    ("local-env", |shared| Rc::new(local::Env::new(Rc::clone(&shared.host)))),
    ("local-file", |shared| Rc::new(local::File::new(Rc::clone(&shared.host)))),
    ("oidc", |shared| Rc::new(oidc::Oidc::new(Rc::clone(&shared.host), Rc::clone(&shared.tokens)))),
    ("pulumi-stacks", |shared| {
        Rc::new(pulumi::Stacks::new(Rc::clone(&shared.host), Rc::clone(&shared.aws), Rc::clone(&shared.tokens)))
    }),
    ("terraform-state", |shared| Rc::new(terraform::State::new(Rc::clone(&shared.host), Rc::clone(&shared.aws)))),
    ("vault-login", |shared| Rc::new(vault::Login::new(Rc::clone(&shared.host), Rc::clone(&shared.tokens)))),
    ("vault-secrets", |shared| Rc::new(vault::Secrets::new(Rc::clone(&shared.host)))),
];

/// What providers share; making it costs nothing.
struct Shared {
    host: Rc<Host>,
    tokens: Rc<Tokens>,
    aws: Rc<Aws>,
}

/// Knows all providers and rotators, and makes those that this build can open.
pub struct Registry {
    shared: Shared,
    made: RefCell<HashMap<&'static str, Rc<dyn Provider>>>,
}

impl Registry {
    /// Makes a registry whose providers see the given host.
    #[must_use]
    pub fn new(host: Host) -> Self {
        let tokens = Rc::new(Tokens::new(Arc::clone(&host.variables), host.http.clone()));
        let host = Rc::new(host);
        let aws = Rc::new(Aws::new(Rc::clone(&host), Rc::clone(&tokens)));
        Self { shared: Shared { host, tokens, aws }, made: RefCell::default() }
    }

    /// Returns the names of all providers of a dialect, sorted.
    pub fn names(&self, dialect: Dialect) -> impl Iterator<Item = &'static str> {
        PROVIDERS.iter().filter(move |known| exists(known, dialect)).map(|known| known.name)
    }

    /// Returns the names of all rotators, sorted.
    pub fn rotator_names(&self) -> impl Iterator<Item = &'static str> {
        ROTATORS.iter().map(|known| known.name)
    }

    /// Builds the schemas of a provider; nothing when the dialect has no such provider.
    #[must_use]
    pub fn signature(&self, name: &str, dialect: Dialect) -> Option<Signature> {
        known(name).filter(|known| exists(known, dialect)).map(|known| (known.signature)(dialect))
    }

    /// Builds the schemas of a rotator; nothing when there is no such rotator.
    #[must_use]
    pub fn rotator_signature(&self, name: &str) -> Option<RotatorSignature> {
        rotator(name).map(|known| (known.signature)())
    }

    /// Returns a provider, when this build can open it.
    #[must_use]
    pub fn openable(&self, name: &str) -> Option<Rc<dyn Provider>> {
        let (name, make) = OPENABLE.iter().find(|(known, _)| *known == name)?;
        let mut made = self.made.borrow_mut();
        Some(Rc::clone(made.entry(name).or_insert_with(|| make(&self.shared))))
    }

    /// Tells that there is no such provider, and which there are.
    #[must_use]
    pub fn unknown(&self, name: &str, dialect: Dialect) -> Failure {
        let names: Vec<&str> = self.names(dialect).collect();
        let mut failure = unknown("provider", name, &names);
        if known(name).is_some() {
            failure = failure.hint(format!("`{name}` exists only in esc-shell: hosted ESC can't open it"));
        }
        if rotator(name).is_some() {
            failure = failure.hint(format!("`{name}` is a rotator: use `fn::rotate::{name}`"));
        }
        failure.hint(format!("the providers are {}", list(&names)))
    }

    /// Tells that there is no such rotator, and which there are.
    #[must_use]
    pub fn unknown_rotator(&self, name: &str) -> Failure {
        let names: Vec<&str> = self.rotator_names().collect();
        let mut failure = unknown("rotator", name, &names);
        if known(name).is_some() {
            failure = failure.hint(format!("`{name}` is a provider: use `fn::open::{name}`"));
        }
        failure.hint(format!("the rotators are {}", list(&names)))
    }

    /// Tells that a provider or rotator is known, but not opened by this build.
    #[must_use]
    pub fn not_openable(&self) -> Failure {
        Failure::new(FailureKind::Provider, "it is not in this build yet")
            .hint("`esc-shell check` checks its inputs all the same")
            .hint("let the service's own program give the value: `fn::open::local-command`")
            .hint("or ask for values that do not need it: `esc-shell get ENV NAME`, `esc-shell open ENV PATH`")
    }
}

fn known(name: &str) -> Option<&'static Known> {
    PROVIDERS.iter().find(|known| known.name == name)
}

fn rotator(name: &str) -> Option<&'static KnownRotator> {
    ROTATORS.iter().find(|known| known.name == name)
}

fn exists(known: &Known, dialect: Dialect) -> bool {
    known.scope == Scope::Everywhere || dialect == Dialect::Local
}

fn unknown(what: &str, name: &str, names: &[&str]) -> Failure {
    let failure = Failure::new(FailureKind::Definition, format!("unknown {what} `{name}`"));
    match suggest::property(name, names.iter().copied()) {
        Some(similar) => failure.hint(format!("did you mean `{similar}`?")),
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::host, *};

    fn registry() -> Registry {
        Registry::new(host(&[]))
    }

    #[test]
    fn all_names_have_schemas_in_their_dialect() {
        let registry = registry();
        let local: Vec<&str> = registry.names(Dialect::Local).collect();
        let hosted: Vec<&str> = registry.names(Dialect::Hosted).collect();
        assert_eq!((local.len(), hosted.len(), registry.rotator_names().count()), (24, 21, 8));
        for name in local {
            assert!(registry.signature(name, Dialect::Local).is_some(), "{name}");
            assert_eq!(registry.signature(name, Dialect::Hosted).is_some(), hosted.contains(&name), "{name}");
        }
        for name in registry.rotator_names() {
            assert!(registry.rotator_signature(name).is_some(), "{name}");
        }
        for name in ["", "aws", "AWS-LOGIN", "github-login", "test"] {
            assert!(registry.signature(name, Dialect::Local).is_none(), "{name}");
            assert!(registry.rotator_signature(name).is_none(), "{name}");
        }
    }

    #[test]
    fn some_providers_are_openable() {
        let registry = registry();
        let openable: Vec<&str> =
            registry.names(Dialect::Local).filter(|name| registry.openable(name).is_some()).collect();
        assert_eq!(openable, OPENABLE.map(|(name, _)| name));
        assert!(registry.openable("gcp-login").is_none());
    }

    #[test]
    fn an_unknown_name_is_told_with_the_known_ones() {
        let registry = registry();
        let providers = |dialect| format!("the providers are {}", list(&registry.names(dialect).collect::<Vec<_>>()));
        let rotators = format!("the rotators are {}", list(&registry.rotator_names().collect::<Vec<_>>()));
        let cases = [
            (
                registry.unknown("aws-secret", Dialect::Local),
                "unknown provider `aws-secret`",
                vec!["did you mean `aws-secrets`?".to_owned(), providers(Dialect::Local)],
            ),
            (
                registry.unknown("kubernetes-of-mine", Dialect::Hosted),
                "unknown provider `kubernetes-of-mine`",
                vec![providers(Dialect::Hosted)],
            ),
            (
                registry.unknown("local-command", Dialect::Hosted),
                "unknown provider `local-command`",
                vec![
                    "`local-command` exists only in esc-shell: hosted ESC can't open it".to_owned(),
                    providers(Dialect::Hosted),
                ],
            ),
            (
                registry.unknown("postgres", Dialect::Local),
                "unknown provider `postgres`",
                vec!["`postgres` is a rotator: use `fn::rotate::postgres`".to_owned(), providers(Dialect::Local)],
            ),
            (
                registry.unknown_rotator("pasword"),
                "unknown rotator `pasword`",
                vec!["did you mean `password`?".to_owned(), rotators.clone()],
            ),
            (
                registry.unknown_rotator("terraform-state"),
                "unknown rotator `terraform-state`",
                vec!["`terraform-state` is a provider: use `fn::open::terraform-state`".to_owned(), rotators],
            ),
        ];
        for (failure, message, hints) in cases {
            assert_eq!(failure, Failure { kind: FailureKind::Definition, message: message.into(), hints });
        }
    }

    #[test]
    fn what_this_build_cannot_open_is_the_providers_fault() {
        let failure = registry().not_openable();
        assert_eq!(failure.kind, FailureKind::Provider);
        assert_eq!(failure.message, "it is not in this build yet");
        assert_eq!(failure.hints.len(), 3);
    }
}
