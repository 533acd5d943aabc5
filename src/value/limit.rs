//! How much text a value may become: shared structure can stand for more than a machine holds, so every writer stops in time.

/// The most values that one text may show.
pub const MAX_VALUES: u32 = 1_000_000;

/// The most bytes that one text may have.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A value that is too large to be written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// More than [`MAX_VALUES`].
    #[error("more than {MAX_VALUES} values")]
    Values,
    /// More than [`MAX_BYTES`]: long strings that are shared, or quotes within quotes.
    #[error("more than {} MiB of text", MAX_BYTES / (1024 * 1024))]
    Bytes,
}

/// Fails when a value has more parts than one text may show.
pub(crate) fn check_weight(weight: u32) -> Result<(), TooLarge> {
    if weight > MAX_VALUES { Err(TooLarge::Values) } else { Ok(()) }
}
