//! The certificates that are trusted: one bundle file, read once.

use std::{collections::BTreeMap, ffi::OsString, fs, path::Path};

use aws_smithy_http_client::tls::TrustStore;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::ErrorKind;

/// Variables that name a bundle; the first that is set counts.
const VARIABLES: [&str; 2] = ["SSL_CERT_FILE", "NIX_SSL_CERT_FILE"];

/// Where distributions keep theirs: Debian, Alpine and Arch, Fedora, openSUSE, OpenBSD and older macOS.
const FILES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Reads the bundle. Where none is found, the store of the system is asked, if it has one that is no bundle.
///
/// # Errors
/// When the file that a variable names can't be read or has no certificate, and when there is none anywhere.
pub(super) fn store(variables: &BTreeMap<OsString, OsString>) -> Result<TrustStore, ErrorKind> {
    let named = VARIABLES.into_iter().find_map(|name| {
        let path = variables.get(std::ffi::OsStr::new(name)).filter(|path| !path.is_empty())?;
        Some((name, Path::new(path)))
    });
    if let Some((name, path)) = named {
        let from = || format!("{name}={}", path.display());
        let bytes = fs::read(path).map_err(|error| ErrorKind::Certificates {
            from: from(),
            reason: format!("can't be read: {}", error.kind()),
        })?;
        return bundle(&bytes).ok_or_else(|| ErrorKind::Certificates { from: from(), reason: "has none".to_owned() });
    }
    let found = FILES.iter().find_map(|path| bundle(&fs::read(path).ok()?));
    match found {
        Some(store) => Ok(store),
        // Its keychain is no file. Everywhere else the system's store is one of the files above.
        None if cfg!(target_os = "macos") => Ok(TrustStore::empty().with_native_roots(true)),
        None => {
            Err(ErrorKind::Certificates { from: "this system".to_owned(), reason: "has no bundle of them".to_owned() })
        }
    }
}

/// Takes the certificates that TLS can use; `None` when there is none. What can't be used is left out, as browsers do.
fn bundle(bytes: &[u8]) -> Option<TrustStore> {
    let mut usable = String::new();
    for certificate in CertificateDer::pem_slice_iter(bytes).flatten() {
        if RootCertStore::empty().add(certificate.clone()).is_ok() {
            usable.push_str("-----BEGIN CERTIFICATE-----\n");
            usable.push_str(&STANDARD.encode(&certificate));
            usable.push_str("\n-----END CERTIFICATE-----\n");
        }
    }
    (!usable.is_empty()).then(|| TrustStore::empty().with_pem_certificate(usable))
}
