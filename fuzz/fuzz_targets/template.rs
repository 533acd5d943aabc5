//! Any string is taken apart; what is recognised lies in it, and a string without `$` is itself.
#![no_main]

use esc_shell::syntax::template::{Template, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut errors = Vec::new();
    let paths = match parse(text, &mut errors) {
        Template::Literal(literal) => {
            assert_eq!(literal, text.replace("$$", "$"));
            Vec::new()
        }
        Template::Reference(path) => vec![path],
        Template::Interpolation(parts) => parts.into_iter().filter_map(|part| part.access).collect(),
    };
    for path in paths {
        assert!(!path.accessors.is_empty());
        for accessor in path.accessors {
            assert!(accessor.range.0 <= accessor.range.1 && accessor.range.1 <= text.len());
        }
    }
    for (_, range) in errors {
        assert!(range.0 <= range.1 && range.1 <= text.len());
    }
});
