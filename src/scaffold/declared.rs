//! The contract of `esc-shell.yaml`, as far as it can be guessed.

use super::{
    definition::Definition,
    found::Role,
    guess::{Guess, guess},
    plan::Planner,
};
use crate::value::yaml;

/// A variable of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) name: String,
    guess: Guess,
    /// Not secret, where it is known to be none.
    public: bool,
    optional: bool,
    /// The environments that provide it; empty for all.
    environments: Vec<&'static str>,
}

impl Declared {
    /// Writes its rules as a mapping in one line.
    pub(super) fn rules(&self) -> String {
        let mut rules: Vec<String> = Vec::new();
        rules.extend(self.guess.kind.map(|kind| format!("type: {}", kind.name())));
        rules.extend(self.guess.scheme.as_ref().map(|scheme| format!("schemes: [{}]", yaml::scalar(scheme))));
        rules.extend(self.public.then(|| "secret: false".to_owned()));
        rules.extend(self.optional.then(|| "required: false".to_owned()));
        rules.extend((!self.environments.is_empty()).then(|| format!("in: [{}]", self.environments.join(", "))));
        if rules.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", rules.join(", ")) }
    }
}

impl Planner<'_> {
    /// Returns the contract.
    pub(super) fn declared(&self, definitions: &[Definition]) -> Vec<Declared> {
        if definitions.iter().any(|definition| definition.api.is_some()) {
            let guess = guess("API_URL", "");
            return vec![Declared {
                name: "API_URL".to_owned(),
                guess,
                public: true,
                optional: false,
                environments: Vec::new(),
            }];
        }
        let existing = self.found.definitions.is_some();
        let declared = |name: String| {
            // A value says more than a name, and that of a later file goes before.
            let guesses =
                self.found.dotenvs.iter().filter(|file| file.role != Role::Example).chain(self.files(Role::Dev));
            let known = guesses.filter_map(|file| file.variables.iter().find(|(known, _)| *known == name)).next_back();
            let guess = known.map_or_else(|| guess(&name, ""), |(_, guess)| guess.clone());
            let provides = |definition: &&Definition| definition.variables.iter().any(|(known, _)| *known == name);
            let providing: Vec<&str> = definitions.iter().filter(provides).map(|definition| definition.name).collect();
            let required = self.required().contains(&name);
            let everywhere = existing || providing.len() == definitions.len();
            // What an `.envrc` insists on is for the machine of a developer.
            let environments = if required && providing.is_empty() { vec!["dev"] } else { providing.clone() };
            Declared {
                guess,
                public: false,
                optional: providing.is_empty() && !required,
                environments: if everywhere { Vec::new() } else { environments },
                name,
            }
        };
        let names = if existing { self.required().iter().cloned().collect() } else { self.all_names() };
        names.into_iter().map(declared).collect()
    }
}
