use super::{InvalidTimestamp, Timestamp};
use core::time::Duration;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

#[test]
fn parses_and_writes_the_first_and_the_last_second() {
    for (text, seconds) in [
        ("00000101T000000Z", -62_167_219_200),
        ("00991231T235959Z", -59_011_459_201),
        ("19691231T235959Z", -1),
        ("19700101T000000Z", 0),
        ("20000229T120000Z", 951_825_600),
        ("99991231T235959Z", 253_402_300_799),
    ] {
        assert_eq!(at(text).unix_seconds(), seconds);
        assert_eq!(Timestamp::from_unix_seconds(seconds), Ok(at(text)));
    }
}

#[test]
fn rejects_another_form() {
    for value in [
        "",
        "20130524",
        "20130524T000000",
        "20130524t000000z",
        "20130524 000000Z",
        "2013-05-24T00:00:00Z",
        "+0130524T000000Z",
        "20130524T00000 Z",
        "20130524T000000Zé",
    ] {
        assert_eq!(Timestamp::parse(value), Err(InvalidTimestamp::Format { value: value.into() }));
    }
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let error = InvalidTimestamp::Format { value: "(40 characters)".into() };
    assert_eq!(Timestamp::parse(secret), Err(error));
}

#[test]
fn rejects_times_that_do_not_exist() {
    for value in [
        "20130001T000000Z",
        "20131301T000000Z",
        "20130100T000000Z",
        "20130132T000000Z",
        "20130230T000000Z",
        "20130229T000000Z",
        "20130524T240000Z",
        "20130524T006000Z",
        "20161231T235960Z",
    ] {
        assert_eq!(Timestamp::parse(value), Err(InvalidTimestamp::NoSuchTime { value: value.into() }));
    }
}

#[test]
fn parses_rfc_3339_in_utc() {
    for (text, expected) in [
        ("2026-11-28T15:38:02Z", "20261128T153802Z"),
        ("2026-11-28T15:38:02.999999999Z", "20261128T153802Z"),
        ("2026-11-28T15:38:02+00:00", "20261128T153802Z"),
        ("2026-11-28T00:30:00+01:00", "20261127T233000Z"),
        ("2026-12-31T23:30:00-01:00", "20270101T003000Z"),
        ("1969-12-31T23:59:58.5Z", "19691231T235958Z"),
        ("2016-12-31T23:59:60Z", "20161231T235959Z"),
    ] {
        assert_eq!(Timestamp::parse_rfc3339(text), Ok(at(expected)), "{text}");
    }
    for value in ["", "20261128T153802Z", "2026-11-28", "2026-11-28T15:38:02", "2026-02-30T00:00:00Z"] {
        assert_eq!(Timestamp::parse_rfc3339(value), Err(InvalidTimestamp::Rfc3339 { value: value.into() }));
    }
    let error = InvalidTimestamp::OutOfRange { unix_seconds: 253_402_300_800 };
    assert_eq!(Timestamp::parse_rfc3339("9999-12-31T23:00:00-01:00"), Err(error));
}

#[test]
fn rejects_seconds_outside_of_the_years_0_to_9999() {
    for unix_seconds in [i64::MIN, -62_167_219_201, 253_402_300_800, i64::MAX] {
        let error = InvalidTimestamp::OutOfRange { unix_seconds };
        assert_eq!(Timestamp::from_unix_seconds(unix_seconds), Err(error));
    }
}

#[test]
fn adds_and_subtracts_within_the_years_0_to_9999() {
    let (first, last) = (at("00000101T000000Z"), at("99991231T235959Z"));
    let range = Duration::from_secs(315_569_520_000 - 1);
    assert_eq!(first.checked_add(range), Some(last));
    assert_eq!(last.checked_sub(range), Some(first));
    for duration in [Duration::from_secs(1), Duration::MAX] {
        assert_eq!(last.checked_add(duration), None);
        assert_eq!(first.checked_sub(duration), None);
    }
    assert_eq!(last.checked_add(Duration::from_millis(999)), Some(last));
}

#[cfg(feature = "std")]
#[test]
fn converts_from_and_to_system_time() {
    use std::time::SystemTime;
    let epoch = SystemTime::UNIX_EPOCH;
    let milliseconds = Duration::from_millis;
    assert_eq!(Timestamp::try_from(epoch + milliseconds(1999)), Ok(at("19700101T000001Z")));
    assert_eq!(Timestamp::try_from(epoch - milliseconds(1)), Ok(at("19691231T235959Z")));
    assert_eq!(Timestamp::try_from(epoch - milliseconds(1000)), Ok(at("19691231T235959Z")));
    assert_eq!(SystemTime::from(at("19691231T235959Z")), epoch - milliseconds(1000));
    assert_eq!(SystemTime::from(at("19700102T000000Z")), epoch + milliseconds(86_400_000));
}
