//! Rewrites a regular expression from RE2 syntax to that of the `regex` crate.
//!
//! Every character is read as RE2 reads it and written so that the crate can't read it otherwise: classes of the crate
//! nest and subtract, its `\d` is Unicode, it knows no `\Q` and takes more escapes. Groups lose their names and captures.

use super::PatternError;

type Result<T> = std::result::Result<T, PatternError>;

/// The largest number in a repetition.
const MAX_REPEAT: u32 = 1000;

/// Returns the pattern in the crate's syntax.
///
/// # Errors
/// When RE2 would not take it; what both reject is left to the crate.
pub(super) fn translate(pattern: &str) -> Result<String> {
    let mut reader = Reader { rest: pattern, out: String::with_capacity(pattern.len()) };
    let mut repeated = false;
    while let Some(c) = reader.next() {
        let repeat = match c {
            '*' | '+' | '?' => Some(String::from(c)),
            '{' => reader.counts()?,
            _ => None,
        };
        if let Some(repeat) = repeat {
            if std::mem::replace(&mut repeated, true) {
                return error("a repetition of a repetition");
            }
            reader.out.push_str(&repeat);
            if reader.take("?") {
                reader.out.push('?');
            }
            continue;
        }
        repeated = false;
        match c {
            '\\' => reader.escape()?,
            '[' => reader.class()?,
            '(' => reader.group()?,
            ')' | '|' | '^' | '$' | '.' => reader.out.push(c),
            _ => reader.literal(c),
        }
    }
    Ok(reader.out)
}

struct Reader<'p> {
    rest: &'p str,
    out: String,
}

impl<'p> Reader<'p> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, prefix: &str) -> bool {
        self.rest.strip_prefix(prefix).map(|rest| self.rest = rest).is_some()
    }

    /// Takes the text before a delimiter, and the delimiter.
    fn take_until(&mut self, delimiter: &str) -> Option<&'p str> {
        let (before, rest) = self.rest.split_once(delimiter)?;
        self.rest = rest;
        Some(before)
    }

    fn literal(&mut self, c: char) {
        if r"\.+*?()|[]{}^$#&-~".contains(c) {
            self.out.push('\\');
        }
        self.out.push(c);
    }

    /// Reads what follows a `{`; `None` when it is no repetition but text.
    fn counts(&mut self) -> Result<Option<String>> {
        let Some((inner, rest)) = self.rest.split_once('}') else { return Ok(None) };
        let (low, high) = inner.split_once(',').unwrap_or((inner, inner));
        let is_count = |text: &str| {
            !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
        };
        if !is_count(low) || !(high.is_empty() || is_count(high)) {
            return Ok(None);
        }
        let count = |text: &str| text.parse::<u32>().ok().filter(|count| *count <= MAX_REPEAT);
        let (Some(least), Some(most)) = (count(low), count(if high.is_empty() { low } else { high })) else {
            return error("a repetition of more than 1000");
        };
        if most < least {
            return error("a repetition that ends before it begins");
        }
        self.rest = rest;
        Ok(Some(format!("{{{inner}}}")))
    }

    /// Reads what follows a `(`.
    fn group(&mut self) -> Result<()> {
        if !self.take("?") {
            self.out.push_str("(?:");
            return Ok(());
        }
        if self.take("P<") || self.take("<") {
            let name = self.take_until(">").unwrap_or_default();
            if name.is_empty() || !name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
                return error("an unknown group");
            }
            self.out.push_str("(?:");
            return Ok(());
        }
        let end = self.rest.find([':', ')']).unwrap_or(0);
        let flags = &self.rest[..end];
        let (on, off) = flags.split_once('-').unwrap_or((flags, "i"));
        let closed = self.rest.chars().nth(end);
        if off.is_empty() || closed.is_none_or(|c| c != ':' && c != ')') || !on.chars().chain(off.chars()).all(is_flag)
        {
            return error("an unknown group");
        }
        self.rest = &self.rest[end + 1..];
        self.out.push_str("(?");
        self.out.push_str(flags);
        // The crate has no name for no flags.
        self.out.push_str(if flags.is_empty() && closed == Some(')') { ":" } else { "" });
        self.out.extend(closed);
        Ok(())
    }

    /// Reads what follows a `\` outside of a class.
    fn escape(&mut self) -> Result<()> {
        if self.set_escape()? {
            return Ok(());
        }
        for (name, meaning) in [("A", r"\A"), ("z", r"\z"), ("b", r"(?-u:\b)"), ("B", r"(?-u:\B)")] {
            if self.take(name) {
                self.out.push_str(meaning);
                return Ok(());
            }
        }
        if self.take("Q") {
            let text = self.take_until(r"\E").unwrap_or_else(|| std::mem::take(&mut self.rest));
            text.chars().for_each(|c| self.literal(c));
            return Ok(());
        }
        let c = self.character_escape()?;
        self.literal(c);
        Ok(())
    }

    /// Reads what follows a `\` when it names a set of characters; returns whether it does.
    fn set_escape(&mut self) -> Result<bool> {
        for (name, meaning) in [
            ("d", "[0-9]"),
            ("D", "[^0-9]"),
            ("s", r"[\t\n\f\r ]"),
            ("S", r"[^\t\n\f\r ]"),
            ("w", "[0-9A-Za-z_]"),
            ("W", "[^0-9A-Za-z_]"),
        ] {
            if self.take(name) {
                self.out.push_str(meaning);
                return Ok(true);
            }
        }
        let negated = self.rest.starts_with('P');
        if !negated && !self.rest.starts_with('p') {
            return Ok(false);
        }
        self.next();
        let name = if self.take("{") {
            self.take_until("}")
        } else {
            let rest = self.rest;
            self.next().map(|c| &rest[..c.len_utf8()])
        };
        let Some(name) = name else { return error("an unknown escape") };
        let (negated, name) = name.strip_prefix('^').map_or((negated, name), |name| (!negated, name));
        if name.is_empty() || !name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
            return error("an unknown escape");
        }
        self.out.push_str(if negated { r"\P{" } else { r"\p{" });
        self.out.push_str(name);
        self.out.push('}');
        Ok(true)
    }

    /// Reads what follows a `\` when it stands for one character.
    fn character_escape(&mut self) -> Result<char> {
        let rest = self.rest;
        let code = match self.next() {
            Some('a') => Some(0x07),
            Some('f') => Some(0x0c),
            Some('n') => Some(0x0a),
            Some('r') => Some(0x0d),
            Some('t') => Some(0x09),
            Some('v') => Some(0x0b),
            Some('x') if self.take("{") => self.take_until("}").and_then(|digits| radix(digits, 16)),
            Some('x') => {
                let digits = self.rest.get(..2);
                self.rest = self.rest.get(2..).unwrap_or_default();
                digits.and_then(|digits| radix(digits, 16))
            }
            Some(c @ '0'..='7') => {
                let length = rest.bytes().take(3).take_while(|c| matches!(c, b'0'..=b'7')).count();
                self.rest = &rest[length..];
                // A single digit is a back reference, but for 0.
                if c != '0' && length == 1 { None } else { radix(&rest[..length], 8) }
            }
            Some(c) if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(u32::from(c)),
            _ => None,
        };
        code.and_then(char::from_u32).ok_or_else(|| PatternError("an unknown escape".to_owned()))
    }

    /// Reads what follows a `[`.
    fn class(&mut self) -> Result<()> {
        self.out.push('[');
        if self.take("^") {
            self.out.push('^');
        }
        let mut first = true;
        while first || !self.take("]") {
            first = false;
            if self.rest.starts_with("[:") && self.rest[2..].contains(":]") {
                self.take("[:");
                self.named_class()?;
            } else if self.rest.starts_with('\\') && self.class_set()? {
            } else {
                self.class_range()?;
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// Reads a set escape inside a class; returns whether there is one.
    fn class_set(&mut self) -> Result<bool> {
        let before = self.rest;
        self.take("\\");
        let found = self.set_escape()?;
        if !found {
            self.rest = before;
        }
        Ok(found)
    }

    fn named_class(&mut self) -> Result<()> {
        const NAMES: [&str; 14] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
            "word", "xdigit",
        ];
        let name = self.take_until(":]").unwrap_or_default();
        if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return error("an unknown class");
        }
        self.out.push_str("[:");
        self.out.push_str(name);
        self.out.push_str(":]");
        Ok(())
    }

    fn class_range(&mut self) -> Result<()> {
        let low = self.class_character()?;
        self.literal(low);
        if self.rest.len() >= 2 && self.rest.starts_with('-') && !self.rest.starts_with("-]") {
            self.take("-");
            let high = self.class_character()?;
            if high < low {
                return error("a range that ends before it begins");
            }
            self.out.push('-');
            self.literal(high);
        }
        Ok(())
    }

    fn class_character(&mut self) -> Result<char> {
        match self.next() {
            None => error("a class has no `]`"),
            Some('\\') => self.character_escape(),
            Some(c) => Ok(c),
        }
    }
}

fn is_flag(c: char) -> bool {
    matches!(c, 'i' | 'm' | 's' | 'U')
}

fn radix(digits: &str, radix: u32) -> Option<u32> {
    digits.chars().all(|c| c.is_digit(radix)).then(|| u32::from_str_radix(digits, radix).ok())?
}

fn error<T>(reason: &str) -> Result<T> {
    Err(PatternError(reason.to_owned()))
}
