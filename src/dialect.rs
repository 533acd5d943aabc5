//! The two ways to read a definition.

/// Whose rules count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// This program's: the reference's language with the local extensions, and with the defects fixed that could leak a secret.
    #[default]
    Local,
    /// The reference's, quirks included but for those that crash it or can't be written out.
    Hosted,
}
