//! JSON web tokens: their form and their time, not their signature, for which nobody here has the key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{Surroundings, Wrong};

/// Seconds that the clock of whoever made a token may be ahead.
const LEEWAY: i64 = 60;

pub(super) fn jwt(text: &str, surroundings: &Surroundings) -> Result<(), Wrong> {
    let wrong = |reason| Wrong::Form(Some(reason));
    let parts: Vec<&str> = text.split('.').collect();
    let &[header, claims, signature] = parts.as_slice() else {
        return Err(wrong("it has not three parts with dots between them"));
    };
    let header = object(header).ok_or(wrong("its header is no JSON object in base64"))?;
    let claims = object(claims).ok_or(wrong("its claims are no JSON object in base64"))?;
    let signed = match header.get("alg").and_then(Value::as_str) {
        None => return Err(wrong("its header names no algorithm")),
        Some("none") => signature.is_empty(),
        Some(_) => !signature.is_empty() && URL_SAFE_NO_PAD.decode(signature).is_ok(),
    };
    if !signed {
        return Err(wrong("its signature is missing, or no base64"));
    }
    if let Some(end) = time(&claims, "exp")?
        && end <= surroundings.now
    {
        return Err(Wrong::Expired(end.abs_diff(surroundings.now)));
    }
    if let Some(begin) = time(&claims, "nbf")?
        && begin > surroundings.now.saturating_add(LEEWAY)
    {
        return Err(Wrong::Early(begin.abs_diff(surroundings.now)));
    }
    Ok(())
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Returns the time in a claim, in seconds since 1970.
fn time(claims: &Map<String, Value>, claim: &str) -> Result<Option<i64>, Wrong> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    #[expect(clippy::cast_possible_truncation, reason = "a time beyond all time stays beyond it: the cast saturates")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    seconds.map(Some).ok_or(Wrong::Form(Some("a time in its claims is no number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_767_225_600;

    fn token(header: &str, claims: &str, signature: &str) -> String {
        [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".") + "." + signature
    }

    fn check(text: &str) -> Result<(), Wrong> {
        jwt(text, &Surroundings { now: NOW, ci: false, folder: None })
    }

    #[test]
    fn the_form_and_the_time_are_judged() {
        const HS: &str = r#"{"alg":"HS256"}"#;
        for claims in [
            "{}".to_owned(),
            format!(r#"{{"exp":{}}}"#, NOW + 1),
            format!(r#"{{"exp":{}.5,"nbf":{}}}"#, NOW + 1, NOW + 60),
            r#"{"exp":1e300}"#.to_owned(),
        ] {
            assert_eq!(check(&token(HS, &claims, "c2ln")), Ok(()), "{claims}");
        }
        assert_eq!(check(&token(HS, &format!(r#"{{"exp":{NOW}}}"#), "c2ln")), Err(Wrong::Expired(0)));
        assert_eq!(check(&token(HS, r#"{"exp":0}"#, "c2ln")), Err(Wrong::Expired(NOW.unsigned_abs())));
        assert_eq!(check(&token(HS, &format!(r#"{{"nbf":{}}}"#, NOW + 61), "c2ln")), Err(Wrong::Early(61)));
        assert_eq!(check(&token(r#"{"alg":"none"}"#, "{}", "")), Ok(()));
        for text in [
            String::new(),
            "a.b".into(),
            token(HS, "{}", ""),
            token(HS, "{}", "c2ln.x"),
            token(HS, "{}", "c2ln="),
            token(r#"{"alg":"none"}"#, "{}", "c2ln"),
            token("{}", "{}", "c2ln"),
            token("[]", "{}", "c2ln"),
            token(HS, "x", "c2ln"),
            token(HS, r#"{"exp":"soon"}"#, "c2ln"),
            "Bearer ".to_owned() + &token(HS, "{}", "c2ln"),
        ] {
            assert!(matches!(check(&text), Err(Wrong::Form(Some(_)))), "{text}");
        }
    }
}
