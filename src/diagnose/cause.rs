//! [`Cause`]: one reason for which a request is refused.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use super::excerpt::Excerpt;
use super::{CauseName, Certainty, Part};

/// One cause: its name, what is certain, what is likely, and what to change.
///
/// `ours` is what the client signed, and `theirs` what the service computed, whichever side runs
/// the diagnosis.
///
/// ```
/// use countersign::diagnose::{self, Certainty, Evidence, Signed};
///
/// let ours = "GET\n/\n\nhost:internal:9000\n\nhost\nUNSIGNED-PAYLOAD";
/// let answer = "<Code>SignatureDoesNotMatch</Code><CanonicalRequest>GET\n/\n\nhost:s3.example.com\n\nhost\nUNSIGNED-PAYLOAD</CanonicalRequest>";
/// let diagnosis = diagnose::answer(&Signed::from_text(ours, ""), &Evidence::read(answer));
/// let cause = diagnosis.first().ok_or("no cause")?;
/// assert_eq!(cause.name().as_str(), "host-rewritten");
/// assert_eq!(cause.certainty(), Certainty::Observed);
/// assert_eq!(cause.header(), Some("host"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    name: CauseName,
    certainty: Certainty,
    subject: Option<String>,
    ours: Option<Excerpt>,
    theirs: Option<Excerpt>,
    detail: Option<String>,
    fix: Cow<'static, str>,
}

impl Cause {
    pub(super) fn new(name: CauseName, certainty: Certainty) -> Self {
        let fix = Cow::Borrowed(name.fix());
        Self { name, certainty, subject: None, ours: None, theirs: None, detail: None, fix }
    }

    /// Sets the header or parameter that the cause is about.
    pub(super) fn about(mut self, subject: &str) -> Self {
        self.subject = Some(Excerpt::plain(subject.as_bytes()).text().into());
        self
    }

    /// Sets both sides, which must be masked already.
    pub(super) fn with_sides(mut self, ours: &[u8], theirs: &[u8]) -> Self {
        let (ours, theirs) = Excerpt::pair(ours, theirs);
        (self.ours, self.theirs) = (Some(ours), Some(theirs));
        self
    }

    /// Sets a sentence with the facts of this case, which must be masked already.
    pub(super) fn with_detail(mut self, detail: &str) -> Self {
        self.detail = Some(Excerpt::sentence(detail).text().into());
        self
    }

    /// Replaces the change to make by one that names the values of this case.
    pub(super) fn with_fix(mut self, fix: &str) -> Self {
        self.fix = Cow::Owned(Excerpt::sentence(fix).text().into());
        self
    }

    /// Replaces the name, and with it the change to make.
    pub(super) fn renamed(self, name: CauseName) -> Self {
        Self { name, fix: Cow::Borrowed(name.fix()), ..self }
    }

    /// Replaces the certainty.
    pub(super) fn with_certainty(self, certainty: Certainty) -> Self {
        Self { certainty, ..self }
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> CauseName {
        self.name
    }

    /// Returns the part of the request that the cause is about.
    #[must_use]
    pub const fn part(&self) -> Part {
        self.name.part()
    }

    /// Returns the header or the query parameter that the cause is about.
    #[must_use]
    pub fn header(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Returns how certain the cause is.
    #[must_use]
    pub const fn certainty(&self) -> Certainty {
        self.certainty
    }

    /// Returns what the client signed.
    #[must_use]
    pub const fn ours(&self) -> Option<&Excerpt> {
        self.ours.as_ref()
    }

    /// Returns what the service computed.
    #[must_use]
    pub const fn theirs(&self) -> Option<&Excerpt> {
        self.theirs.as_ref()
    }

    /// Returns who brings the cause about most often. This is likely, and not certain.
    #[must_use]
    pub const fn likely(&self) -> &'static str {
        self.name.likely()
    }

    /// Returns one sentence about why the request is refused.
    #[must_use]
    pub const fn why(&self) -> &'static str {
        self.name.why()
    }

    /// Returns the facts of this case, if there are any.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Returns one change to make.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.fix
    }
}

/// Prints the cause for a terminal, in several lines.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(subject) = &self.subject {
            write!(f, " ({subject})")?;
        }
        match (self.certainty, &self.ours) {
            // Two strings were compared only if both are shown.
            (Certainty::Observed, None) => writeln!(f, ", certain: the input shows it")?,
            (certainty, _) => writeln!(f, ", {certainty}")?,
        }
        writeln!(f, "  why       {}", self.why())?;
        if let Some(detail) = &self.detail {
            writeln!(f, "  detail    {detail}")?;
        }
        for (label, side) in [("signed", &self.ours), ("received", &self.theirs)] {
            let Some(side) = side else { continue };
            writeln!(f, "  {label:<9} {}", side.text())?;
            let before = side.text().get(..side.marked().start).unwrap_or_default().chars().count();
            let marked = side.text().get(side.marked()).unwrap_or_default().chars().count();
            if marked > 0 {
                writeln!(f, "  {:<9} {:before$}{:^<marked$}", "", "", "")?;
            }
        }
        writeln!(f, "  likely    {}", self.likely())?;
        write!(f, "  fix       {}", self.fix)
    }
}
