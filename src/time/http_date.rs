//! The time in the format of HTTP, which the header `Date` has.
//!
//! ```text
//! HTTP-date = day-name "," SP 2DIGIT SP month SP 4DIGIT SP 2DIGIT ":" 2DIGIT ":" 2DIGIT SP GMT
//! ```
//!
//! Source: RFC 9110, section 5.6.7, *IMF-fixdate*. The two obsolete formats of that section are
//! not parsed.

use super::{InvalidTimestamp, Timestamp, digits, value_or_length};

impl Timestamp {
    /// Parses a time in the format of the HTTP header `Date`, such as
    /// `Fri, 24 May 2013 00:00:00 GMT`.
    ///
    /// `-0000` is accepted instead of `GMT`, because botocore writes it. The day of the week must be
    /// the one of the date.
    ///
    /// ```
    /// use countersign::Timestamp;
    ///
    /// // A client whose clock is wrong can read the server's from the header `Date` of a response.
    /// let server = Timestamp::parse_http_date("Fri, 24 May 2013 00:00:00 GMT")?;
    /// assert_eq!(server.as_str(), "20130524T000000Z");
    /// assert!(Timestamp::parse_http_date("Thu, 24 May 2013 00:00:00 GMT").is_err()); // it was a Friday
    /// # Ok::<(), countersign::InvalidTimestamp>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidTimestamp::HttpDate`] for anything else.
    pub fn parse_http_date(text: &str) -> Result<Self, InvalidTimestamp> {
        Self::from_http_date(text.as_bytes())
            .ok_or_else(|| InvalidTimestamp::HttpDate { value: value_or_length(text) })
    }

    /// Parses a time in the format of HTTP.
    pub(crate) fn from_http_date(text: &[u8]) -> Option<Self> {
        let (text, zone) = text.split_first_chunk::<26>()?;
        if zone != b"GMT" && zone != b"-0000" {
            return None;
        }
        let [w0, w1, w2, b',', b' ', day @ ..] = *text else { return None };
        let [d0, d1, b' ', m0, m1, m2, b' ', y0, y1, y2, y3, b' ', time @ ..] = day else { return None };
        let [h0, h1, b':', i0, i1, b':', s0, s1, b' '] = time else { return None };
        let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == [m0, m1, m2])?.1;
        let [m0, m1] = digits(month);
        let compact = [y0, y1, y2, y3, m0, m1, d0, d1, b'T', h0, h1, i0, i1, s0, s1, b'Z'];
        let time = Self::from_bytes(&compact)?;
        // 1970-01-01 was a Thursday.
        let weekday = (time.unix_seconds.div_euclid(86_400) + 3).rem_euclid(7);
        let name = WEEKDAYS.get(usize::try_from(weekday).ok()?)?;
        (*name == [w0, w1, w2]).then_some(time)
    }
}

const WEEKDAYS: [[u8; 3]; 7] = [*b"Mon", *b"Tue", *b"Wed", *b"Thu", *b"Fri", *b"Sat", *b"Sun"];

const MONTHS: [[u8; 3]; 12] = [
    *b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct", *b"Nov",
    *b"Dec",
];

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn parses_the_fixed_format_of_http_and_no_other() {
        // The example of RFC 9110, section 5.6.7; then days on which the calendar changes.
        for (text, compact) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", "19941106T084937Z"),
            ("Sun, 06 Nov 1994 08:49:37 -0000", "19941106T084937Z"),
            ("Thu, 01 Jan 1970 00:00:00 GMT", "19700101T000000Z"),
            ("Wed, 31 Dec 1969 23:59:59 GMT", "19691231T235959Z"),
            ("Tue, 29 Feb 2000 12:00:00 GMT", "20000229T120000Z"),
            ("Fri, 31 Dec 9999 23:59:59 GMT", "99991231T235959Z"),
        ] {
            assert_eq!(
                Timestamp::parse_http_date(text).map(|time| time.to_string()),
                Ok(compact.into()),
                "{text}"
            );
        }
        for text in [
            "",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sun, 06 Nov 1994 08:49:37 +0100",
            "Sun, 06 Nov 1994 08:49:37 gmt",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT ",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Tue, 30 Feb 1993 00:00:00 GMT",
            "19941106T084937Z",
        ] {
            assert!(Timestamp::parse_http_date(text).is_err(), "{text:?}");
        }
    }

    use alloc::string::ToString;
}
