//! The table of types: a name, what it means in a few words, and the check.
//!
//! Invariant: a check tells whether a value fits, never anything of the value. The command `contract types`, the documentation
//! and the messages are all made from this table.

mod aws;
mod jwt;
mod network;
mod numbers;
mod pem;
mod texts;
mod url;

use super::Surroundings;
use crate::config::contract::VariableType;

pub use url::scheme;

/// Why a value is not of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It has another form; what is most likely wrong with it, where that can be told.
    Form(Option<&'static str>),
    /// It was valid until so many seconds ago.
    Expired(u64),
    /// It will be valid in so many seconds.
    Early(u64),
}

/// A form that nothing more can be said about.
const OTHER: Wrong = Wrong::Form(None);

/// Tells whether a text is of a type.
pub type Check = fn(&str, &Surroundings) -> Result<(), Wrong>;

/// A type of values.
#[derive(Debug)]
pub struct Type {
    /// Its identity.
    pub kind: VariableType,
    /// What a value is, to be read behind "expected": `a whole number from 1 to 65535`.
    pub about: &'static str,
    /// The wider type that every value of this one has, too; absent where that is only `string`.
    pub within: Option<VariableType>,
    /// Whether a variable of it is secret when nothing is said: not where the values are few or in plain sight, as masking
    /// `true` or `8080` garbles every log and hides nothing.
    pub secret: bool,
    /// The check; an empty text is one like others to it.
    pub check: Check,
}

const fn secret(kind: VariableType, about: &'static str, check: Check) -> Type {
    Type { kind, about, within: None, secret: true, check }
}

const fn public(kind: VariableType, about: &'static str, check: Check) -> Type {
    Type { kind, about, within: None, secret: false, check }
}

const fn narrower(kind: VariableType, within: VariableType, about: &'static str, check: Check) -> Type {
    Type { kind, about, within: Some(within), secret: true, check }
}

/// All types, in the order of the documentation.
pub static TYPES: [Type; VariableType::NAMES.len()] = {
    use VariableType as T;
    [
        secret(T::String, "any text", texts::any),
        Type { within: Some(T::Number), ..public(T::Int, "a whole number", numbers::int) },
        public(T::Number, "a decimal number, such as `1.5` or `2e6`", numbers::number),
        public(T::Bool, "`true` or `false`", numbers::boolean),
        Type { within: Some(T::Int), ..public(T::Port, "a whole number from 1 to 65535", numbers::port) },
        secret(T::Url, "an absolute URL, such as `https://example.com/path`", url::url),
        secret(T::Email, "a mail address, such as `ops@example.com`", network::email),
        secret(T::Hostname, "the name of a host, such as `db.example.com`", network::hostname),
        secret(T::Ip, "an IPv4 or IPv6 address", network::ip),
        secret(T::Cidr, "a network, such as `10.0.0.0/16`", network::cidr),
        secret(T::Path, "a path in a file system", texts::path),
        narrower(T::File, T::Path, "the path of a file that exists", texts::file),
        narrower(T::Dir, T::Path, "the path of a folder that exists", texts::dir),
        secret(T::Json, "JSON text", texts::json),
        secret(T::Base64, "base64 text, standard or URL-safe, without line breaks", texts::base64),
        secret(T::Hex, "hexadecimal digits, an even number of them", texts::hex),
        secret(T::Uuid, "a UUID, such as `123e4567-e89b-12d3-a456-426614174000`", texts::uuid),
        public(T::Semver, "a semantic version, such as `1.2.3-rc.1`", texts::semver),
        public(T::Duration, "a Go duration, such as `90s` or `1h30m`", numbers::duration),
        public(T::Enum, "one of the listed `values`", texts::any),
        public(T::Date, "a date, such as `2026-01-31`, or an RFC 3339 date and time", texts::date),
        secret(T::Regex, "a regular expression in RE2 syntax", texts::regex),
        secret(T::AwsArn, "an Amazon resource name, `arn:…`", aws::arn),
        public(T::AwsRegion, "the name of an AWS region, such as `eu-central-1`", aws::region),
        secret(T::Jwt, "a JSON web token that has not expired", jwt::jwt),
        secret(T::Pem, "PEM text, `-----BEGIN …-----`", pem::pem),
        narrower(T::X509, T::Pem, "certificates in PEM that are valid today", pem::x509),
    ]
};

/// Returns the row of a type.
#[must_use]
pub fn describe(kind: VariableType) -> &'static Type {
    &TYPES[kind as usize]
}

/// Returns the type with a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|row| row.kind.name() == name)
}

/// Tells whether every value of one type is one of another.
#[must_use]
pub fn is_within(kind: VariableType, other: VariableType) -> bool {
    kind == other || other == VariableType::String || describe(kind).within.is_some_and(|wider| is_within(wider, other))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// 2026-01-01T00:00:00Z.
    const NOW: i64 = 1_767_225_600;

    fn check(name: &str, text: &str) -> Result<(), Wrong> {
        let surroundings =
            Surroundings { now: NOW, ci: false, folder: Some(PathBuf::from(env!("CARGO_MANIFEST_DIR"))) };
        (named(name).unwrap().check)(text, &surroundings)
    }

    /// Each type with values that fit and values that don't.
    const TABLE: &[(&str, &[&str], &[&str])] = &[
        ("string", &["", "x", "\0"], &[]),
        (
            "int",
            &["0", "-1", "+7", "007", "123456789012345678901234567890"],
            &["", "-", "1.0", "1e3", " 1", "1 ", "1_000", "0x1", "١"],
        ),
        (
            "number",
            &["0", "-1.5", "+.5", "1.", "2e6", "1E-7", "12345678901234567890.5"],
            &["", ".", "e5", "1e", "1,5", "inf", "NaN", "0x1p3", "1 ", "--1"],
        ),
        ("bool", &["true", "false"], &["", "True", "TRUE", "1", "yes", "true\n"]),
        ("port", &["1", "80", "65535"], &["", "0", "65536", "-1", "+80", "080", "http", "80 ", "99999999999999999999"]),
        (
            "url",
            &[
                "https://example.com",
                "http://localhost:8080/a?b=c#d",
                "postgres://user:p%40ss@db.example.com:5432/app?sslmode=require",
                "postgresql:///app?host=/run/postgresql",
                "mongodb://a:27017,b:27018/db",
                "mongodb+srv://u:p@cluster.example.com/db",
                "redis://:secret@127.0.0.1:6379/0",
                "amqp://[::1]:5672/%2f",
                "file:///etc/hosts",
                "jdbc:postgresql://host/db",
                "https://xn--bcher-kva.example/ü",
            ],
            &[
                "",
                "example.com",
                "localhost:8080",
                "mailto:a@b.c",
                "//example.com/x",
                "http://",
                "https:///path",
                "http://a b/",
                " http://a/",
                "http://a/\n",
                "http://h:99999/",
                "http://h:x/",
                "http://[::g]/",
                "http://[::1",
                "postgres://user:p#ss@host/db",
                "1http://a/",
                "http://a:80,/",
                "http://exa_mple<>.com",
                "http://a/%zz",
            ],
        ),
        (
            "email",
            &["a@b", "ops+x@example.com", "o'neil@sub.example.co"],
            &["", "a", "@b", "a@", "a@b@c", "a b@c", "<a@b>", ".a@b.c", "a..b@c", "a@-b.c", "a@b_c"],
        ),
        (
            "hostname",
            &["localhost", "db.example.com", "db.example.com.", "a-b", "1a.example"],
            &["", ".", "a..b", "-a", "a-", "a_b", "a b", "db:5432", "10.0.0.1", "ü.example", "http://a"],
        ),
        (
            "ip",
            &["10.0.0.1", "::1", "2001:db8::1"],
            &["", "10.0.0", "256.0.0.1", "10.0.0.1/8", "localhost", "fe80::1%eth0", "01.2.3.4"],
        ),
        (
            "cidr",
            &["10.0.0.0/16", "::/0", "10.0.0.1/32"],
            &["", "10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "a/8"],
        ),
        ("path", &["/", "a/b", "~/x", "ü x"], &["", "a\0b", "a\nb"]),
        ("file", &["Cargo.toml", "./src/lib.rs"], &["", "src", "nothing-here", "Cargo.toml/"]),
        ("dir", &["src", "./src/", "/"], &["", "Cargo.toml", "nothing-here"]),
        ("json", &["{}", "[1, \"a\"]", "null", " 1 ", "\"x\""], &["", "{", "{a: 1}", "{'a': 1}", "1 2", "nul", "[1,]"]),
        (
            "base64",
            &["YQ==", "YQ", "YWI=", "YWJj", "-_-_", "+/+/"],
            &["", "Y", "YQ=", "YQ===", "Y===", "YQ==\n", "+_AA", "YW I", "=", "YR=="],
        ),
        ("hex", &["00", "dEADbeef"], &["", "0", "0x00", "0g", "00 "]),
        (
            "uuid",
            &[
                "123e4567-e89b-12d3-a456-426614174000",
                "00000000-0000-0000-0000-000000000000",
                "123E4567-E89B-12D3-A456-426614174000",
            ],
            &[
                "",
                "123e4567e89b12d3a456426614174000",
                "{123e4567-e89b-12d3-a456-426614174000}",
                "123e4567-e89b-12d3-a456-42661417400g",
            ],
        ),
        (
            "semver",
            &["0.0.0", "1.2.3", "1.2.3-rc.1", "1.2.3-0a.b-c+build.007", "1.0.0+x"],
            &["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a..b", "1.2.3 "],
        ),
        ("duration", &["0", "90s", "1h30m", "1.5s"], &["", "90", "1d", "-1s", "s", "1h 30m"]),
        ("enum", &["", "x"], &[]),
        (
            "date",
            &["2026-01-31", "2024-02-29", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00.5+02:00"],
            &[
                "",
                "2026-02-30",
                "2026-1-31",
                "20260131",
                "31.01.2026",
                "2026-01-31T25:00:00Z",
                "2026-01-31T",
                "2026-01-31 ",
                "2026-01-31T08:00:00[UTC]",
            ],
        ),
        ("regex", &["", "^a.*$", "(?i)x", "[[:alpha:]]"], &["(", "[a", "a{2,1}", "(?=x)", "*"]),
        (
            "aws-arn",
            &[
                "arn:aws:s3:::bucket/key",
                "arn:aws:iam::123456789012:role/app",
                "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a-b",
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
            ],
            &[
                "",
                "arn",
                "arn:aws:s3",
                "arn:aws:s3:::",
                "arn:gcp:s3:::x",
                "arn:aws::::x",
                "arn:aws:iam::12345:role/x",
                "arn:aws:s3:::a b",
                "ARN:aws:s3:::x",
            ],
        ),
        (
            "aws-region",
            &["us-east-1", "eu-central-1", "us-gov-west-1", "ap-southeast-5", "eusc-de-east-1"],
            &["", "us-east", "us-east-1a", "useast1", "US-EAST-1", "us--1", "global", "us-east-123", "1-a-1"],
        ),
        (
            "pem",
            &[pem::tests::CERTIFICATE, pem::tests::KEY],
            &["", "x", "-----BEGIN X-----\nYQ==\n-----END Y-----\n", "-----BEGIN X-----\n"],
        ),
        ("x509", &[pem::tests::CERTIFICATE], &["", "x", pem::tests::KEY]),
    ];

    #[test]
    fn values_fit_or_not() {
        for (name, good, bad) in TABLE {
            for text in *good {
                assert_eq!(check(name, text), Ok(()), "{name}: {text:?}");
            }
            for text in *bad {
                assert!(matches!(check(name, text), Err(Wrong::Form(_))), "{name}: {text:?}");
            }
        }
    }

    #[test]
    fn the_table_has_every_type_in_order() {
        assert!(TYPES.iter().map(|row| row.kind.name()).eq(VariableType::NAMES));
        for row in &TYPES {
            assert!(std::ptr::eq(describe(row.kind), row));
            assert!(!row.about.is_empty() && !row.about.ends_with('.'), "{}", row.kind.name());
        }
        let tested: Vec<&str> = TABLE.iter().map(|(name, ..)| *name).chain(["jwt"]).collect();
        for name in VariableType::NAMES {
            assert!(tested.contains(&name), "{name} is not tested");
        }
        assert!(named("sting").is_none());
    }

    #[test]
    fn the_page_has_the_table() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guards.md")).unwrap();
        let rows = page.lines().skip_while(|line| *line != "| type | a value is |").skip(2);
        let rows: Vec<&str> = rows.take_while(|line| line.starts_with('|')).collect();
        let expected: Vec<String> =
            TYPES.iter().map(|row| format!("| `{}` | {} |", row.kind.name(), row.about)).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn what_fits_a_narrower_type_fits_the_wider_one() {
        use VariableType as T;
        assert!(is_within(T::Port, T::Number) && is_within(T::X509, T::Pem) && is_within(T::Jwt, T::String));
        assert!(!is_within(T::Number, T::Port) && !is_within(T::Url, T::Json));
        for (name, good, _) in TABLE {
            let Some(wider) = named(name).unwrap().within else { continue };
            for text in *good {
                assert_eq!(check(wider.name(), text), Ok(()), "{text:?} is {name}, and no {}", wider.name());
            }
        }
    }

    #[test]
    fn files_are_not_looked_for_without_a_folder() {
        let nowhere = Surroundings { now: NOW, ci: false, folder: None };
        assert_eq!((named("file").unwrap().check)("nothing-here", &nowhere), Ok(()));
        assert_eq!((named("dir").unwrap().check)("", &nowhere), Err(OTHER));
    }
}
