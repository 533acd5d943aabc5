//! Templates: every printed string is quoted for the template's shell unless it is marked safe, and nothing but strings prints.

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, syntax::SyntaxConfig,
};

use super::RenderError;
use crate::{shell::quote::posix, value::yaml};

/// Renders a template with the values it needs; the extension of its name decides how strings are quoted: `sh` or `yaml`.
///
/// # Errors
/// [`RenderError::Template`] for a template that is no template, names something undefined, or prints what is no string.
pub fn render(name: &str, source: &str, values: Value) -> Result<String, RenderError> {
    environment().render_named_str(name, source, values).map_err(|error| RenderError::Template {
        template: name.to_owned(),
        line: error.line().unwrap_or_default(),
        // The detail of an error may hold a value; its kind does not.
        reason: error.kind().to_string(),
    })
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the delimiters are the standard ones"));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(false);
    environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
        Some((_, "sh")) => AutoEscape::Custom("posix".into()),
        Some((_, "yaml")) => AutoEscape::Custom("yaml".into()),
        _ => AutoEscape::None,
    });
    environment.set_formatter(format);
    environment
}

/// Prints a value: quoted, or as it is when it is marked safe.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = value.as_str().ok_or_else(|| Error::new(ErrorKind::BadEscape, "only strings can be printed"))?;
    if value.is_safe() {
        return Ok(out.write_str(text)?);
    }
    match state.auto_escape() {
        AutoEscape::Custom(quoting) if quoting == "posix" => Ok(out.write_str(&posix::quote(text))?),
        AutoEscape::Custom(quoting) if quoting == "yaml" => Ok(out.write_str(&yaml::scalar(text))?),
        _ => Err(Error::new(ErrorKind::BadEscape, "no quoting is known for this kind of template")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn try_render(name: &str, source: &str) -> Result<String, (usize, String)> {
        let values = Value::from_pairs([("s", Value::from("it's")), ("n", Value::from(1)), ("t", Value::from(true))]);
        render(name, source, values).map_err(|error| match error {
            RenderError::Template { line, reason, .. } => (line, reason),
            other => panic!("{other}"),
        })
    }

    #[test]
    fn strings_are_quoted_unless_marked_safe() {
        assert_eq!(try_render("x.sh", "a={{ s }}\n").as_deref(), Ok("a='it'\\''s'\n"));
        assert_eq!(try_render("x.sh", "a={{ s|safe }}").as_deref(), Ok("a=it's"));
        assert_eq!(try_render("x.yaml", "a: {{ s }}, {{ 'yes' }}").as_deref(), Ok("a: it's, \"yes\""));
        assert_eq!(try_render("x.sh", "{% for c in [s] %}\n{{ c }}\n{% endfor %}").as_deref(), Ok("'it'\\''s'\n"));
    }

    #[test]
    fn what_is_no_string_is_refused() {
        for source in ["\n{{ n }}", "\n{{ t }}", "\n{{ none }}", "\n{{ [s] }}"] {
            assert_eq!(try_render("x.sh", source), Err((2, ErrorKind::BadEscape.to_string())), "{source}");
        }
        assert_eq!(try_render("x.sh", "{{ nope }}"), Err((1, ErrorKind::UndefinedError.to_string())));
        assert_eq!(try_render("x.sh", "{% if nope %}{% endif %}"), Err((1, ErrorKind::UndefinedError.to_string())));
        assert_eq!(try_render("x.txt", "{{ s }}"), Err((1, ErrorKind::BadEscape.to_string())));
        assert_eq!(try_render("x.sh", "{% if %}"), Err((1, ErrorKind::SyntaxError.to_string())));
    }
}
