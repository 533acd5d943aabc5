//! Exit codes, the same for every command.

/// It worked.
pub const OK: u8 = 0;
/// A definition: diagnostics with errors.
pub const DEFINITION: u8 = 1;
/// The command line, or `esc-shell.yaml`.
pub const USAGE: u8 = 2;
/// Identity: no credentials, expired, denied.
pub const IDENTITY: u8 = 3;
/// A provider: missing secret or environment, unreachable, deadline, not in this build.
pub const PROVIDER: u8 = 4;
/// A local file: unreadable, too large.
pub const FILE: u8 = 5;
/// A contract is violated, or a path is not there.
pub const CONTRACT: u8 = 6;
/// A bug of this program.
pub const BUG: u8 = 70;
/// `run`: the command is there and can't be started.
pub const NOT_STARTED: u8 = 126;
/// `run`: there is no such command.
pub const NOT_FOUND: u8 = 127;
/// Stopped by a signal: 128 and its number; this is SIGINT.
pub const INTERRUPTED: u8 = 130;
