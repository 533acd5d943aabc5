//! Addresses of backends, as Pulumi writes them.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use url::Url;

use crate::{
    diagnostic::{Failure, FailureKind},
    provider::input::plain,
};

/// A backend, by its address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) enum Address {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of S3, or of a service that speaks as S3 does.
    Bucket(Bucket),
    /// A Pulumi Cloud.
    Cloud(String),
}

/// A bucket, and how it is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) struct Bucket {
    /// Its name.
    pub(in super::super) name: String,
    /// What stands before the names of all files: empty, or it ends with `/`.
    pub(in super::super) prefix: String,
    /// Its region.
    pub(in super::super) region: Option<String>,
    /// The AWS profile whose credentials are used.
    pub(in super::super) profile: Option<String>,
    /// The service, when it is not AWS: an address with its scheme.
    pub(in super::super) endpoint: Option<String>,
    /// Whether the bucket stands in the path instead of the name of the host.
    pub(in super::super) path_style: bool,
}

impl Address {
    /// Reads an address; a relative folder starts at `base`.
    ///
    /// # Errors
    /// When it is malformed, needs a home folder that is not there, or is of a kind that this build does not read.
    pub(in super::super) fn parse(text: &str, base: &Path, home: Option<&Path>) -> Result<Self, Failure> {
        let malformed = || {
            Failure::new(FailureKind::Definition, format!("`{}` is no address of a backend", plain(text, 120)))
                .hint("`file://…`, `s3://…` or `https://…`")
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(malformed)?;
        match scheme {
            "file" => folder(rest, base, home).map(Self::Folder),
            "s3" => bucket(text).map(Self::Bucket).ok_or_else(malformed),
            "https" | "http" => Ok(Self::Cloud(text.to_owned())),
            "gs" | "azblob" | "postgres" => Err(Failure::new(
                FailureKind::Provider,
                format!("state in `{scheme}://…` is not read by this build yet"),
            )
            .hint("`file://…`, `s3://…` and `https://…` are")),
            _ => Err(malformed()),
        }
    }

    /// Returns the address as messages show it: no query, no user.
    pub(in super::super) fn shown(&self) -> String {
        match self {
            Self::Folder(folder) => format!("file://{}", plain(&folder.to_string_lossy(), 300)),
            Self::Bucket(bucket) => format!("s3://{}/{}", bucket.name, plain(&bucket.prefix, 300)),
            Self::Cloud(text) => match Url::parse(text) {
                Ok(url) => {
                    url[url::Position::BeforeScheme..url::Position::AfterScheme].to_owned() + "://" + &host(&url)
                }
                Err(_) => "Pulumi Cloud".to_owned(),
            },
        }
    }
}

fn host(url: &Url) -> String {
    url[url::Position::BeforeHost..url::Position::AfterPort].to_owned()
}

/// Finds the folder of a `file://` address; its query says how Pulumi writes, which matters to no reader.
fn folder(rest: &str, base: &Path, home: Option<&Path>) -> Result<PathBuf, Failure> {
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    let path = percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), std::borrow::Cow::into_owned);
    let below = if path == "~" { Some("") } else { path.strip_prefix("~/") };
    let Some(below) = below else { return Ok(base.join(path)) };
    match home {
        Some(home) => Ok(home.join(below.trim_start_matches('/'))),
        None => Err(Failure::new(FailureKind::File, "`~` has no meaning without a home folder").hint("set HOME")),
    }
}

fn bucket(text: &str) -> Option<Bucket> {
    let url = Url::parse(text).ok()?;
    let name = url.host_str().filter(|name| !name.is_empty())?.to_owned();
    let prefix = percent_decode_str(url.path()).decode_utf8().ok()?;
    let prefix = prefix.trim_matches('/');
    let mut bucket = Bucket { name, ..Bucket::default() };
    if !prefix.is_empty() {
        bucket.prefix = format!("{prefix}/");
    }
    let (mut endpoint, mut plain_http) = (None, false);
    let on = |value: &str| matches!(value, "true" | "1" | "t" | "T" | "TRUE" | "True");
    for (key, value) in url.query_pairs() {
        match key.as_ref() {
            "region" => bucket.region = Some(value.into_owned()),
            "profile" => bucket.profile = Some(value.into_owned()),
            "endpoint" => endpoint = Some(value.into_owned()),
            "s3ForcePathStyle" | "use_path_style" | "hostname_immutable" => bucket.path_style |= on(&value),
            "disableSSL" | "disable_https" => plain_http |= on(&value),
            // What is said of writing, and of versions of the SDK that Pulumi uses.
            _ => {}
        }
    }
    let scheme = if plain_http { "http" } else { "https" };
    bucket.endpoint =
        endpoint.map(|endpoint| if endpoint.contains("://") { endpoint } else { format!("{scheme}://{endpoint}") });
    for setting in [&mut bucket.region, &mut bucket.profile, &mut bucket.endpoint] {
        *setting = setting.take().filter(|value| !value.is_empty());
    }
    Some(bucket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Address, Failure> {
        Address::parse(text, Path::new("/base"), Some(Path::new("/home/u")))
    }

    #[test]
    fn folders_have_their_anchor() {
        for (text, want) in [
            ("file:///srv/state", "/srv/state"),
            ("file:///srv/state?no_tmp_dir=true", "/srv/state"),
            ("file:///srv/my%20state", "/srv/my state"),
            ("file://~", "/home/u"),
            ("file://~/", "/home/u/"),
            ("file://~/x?a=b", "/home/u/x"),
            ("file://state", "/base/state"),
            ("file://./state", "/base/./state"),
            ("file://../state", "/base/../state"),
            ("file://", "/base/"),
        ] {
            assert_eq!(parse(text), Ok(Address::Folder(want.into())), "{text}");
        }
        let lost = Address::parse("file://~/x", Path::new("/base"), None).unwrap_err();
        assert_eq!((lost.kind, lost.message.as_str()), (FailureKind::File, "`~` has no meaning without a home folder"));
    }

    #[test]
    fn buckets_have_their_query() {
        let bucket = |name: &str| Bucket { name: name.to_owned(), ..Bucket::default() };
        let cases = [
            ("s3://state", bucket("state")),
            ("s3://state/", bucket("state")),
            (
                "s3://state/a%20b/c/?region=eu-west-1&profile=ci&awssdk=v2",
                Bucket {
                    prefix: "a b/c/".into(),
                    region: Some("eu-west-1".into()),
                    profile: Some("ci".into()),
                    ..bucket("state")
                },
            ),
            (
                "s3://state?endpoint=localhost:9000&s3ForcePathStyle=true&disableSSL=true",
                Bucket { endpoint: Some("http://localhost:9000".into()), path_style: true, ..bucket("state") },
            ),
            (
                "s3://state?endpoint=minio.example&s3ForcePathStyle=false&region=",
                Bucket { endpoint: Some("https://minio.example".into()), ..bucket("state") },
            ),
            (
                "s3://state?endpoint=http%3A%2F%2F127.0.0.1%3A9000&use_path_style=true",
                Bucket { endpoint: Some("http://127.0.0.1:9000".into()), path_style: true, ..bucket("state") },
            ),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text), Ok(Address::Bucket(want)), "{text}");
        }
    }

    #[test]
    fn other_addresses_are_told_apart() {
        assert_eq!(parse("https://api.pulumi.com"), Ok(Address::Cloud("https://api.pulumi.com".into())));
        for (text, kind, message) in [
            ("state", FailureKind::Definition, "`state` is no address of a backend"),
            ("s3://", FailureKind::Definition, "`s3://` is no address of a backend"),
            ("ftp://x", FailureKind::Definition, "`ftp://x` is no address of a backend"),
            ("gs://bucket", FailureKind::Provider, "state in `gs://…` is not read by this build yet"),
            (
                "azblob://c?storage_account=a",
                FailureKind::Provider,
                "state in `azblob://…` is not read by this build yet",
            ),
        ] {
            let failure = parse(text).unwrap_err();
            assert_eq!((failure.kind, failure.message.as_str()), (kind, message), "{text}");
            assert!(!failure.hints.is_empty());
        }
    }

    #[test]
    fn shown_is_what_holds_no_secret() {
        for (text, want) in [
            ("file://~/x?y", "file:///home/u/x"),
            ("s3://state/p?endpoint=localhost:1", "s3://state/p/"),
            ("https://user:hunter2@pulumi.example:8443/x?y", "https://pulumi.example:8443"),
        ] {
            assert_eq!(parse(text).unwrap().shown(), want);
        }
    }
}
