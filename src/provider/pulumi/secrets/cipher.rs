//! The cipher of all secrets that Pulumi encrypts itself: AES-256-GCM, written `v1:NONCE:CIPHERTEXT` in base64.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// A key that opens ciphertexts.
pub(super) struct Key(LessSafeKey);

/// A ciphertext that is damaged, or encrypted with another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

impl Key {
    /// Length of a key in bytes.
    pub(super) const LENGTH: usize = 32;

    /// Makes a key; nothing when the bytes are not as many as a key has.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        UnboundKey::new(&AES_256_GCM, bytes).ok().map(|key| Self(LessSafeKey::new(key)))
    }

    /// Opens a ciphertext.
    ///
    /// # Errors
    /// When it is damaged, or encrypted with another key: which of both can't be told.
    pub(super) fn open(&self, ciphertext: &str) -> Result<Vec<u8>, Refused> {
        let mut parts = ciphertext.split(':');
        let (Some("v1"), Some(nonce), Some(sealed), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Refused);
        };
        let nonce = STANDARD.decode(nonce).ok().and_then(|nonce| <[u8; NONCE_LEN]>::try_from(nonce).ok());
        let nonce = Nonce::assume_unique_for_key(nonce.ok_or(Refused)?);
        let mut bytes = STANDARD.decode(sealed).map_err(|_| Refused)?;
        let length = self.0.open_in_place(nonce, Aad::empty(), &mut bytes).map_err(|_| Refused)?.len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Seals a text as Pulumi does.
    pub(in super::super) fn seal(key: &[u8], nonce: [u8; NONCE_LEN], text: &str) -> String {
        let sealing = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
        let mut bytes = text.as_bytes().to_vec();
        sealing.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes).unwrap();
        format!("v1:{}:{}", STANDARD.encode(nonce), STANDARD.encode(bytes))
    }

    #[test]
    fn what_was_sealed_opens_with_its_key_only() {
        let (bytes, other) = ([7; Key::LENGTH], [8; Key::LENGTH]);
        let key = Key::new(&bytes).unwrap();
        for text in ["", "{\"a\": 1}", "grüße"] {
            let sealed = seal(&bytes, [1; NONCE_LEN], text);
            assert_eq!(key.open(&sealed).unwrap(), text.as_bytes());
            assert_eq!(Key::new(&other).unwrap().open(&sealed), Err(Refused));
        }
        assert!(Key::new(&bytes[1..]).is_none());
        assert_eq!(format!("{key:?}"), "Key(…)");
    }

    #[test]
    fn damage_is_refused() {
        let bytes = [7; Key::LENGTH];
        let key = Key::new(&bytes).unwrap();
        let sealed = seal(&bytes, [1; NONCE_LEN], "text");
        let mut cases: Vec<String> = (0..sealed.len()).map(|end| sealed[..end].to_owned()).collect();
        cases.extend([format!("{sealed}:"), format!(" {sealed}"), sealed.replacen("v1", "v2", 1), "v1::".to_owned()]);
        cases.extend((3..sealed.len()).filter(|at| !b":=".contains(&sealed.as_bytes()[*at])).map(|at| {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).unwrap()
        }));
        for case in cases {
            assert_eq!(key.open(&case), Err(Refused), "{case}");
        }
    }
}
