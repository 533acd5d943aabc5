//! Templates: every printed string is quoted for what the template is, unless it is marked safe, and nothing but strings prints.

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, syntax::SyntaxConfig,
};

use super::{RenderError, TemplatePlace, dotenv};
use crate::{shell::quote, value::yaml};

/// Quotes a text, if the language can hold it.
type Quote = fn(&str) -> Option<String>;

/// How strings are quoted, by the extension of the template.
const QUOTINGS: &[(&[&str], Quote)] = &[
    (&["sh", "bash", "zsh", "ksh"], |text| Some(quote::posix(text))),
    (&["fish"], |text| Some(quote::fish(text))),
    (&["ps1"], |text| Some(quote::pwsh(text))),
    (&["elv"], |text| Some(quote::elvish(text))),
    (&["xsh", "py"], |text| Some(quote::python(text))),
    (&["csh", "tcsh"], |text| Some(quote::tcsh(text))),
    (&["mx"], |text| Some(quote::murex(text))),
    (&["json", "yaml", "yml", "toml"], |text| Some(quote::json(text))),
    (&["env"], dotenv::quote),
    (&[BLOCK_YAML], |text| Some(yaml::scalar(text))),
];

/// Stands for the extension of our own YAML templates, where every value stands in block style: a bare word reads better.
const BLOCK_YAML: &str = "yaml in block style";

/// Extensions that say that a file is a template, and nothing about what it is one of.
const TEMPLATES: &[&str] = &["j2", "jinja", "jinja2", "tmpl", "tpl"];

/// How many steps a template of a user may take.
const FUEL: u64 = 10_000_000;

/// Who wrote a template.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    /// It belongs to the program.
    Us,
    /// It is a file of the user.
    User,
}

/// Renders a template of our own with the values that it needs; the extension of its name decides how strings are quoted.
///
/// # Errors
/// As of any template: it is a mistake of ours.
pub fn template(name: &str, source: &str, values: Value) -> Result<String, RenderError> {
    render(Author::Us, name, source, values)
}

/// Renders a template with the values it needs; the extension of its name decides how strings are quoted.
///
/// # Errors
/// [`RenderError::Template`] for a template that is no template, names something undefined, prints what is no string, or does not
/// end.
pub(super) fn render(author: Author, name: &str, source: &str, values: Value) -> Result<String, RenderError> {
    let mut environment = environment(author);
    if author == Author::User {
        environment.set_fuel(Some(FUEL));
    }
    environment.render_named_str(name, source, values).map_err(|error| {
        let range = error.range();
        let start = range.clone().map(|range| range.start).filter(|start| source.is_char_boundary(*start));
        let place = start.map(|byte| {
            let line_start = source[..byte].rfind('\n').map_or(0, |at| at + 1);
            let line = source[..byte].matches('\n').count() + 1;
            TemplatePlace { line, column: source[line_start..byte].chars().count() + 1, byte }
        });
        RenderError::Template { place, reason: reason(&error, range.and_then(|range| source.get(range))) }
    })
}

/// Says what is wrong. The details of most errors may hold a value, so only those that are about the template's text are told.
fn reason(error: &Error, text: Option<&str>) -> String {
    let kind = error.kind();
    match kind {
        ErrorKind::SyntaxError
        | ErrorKind::UnknownFilter
        | ErrorKind::UnknownFunction
        | ErrorKind::UnknownTest
        | ErrorKind::UnknownMethod
        | ErrorKind::BadEscape => error.detail().map_or_else(|| kind.to_string(), str::to_owned),
        ErrorKind::UndefinedError => text.map_or_else(|| kind.to_string(), |text| format!("`{text}` is not defined")),
        ErrorKind::OutOfFuel => "the template takes too many steps".to_owned(),
        kind => kind.to_string(),
    }
}

fn environment(author: Author) -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the delimiters are the standard ones"));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.set_auto_escape_callback(move |name| match extension(name) {
        Some("yaml") if author == Author::Us => AutoEscape::Custom(BLOCK_YAML.into()),
        Some(extension) => AutoEscape::Custom(extension.to_owned().into()),
        None => AutoEscape::None,
    });
    environment.set_formatter(format);
    environment
}

/// Returns the extension that says what a template is one of.
fn extension(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    if TEMPLATES.contains(&extension) { self::extension(stem) } else { Some(extension) }
}

/// Prints a value: quoted, or as it is when it is marked safe.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    let refuse = |reason: &'static str| Error::new(ErrorKind::BadEscape, reason);
    let text =
        value.as_str().ok_or_else(|| refuse("only a string can be printed: choose one, or use the filter `string`"))?;
    if value.is_safe() {
        return Ok(out.write_str(text)?);
    }
    let known = match state.auto_escape() {
        AutoEscape::Custom(extension) => QUOTINGS.iter().find(|(known, _)| known.contains(&extension.as_ref())),
        _ => None,
    };
    let (_, quote) = known.ok_or_else(|| refuse(NO_QUOTING))?;
    let quoted = quote(text).ok_or_else(|| refuse("direnv and node's dotenv have no common way to write a value"))?;
    Ok(out.write_str(&quoted)?)
}

const NO_QUOTING: &str = "no quoting is known for this extension: use `|safe`, or sh, bash, zsh, ksh, fish, ps1, elv, xsh, py, \
                          csh, tcsh, mx, json, yaml, yml, toml or env";

#[cfg(test)]
mod tests {
    use super::*;

    fn try_render(name: &str, source: &str) -> Result<String, (Option<(usize, usize)>, String)> {
        let values = Value::from_pairs([("s", Value::from("it's")), ("n", Value::from(1)), ("t", Value::from(true))]);
        render(Author::User, name, source, values).map_err(|error| match error {
            RenderError::Template { place, reason } => (place.map(|place| (place.line, place.column)), reason),
            other => panic!("{other}"),
        })
    }

    #[test]
    fn strings_are_quoted_for_what_the_template_is() {
        let table = [
            ("x.sh", r"'it'\''s'"),
            ("x.sh.j2", r"'it'\''s'"),
            ("x.fish", r"'it\'s'"),
            ("x.ps1", "'it''s'"),
            ("x.yaml", "\"it's\""),
            ("a.b/x.toml.tmpl", "\"it's\""),
            ("x.env", "'it's'"),
        ];
        for (name, expected) in table {
            assert_eq!(try_render(name, "{{ s }}").as_deref(), Ok(expected), "{name}");
        }
        assert_eq!(try_render("x.sh", "a={{ s|safe }}").as_deref(), Ok("a=it's"));
        assert_eq!(try_render("x.txt", "a={{ s|safe }}\n").as_deref(), Ok("a=it's\n"));
        assert_eq!(try_render("x.sh", "{% for c in [s] %}\n{{ c }}\n{% endfor %}").as_deref(), Ok("'it'\\''s'\n"));
    }

    #[test]
    fn our_own_yaml_has_bare_words() {
        let values = Value::from_pairs([("a", "it's"), ("b", "yes")]);
        assert_eq!(template("x.yaml", "a: {{ a }}, {{ b }}", values).as_deref(), Ok("a: it's, \"yes\""));
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        for source in ["\na{{ n }}", "\na{{ t }}", "\na{{ none }}", "\na{{ [s] }}"] {
            let (place, reason) = try_render("x.sh", source).unwrap_err();
            assert!(reason.starts_with("only a string can be printed"), "{source}: {reason}");
            assert_eq!(place.map(|(line, _)| line), Some(2), "{source}");
        }
        let undefined = |source: &str| try_render("x.sh", source).unwrap_err();
        assert_eq!(undefined("é {{ nope }}"), (Some((1, 6)), "`nope` is not defined".to_owned()));
        assert_eq!(undefined("{% if nope %}{% endif %}"), (Some((1, 7)), "`nope` is not defined".to_owned()));
        assert_eq!(try_render("x.txt", "{{ s }}").unwrap_err().1, NO_QUOTING);
        assert_eq!(try_render("x", "{{ s }}").unwrap_err().1, NO_QUOTING);
        assert_eq!(try_render("x.sh", "{{ s|frob }}").unwrap_err().1, "filter frob is unknown");
        assert_eq!(try_render("x.sh", "\n{% if %}").unwrap_err().0.map(|(line, _)| line), Some(2));
    }

    #[test]
    fn a_template_ends() {
        let source = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
        assert_eq!(try_render("x.sh", source).unwrap_err().1, "the template takes too many steps");
    }

    #[test]
    fn every_extension_is_named_where_one_is_not_known() {
        for extension in QUOTINGS.iter().flat_map(|(extensions, _)| *extensions).filter(|one| **one != BLOCK_YAML) {
            assert!(NO_QUOTING.split([' ', ',']).any(|word| word == *extension), "{extension}");
        }
    }
}
