//! The page in headless Chromium. `.ci/browser` installs it and runs these tests.

#[path = "../service/harness.rs"]
#[allow(dead_code, reason = "the browser needs less of it")]
mod harness;

mod driver;
mod pictures;
mod refusals;
mod resume;
mod uploads;
