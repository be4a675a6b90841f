//! The diagnosis, as it is shown.

use countersign::diagnose::{self, Certainty, Diagnosis, Excerpt, Part};

use crate::answer::{Cause, Run};

/// Returns the causes of a diagnosis.
pub fn causes(diagnosis: &Diagnosis) -> Vec<Cause> {
    diagnosis.causes().iter().map(cause).collect()
}

/// Returns the causes of both sides, without repetitions. The side whose first cause is more certain is first.
pub fn merged(received: Option<&Diagnosis>, answer: &Diagnosis) -> Vec<Cause> {
    let mut sides: Vec<&Diagnosis> = received.into_iter().chain([answer]).collect();
    // A stable sort: if both are equally certain, the side of the service is first.
    sides.sort_by_key(|side| side.first().map_or(Certainty::Suspected, diagnose::Cause::certainty));
    let mut merged: Vec<Cause> = Vec::new();
    for cause in sides.into_iter().flat_map(causes) {
        if merged.iter().all(|known| known.name != cause.name) {
            merged.push(cause);
        }
    }
    merged
}

fn cause(cause: &diagnose::Cause) -> Cause {
    Cause {
        name: cause.name().as_str().into(),
        certainty: certainty(cause.certainty()).into(),
        title: cause.why().into(),
        certain: certain(cause),
        likely: cause.likely().into(),
        ours: cause.ours().map(runs).unwrap_or_default(),
        theirs: cause.theirs().map(runs).unwrap_or_default(),
        change: cause.fix().into(),
        part: part(cause),
    }
}

const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Reproduced => "reproduced",
        Certainty::Observed => "observed",
        Certainty::Reported => "reported",
        _ => "suspected",
    }
}

/// Returns the sentence about what is certain.
fn certain(cause: &diagnose::Cause) -> String {
    match (cause.detail(), cause.certainty()) {
        (Some(detail), _) => detail.into(),
        (None, Certainty::Reproduced) => {
            "With this change, the signature is the one that was received.".into()
        }
        (None, Certainty::Observed) => "The two sides differ in the marked bytes.".into(),
        (None, Certainty::Reported) => "The service says so.".into(),
        _ => String::new(),
    }
}

/// Splits an excerpt into the text that both sides have and the text that differs.
fn runs(excerpt: &Excerpt) -> Vec<Run> {
    let (text, marked) = (excerpt.text(), excerpt.marked());
    let run = |text: Option<&str>, differs| Run { text: text.unwrap_or_default().into(), differs };
    let runs = [
        run(text.get(..marked.start), false),
        run(text.get(marked.clone()), true),
        run(text.get(marked.end..), false),
    ];
    runs.into_iter().filter(|run| !run.text.is_empty()).collect()
}

/// Returns the part of the panes that a cause is about.
fn part(cause: &diagnose::Cause) -> String {
    match (cause.part(), cause.header()) {
        (Part::Form, Some(name)) => format!("field.{}", name.to_ascii_lowercase()),
        (Part::Header, Some(name)) => format!("header.{}", name.to_ascii_lowercase()),
        (Part::Method, _) => "method".into(),
        (Part::Path, _) => "path".into(),
        (Part::Query, _) => "query".into(),
        (Part::Header, None) => "header".into(),
        (Part::SignedHeaders, _) => "signed_headers".into(),
        (Part::Payload, _) => "payload".into(),
        (Part::Algorithm, _) => "algorithm".into(),
        (Part::Time, _) => "time".into(),
        (Part::Scope, _) => "scope".into(),
        (Part::Key, _) => "key".into(),
        (Part::Url, _) => "query".into(),
        _ => String::new(),
    }
}
