//! The time of a request.
//!
//! The core has no clock: each function that needs the time takes it as an argument.
//! [`Timestamp::now`] is a convenience for the caller.

mod http_date;
mod invalid;
#[cfg(test)]
mod tests;

use alloc::format;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;
#[cfg(feature = "std")]
use std::time::SystemTime;

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime};

pub use self::invalid::InvalidTimestamp;
use self::invalid::value_or_length;

/// The time of a request in UTC, to the second, as the specification writes it:
/// `YYYYMMDDTHHMMSSZ`.
///
/// Source: [IAM User Guide, "Create a signed AWS API request"][1], *RequestDateTime*.
///
/// ```
/// use core::time::Duration;
/// use countersign::Timestamp;
///
/// let time = Timestamp::parse("20130524T000000Z")?;
/// assert_eq!(time.as_str(), "20130524T000000Z");
/// assert_eq!(time.date(), "20130524");
/// assert_eq!(time.unix_seconds(), 1_369_353_600);
/// assert_eq!(time, Timestamp::parse_rfc3339("2013-05-24T02:00:00.25+02:00")?);
/// assert_eq!(time.checked_add(Duration::from_secs(60)), Some(Timestamp::parse("20130524T000100Z")?));
/// # Ok::<(), countersign::InvalidTimestamp>(())
/// ```
///
/// A time can be converted from and to the standard library's [`SystemTime`]:
///
/// ```
/// # #[cfg(feature = "std")] {
/// use std::time::SystemTime;
/// use countersign::Timestamp;
///
/// let time = Timestamp::try_from(SystemTime::UNIX_EPOCH)?;
/// assert_eq!(time.as_str(), "19700101T000000Z");
/// assert_eq!(SystemTime::from(time), SystemTime::UNIX_EPOCH);
/// # }
/// # Ok::<(), countersign::InvalidTimestamp>(())
/// ```
///
/// There is no default time:
///
/// ```compile_fail
/// let time = countersign::Timestamp::default();
/// ```
///
/// [`SystemTime`]: https://doc.rust-lang.org/std/time/struct.SystemTime.html
/// [1]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    unix_seconds: i64,
    /// The time as `YYYYMMDDTHHMMSSZ`, which each signature needs several times.
    text: [u8; 16],
}

/// 1970-01-01, as a Julian day number.
const UNIX_EPOCH_JULIAN_DAY: i32 = 2_440_588;

impl Timestamp {
    /// Reads the system clock.
    ///
    /// Returns 1970-01-01T00:00:00Z, which every service refuses, if the clock shows a
    /// year outside of 0 to 9999.
    ///
    /// ```
    /// use countersign::Timestamp;
    ///
    /// assert!(Timestamp::now() > Timestamp::parse("20240101T000000Z")?);
    /// # Ok::<(), countersign::InvalidTimestamp>(())
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn now() -> Self {
        const EPOCH: Timestamp = Timestamp { unix_seconds: 0, text: *b"19700101T000000Z" };
        Self::from_date_time(OffsetDateTime::now_utc()).unwrap_or(EPOCH)
    }

    /// Parses exactly `YYYYMMDDTHHMMSSZ`.
    ///
    /// ```
    /// use countersign::{InvalidTimestamp, Timestamp};
    ///
    /// assert_eq!(Timestamp::parse("20150830T123600Z")?.unix_seconds(), 1_440_938_160);
    /// let error = Timestamp::parse("2015-08-30T12:36:00Z").unwrap_err();
    /// assert_eq!(error.to_string(), r#"the time "2015-08-30T12:36:00Z" does not have the form YYYYMMDDTHHMMSSZ"#);
    /// # Ok::<(), InvalidTimestamp>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidTimestamp::Format`] for another form, and
    /// [`InvalidTimestamp::NoSuchTime`] for a day, hour, minute or second that does not
    /// exist. A leap second counts as one that does not exist.
    #[inline]
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        Self::from_bytes(text.as_bytes()).ok_or_else(|| InvalidTimestamp::why_not_parsed(text))
    }

    /// Parses a time of RFC 3339, such as `2026-11-28T15:38:02Z`: the form in which
    /// STS and the instance metadata service return expirations.
    ///
    /// Fractions of a second are dropped. A time with an offset is converted to UTC. A
    /// leap second is read as the second before it.
    ///
    /// ```
    /// use countersign::Timestamp;
    ///
    /// let time = Timestamp::parse("20261128T153802Z")?;
    /// assert_eq!(Timestamp::parse_rfc3339("2026-11-28T15:38:02Z")?, time);
    /// assert_eq!(Timestamp::parse_rfc3339("2026-11-28T15:38:02.999Z")?, time);
    /// assert_eq!(Timestamp::parse_rfc3339("2026-11-28T17:38:02+02:00")?, time);
    /// assert!(Timestamp::parse_rfc3339("20261128T153802Z").is_err());
    /// # Ok::<(), countersign::InvalidTimestamp>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidTimestamp::Rfc3339`] for anything else, and
    /// [`InvalidTimestamp::OutOfRange`] if the year is not 0 to 9999 in UTC.
    pub fn parse_rfc3339(text: &str) -> Result<Self, InvalidTimestamp> {
        let moment = OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| InvalidTimestamp::Rfc3339 { value: value_or_length(text) })?;
        Self::from_unix_seconds(moment.unix_timestamp())
    }

    /// Creates the time that is `seconds` after 1970-01-01T00:00:00Z, or before it if
    /// `seconds` is negative.
    ///
    /// ```
    /// use countersign::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_unix_seconds(1_369_353_600)?.as_str(), "20130524T000000Z");
    /// assert!(Timestamp::from_unix_seconds(253_402_300_800).is_err()); // the year 10000
    /// # Ok::<(), countersign::InvalidTimestamp>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidTimestamp::OutOfRange`] if the year is not 0 to 9999, which are
    /// the years that four digits can write.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidTimestamp> {
        let moment = OffsetDateTime::from_unix_timestamp(seconds).ok();
        moment.and_then(Self::from_date_time).ok_or(InvalidTimestamp::OutOfRange { unix_seconds: seconds })
    }

    /// Returns the time as `YYYYMMDDTHHMMSSZ`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// Returns the day as `YYYYMMDD`: the first part of a credential scope.
    #[must_use]
    pub fn date(&self) -> &str {
        self.as_str().get(..8).unwrap_or_default()
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(&self) -> i64 {
        self.unix_seconds
    }

    /// Returns the time that is `duration` later, or `None` after the year 9999.
    ///
    /// A fraction of a second in `duration` is ignored.
    ///
    /// ```
    /// use core::time::Duration;
    /// use countersign::Timestamp;
    ///
    /// let last = Timestamp::parse("99991231T235959Z")?;
    /// assert_eq!(last.checked_add(Duration::from_secs(1)), None);
    /// # Ok::<(), countersign::InvalidTimestamp>(())
    /// ```
    #[must_use]
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        Self::from_unix_seconds(self.unix_seconds.checked_add_unsigned(duration.as_secs())?).ok()
    }

    /// Returns the time that is `duration` earlier, or `None` before the year 0.
    ///
    /// A fraction of a second in `duration` is ignored.
    ///
    /// ```
    /// use core::time::Duration;
    /// use countersign::Timestamp;
    ///
    /// let time = Timestamp::parse("20240301T000000Z")?;
    /// assert_eq!(time.checked_sub(Duration::from_secs(1)), Some(Timestamp::parse("20240229T235959Z")?));
    /// # Ok::<(), countersign::InvalidTimestamp>(())
    /// ```
    #[must_use]
    pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
        Self::from_unix_seconds(self.unix_seconds.checked_sub_unsigned(duration.as_secs())?).ok()
    }

    /// Parses exactly `YYYYMMDDTHHMMSSZ`.
    #[inline]
    pub(crate) fn from_bytes(text: &[u8]) -> Option<Self> {
        let text: [u8; 16] = text.try_into().ok()?;
        let [y0, y1, y2, y3, m0, m1, d0, d1, b'T', h0, h1, i0, i1, s0, s1, b'Z'] = text else { return None };
        let year = 100 * i32::from(number(y0, y1)?) + i32::from(number(y2, y3)?);
        let month = Month::try_from(number(m0, m1)?).ok()?;
        let date = Date::from_calendar_date(year, month, number(d0, d1)?).ok()?;
        let (hour, minute, second) = (number(h0, h1)?, number(i0, i1)?, number(s0, s1)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let days = i64::from(date.to_julian_day() - UNIX_EPOCH_JULIAN_DAY);
        let seconds = 3600 * i64::from(hour) + 60 * i64::from(minute) + i64::from(second);
        Some(Self { unix_seconds: 86_400 * days + seconds, text })
    }

    /// Converts from the `time` crate's type; returns `None` if the year is not 0 to 9999.
    #[inline]
    fn from_date_time(moment: OffsetDateTime) -> Option<Self> {
        let (year, month, day) = moment.to_calendar_date();
        let (hour, minute, second) = moment.to_hms();
        let (century, year) =
            (u8::try_from(year.div_euclid(100)).ok()?, u8::try_from(year.rem_euclid(100)).ok()?);
        if century > 99 {
            return None;
        }
        let ([y0, y1], [y2, y3]) = (digits(century), digits(year));
        let ([m0, m1], [d0, d1]) = (digits(u8::from(month)), digits(day));
        let ([h0, h1], [i0, i1], [s0, s1]) = (digits(hour), digits(minute), digits(second));
        let text = [y0, y1, y2, y3, m0, m1, d0, d1, b'T', h0, h1, i0, i1, s0, s1, b'Z'];
        Some(Self { unix_seconds: moment.unix_timestamp(), text })
    }

    /// Returns the time as `YYYY-MM-DDTHH:MM:SSZ`, the form of S3's error documents.
    pub(crate) fn extended(&self) -> String {
        let [y0, y1, y2, y3, m0, m1, d0, d1, _, h0, h1, i0, i1, s0, s1, _] = self.text.map(char::from);
        format!("{y0}{y1}{y2}{y3}-{m0}{m1}-{d0}{d1}T{h0}{h1}:{i0}{i1}:{s0}{s1}Z")
    }

    /// Returns the day as `YYYYMMDD`.
    #[inline]
    pub(crate) fn date_bytes(&self) -> [u8; 8] {
        self.text.first_chunk().copied().unwrap_or_default()
    }

    /// Returns the time as `YYYYMMDDTHHMMSSZ`.
    #[inline]
    pub(crate) const fn bytes(&self) -> &[u8; 16] {
        &self.text
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Converts to whole seconds; a fraction of a second is dropped.
#[cfg(feature = "std")]
impl TryFrom<SystemTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(time: SystemTime) -> Result<Self, Self::Error> {
        let seconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => {
                let before = before.duration();
                // Rounds down, as after 1970: half a second before 1970 becomes second -1.
                let seconds = before.as_secs().saturating_add(u64::from(before.subsec_nanos() > 0));
                0i64.checked_sub_unsigned(seconds).unwrap_or(i64::MIN)
            }
        };
        Self::from_unix_seconds(seconds)
    }
}

/// Converts to the standard library's type. A time that the platform cannot represent,
/// such as one before 1601 on Windows, becomes [`SystemTime::UNIX_EPOCH`].
#[cfg(feature = "std")]
impl From<Timestamp> for SystemTime {
    fn from(time: Timestamp) -> Self {
        let distance = Duration::from_secs(time.unix_seconds.unsigned_abs());
        let converted = match time.unix_seconds < 0 {
            true => Self::UNIX_EPOCH.checked_sub(distance),
            false => Self::UNIX_EPOCH.checked_add(distance),
        };
        converted.unwrap_or(Self::UNIX_EPOCH)
    }
}

/// Writes `YYYYMMDDTHHMMSSZ`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

/// Returns the value of two decimal digits.
#[inline]
fn number(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| 10 * (tens - b'0') + (ones - b'0'))
}

/// Returns the two decimal digits of a number below 100.
#[inline]
const fn digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10, b'0' + number % 10]
}
