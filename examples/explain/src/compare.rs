//! Finds the first step at which two requests differ, and all that differs between two forms.

mod pairs;

use crate::compute::Explained;
use crate::form::Form;
use crate::report::{Difference, Differing};

/// Compares the steps of two requests, and returns the first that differs. Of two forms, everything that differs in the
/// policies and in the fields is returned.
#[must_use]
pub fn compare(first: &Explained, second: &Explained) -> Difference {
    match (&first.form, &second.form) {
        (Some(ours), Some(theirs)) => return forms(first, second, ours, theirs),
        (None, None) => {}
        _ => {
            return difference(
                Some(1),
                "One of the two is a form, whose string to sign is its policy.",
                Vec::new(),
            );
        }
    }
    for (ours, theirs) in first.report.steps.iter().zip(&second.report.steps).take(2) {
        let lines = pairs::differing(&ours.lines, &theirs.lines);
        if !lines.is_empty() {
            let text = format!("The first step that differs is step {}, the {}.", ours.number, ours.name);
            return difference(Some(ours.number), &text, lines);
        }
    }
    // A masked line can hide a difference.
    if first.canonical != second.canonical {
        let text = "The canonical requests differ in a value that is not shown.";
        return difference(Some(1), text, Vec::new());
    }
    if signatures_differ(first, second) {
        let text = format!("Canonical request and string to sign are equal, and {OTHER_KEY}");
        return difference(Some(3), &text, Vec::new());
    }
    difference(None, "No step differs.", Vec::new())
}

fn forms(first: &Explained, second: &Explained, ours: &Form, theirs: &Form) -> Difference {
    let policy = |explained: &Explained| {
        explained.report.steps.first().map(|step| step.lines.clone()).unwrap_or_default()
    };
    let mut lines = pairs::differing(&policy(first), &policy(second));
    let has_other_policy = !lines.is_empty();
    let fields = pairs::differing(&ours.lines, &theirs.lines);
    let has_other_fields = !fields.is_empty();
    lines.extend(fields);
    let (step, text) = if has_other_policy {
        (Some(1), "The first step that differs is step 1, the policy.")
    } else if first.to_sign != second.to_sign {
        (Some(2), "The policies differ in their spelling, or in a value that is not shown.")
    } else if signatures_differ(first, second) {
        (Some(3), &*format!("The policies are equal, and {OTHER_KEY}"))
    } else if has_other_fields {
        (None, "The policies are equal, and the fields differ.")
    } else if ours.fields != theirs.fields {
        (None, "The policies are equal, and a field differs whose value is not shown.")
    } else {
        (None, "No step differs.")
    };
    difference(step, text, lines)
}

const OTHER_KEY: &str = "the signatures differ: the secrets differ, or one signer derives the key or computes the HMAC in \
                         another way.";

fn signatures_differ(first: &Explained, second: &Explained) -> bool {
    first.signature.is_some() && second.signature.is_some() && first.signature != second.signature
}

fn difference(step: Option<u32>, text: &str, lines: Vec<Differing>) -> Difference {
    Difference { step, text: text.to_owned(), lines }
}
