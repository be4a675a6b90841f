//! The service and the storage, end to end, without a browser.

mod cors;
mod described;
mod harness;
mod large;
mod small;
mod views;
