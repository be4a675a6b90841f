//! Code for the request: in Rust, with curl and in Python.

mod curl;
mod python;
mod rust;

use crate::answer::Code;
use crate::form::Form;
use crate::input::Input;
use crate::sent::Sent;

/// Returns the code for a signed request. The secret is read from the environment.
pub fn of_request(input: &Input<'_>, sent: &Sent) -> Code {
    let canonical = sent.layout.canonical_request().to_string();
    Code {
        rust: rust::of_request(input),
        curl: curl::of_request(input, sent),
        python: python::of_request(&canonical, sent.to_sign.as_str()),
    }
}

/// Returns the code for a form.
pub fn of_form(input: &Input<'_>, form: &Form) -> Code {
    Code {
        rust: rust::of_form(input.question),
        curl: curl::of_form(&input.question.url, &form.fields),
        python: python::of_form(input.question),
    }
}
