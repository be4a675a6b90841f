//! Finds the first step at which two requests differ.

use crate::compute::Explained;
use crate::report::{Difference, Differing, Line, Marked};
use crate::words::{self, Part};

/// Compares the steps of two requests, and returns the first that differs.
#[must_use]
pub fn compare(first: &Explained, second: &Explained) -> Difference {
    for (ours, theirs) in first.report.steps.iter().zip(&second.report.steps).take(2) {
        let lines = lines(&ours.lines, &theirs.lines);
        if !lines.is_empty() {
            let text = format!("The first step that differs is step {}, the {}.", ours.number, ours.name);
            return Difference { step: Some(ours.number), text, lines };
        }
    }
    // A masked line can hide a difference.
    if first.canonical != second.canonical {
        let text = "The canonical requests differ in a value that is not shown.".to_owned();
        return Difference { step: Some(1), text, lines: Vec::new() };
    }
    match (&first.signature, &second.signature) {
        (Some(ours), Some(theirs)) if ours != theirs => Difference {
            step: Some(3),
            text: "Canonical request and string to sign are equal, and the signatures differ: the secrets differ, or \
                   one signer derives the key or computes the HMAC in another way."
                .to_owned(),
            lines: Vec::new(),
        },
        _ => Difference { step: None, text: "No step differs.".to_owned(), lines: Vec::new() },
    }
}

/// Pairs the lines by their part, and headers by their name.
fn lines(ours: &[Line], theirs: &[Line]) -> Vec<Differing> {
    let mut keys: Vec<(Part, String)> = ours.iter().chain(theirs).map(key).collect();
    let mut seen = Vec::new();
    keys.retain(|key| {
        let is_new = !seen.contains(key);
        seen.push(key.clone());
        is_new
    });
    let find = |lines: &[Line], wanted: &(Part, String)| -> Option<String> {
        lines.iter().find(|line| key(line) == *wanted).map(|line| line.text.clone())
    };
    let mut differing = Vec::new();
    for wanted in keys {
        let (first, second) = (find(ours, &wanted), find(theirs, &wanted));
        if first != second {
            let (first, second) = marked(first, second);
            differing.push(Differing { part: wanted.0, name: name(&wanted), first, second });
        }
    }
    differing
}

fn key(line: &Line) -> (Part, String) {
    let is_header =
        words::of(line.part).name.starts_with("CanonicalHeaders") || line.part == Part::RegionSetHeader;
    let name = line.text.split(':').next().filter(|_| is_header).unwrap_or_default();
    (line.part, name.to_owned())
}

fn name((part, header): &(Part, String)) -> String {
    if header.is_empty() { words::of(*part).name.to_owned() } else { format!("CanonicalHeaders: {header}") }
}

/// Marks the bytes between the common beginning and the common end.
fn marked(first: Option<String>, second: Option<String>) -> (Option<Marked>, Option<Marked>) {
    let (a, b) = (first.as_deref().unwrap_or_default(), second.as_deref().unwrap_or_default());
    let common = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| -> usize {
        a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = common(&mut a.chars(), &mut b.chars());
    let rest = |text: &str| text.get(start..).unwrap_or_default().to_owned();
    let end = common(&mut rest(a).chars().rev(), &mut rest(b).chars().rev());
    let mark = |text: Option<String>| {
        text.map(|text| Marked { from: start, to: text.len().saturating_sub(end).max(start), text })
    };
    (mark(first), mark(second))
}
