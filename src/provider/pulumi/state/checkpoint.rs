//! Checkpoints of a self-managed backend in their versions 0 to 4, and deployments as Pulumi Cloud exports them.
//!
//! ```text
//! {"version": 3, "checkpoint": {"stack": …, "latest": {"secrets_providers": …, "resources": […]}}}
//! {"version": 4, "features": […], "checkpoint": {…}}
//! {"stack": …, "latest": {…}}                            before there were versions
//! {"version": 3, "deployment": {…}}                      exported
//! ```

use std::sync::Arc;

use super::{Leaf, Malformed, Note, Properties, StateError, decode, decompressed};
use crate::{
    provider::input::plain,
    value::{Flags, Graph, Key, Kind, Origin, Value, View, json},
};

/// The features of version 4 that change nothing for a reader of outputs, or that are read.
const FEATURES: [&str; 8] = [
    "byteString",
    "extensionParameterization",
    "hooks",
    "refreshBeforeUpdate",
    "replaceWith",
    "snippets-prototype",
    "taint",
    "views",
];

/// The type of the resource that stands for the stack itself.
const STACK: &str = "pulumi:pulumi:Stack";

/// What a state says of a stack.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The provider of its secrets: an object with `type` and `state`.
    pub secrets: Option<Value>,
    /// The project that its resources belong to; nothing when it was never deployed.
    pub project: Option<Arc<str>>,
    /// The outputs as they are stored, an object.
    outputs: Option<Value>,
}

impl State {
    /// Reads the bytes of a state, compressed or not.
    ///
    /// # Errors
    /// When they are damaged, too many, or of a version or with a feature that is not known.
    pub fn read(bytes: &[u8]) -> Result<Self, StateError> {
        let text = decompressed(bytes)?;
        let mut graph = Graph::new();
        let root = json::parse(&text, &mut graph, Origin::NONE, Flags::empty()).map_err(Malformed::Json)?;
        let root = object(graph.view(root), "the document")?;
        let version = version(root)?;
        refuse_features(root)?;
        let deployment = if let Some(checkpoint) = present(root, "checkpoint") {
            present(object(checkpoint, "`checkpoint`")?, "latest")
        } else if let Some(deployment) = present(root, "deployment") {
            Some(deployment)
        } else if version == 0 && root.get("stack").is_some() {
            present(root, "latest")
        } else {
            return Err(Malformed::Unfamiliar.into());
        };
        let Some(deployment) = deployment else { return Ok(Self::default()) };
        Self::of(object(deployment, "the deployment")?)
    }

    /// Reads a deployment.
    fn of(deployment: View<'_>) -> Result<Self, StateError> {
        let secrets = present(deployment, "secrets_providers");
        let secrets = secrets.map(|secrets| object(secrets, "`secrets_providers`").map(Value::copy)).transpose()?;
        let mut state = Self { secrets, ..Self::default() };
        let Some(resources) = present(deployment, "resources") else { return Ok(state) };
        if !matches!(resources.kind(), Kind::List(_)) {
            return Err(StateError::shape("`resources`", "list"));
        }
        for resource in resources.items() {
            let resource = object(resource, "a resource")?;
            let is = |name, text| resource.get(name).and_then(View::as_str) == Some(text);
            if is("type", STACK) && (present(resource, "parent").is_none() || is("parent", "")) {
                state.project = resource.get("urn").and_then(View::as_str).and_then(project);
                let outputs = present(resource, "outputs");
                state.outputs =
                    outputs.map(|outputs| object(outputs, "the stack's outputs").map(Value::copy)).transpose()?;
                break;
            }
        }
        Ok(state)
    }

    /// Returns the outputs as one object; `leaf` says what becomes of each ciphertext of an output.
    ///
    /// # Errors
    /// When a value has a signature that means nothing, or lacks what belongs to it.
    pub fn outputs(&self, leaf: &mut dyn FnMut(&Arc<str>, &str) -> Leaf) -> Result<Properties, Malformed> {
        let mut graph = Graph::new();
        let mut entries: Vec<(Key, _)> = Vec::new();
        let mut all: Vec<Note> = Vec::new();
        for (name, stored) in self.outputs.iter().flat_map(|outputs| outputs.view().entries()) {
            let Properties { value, notes } = decode(name, stored, &mut |ciphertext| leaf(name, ciphertext))?;
            entries.push((Key::clone(name), graph.graft(value.view(), Origin::NONE, Flags::empty())));
            all.extend(notes);
        }
        let root = graph.object(entries);
        Ok(Properties { value: Value::new(graph, root), notes: all })
    }
}

/// Returns a property that is there and not null: Go leaves out what is empty, or writes null.
fn present<'v>(object: View<'v>, name: &str) -> Option<View<'v>> {
    object.get(name).filter(|value| !matches!(value.kind(), Kind::Null))
}

fn object<'v>(value: View<'v>, part: &'static str) -> Result<View<'v>, StateError> {
    match value.kind() {
        Kind::Object(_) => Ok(value),
        _ => Err(StateError::shape(part, "object")),
    }
}

fn version(root: View<'_>) -> Result<u64, StateError> {
    let Some(version) = present(root, "version") else { return Ok(0) };
    let version = version.as_number().and_then(|text| text.parse().ok());
    match version.ok_or_else(|| StateError::shape("`version`", "whole number"))? {
        known @ 0..=4 => Ok(known),
        later => Err(StateError::Version(later)),
    }
}

fn refuse_features(root: View<'_>) -> Result<(), StateError> {
    let Some(features) = present(root, "features") else { return Ok(()) };
    let names: Option<Vec<&str>> = features.items().map(View::as_str).collect();
    let names = names.filter(|_| matches!(features.kind(), Kind::List(_)));
    let names = names.ok_or_else(|| StateError::shape("`features`", "list of names"))?;
    let unknown = names.into_iter().filter(|name| !FEATURES.contains(name));
    let unknown: Vec<String> = unknown.map(|name| format!("`{}`", plain(name, 80))).collect();
    if unknown.is_empty() { Ok(()) } else { Err(StateError::Features(unknown)) }
}

/// Returns the project of a URN: `urn:pulumi:STACK::PROJECT::TYPE::NAME`.
fn project(urn: &str) -> Option<Arc<str>> {
    urn.strip_prefix("urn:pulumi:")?.split("::").nth(1).map(Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{provider::testing::written, value::json::JsonErrorKind};

    const ROOT: &str = r#"{"urn": "urn:pulumi:dev::infra::pulumi:pulumi:Stack::infra-dev", "type": "pulumi:pulumi:Stack", "outputs": {"b": 1, "a": "x"}}"#;

    fn read(text: &str) -> Result<(String, Option<String>, Option<String>), StateError> {
        let state = State::read(text.replace("ROOT", ROOT).as_bytes())?;
        let outputs = state.outputs(&mut |_, _| unreachable!("nothing is encrypted"))?;
        let secrets = state.secrets.map(|secrets| written(secrets.view()));
        Ok((written(outputs.value.view()), state.project.map(|project| project.to_string()), secrets))
    }

    #[test]
    fn every_form_is_read() {
        let resources = r#""resources": [{"type": "a:b:C", "parent": "p"}, {"type": "pulumi:pulumi:Stack", "parent": "p", "outputs": {"no": 1}}, ROOT]"#;
        let secrets = r#""secrets_providers": {"type": "passphrase"}"#;
        let full = r#"{a: "x", b: 1}"#;
        let found = |secrets: Option<&str>| (full.to_owned(), Some("infra".to_owned()), secrets.map(str::to_owned));
        let nothing = || ("{}".to_owned(), None, None);
        let passphrase = Some(r#"{type: "passphrase"}"#);
        let cases = [
            (format!(r#"{{"stack": "dev", "latest": {{{resources}}}}}"#), found(None)),
            (format!(r#"{{"version": 0, "checkpoint": {{"stack": "dev", "latest": {{{resources}}}}}}}"#), found(None)),
            (format!(r#"{{"version": 1, "checkpoint": {{"stack": "dev", "latest": {{{resources}}}}}}}"#), found(None)),
            (
                format!(
                    r#"{{"version": 2, "checkpoint": {{"stack": "dev", "config": {{}}, "latest": {{{resources}}}}}}}"#
                ),
                found(None),
            ),
            (
                format!(
                    r#"{{"version": 3, "checkpoint": {{"stack": "a/b/c", "latest": {{{secrets}, {resources}}}}}}}"#
                ),
                found(passphrase),
            ),
            (
                format!(
                    r#"{{"version": 4, "features": ["views", "taint"], "checkpoint": {{"latest": {{{secrets}, {resources}}}}}}}"#
                ),
                found(passphrase),
            ),
            (format!(r#"{{"version": 3, "deployment": {{{secrets}, {resources}}}}}"#), found(passphrase)),
            (r#"{"version": 0, "checkpoint": {"stack": "dev"}}"#.to_owned(), nothing()),
            (r#"{"version": 3, "checkpoint": {"stack": "dev", "latest": null}}"#.to_owned(), nothing()),
            (r#"{"version": 3, "checkpoint": {"latest": {"manifest": {}, "resources": null}}}"#.to_owned(), nothing()),
            (r#"{"stack": "dev"}"#.to_owned(), nothing()),
            (r#"{"version": 3, "deployment": null, "checkpoint": {}}"#.to_owned(), nothing()),
            (r#"{"version": 3, "deployment": {"resources": [{"type": "a:b:C"}]}}"#.to_owned(), nothing()),
        ];
        for (text, want) in cases {
            assert_eq!(read(&text), Ok(want), "{text}");
        }
    }

    #[test]
    fn a_stack_without_outputs_has_its_project() {
        let text = r#"{"version": 3, "deployment": {"resources": [{"urn": "urn:pulumi:dev::infra::pulumi:pulumi:Stack::x", "type": "pulumi:pulumi:Stack", "parent": ""}]}}"#;
        assert_eq!(read(text), Ok(("{}".to_owned(), Some("infra".to_owned()), None)));
    }

    #[test]
    fn what_is_no_state_is_told() {
        let shape = StateError::shape;
        let json = |kind, offset| StateError::Malformed(Malformed::Json(json::JsonError { kind, offset }));
        let cases = [
            ("", json(JsonErrorKind::End, 0)),
            ("{\"version\": 3", json(JsonErrorKind::End, 13)),
            ("[]", shape("the document", "object")),
            ("{}", Malformed::Unfamiliar.into()),
            (r#"{"version": 3}"#, Malformed::Unfamiliar.into()),
            (r#"{"version": 3, "stack": "dev", "latest": {}}"#, Malformed::Unfamiliar.into()),
            (r#"{"version": "3", "checkpoint": {}}"#, shape("`version`", "whole number")),
            (r#"{"version": 3.5, "checkpoint": {}}"#, shape("`version`", "whole number")),
            (r#"{"version": -1, "checkpoint": {}}"#, shape("`version`", "whole number")),
            (r#"{"version": 5, "checkpoint": {}}"#, StateError::Version(5)),
            (r#"{"version": 5, "deployment": {}}"#, StateError::Version(5)),
            (r#"{"version": 3, "checkpoint": []}"#, shape("`checkpoint`", "object")),
            (r#"{"version": 3, "checkpoint": {"latest": 1}}"#, shape("the deployment", "object")),
            (r#"{"version": 3, "deployment": {"resources": {}}}"#, shape("`resources`", "list")),
            (r#"{"version": 3, "deployment": {"resources": [1]}}"#, shape("a resource", "object")),
            (r#"{"version": 3, "deployment": {"secrets_providers": ""}}"#, shape("`secrets_providers`", "object")),
            (
                r#"{"version": 3, "deployment": {"resources": [{"type": "pulumi:pulumi:Stack", "outputs": []}]}}"#,
                shape("the stack's outputs", "object"),
            ),
            (
                r#"{"version": 4, "features": ["views", "teleport", "warp"], "checkpoint": {}}"#,
                StateError::Features(vec!["`teleport`".into(), "`warp`".into()]),
            ),
            (r#"{"version": 4, "features": ["views", 1], "checkpoint": {}}"#, shape("`features`", "list of names")),
            (r#"{"version": 4, "features": {}, "checkpoint": {}}"#, shape("`features`", "list of names")),
        ];
        for (text, want) in cases {
            assert_eq!(read(text), Err(want), "{text}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let cases = [
            (StateError::Version(5), "its format has version 5, and esc-shell reads versions 0 to 4"),
            (
                StateError::Features(vec!["`a`".into(), "`b`".into()]),
                "it uses `a` and `b`, which this version of esc-shell does not know",
            ),
            (StateError::shape("`resources`", "list"), "`resources` is no list"),
            (StateError::TooLarge, "it is larger than 128 MiB"),
        ];
        for (error, want) in cases {
            assert_eq!(error.to_string(), want);
        }
    }

    /// States as they lie in folders.
    const STATES: [&[u8]; 3] = [
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/pulumi-made/version4/.pulumi/stacks/infra/staging.json"
        )),
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/pulumi-state/gzip/.pulumi/stacks/infra/staging.json.gz"
        )),
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/pulumi-state/zstd/.pulumi/stacks/infra/staging.json.zst"
        )),
    ];

    proptest::proptest! {
        #[test]
        fn damaged_states_are_refused_or_read_and_never_panic(
            which in 0..STATES.len(),
            at: proptest::sample::Index,
            byte: u8,
            cut: bool,
        ) {
            let mut bytes = STATES[which].to_vec();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if cut {
                bytes.truncate(at);
            }
            if let Ok(state) = State::read(&bytes) {
                let mut graph = Graph::new();
                let root = graph.null();
                let opened = Value::new(graph, root);
                let _ = state.outputs(&mut |_, _| Leaf::Open(opened.clone()));
            }
        }
    }
}
