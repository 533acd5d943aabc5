//! `aws-secrets`: every entry is a sealed leaf, so only what is asked for is read.
//!
//! The session collects the leaves that a round needs, of all calls together, and hands those of one identity and region over
//! at once: that is what makes batches of them, and what reads a secret that is wanted twice once.

use std::{rc::Rc, sync::Arc};

use super::{
    Ambient, Aws,
    batch::{self, Secret},
    identity::{IdentityId, of_input},
};
use crate::{
    diagnostic::{Failure, FailureKind},
    provider::{
        CallContext, Opening, Provider,
        input::{optional_text, required, text},
    },
    value::{Flags, Graph, Key, Kind, NodeId, Origin, Seal, Value, View},
};

/// The name of the provider, which opens its own leaves.
const NAME: &str = "aws-secrets";

/// The stage of the version that a secret has when nobody names one.
const CURRENT: &str = "AWSCURRENT";

/// Opens `aws-secrets`.
pub(in crate::provider) struct Secrets {
    aws: Rc<Aws>,
}

/// One secret, and which of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) id: String,
    pub(super) version: Option<String>,
    pub(super) stage: Option<String>,
}

impl Secrets {
    /// Makes the provider.
    pub(in crate::provider) fn new(aws: Rc<Aws>) -> Self {
        Self { aws }
    }

    async fn seal(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let region = text(required(inputs, "region"), "region")?;
        if region.is_empty() || !region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(
                Failure::new(FailureKind::Definition, "`region` is no region of AWS").hint("write it as `eu-west-1`")
            );
        }
        let credentials = match inputs.get("login") {
            Some(login) => of_input(login)?,
            None => self.aws.ambient(&Ambient::default()).await?,
        };
        let group: Arc<str> = format!("{} {region}", self.aws.identity(&credentials).0).into();
        let mut graph = Graph::new();
        let mut entries: Vec<(Key, NodeId)> = Vec::new();
        for (key, entry) in required(inputs, "get").entries() {
            let wanted = Wanted::of(entry)?;
            let seal = Seal { provider: NAME.into(), group: Arc::clone(&group), ciphertext: wanted.written().into() };
            entries.push((Key::clone(key), graph.add(Kind::Sealed(Arc::new(seal)), Flags::empty(), Origin::NONE)));
        }
        let root = graph.object(entries);
        Ok(Value::new(graph, root))
    }

    async fn open_seals(&self, seals: &[Arc<Seal>]) -> Result<Vec<Result<Value, Failure>>, Failure> {
        let group = seals.first().map(|seal| Arc::clone(&seal.group)).unwrap_or_default();
        let (number, region) = group.split_once(' ').expect("a leaf of this provider names an identity and a region");
        let id = IdentityId(number.parse().expect("a leaf of this provider names an identity by number"));
        let wanted = seals.iter().map(|seal| Wanted::read(&seal.ciphertext)).collect();
        let outcomes = batch::read(&self.aws, id, region, wanted).await?;
        Ok(outcomes.into_iter().map(|outcome| outcome.map(value)).collect())
    }
}

impl Provider for Secrets {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.seal(inputs.view()).await })
    }

    fn unseal(&self, seals: Vec<Arc<Seal>>) -> Opening<'_, Vec<Result<Value, Failure>>> {
        Box::pin(async move { self.open_seals(&seals).await })
    }
}

impl Wanted {
    fn of(entry: View<'_>) -> Result<Self, Failure> {
        let id = text(required(entry, "secretId"), "secretId")?;
        if id.is_empty() || id.contains('\0') {
            return Err(Failure::new(FailureKind::Definition, "`secretId` names no secret"));
        }
        let named = |name| optional_text(entry, name).map(|text| text.filter(|text| !text.is_empty()));
        let (version, stage) = (named("versionId")?, named("versionStage")?);
        // The current version is what a batch gives, too.
        let stage = stage.filter(|stage| *stage != CURRENT || version.is_some());
        Ok(Self { id: id.to_owned(), version: version.map(str::to_owned), stage: stage.map(str::to_owned) })
    }

    /// Writes it as the text that a leaf holds: no secret is in it.
    fn written(&self) -> String {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        format!("{}\0{}\0{}", self.id, text(&self.version), text(&self.stage))
    }

    fn read(text: &str) -> Self {
        let mut parts = text.split('\0').map(str::to_owned);
        let mut part = || parts.next().filter(|part| !part.is_empty());
        Self { id: part().unwrap_or_default(), version: part(), stage: part() }
    }

    /// Tells whether it is the version that a batch gives.
    pub(super) fn is_current(&self) -> bool {
        self.version.is_none() && self.stage.is_none()
    }
}

fn value(secret: Secret) -> Value {
    let mut graph = Graph::new();
    let root = graph.secret(secret.0);
    Value::new(graph, root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::testing::{call, host, inputs, open};

    fn provider() -> Secrets {
        Secrets::new(Rc::new(Aws::alone(host(&[("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "B")]))))
    }

    /// The leaves of a result: key, group and what is wanted.
    fn leaves(value: &Value) -> Vec<(String, String, Wanted)> {
        let leaf = |(key, view): (&Key, View<'_>)| match view.kind() {
            Kind::Sealed(seal) => (key.to_string(), seal.group.to_string(), Wanted::read(&seal.ciphertext)),
            kind => panic!("{kind:?}"),
        };
        value.view().entries().map(leaf).collect()
    }

    fn wanted(id: &str, version: Option<&str>, stage: Option<&str>) -> Wanted {
        Wanted { id: id.into(), version: version.map(str::to_owned), stage: stage.map(str::to_owned) }
    }

    #[test]
    fn entries_are_sealed_without_a_request() {
        let provider = provider();
        let login = r#""login": {"accessKeyId": "A", "secretAccessKey": "B"}"#;
        let get = r#""get": {
            "a": {"secretId": "x"}, "b": {"secretId": "x", "versionStage": "AWSCURRENT"},
            "c": {"secretId": "arn:aws:x", "versionStage": "AWSPREVIOUS"},
            "d": {"secretId": "x", "versionId": "v", "versionStage": "AWSCURRENT"}, "e": {"secretId": "x", "versionId": ""}}"#;
        let value = open(&provider, &format!(r#"{{"region": "eu-west-1", {login}, {get}}}"#), call()).unwrap();
        let want = [
            ("a", wanted("x", None, None)),
            ("b", wanted("x", None, None)),
            ("c", wanted("arn:aws:x", None, Some("AWSPREVIOUS"))),
            ("d", wanted("x", Some("v"), Some("AWSCURRENT"))),
            ("e", wanted("x", None, None)),
        ];
        let want = want.map(|(key, wanted)| (key.to_owned(), "0 eu-west-1".to_owned(), wanted));
        assert_eq!(leaves(&value), want);
        // The caller's own identity is the same one here, another region is another group.
        let value = open(&provider, r#"{"region": "us-east-1", "get": {"a": {"secretId": "x"}}}"#, call()).unwrap();
        assert_eq!(leaves(&value)[0].1, "0 us-east-1");
        let other = r#"{"region": "us-east-1", "login": {"accessKeyId": "C", "secretAccessKey": "D"}, "get": {"a": {"secretId": "x"}}}"#;
        assert_eq!(leaves(&open(&provider, other, call()).unwrap())[0].1, "1 us-east-1");
    }

    #[test]
    fn inputs_that_name_nothing_are_refused() {
        let cases = [
            (r#"{"region": "", "get": {"a": {"secretId": "x"}}}"#, "`region` is no region of AWS"),
            (r#"{"region": "evil.example.com/", "get": {"a": {"secretId": "x"}}}"#, "`region` is no region of AWS"),
            (r#"{"region": "eu-west-1", "get": {"a": {"secretId": ""}}}"#, "`secretId` names no secret"),
        ];
        for (text, message) in cases {
            let failure = open(&provider(), text, call()).unwrap_err();
            assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Definition, message), "{text}");
        }
        assert!(inputs("{}").view().entries().next().is_none());
    }
}
