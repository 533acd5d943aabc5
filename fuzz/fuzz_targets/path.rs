//! A typed path is refused, or is the same after it was written and read again.
#![no_main]

use esc_shell::syntax::path::{display, parse_typed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(steps) = parse_typed(text) {
        let shown = display(&steps);
        // A key that ends in a backslash has no quoted form.
        if !shown.contains('\\') {
            assert_eq!(parse_typed(&shown).expect("a written path is a path"), steps, "{shown}");
        }
    }
});
