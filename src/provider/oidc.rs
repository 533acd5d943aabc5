//! `oidc`: a signed token for an audience, from where web identities come from here.

use std::{rc::Rc, time::Duration};

use crate::{
    diagnostic::{Failure, FailureKind},
    duration,
    identity::{Token, TokenFile, Tokens, Wanted},
    provider::{
        CallContext, Host, Opening, Provider,
        input::{optional_text, plain, required, text},
    },
    value::{Graph, Value, View},
};

/// What it takes; anything else is refused, as hosted ESC does.
const INPUTS: [&str; 3] = ["audience", "identityToken", "duration"];

/// Opens `oidc`.
pub(super) struct Oidc {
    host: Rc<Host>,
    tokens: Rc<Tokens>,
}

impl Oidc {
    /// Makes the provider.
    pub(super) fn new(host: Rc<Host>, tokens: Rc<Tokens>) -> Self {
        Self { host, tokens }
    }

    async fn token(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let wrong = |message: String| Failure::new(FailureKind::Definition, message);
        if let Some((name, _)) = inputs.entries().find(|(name, _)| !INPUTS.contains(&name.as_ref())) {
            return Err(wrong(format!("`oidc` does not accept an input named `{}`", plain(name, 120))));
        }
        if let Some(life) = optional_text(inputs, "duration")? {
            let bounds = Duration::from_mins(1)..=Duration::from_hours(1);
            if !duration::parse(life).is_ok_and(|life| bounds.contains(&life)) {
                return Err(wrong("`duration` must be between 1m0s and 1h0m0s".to_owned()));
            }
            self.host.notes.note("`duration` of `oidc` means nothing here: whoever issues the token decides");
        }
        let audience = text(required(inputs, "audience"), "audience")?;
        let token = for_audience(audience, &self.host, &self.tokens).await?;
        self.host.notes.note(format!("the token for `{}` is from {}", plain(audience, 120), token.source));
        let mut graph = Graph::new();
        let root = graph.secret(token.reveal());
        Ok(Value::new(graph, root))
    }
}

/// Returns a token for an audience, and for nobody else.
///
/// # Errors
/// Identity, when no source has one.
pub(super) async fn for_audience(audience: &str, host: &Host, tokens: &Tokens) -> Result<Token, Failure> {
    let file = TokenFile {
        setting: "`aws.token-file` of esc-shell.yaml",
        path: host.settings.aws.token_file.clone(),
        meant: false,
    };
    tokens.get(&Wanted { audience: audience.to_owned(), file, for_aws: false }).await
}

impl Provider for Oidc {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.token(inputs.view()).await })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::provider::testing::{call, host, open, written};

    fn jwt(audience: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(&format!(r#"{{"aud":"{audience}","sub":"me"}}"#)))
    }

    fn opened(host: Host, inputs: &str) -> Result<String, Failure> {
        let host = Rc::new(host);
        let tokens = Rc::new(Tokens::new(host.variables.clone(), host.http.clone()));
        open(&Oidc::new(host, tokens), inputs, call()).map(|value| written(value.view()))
    }

    #[test]
    fn a_token_is_given_to_its_audience_only() {
        let folder = tempfile::tempdir().unwrap();
        let (aws, own) = (folder.path().join("aws"), folder.path().join("own"));
        fs::write(&aws, jwt("sts.amazonaws.com")).unwrap();
        fs::write(&own, jwt("https://mine")).unwrap();
        let scene = |variable: Option<&std::path::Path>, setting: Option<&std::path::Path>| {
            let variables = variable.map(|path| ("AWS_WEB_IDENTITY_TOKEN_FILE", path.to_str().unwrap()));
            let mut host = host(variables.as_slice());
            host.settings.aws.token_file = setting.map(std::path::Path::to_owned);
            host
        };
        let inputs = r#"{"audience": "https://mine", "identityToken": {"version": "v2"}}"#;
        let want = Ok(format!("!\"{}\"", jwt("https://mine")));
        assert_eq!(opened(scene(Some(&own), None), inputs), want);
        assert_eq!(opened(scene(None, Some(&own)), inputs), want);
        assert_eq!(opened(scene(Some(&own), Some(&aws)), inputs), want);
        let failure = opened(scene(Some(&aws), Some(&aws)), inputs).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Identity);
        for source in ["`aws.token-file` of esc-shell.yaml is not for", "AWS_WEB_IDENTITY_TOKEN_FILE is not for"] {
            assert!(failure.message.contains(source), "{failure}");
        }
    }

    #[test]
    fn what_hosted_esc_refuses_is_refused() {
        for (more, message) in [
            (r#""subjectAttributes": []"#, "`oidc` does not accept an input named `subjectAttributes`"),
            (r#""duration": "59s""#, "`duration` must be between 1m0s and 1h0m0s"),
            (r#""duration": "1h0m1s""#, "`duration` must be between 1m0s and 1h0m0s"),
        ] {
            let inputs = format!(r#"{{"audience": "a", "identityToken": {{"version": "v2"}}, {more}}}"#);
            let failure = opened(host(&[]), &inputs).unwrap_err();
            assert_eq!(failure, Failure::new(FailureKind::Definition, message));
        }
    }
}
