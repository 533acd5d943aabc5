//! Providers: what `fn::open` and `fn::rotate` call.
//!
//! A [`Provider`] knows its schemas and opens inputs; the [`Registry`] knows every provider by name, builds its schemas when
//! they are asked for, and says which ones this build can open.

mod aws;
mod extensions;
mod external;
mod failures;
mod host;
mod input;
mod local;
mod notes;
mod oidc;
pub mod pulumi;
mod read;
mod registry;
mod schemas;
mod settings;
mod terraform;
#[cfg(test)]
mod testing;
mod together;
mod vault;

use std::{future::Future, pin::Pin, sync::Arc};

use crate::{
    diagnostic::Failure,
    value::{Seal, Value, schema::SchemaRef},
};

pub use extensions::extensions;
pub use host::{Host, ReadRevision};
pub use notes::{Note, Notes, Weight};
pub use registry::Registry;
pub use settings::{AwsSettings, PulumiSettings, Settings, StackSettings, VaultSettings};

/// A provider call under way.
pub type Opening<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + 'a>>;

/// What a provider may know of the run beside its inputs.
#[derive(Clone, Debug)]
pub struct CallContext {
    /// Name of the environment that was opened, `project/env`.
    pub root_environment: Arc<str>,
    /// Name of the environment that holds the call.
    pub current_environment: Arc<str>,
    /// Folder of the definition that holds the call, where it is a local file.
    pub folder: Option<Arc<std::path::Path>>,
    /// The git revision that the definition was read from, where it was one.
    pub revision: Option<Arc<str>>,
}

/// The schemas of a provider.
#[derive(Clone, Debug)]
pub struct Signature {
    /// What it takes.
    pub inputs: SchemaRef,
    /// What it returns.
    pub outputs: SchemaRef,
}

/// Opens inputs; called only when they are known, valid and asked for.
pub trait Provider {
    /// Opens the inputs (an object). Secret leaves of the result are flagged, or [`Seal`]ed.
    fn open(&self, inputs: Value, context: CallContext) -> Opening<'_, Value>;

    /// Tells whether the provider bounds its calls itself, by what its inputs say; all others get the caller's deadline.
    fn keeps_time(&self) -> bool {
        false
    }

    /// Opens sealed leaves of one group that an earlier result held; the answers come in the order of the seals.
    fn unseal(&self, seals: Vec<Arc<Seal>>) -> Opening<'_, Vec<Result<Value, Failure>>> {
        let _ = seals;
        Box::pin(async { unreachable!("only a provider that seals leaves is asked to open them") })
    }
}

/// The schemas of a rotator.
#[derive(Clone, Debug)]
pub struct RotatorSignature {
    /// What it takes.
    pub inputs: SchemaRef,
    /// What it keeps between rotations.
    pub state: SchemaRef,
    /// What it returns.
    pub outputs: SchemaRef,
}

/// Opens stored state, and makes new state when a rotation is asked for.
pub trait Rotator {
    /// Returns what the state gives.
    fn open(&self, inputs: Value, state: Option<Value>, context: CallContext) -> Opening<'_, Value>;

    /// Makes new state.
    fn rotate(&self, inputs: Value, state: Option<Value>, context: CallContext) -> Opening<'_, Value>;
}
