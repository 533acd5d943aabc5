//! Vault and `OpenBao`: `vault-login` has a token made for this run, `vault-secrets` reads with it.

mod client;
mod login;
mod secrets;

pub(super) use login::Login;
pub(super) use secrets::Secrets;
