//! The breaks: what proxies, browsers and clients do to a signed request. `broken.rs` applies them.

mod chunked;
mod form;
mod request;

use std::time::Duration;

use crate::answer::BreakButton;
use crate::form::PostedForm;
use crate::question::{Mode, Question};
use crate::verdict::ReceivedRequest;

/// A way to break a request.
pub struct Break {
    pub name: &'static str,
    title: &'static str,
    /// The change to the request.
    pub sentence: &'static str,
    pub modes: &'static [Mode],
    pub change: Change,
}

/// The change that breaks a request.
pub enum Change {
    /// Changes the request after it was signed. Returns false if the request has nothing to change.
    Request(fn(&mut ReceivedRequest) -> bool),
    /// Changes the fields of a form after its policy was signed. Returns false if there is nothing to change.
    Form(fn(&mut PostedForm) -> bool),
    /// The client signs with another secret.
    Secret(fn(&Question) -> String),
    /// The client hashes another canonical request.
    Canonical(fn(&str) -> String),
    /// The client signs another string.
    ToSign(fn(&str) -> Option<String>),
    /// The client derives the key for another scope.
    Scope(fn(&str) -> String),
    /// The client signs a trailer with the checksum of other data.
    Checksum,
    /// The clock of the service is later.
    Later(Duration),
}

/// Returns the breaks, in the order of the buttons.
pub fn all() -> impl Iterator<Item = &'static Break> {
    request::BREAKS.iter().chain(&chunked::BREAKS).chain(&form::BREAKS)
}

/// Returns the buttons.
pub fn buttons() -> Vec<BreakButton> {
    let button = |of: &Break| BreakButton {
        name: of.name,
        title: of.title,
        modes: of.modes.iter().map(|mode| mode.name()).collect(),
    };
    all().map(button).collect()
}
