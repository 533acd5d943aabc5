//! AWS: `aws-login`, `aws-secrets`, `aws-parameter-store`, and what other providers need of AWS.
//!
//! ```text
//! aws-login ----> Credentials (in the value) --+
//! login left out, S3 state, KMS ---> ambient --+--> Aws: clients by identity and region --> SDK --> http
//! ```
//!
//! * Who is asked for what is decided here, how a request is made by the SDK, over the connector that everything shares.
//! * Of an error of the SDK only code, message and request id are looked at: its `Debug` and `Display` may hold a body.
//! * Endpoints come from AWS's own settings of the caller, never from a definition.

mod ambient;
mod batch;
mod error;
mod identity;
mod login;
mod missing;
mod parameters;
mod s3;
mod secrets;
mod service;
mod signed;
mod web_identity;

pub(in crate::provider) use ambient::Ambient;
pub(in crate::provider) use login::Login;
pub(in crate::provider) use parameters::ParameterStore;
pub(in crate::provider) use s3::{Listing, S3};
pub(in crate::provider) use secrets::Secrets;
pub(in crate::provider) use service::Aws;
pub(in crate::provider) use signed::{Signed, domain, region_of_arn};
