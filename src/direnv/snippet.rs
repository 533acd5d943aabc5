//! The lines of an `.envrc` that load an environment; what is written is `templates/envrc`.

use crate::shell::quote;

/// What the lines depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// On nothing but direnv and the program.
    Standalone,
    /// On the library that `esc-shell direnv install` installs.
    Library,
}

impl Form {
    fn template(self) -> &'static str {
        match self {
            Self::Standalone => include_str!("../../templates/envrc/standalone.sh"),
            Self::Library => include_str!("../../templates/envrc/library.sh"),
        }
    }
}

/// Writes the lines for arguments of `esc-shell export`: options and environments.
#[must_use]
pub fn snippet(form: Form, arguments: &[String]) -> String {
    let words: Vec<String> = arguments.iter().map(|argument| word(argument)).collect();
    let place = if words.is_empty() { " {{ arguments }}" } else { "{{ arguments }}" };
    form.template().replace(place, &words.join(" "))
}

/// Quotes a text, unless it is an argument that no shell takes for anything else.
fn word(text: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:@,".contains(char);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quote::posix(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(arguments: &[&str]) -> String {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let text = snippet(Form::Library, &arguments);
        text.lines().last().unwrap().to_owned()
    }

    #[test]
    fn arguments_are_words() {
        assert_eq!(words(&["--require", "A:url", "myorg/p/dev@v1.2"]), "use esc --require A:url myorg/p/dev@v1.2");
        assert_eq!(words(&["./a b.yaml", "$(id)", "~", ""]), "use esc './a b.yaml' '$(id)' '~' ''");
        assert_eq!(words(&[]), "use esc");
    }

    #[test]
    fn every_template_takes_arguments() {
        for form in [Form::Standalone, Form::Library] {
            let text = snippet(form, &["dev".to_owned()]);
            assert!(text.contains(" dev") && !text.contains("{{"), "{text}");
            assert!(!snippet(form, &[]).contains("{{"), "{form:?}");
        }
    }
}
