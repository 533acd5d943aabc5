//! The text of every problem.
use std::fmt;
/// A count with its noun.
pub struct Count(pub usize, pub &'static str);
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}
/// Lists names.
pub fn list(names: &[&str]) -> String {
    names.join(", ")
}
