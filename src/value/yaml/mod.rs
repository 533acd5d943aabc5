//! YAML text of a value: block style, keys in natural order, numbers as numbers.
//!
//! Every reader of YAML 1.1 or 1.2 gets the same value back: a string that any of them could take for something else is quoted.

mod order;
mod scalar;

use super::{
    Key, Secrets, TooLarge, View,
    limit::{MAX_BYTES, check_weight},
    projection::{Part, Projection, parts},
};

/// A key that is longer is written as `? key`: readers look only so far for the colon (1024 characters).
const MAX_KEY: usize = 128;

/// Writes a value as `fn::toYAML` does: four spaces a level, secrets in clear, a line feed at the end.
///
/// A string that is no UTF-8 is written as `!!binary`.
///
/// # Errors
/// When there are too many values, or too much text.
pub fn text(view: View<'_>) -> Result<String, TooLarge> {
    Writer { out: String::new(), indent: 4, secrets: Secrets::Shown, binary: true, limit: MAX_BYTES }.write(view)
}

/// Writes a value for people: two spaces a level, unknowns and masked secrets as fixed texts, a line feed at the end.
///
/// Bytes that are no UTF-8 become U+FFFD, as in JSON.
///
/// # Errors
/// When there are too many values, or too much text.
pub fn shown(view: View<'_>, secrets: Secrets) -> Result<String, TooLarge> {
    Writer { out: String::new(), indent: 2, secrets, binary: false, limit: MAX_BYTES }.write(view)
}

/// Writes a string as it can stand behind a key, in one line.
#[must_use]
pub fn scalar(text: &str) -> String {
    let mut out = String::new();
    scalar::push_key(&mut out, text);
    out
}

/// What stands before a value.
#[derive(Clone, Copy)]
enum Lead<'g> {
    /// Nothing: the whole document.
    Root,
    /// `-`.
    Item,
    /// A key and its colon.
    Key(&'g Key),
}

/// A value that is left to write.
struct Step<'g> {
    lead: Lead<'g>,
    view: View<'g>,
    /// Where the lead stands.
    column: usize,
    /// The line is already written up to the column.
    inline: bool,
}

/// Where the parts of a list or object stand.
struct Place {
    column: usize,
    /// The first one goes on behind the lead, on its line.
    inline: bool,
}

struct Writer {
    out: String,
    indent: usize,
    secrets: Secrets,
    binary: bool,
    limit: usize,
}

impl Writer {
    fn write(mut self, view: View<'_>) -> Result<String, TooLarge> {
        check_weight(view.node().weight)?;
        let mut steps = vec![Step { lead: Lead::Root, view, column: 0, inline: true }];
        while let Some(step) = steps.pop() {
            if !step.inline {
                self.blanks(step.column);
            }
            let place = self.lead(step.lead, step.column);
            let parts = self.parts(step.view);
            if parts.is_empty() {
                self.scalar(&step, place.column);
                self.out.push('\n');
            } else {
                match step.lead {
                    Lead::Root => {}
                    _ if place.inline => self.out.push(' '),
                    _ => self.out.push('\n'),
                }
                let first = steps.len() + parts.len() - 1;
                steps.extend(parts.into_iter().rev().map(|(key, view)| {
                    let lead = key.map_or(Lead::Item, Lead::Key);
                    Step { lead, view, column: place.column, inline: false }
                }));
                steps[first].inline = place.inline;
            }
            if self.out.len() > self.limit {
                return Err(TooLarge::Bytes);
            }
        }
        Ok(self.out)
    }

    /// Returns the parts of a list or object that is shown as such.
    fn parts<'g>(&self, view: View<'g>) -> Vec<Part<'g>> {
        match Projection::of(view, self.secrets) {
            Projection::List => parts(view),
            Projection::Object => {
                let mut entries = parts(view);
                entries.sort_by_cached_key(|(key, _)| key.map(|key| order::tokens(key)));
                entries
            }
            _ => Vec::new(),
        }
    }

    /// Writes a lead; tells where the parts behind it stand.
    fn lead(&mut self, lead: Lead<'_>, column: usize) -> Place {
        match lead {
            Lead::Root => Place { column: 0, inline: true },
            Lead::Item => {
                self.out.push('-');
                Place { column: column + 2, inline: true }
            }
            Lead::Key(key) => {
                let start = self.out.len();
                scalar::push_key(&mut self.out, key);
                let long = self.out.len() - start > MAX_KEY;
                if long {
                    self.out.insert_str(start, "? ");
                    self.out.push('\n');
                    self.blanks(column);
                }
                self.out.push(':');
                let below = (column / self.indent + 1) * self.indent;
                Place { column: if long { column + 2 } else { below }, inline: long }
            }
        }
    }

    /// Writes what has no parts; the lines of a text stand at the column.
    fn scalar(&mut self, step: &Step<'_>, column: usize) {
        // The lines of a text that is the whole document need some indentation too.
        let column = match step.lead {
            Lead::Root => self.indent,
            Lead::Item | Lead::Key(_) => {
                self.out.push(' ');
                column
            }
        };
        match Projection::of(step.view, self.secrets) {
            Projection::Null => self.out.push_str("null"),
            Projection::Bool(true) => self.out.push_str("true"),
            Projection::Bool(false) => self.out.push_str("false"),
            Projection::Number(text) => scalar::push_number(&mut self.out, text),
            Projection::String(text) => match text.as_str() {
                None if self.binary => scalar::push_binary(&mut self.out, text.as_bytes()),
                _ => scalar::push_string(&mut self.out, &text.to_str_lossy(), column),
            },
            Projection::Mark(text) => scalar::push_string(&mut self.out, text, column),
            Projection::List => self.out.push_str("[]"),
            Projection::Object => self.out.push_str("{}"),
        }
    }

    fn blanks(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }
}

#[cfg(test)]
mod tests;
