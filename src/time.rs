//! When: the time of a request, and how long a presigned URL lives.
//!
//! The core has no clock. Every function that needs the time takes it;
//! [`Timestamp::now`] is a convenience that is seen where it is called.

use alloc::format;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use time::{Date, Month, OffsetDateTime};

/// The time of a request, to the second, as the scheme writes it:
/// `YYYYMMDDTHHMMSSZ`, always UTC.
///
/// Source: [IAM User Guide, "Create a signed AWS API request"][1], *RequestDateTime*.
///
/// ```
/// use countersign::Timestamp;
///
/// let time: Timestamp = "20130524T000000Z".parse().unwrap();
/// assert_eq!(time.as_str(), "20130524T000000Z");
/// assert_eq!(time.date(), "20130524");
/// assert_eq!(time.unix(), 1_369_353_600);
/// assert_eq!(Timestamp::from_unix(1_369_353_600), Some(time));
/// assert!(Timestamp::parse("20130230T000000Z").is_none());
/// ```
///
/// [1]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    unix: i64,
    text: [u8; 16],
}

impl Timestamp {
    /// The system clock's time.
    ///
    /// A clock that stands outside the years 0 to 9999 reads as 1970, which
    /// every service refuses.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn now() -> Self {
        Self::write(OffsetDateTime::now_utc()).unwrap_or(Self::EPOCH)
    }

    /// The time `seconds` after 1970-01-01T00:00:00Z; `None` outside the years
    /// 0 to 9999, which sixteen characters cannot write.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        Self::write(OffsetDateTime::from_unix_timestamp(seconds).ok()?)
    }

    /// Reads exactly `YYYYMMDDTHHMMSSZ`: a day that the calendar has, hours to
    /// 23, minutes and seconds to 59.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_bytes(text.as_bytes())
    }

    #[inline]
    pub(crate) fn from_bytes(text: &[u8]) -> Option<Self> {
        let text: [u8; 16] = text.try_into().ok()?;
        let [y0, y1, y2, y3, m0, m1, d0, d1, ..] = text;
        let year = 100 * i32::from(two(y0, y1)?) + i32::from(two(y2, y3)?);
        let month = Month::try_from(two(m0, m1)?).ok()?;
        let date = Date::from_calendar_date(year, month, two(d0, d1)?).ok()?;
        let unix = date.midnight().assume_utc().unix_timestamp() + seconds_of_day(&text)?;
        Some(Self { unix, text })
    }

    /// As [`parse`](Self::parse); a time on the day of `now`, as nearly all that
    /// arrive are, needs no calendar.
    #[inline]
    pub(crate) fn parse_near(now: Self, text: &[u8]) -> Option<Self> {
        let text: [u8; 16] = text.try_into().ok()?;
        if text.first_chunk::<8>() != now.text.first_chunk() {
            return Self::from_bytes(&text);
        }
        let midnight = now.unix - now.unix.rem_euclid(86_400);
        Some(Self { unix: midnight + seconds_of_day(&text)?, text })
    }

    /// `YYYYMMDDTHHMMSSZ`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// `YYYYMMDD`, the day that a credential scope names.
    #[must_use]
    pub fn date(&self) -> &str {
        self.as_str().get(..8).unwrap_or_default()
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(&self) -> i64 {
        self.unix
    }

    /// The time `seconds` later (earlier where negative); `None` outside the
    /// years 0 to 9999.
    #[must_use]
    pub fn plus_seconds(&self, seconds: i64) -> Option<Self> {
        Self::from_unix(self.unix.checked_add(seconds)?)
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`, as error documents have it.
    pub(crate) fn extended(&self) -> String {
        let [y0, y1, y2, y3, m0, m1, d0, d1, _, h0, h1, i0, i1, s0, s1, _] = self.text.map(char::from);
        format!("{y0}{y1}{y2}{y3}-{m0}{m1}-{d0}{d1}T{h0}{h1}:{i0}{i1}:{s0}{s1}Z")
    }

    #[inline]
    pub(crate) fn date_bytes(&self) -> [u8; 8] {
        self.text.first_chunk().copied().unwrap_or_default()
    }

    #[inline]
    pub(crate) const fn bytes(&self) -> &[u8; 16] {
        &self.text
    }

    #[inline]
    fn write(moment: OffsetDateTime) -> Option<Self> {
        let (year, month, day) = moment.to_calendar_date();
        let (hour, minute, second) = moment.to_hms();
        let year = u16::try_from(year).ok().filter(|year| *year <= 9999)?;
        let [y0, y1] = digits(u8::try_from(year / 100).ok()?);
        let [y2, y3] = digits(u8::try_from(year % 100).ok()?);
        let ([m0, m1], [d0, d1]) = (digits(u8::from(month)), digits(day));
        let ([h0, h1], [i0, i1], [s0, s1]) = (digits(hour), digits(minute), digits(second));
        let text = [y0, y1, y2, y3, m0, m1, d0, d1, b'T', h0, h1, i0, i1, s0, s1, b'Z'];
        Some(Self { unix: moment.unix_timestamp(), text })
    }

    const EPOCH: Self = Self { unix: 0, text: *b"19700101T000000Z" };
}

/// 1970-01-01T00:00:00Z, which no service accepts.
impl Default for Timestamp {
    fn default() -> Self {
        Self::EPOCH
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or(InvalidTimestamp)
    }
}

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

/// The text is not a time as `YYYYMMDDTHHMMSSZ`.
///
/// ```
/// use countersign::{InvalidTimestamp, Timestamp};
///
/// assert_eq!("2013-05-24T00:00:00Z".parse::<Timestamp>(), Err(InvalidTimestamp));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp;

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a time as YYYYMMDDTHHMMSSZ")
    }
}

impl core::error::Error for InvalidTimestamp {}

/// How long a presigned URL lives: 1 second to 7 days, by construction.
///
/// **A URL dies with the credentials that signed it**, whatever it says of
/// itself: those of an IAM user live on (7 days is the ceiling then), those of
/// an STS role for at most 12 hours, of `GetSessionToken` for 36, of an
/// instance profile for about 6. Tell [`Credentials`](crate::Credentials) when
/// they end, and a URL that would outlive them is an error, or is shortened on
/// request.
///
/// Source: [Amazon S3 API Reference, "Authenticating Requests: Using Query
/// Parameters"][1], *X-Amz-Expires*.
///
/// ```
/// use countersign::Expires;
///
/// assert_eq!(Expires::seconds(900).unwrap().as_secs(), 900);
/// assert!(Expires::seconds(0).is_none());
/// assert!(Expires::seconds(604_801).is_none());
/// ```
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Expires {
    seconds: u32,
    shorten: bool,
}

impl Expires {
    /// One hour.
    pub const HOUR: Self = Self { seconds: 3600, shorten: false };
    /// Seven days, the longest that the scheme allows.
    pub const WEEK: Self = Self { seconds: 604_800, shorten: false };

    /// From 1 to 604,800 seconds; `None` otherwise.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Option<Self> {
        if seconds >= 1 && seconds <= Self::WEEK.seconds {
            Some(Self { seconds, shorten: false })
        } else {
            None
        }
    }

    /// The same, but cut short at the end of the credentials instead of
    /// refused.
    ///
    /// ```
    /// use countersign::Expires;
    /// let expires = Expires::WEEK.or_until_credentials_end();
    /// assert_eq!(expires.as_secs(), 604_800);
    /// ```
    #[must_use]
    pub const fn or_until_credentials_end(self) -> Self {
        Self { shorten: true, ..self }
    }

    /// The lifetime in seconds.
    #[must_use]
    pub const fn as_secs(self) -> u32 {
        self.seconds
    }

    #[inline]
    pub(crate) const fn may_shorten(self) -> bool {
        self.shorten
    }
}

/// The seconds that `YYYYMMDDTHHMMSSZ` is behind midnight.
#[inline]
fn seconds_of_day(text: &[u8; 16]) -> Option<i64> {
    let [.., b'T', h0, h1, i0, i1, s0, s1, b'Z'] = *text else { return None };
    let (hours, minutes, seconds) = (two(h0, h1)?, two(i0, i1)?, two(s0, s1)?);
    let valid = hours < 24 && minutes < 60 && seconds < 60;
    valid.then(|| 3600 * i64::from(hours) + 60 * i64::from(minutes) + i64::from(seconds))
}

#[inline]
fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| 10 * (tens - b'0') + (ones - b'0'))
}

#[inline]
const fn digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10, b'0' + number % 10]
}
