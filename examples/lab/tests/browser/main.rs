//! The page in headless Chromium. `.ci/browser` installs it and runs these tests.

#[path = "../../../gallery/tests/browser/driver.rs"]
#[allow(dead_code, reason = "the driver can do more than this page needs")]
mod driver;

mod breaks;
mod joins;
mod lab;
mod link;
mod modes;
mod pictures;
mod safety;
mod typing;
