//! `vault-login` and `vault-secrets` against a real server of `OpenBao`.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};

use crate::support::{
    bao::{Bao, ROOT},
    project::{Printed, Project, printed},
};

/// A key that signs web identity tokens.
struct Issuer(EcdsaKeyPair);

impl Issuer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap())
    }

    /// The public key, as PEM in a JSON string.
    fn public_key(&self) -> String {
        // What says that the 65 bytes behind it are a point of P-256.
        let mut der =
            b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"
                .to_vec();
        der.extend_from_slice(self.0.public_key().as_ref());
        format!("-----BEGIN PUBLIC KEY-----\\n{}\\n-----END PUBLIC KEY-----\\n", STANDARD.encode(der))
    }

    fn token(&self, audience: &str) -> String {
        let claims =
            format!(r#"{{"iss":"test","sub":"repo:me/app","aud":"{audience}","iat":1700000000,"exp":4000000000}}"#);
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.0.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A server with an engine of each version, a policy and a role.
fn scene(issuer: &Issuer) -> Option<Bao> {
    let bao = Bao::start()?;
    bao.call("POST", "/v1/secret/data/app", r#"{"data": {"user": "ada", "pass": "p@ss", "n": 1.5, "on": true}}"#);
    bao.call("POST", "/v1/sys/mounts/kv1", r#"{"type": "kv", "options": {"version": "1"}}"#);
    bao.call("POST", "/v1/kv1/db/main", r#"{"host": "db", "port": 5432}"#);
    let policy = r#"{"policy": "path \"secret/data/app\" { capabilities = [\"read\"] }"}"#;
    bao.call("PUT", "/v1/sys/policies/acl/app", policy);
    bao.call("POST", "/v1/sys/auth/jwt", r#"{"type": "jwt"}"#);
    let keys = format!(r#"{{"jwt_validation_pubkeys": ["{}"], "jwt_supported_algs": ["ES256"]}}"#, issuer.public_key());
    bao.call("POST", "/v1/auth/jwt/config", &keys);
    let role = r#"{"role_type": "jwt", "bound_audiences": ["vault"], "user_claim": "sub", "policies": ["app"]}"#;
    bao.call("POST", "/v1/auth/jwt/role/ci", role);
    Some(bao)
}

const DEFINITION: &str = "values:
  root: {fn::open::local-env: {get: {token: {name: ROOT_TOKEN}}}}
  vault:
    login:
      fn::open::vault-login:
        address: http://ADDRESS
        LOGIN
    secrets:
      fn::open::vault-secrets:
        login: ${vault.login}
        read: READ
";
const TOKEN: &str = "token: {token: '${root.token}', displayName: ci, maxTtl: 5m, metadata: {by: test}}";
const JWT: &str = "jwt: {role: ci}";

#[test]
fn secrets_are_read_with_a_token_of_their_own() {
    let issuer = Issuer::new();
    let Some(bao) = scene(&issuer) else { return };
    let opened = |login: &str, read: &str, token: &str, path: &str| -> Printed {
        let definition = DEFINITION.replace("ADDRESS", &bao.address).replace("LOGIN", login).replace("READ", read);
        let project = Project::with(&[("dev", &definition)]);
        project.write("esc-shell.yaml", "environments: esc\nvault: {token-file: token}\n");
        project.write("token", &issuer.token(token));
        let mut command = project.command(&["open", "dev", path, "--diagnostics", "short"]);
        printed(command.env("ROOT_TOKEN", ROOT))
    };
    let app =
        "{app: {path: secret/data/app, field: data}, db: {path: kv1/db/main}, n: {path: kv1/db/main, field: port}}";
    let Printed { code, out, err } = opened(TOKEN, app, "vault", "vault.secrets");
    let want = r#"{
  "app": {
    "n": 1.5,
    "on": true,
    "pass": "p@ss",
    "user": "ada"
  },
  "db": {
    "host": "db",
    "port": 5432
  },
  "n": 5432
}
"#;
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), want, ""));
    // The child token is another one, ends within five minutes, and says who it is for.
    let token = opened(TOKEN, app, "vault", "vault.login.token").out;
    let token = token.trim().trim_matches('"');
    assert_ne!(token, ROOT);
    let about = bao.call("POST", "/v1/auth/token/lookup", &format!(r#"{{"token": "{token}"}}"#));
    for part in [r#""display_name":"token-ci""#, r#""explicit_max_ttl":300"#, r#""meta":{"by":"test"}"#] {
        assert!(about.contains(part), "{about}");
    }
    // A web identity has the policies of its role.
    let app = "{app: {path: secret/data/app, field: data}}";
    let Printed { code, out, err } = opened(JWT, app, "vault", "vault.secrets.app.pass");
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "\"p@ss\"\n", ""));

    let said = |printed: Printed| {
        let Printed { code, out, err } = printed;
        assert_eq!(out, "");
        (code, err)
    };
    let path = "vault.secrets";
    let cases = [
        (
            JWT,
            app,
            "other",
            Some(3),
            "refuses the login with role `ci`; Vault says: error validating token: invalid audience",
        ),
        (JWT, "{db: {path: kv1/db/main}}", "vault", Some(3), "denies `kv1/db/main`; Vault says: permission denied"),
        (TOKEN, "{a: {path: secret/app}}", "vault", Some(4), "has nothing for `secret/app`"),
        (TOKEN, "{a: {path: kv1/none}, b: {path: secret/data/none}}", "vault", Some(4), "`kv1/none`; Vault at "),
        (
            TOKEN,
            "{a: {path: secret/data/app, field: dat}}",
            "vault",
            Some(1),
            "has no field `dat`; did you mean `data`?",
        ),
        ("", app, "vault", Some(1), "`vault-login` takes one of `jwt` and `token`"),
    ];
    for (login, read, token, want, message) in cases {
        let (code, err) = said(opened(login, read, token, path));
        assert!(code == want && err.contains(message), "{code:?} {err}");
        assert!(!err.contains(ROOT) && !err.contains("eyJ"), "{err}");
    }
}
