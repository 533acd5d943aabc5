//! Any bytes are read as the state of a stack, and as the plaintext of a secret: nothing panics, and what is in a secret is secret.
#![no_main]

use std::sync::Arc;

use esc_shell::{
    provider::pulumi::state::{Leaf, State, decode_text},
    value::{Graph, Value, json},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(state) = State::read(bytes)
        && let Ok(outputs) = state.outputs(&mut |_: &Arc<str>, _: &str| Leaf::Open(opened()))
    {
        let _ = json::compact(outputs.value.view());
    }
    if let Ok(properties) = decode_text(&"o".into(), bytes, &mut |_: &str| Leaf::Open(opened())) {
        assert!(properties.value.view().is_secret());
    }
});

/// What stands for every secret.
fn opened() -> Value {
    let mut graph = Graph::new();
    let root = graph.secret("opened");
    Value::new(graph, root)
}
