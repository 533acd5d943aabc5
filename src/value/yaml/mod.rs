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
            let compact = self.lead(step.lead, step.column);
            // Parts of a list or object after `-` start on its line; those after `key:` on the next one.
            let column = match step.lead {
                Lead::Root => 0,
                _ if compact => step.column + 2,
                _ => (step.column / self.indent + 1) * self.indent,
            };
            let parts = self.parts(step.view);
            if parts.is_empty() {
                self.scalar(&step, if column == 0 { self.indent } else { column });
                self.out.push('\n');
            } else {
                if compact {
                    self.out.push(' ');
                } else if !matches!(step.lead, Lead::Root) {
                    self.out.push('\n');
                }
                let first = steps.len() + parts.len() - 1;
                steps.extend(parts.into_iter().rev().map(|(key, view)| {
                    let lead = key.map_or(Lead::Item, Lead::Key);
                    Step { lead, view, column, inline: false }
                }));
                steps[first].inline = compact || matches!(step.lead, Lead::Root);
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

    /// Writes a lead; tells whether a list or object goes on behind it on the same line.
    fn lead(&mut self, lead: Lead<'_>, column: usize) -> bool {
        match lead {
            Lead::Root => false,
            Lead::Item => {
                self.out.push('-');
                true
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
                long
            }
        }
    }

    /// Writes what has no parts; the lines of a text stand at the column.
    fn scalar(&mut self, step: &Step<'_>, column: usize) {
        if !matches!(step.lead, Lead::Root) {
            self.out.push(' ');
        }
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
