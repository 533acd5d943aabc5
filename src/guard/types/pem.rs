//! PEM text, and the certificates in it.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Surroundings, Wrong};

/// A block of PEM text.
struct Block<'t> {
    label: &'t str,
    content: Vec<u8>,
}

pub(super) fn pem(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    blocks(text).map(|_| ()).map_err(|reason| Wrong::Form(Some(reason)))
}

/// Takes one certificate or several, a chain or a bundle: each must be valid today. Keys beside them are not looked at.
pub(super) fn x509(text: &str, surroundings: &Surroundings) -> Result<(), Wrong> {
    let wrong = |reason| Wrong::Form(Some(reason));
    let blocks = blocks(text).map_err(wrong)?;
    let mut certificates =
        blocks.iter().filter(|block| matches!(block.label, "CERTIFICATE" | "X509 CERTIFICATE")).peekable();
    if certificates.peek().is_none() {
        return Err(wrong("there is no certificate in it"));
    }
    let now = surroundings.now;
    for block in certificates {
        let (rest, certificate) =
            x509_parser::parse_x509_certificate(&block.content).map_err(|_| wrong("a certificate in it is damaged"))?;
        if !rest.is_empty() {
            return Err(wrong("a certificate in it is damaged"));
        }
        let validity = certificate.validity();
        let (begin, end) = (validity.not_before.timestamp(), validity.not_after.timestamp());
        if end < now {
            return Err(Wrong::Expired(end.abs_diff(now)));
        }
        if begin > now {
            return Err(Wrong::Early(begin.abs_diff(now)));
        }
    }
    Ok(())
}

/// Reads all blocks; text between them is a comment, as OpenSSL writes it.
fn blocks(text: &str) -> Result<Vec<Block<'_>>, &'static str> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines().map(str::trim_end) {
        match (&mut open, boundary(line)) {
            (None, Some(("BEGIN", label))) => open = Some((label, String::new())),
            (None, Some(_)) => return Err("a block ends that has not begun"),
            (None, None) => {}
            (Some((label, body)), Some(("END", end))) if end == *label => {
                let content = STANDARD.decode(&*body).map_err(|_| "a block in it is no base64")?;
                if content.is_empty() {
                    return Err("a block in it is empty");
                }
                blocks.push(Block { label, content });
                open = None;
            }
            (Some(_), Some(_)) => return Err("a block begins or ends within another"),
            // Headers stand before the content, with a blank line behind them.
            (Some((_, body)), None) if line.contains(':') && body.is_empty() => {}
            (Some((_, body)), None) => body.push_str(line),
        }
    }
    match (open, blocks.is_empty()) {
        (Some(_), _) => Err(torn(text).unwrap_or("a block in it has no end")),
        (None, true) => Err(torn(text).unwrap_or("there is no `-----BEGIN …-----` in it")),
        (None, false) => Ok(blocks),
    }
}

/// Recognises a text whose line breaks were lost on its way.
fn torn(text: &str) -> Option<&'static str> {
    let one_line = text.contains("-----BEGIN ") && !text.trim_end().contains('\n');
    match text {
        _ if one_line && text.contains("\\n") => Some("its line breaks are written as `\\n`"),
        _ if one_line => Some("its line breaks are lost"),
        _ => None,
    }
}

/// Reads the line at the beginning or the end of a block.
fn boundary(line: &str) -> Option<(&str, &str)> {
    let inside = line.strip_prefix("-----")?.strip_suffix("-----")?;
    inside.split_once(' ').filter(|(word, label)| matches!(*word, "BEGIN" | "END") && !label.is_empty())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Valid in the years from 2025 to 2034.
    pub(in crate::guard::types) const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBEjCBugIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtleGFtcGxlLmNvbTAe\n\
Fw0yNTAxMDEwMDAwMDBaFw0zNTAxMDEwMDAwMDBaMBYxFDASBgNVBAMMC2V4YW1w\n\
bGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIbWDLCgWFR1ZZeYq27UP\n\
pQKwHJew0WmmeJIVmKPgtnn638fR+9oPcNREbsnfTuLItcHaIAzJWBss4/582y9V\n\
4jAKBggqhkjOPQQDAgNHADBEAiBilGBlEXCYpSJdZAJWKBs/A0ATjAMrKLAKG49c\n\
vRSC2wIgVLoAkGi9DIhQ45wv+bzl3k64jKno/u/jVgroCgjDBw8=\n\
-----END CERTIFICATE-----\n";

    /// Expired with the year 2025.
    const OLD: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBFDCBugIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtleGFtcGxlLmNvbTAe\n\
Fw0yNDAxMDEwMDAwMDBaFw0yNTEyMzEwMDAwMDBaMBYxFDASBgNVBAMMC2V4YW1w\n\
bGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIbWDLCgWFR1ZZeYq27UP\n\
pQKwHJew0WmmeJIVmKPgtnn638fR+9oPcNREbsnfTuLItcHaIAzJWBss4/582y9V\n\
4jAKBggqhkjOPQQDAgNJADBGAiEA+pgPzl00X3mSUA9tI2y1TehXcbMaqzRYKydW\n\
04YxTGQCIQDhfglYDylyns3eXAwHiVv2eyoy5vqmWhOilwGxqfRp+Q==\n\
-----END CERTIFICATE-----\n";

    /// Valid from February 2026.
    const EARLY: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBEzCBugIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtleGFtcGxlLmNvbTAe\n\
Fw0yNjAyMDEwMDAwMDBaFw0zNTAxMDEwMDAwMDBaMBYxFDASBgNVBAMMC2V4YW1w\n\
bGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIbWDLCgWFR1ZZeYq27UP\n\
pQKwHJew0WmmeJIVmKPgtnn638fR+9oPcNREbsnfTuLItcHaIAzJWBss4/582y9V\n\
4jAKBggqhkjOPQQDAgNIADBFAiEA+QP9yi1TzcpxUK+vCeggrZIjCLAfyvkQ+Umv\n\
GU4GGSgCIGj06d7onqm4Ii2n2HWPQKqLY3J1kq4ve3gzchckpnVh\n\
-----END CERTIFICATE-----\n";

    pub(in crate::guard::types) const KEY: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIbWDLCgWFR1ZZeYq27UPpQKwHJew\n\
0WmmeJIVmKPgtnn638fR+9oPcNREbsnfTuLItcHaIAzJWBss4/582y9V4g==\n\
-----END PUBLIC KEY-----\n";

    /// 2026-01-01T00:00:00Z.
    const NOW: i64 = 1_767_225_600;
    const DAY: u64 = 24 * 60 * 60;

    fn check(text: &str, now: i64) -> Result<(), Wrong> {
        x509(text, &Surroundings { now, ci: false, folder: None })
    }

    #[test]
    fn certificates_are_valid_for_a_time() {
        assert_eq!(check(CERTIFICATE, NOW), Ok(()));
        assert_eq!(check(OLD, NOW), Err(Wrong::Expired(DAY)));
        assert_eq!(check(EARLY, NOW), Err(Wrong::Early(31 * DAY)));
        let text = |parts: &[&str]| parts.concat();
        assert_eq!(check(&text(&["leaf\n", CERTIFICATE, KEY, "\n", OLD]), NOW), Err(Wrong::Expired(DAY)));
        assert_eq!(check(&text(&[CERTIFICATE, KEY, CERTIFICATE]).replace('\n', "\r\n"), NOW), Ok(()));
        let damaged = CERTIFICATE.replacen("MIIB", "MIIA", 1);
        assert_eq!(check(&damaged, NOW), Err(Wrong::Form(Some("a certificate in it is damaged"))));
    }

    #[test]
    fn what_is_wrong_with_a_text_is_told() {
        let with_headers = "-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: a\n\nYQ==\n-----END X-----";
        assert!(blocks(with_headers).is_ok_and(|blocks| blocks.len() == 1 && blocks[0].content == b"a"));
        for (text, reason) in [
            (CERTIFICATE.replace('\n', "\\n"), "its line breaks are written as `\\n`"),
            (CERTIFICATE.replace('\n', " "), "its line breaks are lost"),
            (CERTIFICATE.replacen("MIIB", "MI-B", 1), "a block in it is no base64"),
            (format!("-----END X-----\n{CERTIFICATE}"), "a block ends that has not begun"),
            (format!("-----BEGIN X-----\n{CERTIFICATE}"), "a block begins or ends within another"),
            (format!("{CERTIFICATE}-----BEGIN X-----\n"), "a block in it has no end"),
            ("-----BEGIN X-----\n-----END X-----\n".into(), "a block in it is empty"),
            ("x".into(), "there is no `-----BEGIN …-----` in it"),
        ] {
            assert_eq!(blocks(&text).err(), Some(reason), "{text}");
        }
    }
}
