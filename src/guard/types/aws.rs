//! Names of AWS.

use super::{OTHER, Surroundings, Wrong};

/// Takes `arn:partition:service:region:account:resource`; region and account may be empty.
pub(super) fn arn(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let &[start, partition, service, region, account, resource] = parts.as_slice() else { return Err(OTHER) };
    let is_word =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let is_account = account.is_empty()
        || account == "aws"
        || (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()));
    let fits = start == "arn"
        && (partition == "aws" || partition.strip_prefix("aws-").is_some_and(|rest| !rest.is_empty() && is_word(rest)))
        && !service.is_empty()
        && is_word(service)
        && is_word(region)
        && is_account
        && !resource.is_empty()
        && !resource.chars().any(|c| c.is_whitespace() || c.is_control());
    if fits { Ok(()) } else { Err(OTHER) }
}

/// Takes the form of a region, since there are new ones every year: words, and a number at the end.
pub(super) fn region(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |part: &&str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some((number, words)) = parts.split_last() else { return Err(OTHER) };
    let is_number = matches!(number.len(), 1 | 2) && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && words.len() >= 2 && words.iter().all(is_word) {
        return Ok(());
    }
    let zone = number.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let is_zone = zone.len() + 1 == number.len() && !zone.is_empty() && zone.bytes().all(|byte| byte.is_ascii_digit());
    Err(Wrong::Form(is_zone.then_some("it is an availability zone: leave out the last letter")))
}
