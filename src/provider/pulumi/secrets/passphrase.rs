//! Keys from passphrases: PBKDF2 with HMAC-SHA-256 and a million rounds, which takes a good part of a second.

use std::num::NonZeroU32;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::pbkdf2::{self, PBKDF2_HMAC_SHA256};

use super::cipher::Key;

const ROUNDS: NonZeroU32 = NonZeroU32::new(1_000_000).expect("a million is not zero");

/// The text that a state holds encrypted, so that a wrong passphrase can be told.
const CHECK: &[u8] = b"pulumi";

/// What a state says of its passphrase: `v1:SALT:CHECK`, where the check is a ciphertext.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Salt {
    salt: Vec<u8>,
    check: String,
}

impl Salt {
    /// Reads what a state says; nothing when it is damaged.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (salt, check) = text.strip_prefix("v1:")?.split_once(':')?;
        let salt = STANDARD.decode(salt).ok().filter(|salt| !salt.is_empty())?;
        Some(Self { salt, check: check.to_owned() })
    }

    /// Derives the key, and makes sure that it is the right one; nothing when the passphrase is wrong. This takes its time.
    pub(super) fn key(&self, passphrase: &[u8]) -> Option<Key> {
        let mut bytes = [0; Key::LENGTH];
        pbkdf2::derive(PBKDF2_HMAC_SHA256, ROUNDS, &self.salt, passphrase, &mut bytes);
        let key = Key::new(&bytes).expect("the bytes are as many as a key has");
        let right = key.open(&self.check).is_ok_and(|text| text == CHECK);
        right.then_some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Pulumi's own tests.
    const UPSTREAM: &str = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

    #[test]
    fn the_upstream_vector_opens_with_its_passphrase_only() {
        let salt = Salt::parse(UPSTREAM).unwrap();
        assert!(salt.key(b"password").is_some());
        assert!(salt.key(b"Password").is_none());
    }

    #[test]
    fn damage_is_told() {
        for text in ["", "v1", "v1:", "v1::v1:a:b", "v2:fozI5u6B030=:v1:F:P", "v1:%:v1:F:P", "v1:fozI5u6B030="] {
            assert_eq!(Salt::parse(text), None, "{text}");
        }
    }
}
