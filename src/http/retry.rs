//! Whether and when a request is sent again.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use super::{Error, Response};

/// How often a request is sent, at most.
pub(super) const ATTEMPTS: u32 = 3;

/// The wait before the second attempt, at most; it doubles each time.
const FIRST: Duration = Duration::from_millis(200);

/// Returns how long to wait before another attempt; `None` when the outcome would be the same, or there have been enough.
pub(super) fn pause(attempt: u32, outcome: &Result<Response, Error>) -> Option<Duration> {
    if attempt + 1 >= ATTEMPTS {
        return None;
    }
    let wanted = match outcome {
        Err(error) if error.is_transient() => None,
        Ok(response) if matches!(response.status, 429 | 500 | 502 | 503 | 504) => retry_after(response),
        _ => return None,
    };
    Some(wanted.unwrap_or_else(|| jitter(FIRST * 2_u32.pow(attempt))))
}

/// Reads how many seconds the server wants to be left alone; the form with a date is not used by what is asked here.
fn retry_after(response: &Response) -> Option<Duration> {
    response.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
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
            assert_eq!(pause(0, &Ok(response(status, &[("retry-after", "1")]))), None, "{status}");
        }
        for status in [429, 500, 502, 503, 504] {
            assert!(pause(0, &Ok(response(status, &[]))).is_some_and(|pause| pause <= FIRST), "{status}");
            assert_eq!(pause(1, &Ok(response(status, &[("retry-after", " 7 ")]))), Some(Duration::from_secs(7)));
            assert_eq!(pause(2, &Ok(response(status, &[]))), None, "{status}");
        }
        let error = |kind| Err(Error::new("h", kind));
        assert!(pause(0, &error(ErrorKind::Broken)).is_some());
        assert!(pause(1, &error(ErrorKind::Unreachable(std::io::ErrorKind::ConnectionRefused))).is_some());
        for kind in [ErrorKind::Offline, ErrorKind::Tls, ErrorKind::Clock, ErrorKind::Resolve, ErrorKind::TooLarge(1)] {
            assert_eq!(pause(0, &error(kind)), None);
        }
    }
}
