//! Every provider by name.
/// All providers.
pub struct Registry;
/// A name that is no provider.
pub struct UnknownProvider;
