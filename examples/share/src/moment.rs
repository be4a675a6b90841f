//! A lifetime, and the moment at which it ends.

use std::time::Duration;

use countersign::{Expires, Timestamp};
use jiff::tz::TimeZone;

/// Parses `1h30m`, `7d` or a number of seconds. S3 takes 1 second to 7 days.
pub fn parse_expires(text: &str) -> Result<Expires, String> {
    let seconds = match text.parse() {
        Ok(seconds) => seconds,
        Err(_) => {
            let duration = humantime::parse_duration(text);
            let duration = duration.map_err(|error| format!("{error}; write 90s, 1h30m or 7d"))?;
            if duration.subsec_nanos() > 0 {
                return Err("a lifetime is in whole seconds".to_owned());
            }
            duration.as_secs()
        }
    };
    Expires::from_secs(seconds).map_err(|error| error.to_string())
}

/// Writes a moment in local time, in UTC, and as the time that is left.
pub fn describe(end: Timestamp, now: Timestamp) -> String {
    let (Some(local), Some(utc)) = (format(end, "%a %Y-%m-%d %H:%M:%S %Z", TimeZone::system()), rfc3339(end))
    else {
        return end.as_str().to_owned();
    };
    format!("{local} ({utc}), {}", left(end, now))
}

/// Returns `in 59 minutes` or `3 days ago`.
pub fn left(end: Timestamp, now: Timestamp) -> String {
    let seconds = end.unix_seconds() - now.unix_seconds();
    let words = words(Duration::from_secs(seconds.unsigned_abs()));
    if seconds > 0 { format!("in {words}") } else { format!("{words} ago") }
}

/// Writes the two largest units, rounded down.
pub fn words(duration: Duration) -> String {
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let mut rest = duration.as_secs();
    let mut parts = Vec::new();
    for (name, size) in units {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            parts.push(format!("{count} {name}{}", if count == 1 { "" } else { "s" }));
        } else if !parts.is_empty() {
            break;
        }
        if parts.len() == 2 {
            break;
        }
    }
    if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(" ") }
}

pub fn rfc3339(time: Timestamp) -> Option<String> {
    format(time, "%Y-%m-%dT%H:%M:%SZ", TimeZone::UTC)
}

fn format(time: Timestamp, pattern: &str, zone: TimeZone) -> Option<String> {
    let time = jiff::Timestamp::from_second(time.unix_seconds()).ok()?;
    Some(time.to_zoned(zone).strftime(pattern).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_lifetimes() {
        for (text, seconds) in [("90s", 90), ("1h30m", 5400), ("1h 30m", 5400), ("7d", 604_800), ("60", 60)] {
            assert_eq!(parse_expires(text).unwrap().as_secs(), seconds, "{text}");
        }
        for text in ["", "0", "8d", "soon", "-1", "1500ms", "604801"] {
            assert!(parse_expires(text).is_err(), "{text}");
        }
    }

    #[test]
    fn says_what_is_left() {
        for (seconds, text) in [
            (0, "0 seconds"),
            (59, "59 seconds"),
            (3600, "1 hour"),
            (3599, "59 minutes 59 seconds"),
            (90_061, "1 day 1 hour"),
            (86_405, "1 day"),
        ] {
            assert_eq!(words(Duration::from_secs(seconds)), text);
        }
        let at = |seconds| Timestamp::from_unix_seconds(seconds).unwrap();
        assert_eq!(left(at(100), at(40)), "in 1 minute");
        assert_eq!(left(at(40), at(100)), "1 minute ago");
        assert_eq!(rfc3339(at(0)).unwrap(), "1970-01-01T00:00:00Z");
    }
}
