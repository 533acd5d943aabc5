//! Requests to services of AWS for which a whole client would be too much: signed here, sent over the connector of everything.

use std::{borrow::Cow, time::SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4::SigningParams,
};
use aws_smithy_xml::decode::{Document, try_data};
use url::Url;

use super::{
    ambient::Ambient,
    error::{Asked, Refusal, refused},
    identity,
    service::Aws,
};
use crate::{
    diagnostic::{Failure, FailureKind},
    http::{Request, Response},
    provider::input::plain,
    value::{Flags, Graph, Origin, View, json},
};

/// A service as an identity sees it in a region.
pub(in crate::provider) struct Signed<'a> {
    aws: &'a Aws,
    /// `s3` or `kms`.
    service: &'static str,
    region: String,
    credentials: Credentials,
}

impl<'a> Signed<'a> {
    /// Takes the caller's own identity; without a region, the one of the caller's AWS settings.
    ///
    /// # Errors
    /// When there are no credentials.
    pub(in crate::provider) async fn ambient(
        aws: &'a Aws,
        service: &'static str,
        profile: Option<&str>,
        region: Option<&str>,
    ) -> Result<Self, Failure> {
        let ambient = Ambient { profile: profile.map(str::to_owned), imds: false };
        let credentials = aws.ambient(&ambient).await?;
        let region = match region {
            Some(region) => region.to_owned(),
            None => aws.region(profile).await.to_string(),
        };
        Ok(Self { aws, service, region: checked(region)?, credentials })
    }

    /// Takes the credentials of an input, `{accessKeyId, secretAccessKey, sessionToken?}`.
    ///
    /// # Errors
    /// When a part is no text.
    pub(in crate::provider) fn of_input(
        aws: &'a Aws,
        service: &'static str,
        login: View<'_>,
        region: &str,
    ) -> Result<Self, Failure> {
        Ok(Self { aws, service, region: checked(region.to_owned())?, credentials: identity::of_input(login)? })
    }

    /// Returns the region.
    pub(in crate::provider) fn region(&self) -> &str {
        &self.region
    }

    /// Returns the endpoint that the caller's AWS settings name for the service, if any.
    ///
    /// # Errors
    /// When a setting of AWS makes no sense.
    pub(in crate::provider) async fn endpoint(&self) -> Result<Option<String>, Failure> {
        let host = &self.aws.host;
        if host.variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == Some("true") {
            return Ok(None);
        }
        let own = format!("AWS_ENDPOINT_URL_{}", self.service.to_uppercase());
        match host.variable(&own) {
            Some(endpoint) => Ok(Some(endpoint.to_owned())),
            None => Ok(self.aws.base().await?.endpoint_url().map(str::to_owned)),
        }
    }

    /// Signs a request and sends it; returns the answer whatever its status.
    ///
    /// # Errors
    /// When there is no answer.
    pub(in crate::provider) async fn send(
        &self,
        method: &'static str,
        url: Url,
        headers: &[(&'static str, &'static str)],
        body: Vec<u8>,
        max_bytes: usize,
    ) -> Result<Response, Failure> {
        let mut settings = SigningSettings::default();
        if self.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.service)
            .time(SystemTime::now())
            .settings(settings)
            .build()
            .expect("every part that a signature needs is given")
            .into();
        let unsigned = || Failure::new(FailureKind::Identity, "the credentials can't sign a request to AWS");
        let signable = SignableRequest::new(method, url.as_str(), headers.iter().copied(), SignableBody::Bytes(&body));
        let (instructions, _) = sign(signable.map_err(|_| unsigned())?, &params).map_err(|_| unsigned())?.into_parts();
        // What is read, or decrypted, may be read twice.
        let mut request = Request::with_method(method, url, body).at_most(max_bytes).repeatable();
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        for header in instructions.into_parts().0 {
            request = request.header(header.name(), header.value());
        }
        self.aws.host.http.send(request).await.map_err(Failure::from)
    }

    /// Says why the service refused.
    pub(in crate::provider) fn refused(
        &self,
        response: &Response,
        service: &str,
        action: &str,
        resource: &str,
    ) -> Failure {
        let asked = Asked { service, region: &self.region, action, resource };
        let origin = self.aws.identities.origin(self.aws.identity(&self.credentials));
        refused(&refusal(response), &asked, &origin, |text| self.aws.identities.redact(text))
    }
}

/// Returns the code of a refusal, the status where it has none.
pub(in crate::provider) fn code(response: &Response) -> String {
    refusal(response).code
}

/// Takes the fields of AWS's documented error shapes out of an answer: XML as S3 has it, JSON as KMS has it.
fn refusal(response: &Response) -> Refusal {
    let text = std::str::from_utf8(&response.body).unwrap_or_default();
    let request = ["x-amzn-requestid", "x-amz-request-id"].into_iter().find_map(|name| response.header(name));
    let mut refusal = if text.trim_start().starts_with('<') { of_xml(text) } else { of_json(text) };
    if refusal.code.is_empty() {
        refusal.code = response.status.to_string();
    }
    refusal.code = plain(&refusal.code, 80);
    refusal.request = request.map(str::to_owned);
    refusal
}

fn of_xml(text: &str) -> Refusal {
    let mut refusal = Refusal::default();
    let mut document = Document::new(text);
    let Ok(mut root) = document.root_element() else { return refusal };
    if !root.start_el().matches("Error") {
        return refusal;
    }
    while let Some(mut tag) = root.next_tag() {
        let name = tag.start_el().local().to_owned();
        let value = try_data(&mut tag).map(Cow::into_owned).unwrap_or_default();
        match name.as_str() {
            "Code" => refusal.code = value,
            "Message" => refusal.message = value,
            _ => {}
        }
    }
    refusal
}

fn of_json(text: &str) -> Refusal {
    let mut graph = Graph::new();
    let Ok(root) = json::parse(text, &mut graph, Origin::NONE, Flags::SECRET) else { return Refusal::default() };
    let field = |names: [&str; 2]| {
        let found = names.into_iter().find_map(|name| graph.view(root).get(name)).and_then(View::as_str);
        found.unwrap_or_default().to_owned()
    };
    let code = field(["__type", "code"]);
    // The code may stand behind a name space.
    let code = code.rsplit('#').next().unwrap_or_default().to_owned();
    Refusal { code, message: field(["message", "Message"]), request: None }
}

/// Refuses what is no name of a region: it becomes a part of the host that is asked.
fn checked(region: String) -> Result<String, Failure> {
    let named = !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if named {
        return Ok(region);
    }
    Err(Failure::new(FailureKind::Definition, format!("`{}` is no region of AWS", plain(&region, 40))))
}

/// Returns the region of an ARN.
pub(in crate::provider) fn region_of_arn(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.split(':').nth(2).filter(|region| !region.is_empty())
}

/// Returns the name of the domain that a region's services are in.
pub(in crate::provider) fn domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_read_in_both_shapes() {
        let refusal =
            |code: &str, message: &str| Refusal { code: code.to_owned(), message: message.to_owned(), request: None };
        let xml =
            "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>a &lt; b</Message><Key>x</Key></Error>";
        assert_eq!(of_xml(xml), refusal("NoSuchKey", "a < b"));
        let cut = "<Error><Code>AccessDenied</Code><Mess";
        assert_eq!(of_xml(cut), refusal("AccessDenied", ""));
        for none in ["<html><Code>x</Code></html>", "<", "<Error>", "<Error><Code><b>x</b></Code></Error>"] {
            assert_eq!(of_xml(none), Refusal::default(), "{none}");
        }
        let json = r#"{"__type": "com.amazonaws.kms#AccessDeniedException", "message": "no"}"#;
        assert_eq!(of_json(json), refusal("AccessDeniedException", "no"));
        assert_eq!(of_json(r#"{"code": "X", "Message": "y"}"#), refusal("X", "y"));
        assert_eq!(of_json("{"), Refusal::default());
    }

    #[test]
    fn regions_are_found() {
        assert_eq!(region_of_arn("arn:aws:kms:eu-west-1:123456789012:alias/x"), Some("eu-west-1"));
        assert_eq!(region_of_arn("arn:aws:kms::1:x"), None);
        assert_eq!(region_of_arn("alias/x"), None);
        assert_eq!(checked("eu-west-1".into()), Ok("eu-west-1".into()));
        for region in ["", "evil.example/", "x y", "a#"] {
            assert_eq!(checked(region.into()).unwrap_err().message, format!("`{region}` is no region of AWS"));
        }
        assert_eq!((domain("eu-west-1"), domain("cn-north-1")), ("amazonaws.com", "amazonaws.com.cn"));
    }
}
