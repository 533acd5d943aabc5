//! The text of limits.

use super::{LimitKind, Wording};

pub(super) fn wording(limit: LimitKind) -> Wording {
    match limit {
        LimitKind::Bytes(most) => Wording::new(format!("the definitions are larger than {}", size(most)))
            .help("import fewer environments, or put large texts into files"),
        LimitKind::Nesting(most) => {
            Wording::new(format!("nested more than {most} levels deep")).help("nest less deeply")
        }
        LimitKind::JsonNesting(most) => {
            Wording::new(format!("JSON is nested more than {most} levels deep")).help("nest the JSON text less deeply")
        }
        LimitKind::Imports(most) => Wording::new(format!("imports are nested more than {most} levels deep"))
            .help("import what is needed directly, without the environments in between"),
        LimitKind::References(most) => Wording::new(format!("more than {most} values need one another in a row"))
            .help("refer to the first value directly, without those in between"),
        LimitKind::Values(most) => Wording::new(format!("more than {most} values would be written"))
            .help("ask for a part of it, or refer to large values less often"),
    }
}

/// Tells a number of bytes in the largest unit that divides it.
fn size(bytes: u64) -> String {
    match bytes {
        _ if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        _ if bytes.is_multiple_of(1_000_000) => format!("{} MB", bytes / 1_000_000),
        _ => format!("{bytes} bytes"),
    }
}
