//! Pairs the lines of a step with those of another request, and marks what differs.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{Differing, Line, Marked};
use crate::words::{self, Part};

/// Pairs the lines by their part, headers and fields by their name, and conditions by the field that they are about. Returns
/// the pairs that differ.
pub(super) fn differing(ours: &[Line], theirs: &[Line]) -> Vec<Differing> {
    let (ours, theirs) = (keyed(ours), keyed(theirs));
    let mut seen = BTreeSet::new();
    let keys = ours.iter().chain(&theirs).map(|(key, _)| key).filter(|key| seen.insert(*key));
    let find = |lines: &[(Key, &Line)], wanted: &Key| -> Option<String> {
        lines.iter().find(|(key, _)| key == wanted).map(|(_, line)| line.text.clone())
    };
    let mut differing = Vec::new();
    for wanted in keys {
        let (first, second) = (find(&ours, wanted), find(&theirs, wanted));
        if first != second {
            let (first, second) = marked(first, second);
            differing.push(Differing { part: wanted.part, name: wanted.name(), first, second });
        }
    }
    differing
}

/// Names the subject of a line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    part: Part,
    /// The name of a header or of a field; empty for a part that a request has once.
    subject: String,
    /// The number of earlier lines with the same subject.
    index: usize,
}

impl Key {
    fn name(&self) -> String {
        let name = words::of(self.part).name;
        match self.subject.as_str() {
            "" => name.to_owned(),
            header if is_header(self.part) => format!("CanonicalHeaders: {header}"),
            field => format!("{name}: {field}"),
        }
    }
}

/// Returns the lines with their keys.
fn keyed(lines: &[Line]) -> Vec<(Key, &Line)> {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    let mut key = |line: &Line| {
        let key = Key { part: line.part, subject: subject(line), index: 0 };
        let count = counts.entry(key.clone()).or_default();
        *count += 1;
        Key { index: *count - 1, ..key }
    };
    lines.iter().map(|line| (key(line), line)).collect()
}

fn subject(line: &Line) -> String {
    match line.part {
        Part::PolicyConditions => field_of(&line.text).unwrap_or_default(),
        part if is_header(part) || part == Part::OtherField => {
            line.text.split(':').next().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

/// Returns the name of the field that a condition is about, or the name of its operator. Returns `None` for a masked condition.
fn field_of(condition: &str) -> Option<String> {
    let name = match serde_json::from_str(condition).ok()? {
        serde_json::Value::Object(members) => members.keys().next()?.clone(),
        serde_json::Value::Array(items) => {
            let mut texts = items.iter().filter_map(serde_json::Value::as_str);
            let operator = texts.next()?;
            let name = texts.next().and_then(|name| name.strip_prefix('$'));
            name.unwrap_or(operator).to_owned()
        }
        _ => return None,
    };
    Some(name.to_ascii_lowercase())
}

fn is_header(part: Part) -> bool {
    words::of(part).name.starts_with("CanonicalHeaders") || part == Part::RegionSetHeader
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
