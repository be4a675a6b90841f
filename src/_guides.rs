//! The guides of `docs/`. Their programs are compiled and run as tests.

#[doc = include_str!("../docs/walkthrough.md")]
pub mod walkthrough {}
#[doc = include_str!("../docs/services.md")]
pub mod services {}
#[cfg(all(feature = "tower", feature = "url"))]
#[doc = include_str!("../docs/sending.md")]
pub mod sending {}
#[cfg(all(feature = "checksums", feature = "tower"))]
#[doc = include_str!("../docs/verifying.md")]
pub mod verifying {}
#[doc = include_str!("../docs/chunked.md")]
pub mod chunked {}
#[cfg(feature = "aws-credential-types")]
#[doc = include_str!("../docs/credentials.md")]
pub mod credentials {}
#[cfg(feature = "post-policy")]
#[doc = include_str!("../docs/forms.md")]
pub mod forms {}
#[cfg(feature = "event-stream")]
#[doc = include_str!("../docs/event-streams.md")]
pub mod event_streams {}
#[cfg(feature = "sigv4a")]
#[doc = include_str!("../docs/sigv4a.md")]
pub mod sigv4a {}
#[cfg(feature = "tokens")]
#[doc = include_str!("../docs/tokens.md")]
pub mod tokens {}
#[cfg(feature = "diagnose")]
#[doc = include_str!("../docs/diagnosing.md")]
pub mod diagnosing {}
#[doc = include_str!("../docs/comparison.md")]
pub mod comparison {}
#[doc = include_str!("../docs/performance.md")]
pub mod performance {}
#[doc = include_str!("../docs/threats.md")]
pub mod threats {}
#[doc = include_str!("../docs/mistakes.md")]
pub mod mistakes {}
#[doc = include_str!("../docs/servers.md")]
pub mod servers {}
#[doc = include_str!("../docs/ARCHITECTURE.md")]
pub mod architecture {}
#[doc = include_str!("../CHANGELOG.md")]
pub mod changelog {}
#[cfg(all(doctest, feature = "checksums", feature = "tower", feature = "url"))]
#[doc = include_str!("../README.md")]
mod readme {}
