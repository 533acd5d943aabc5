//! S3, as far as state needs it: one file, and the names below a prefix.

use aws_smithy_xml::decode::{Document, ScopedDecoder, try_data};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

use super::signed::{Signed, code, domain};
use crate::{
    diagnostic::{Failure, FailureKind},
    http::Response,
    provider::input::plain,
};

/// What stands for itself in a name.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The same, and the slashes between parts of a name.
const PATH: &AsciiSet = &NAME.remove(b'/');

/// The most bytes of a list.
const LIST: usize = 8 << 20;
/// The most lists that are asked for one after another, of a thousand names each.
const LISTS: usize = 100;

/// A bucket, with the identity that asks.
pub(in crate::provider) struct S3<'a> {
    signed: Signed<'a>,
    name: String,
    /// Where the bucket is, ending with `/`.
    base: Url,
}

/// A file in a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::provider) struct File {
    /// Its whole name.
    pub(in crate::provider) key: String,
    /// When it was changed.
    pub(in crate::provider) modified: Timestamp,
}

/// Names below a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::provider) struct Listing {
    /// Files, in the order of their names.
    pub(in crate::provider) files: Vec<File>,
    /// What ends with the delimiter, where one was given.
    pub(in crate::provider) folders: Vec<String>,
    /// Where the rest begins.
    rest: Option<String>,
}

impl<'a> S3<'a> {
    /// Addresses a bucket; `endpoint` and `path_style` are what the caller says of another service than AWS.
    ///
    /// # Errors
    /// When the endpoint is no address.
    pub(in crate::provider) async fn new(
        signed: Signed<'a>,
        name: &str,
        endpoint: Option<&str>,
        path_style: bool,
    ) -> Result<Self, Failure> {
        let endpoint = match endpoint {
            Some(endpoint) => Some(endpoint.to_owned()),
            None => signed.endpoint().await?,
        };
        let base = base(name, signed.region(), endpoint.as_deref(), path_style)?;
        Ok(Self { signed, name: name.to_owned(), base })
    }

    /// Reads a file; nothing when there is none.
    ///
    /// # Errors
    /// When it can't be read.
    pub(in crate::provider) async fn get(&self, key: &str, most: usize) -> Result<Option<Vec<u8>>, Failure> {
        let path = utf8_percent_encode(key, PATH).to_string();
        let url = self.base.join(&format!("./{path}")).map_err(|_| self.wrong(key))?;
        let response = self.signed.send("GET", url, &[], Vec::new(), most).await?;
        match response.status {
            200 => Ok(Some(response.body)),
            404 if code(&response) == "NoSuchKey" => Ok(None),
            _ => {
                let resource = format!("`s3://{}/{}`", self.name, plain(key, 300));
                Err(self.refused(&response, "s3:GetObject", &resource))
            }
        }
    }

    /// Lists the names that begin with a prefix.
    ///
    /// # Errors
    /// When they can't be listed.
    pub(in crate::provider) async fn list(&self, prefix: &str, delimiter: Option<char>) -> Result<Listing, Failure> {
        let mut all = Listing::default();
        for _ in 0..LISTS {
            let mut query = vec![("list-type", "2".to_owned()), ("prefix", prefix.to_owned())];
            query.extend(delimiter.map(|delimiter| ("delimiter", delimiter.to_string())));
            query.extend(all.rest.take().map(|rest| ("continuation-token", rest)));
            // In the order of their names, as they are signed.
            query.sort();
            let query: Vec<String> =
                query.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NAME))).collect();
            let mut url = self.base.clone();
            url.set_query(Some(&query.join("&")));
            let response = self.signed.send("GET", url, &[], Vec::new(), LIST).await?;
            if response.status != 200 {
                let resource = format!("`s3://{}`", self.name);
                return Err(self.refused(&response, "s3:ListBucket", &resource));
            }
            let page = listing(&String::from_utf8_lossy(&response.body)).ok_or_else(|| {
                let message = format!("the list of `s3://{}` can't be read: it is malformed", self.name);
                Failure::new(FailureKind::Provider, message)
            })?;
            all.files.extend(page.files);
            all.folders.extend(page.folders);
            all.rest = page.rest;
            if all.rest.is_none() {
                break;
            }
        }
        Ok(all)
    }

    fn refused(&self, response: &Response, action: &str, resource: &str) -> Failure {
        if let Some(region) = response.header("x-amz-bucket-region").filter(|region| *region != self.signed.region())
            && matches!(response.status, 301 | 307 | 400)
        {
            let region = plain(region, 40);
            let message = format!("bucket `{}` is in {region}, not in {}", self.name, self.signed.region());
            return Failure::new(FailureKind::Provider, message).hint(format!("add `region={region}`"));
        }
        if code(response) == "NoSuchBucket" {
            let message = format!("there is no bucket `{}`", self.name);
            return Failure::new(FailureKind::Provider, message).hint("check the name, and whose account it is in");
        }
        self.signed.refused(response, "S3", action, resource)
    }

    fn wrong(&self, key: &str) -> Failure {
        let message = format!("`{}` is no name of a file in bucket `{}`", plain(key, 200), self.name);
        Failure::new(FailureKind::Definition, message)
    }
}

/// Returns where a bucket is.
fn base(bucket: &str, region: &str, endpoint: Option<&str>, path_style: bool) -> Result<Url, Failure> {
    let wrong =
        |what: &str| Failure::new(FailureKind::Definition, format!("{what} of bucket `{}`", plain(bucket, 100)));
    let name = bucket.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if bucket.is_empty() || !name || !bucket.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        return Err(wrong("this can't be the name"));
    }
    let text = match endpoint {
        Some(endpoint) => {
            let url = Url::parse(endpoint).ok().filter(Url::has_host);
            let url = url.ok_or_else(|| wrong("the endpoint is no address:"))?;
            // Hosts of this machine, and addresses, have no names below them.
            let flat = matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_) | Host::Domain("localhost")));
            let root = url.as_str().trim_end_matches('/').to_owned();
            if path_style || flat || bucket.contains('.') {
                format!("{root}/{bucket}/")
            } else {
                root.replacen("://", &format!("://{bucket}."), 1) + "/"
            }
        }
        // The certificates are for one level of names below the service.
        None if path_style || bucket.contains('.') => format!("https://s3.{region}.{}/{bucket}/", domain(region)),
        None => format!("https://{bucket}.s3.{region}.{}/", domain(region)),
    };
    Url::parse(&text).map_err(|_| wrong("this can't be the name"))
}

/// Reads a page of a list; nothing when it is malformed, or cut off.
fn listing(text: &str) -> Option<Listing> {
    if !text.trim_end().ends_with("</ListBucketResult>") {
        return None;
    }
    let mut document = Document::new(text);
    let mut root = document.root_element().ok()?;
    let mut page = Listing::default();
    while let Some(mut tag) = root.next_tag() {
        match tag.start_el().local() {
            "Contents" => page.files.push(file(&mut tag)?),
            "CommonPrefixes" => {
                while let Some(mut inner) = tag.next_tag() {
                    if inner.start_el().local() == "Prefix" {
                        page.folders.push(try_data(&mut inner).ok()?.into_owned());
                    }
                }
            }
            "NextContinuationToken" => page.rest = Some(try_data(&mut tag).ok()?.into_owned()),
            _ => {}
        }
    }
    Some(page)
}

fn file(contents: &mut ScopedDecoder<'_, '_>) -> Option<File> {
    let (mut key, mut modified) = (None, None);
    while let Some(mut tag) = contents.next_tag() {
        match tag.start_el().local() {
            "Key" => key = Some(try_data(&mut tag).ok()?.into_owned()),
            "LastModified" => modified = try_data(&mut tag).ok()?.parse().ok(),
            _ => {}
        }
    }
    Some(File { key: key?, modified: modified? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_where_aws_or_the_caller_says() {
        for (bucket, region, endpoint, path_style, want) in [
            ("state", "eu-west-1", None, false, "https://state.s3.eu-west-1.amazonaws.com/"),
            ("my.state", "eu-west-1", None, false, "https://s3.eu-west-1.amazonaws.com/my.state/"),
            ("state", "cn-north-1", None, true, "https://s3.cn-north-1.amazonaws.com.cn/state/"),
            ("state", "x", Some("http://127.0.0.1:9000"), false, "http://127.0.0.1:9000/state/"),
            ("state", "x", Some("http://localhost:9000/"), false, "http://localhost:9000/state/"),
            ("state", "x", Some("https://minio.example"), false, "https://state.minio.example/"),
            ("state", "x", Some("https://minio.example/s3"), true, "https://minio.example/s3/state/"),
        ] {
            assert_eq!(base(bucket, region, endpoint, path_style).unwrap().as_str(), want);
        }
        for (bucket, endpoint) in [("", None), ("a/b", None), ("..", None), ("a@b", None), ("a", Some("minio"))] {
            assert!(base(bucket, "x", endpoint, false).is_err(), "{bucket} {endpoint:?}");
        }
    }

    #[test]
    fn lists_are_read() {
        let text = "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><IsTruncated>true</IsTruncated>\
             <Contents><Key>a&amp;b.json</Key><LastModified>2026-11-23T23:23:58.000Z</LastModified><Size>1</Size>\
             <Owner><ID>o</ID></Owner></Contents><CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>\
             <NextContinuationToken>t/1=</NextContinuationToken></ListBucketResult>";
        let modified = "2026-11-23T23:23:58Z".parse().unwrap();
        let want = Listing {
            files: vec![File { key: "a&b.json".into(), modified }],
            folders: vec!["p/".into()],
            rest: Some("t/1=".into()),
        };
        assert_eq!(listing(text), Some(want));
        assert_eq!(listing("<ListBucketResult></ListBucketResult>"), Some(Listing::default()));
        for end in 0..text.len() {
            assert_eq!(listing(&text[..end]), None);
        }
        let undated = "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>";
        assert_eq!(listing(undated), None);
    }
}
