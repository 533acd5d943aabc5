//! Whether and when a request is sent again.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use super::{Error, Response};

/// How often a request is sent, at most.
pub(super) const ATTEMPTS: u32 = 3;

/// How often it is sent, at most, when the server says each time when it may come back.
pub(super) const INVITED: u32 = 10;

/// The least wait, whatever the server says.
const LEAST: Duration = Duration::from_millis(50);

/// The wait before the second attempt, at most; it doubles each time.
const FIRST: Duration = Duration::from_millis(200);

/// Returns how long to wait before another attempt; `None` when the outcome would be the same, or there have been enough: `invited` is
/// how many there may be when the server says each time when it may be asked again.
pub(super) fn pause(attempt: u32, invited: u32, outcome: &Result<Response, Error>) -> Option<Duration> {
    let wanted = match outcome {
        Err(error) if error.is_transient() => None,
        Ok(response) if matches!(response.status, 429 | 500 | 502 | 503 | 504) => retry_after(response),
        _ => return None,
    };
    match wanted {
        Some(wanted) => (attempt + 1 < invited).then(|| wanted.max(LEAST)),
        None => (attempt + 1 < ATTEMPTS).then(|| jitter(FIRST * 2_u32.pow(attempt))),
    }
}

/// Tells whether the server did nothing with the request.
pub(super) fn is_refusal(outcome: &Result<Response, Error>) -> bool {
    outcome.as_ref().is_ok_and(|response| matches!(response.status, 429 | 503))
}

/// Reads when the server wants to be asked again: in so many seconds, or at a time.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(at.duration_since(jiff::Timestamp::now()).try_into().unwrap_or(Duration::ZERO))
}

/// Returns any time up to the given one, so that many callers do not come back at once.
fn jitter(most: Duration) -> Duration {
    let random = u32::try_from(RandomState::new().hash_one(()) >> 32).expect("32 bits are left");
    most.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{super::ErrorKind, *};

    fn response(status: u16, headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Response { status, body: Vec::new(), host: "h".into(), headers }
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        for status in [200, 204, 302, 400, 401, 403, 404, 409, 501] {
            assert_eq!(pause(0, ATTEMPTS, &Ok(response(status, &[("retry-after", "1")]))), None, "{status}");
        }
        for status in [429, 500, 502, 503, 504] {
            assert!(pause(0, ATTEMPTS, &Ok(response(status, &[]))).is_some_and(|pause| pause <= FIRST), "{status}");
            assert_eq!(
                pause(1, ATTEMPTS, &Ok(response(status, &[("retry-after", " 7 ")]))),
                Some(Duration::from_secs(7))
            );
            assert_eq!(pause(2, ATTEMPTS, &Ok(response(status, &[]))), None, "{status}");
        }
        let error = |kind| Err(Error::new("h", kind));
        assert!(pause(0, ATTEMPTS, &error(ErrorKind::Broken)).is_some());
        assert!(pause(1, ATTEMPTS, &error(ErrorKind::Unreachable(std::io::ErrorKind::ConnectionRefused))).is_some());
        for kind in [ErrorKind::Offline, ErrorKind::Tls, ErrorKind::Clock, ErrorKind::Resolve, ErrorKind::TooLarge(1)] {
            assert_eq!(pause(0, ATTEMPTS, &error(kind)), None);
        }
    }

    #[test]
    fn a_server_that_says_when_to_come_back_is_asked_more_often() {
        let busy = |after: &str| Ok(response(429, &[("retry-after", after)]));
        assert_eq!(pause(8, INVITED, &busy("0")), Some(LEAST));
        assert_eq!(pause(9, INVITED, &busy("0")), None);
        assert_eq!(pause(3, INVITED, &busy("Wed, 21 Oct 2015 07:28:00 GMT")), Some(LEAST));
        let in_years = pause(0, INVITED, &busy("Wed, 21 Oct 2195 07:28:00 GMT")).unwrap();
        assert!(in_years > Duration::from_secs(1 << 30));
        assert!(pause(0, INVITED, &busy("soon")).is_some_and(|pause| pause <= FIRST));
        assert!(is_refusal(&busy("1")) && is_refusal(&Ok(response(503, &[]))) && !is_refusal(&Ok(response(500, &[]))));
    }
}
