//! Counts which cause is named first for each mistake.

use std::collections::BTreeMap;

use countersign::diagnose::{CauseName, Diagnosis};

use crate::breaks::{BREAKS, Sides};
use crate::{TEXTS, broken};

/// The number of cases of each mistake and side.
pub const CASES: usize = 24;

/// The results of one mistake on one side.
#[derive(Clone, Debug)]
pub struct Row {
    /// The mistake.
    pub cause: CauseName,
    /// `client`, `server` or `text`.
    pub side: &'static str,
    /// The number of cases.
    pub cases: usize,
    /// The number of cases in which the mistake is named first.
    pub first: usize,
    /// The other names that came first, and how often.
    pub others: BTreeMap<&'static str, usize>,
}

/// The results of every mistake.
#[derive(Clone, Debug)]
pub struct Matrix(pub Vec<Row>);

impl Matrix {
    /// Runs every case.
    #[must_use]
    pub fn run() -> Self {
        let mut rows = Vec::new();
        for mistake in BREAKS {
            // Requests that cannot have the mistake are skipped.
            let cases: Vec<_> = (0..40_000).filter_map(|seed| broken(mistake, seed)).take(CASES).collect();
            if mistake.sides != Sides::Received {
                rows.push(Row::of(mistake.cause, "client", cases.iter().map(|case| case.diagnose_answer())));
            }
            if mistake.sides != Sides::Answer {
                rows.push(Row::of(
                    mistake.cause,
                    "server",
                    cases.iter().map(|case| case.diagnose_received()),
                ));
            }
        }
        for text in TEXTS {
            rows.push(Row::of(text.cause, "text", (0..CASES as u64).map(|seed| text.diagnose(seed))));
        }
        Self(rows)
    }

    /// Returns the table in Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut out = String::from(
            "| cause | side | cases | named first | named instead |\n| --- | --- | --- | --- | --- |\n",
        );
        for row in &self.0 {
            let others: Vec<String> =
                row.others.iter().map(|(name, count)| format!("{name} {count}")).collect();
            let others = if others.is_empty() { "-".into() } else { others.join(", ") };
            out += &format!("| {} | {} | {} | {} | {others} |\n", row.cause, row.side, row.cases, row.first);
        }
        out
    }
}

impl Row {
    fn of(cause: CauseName, side: &'static str, results: impl Iterator<Item = Diagnosis>) -> Self {
        let mut row = Self { cause, side, cases: 0, first: 0, others: BTreeMap::new() };
        for diagnosis in results {
            row.cases += 1;
            match diagnosis.first().map(|found| found.name()) {
                Some(name) if name == cause => row.first += 1,
                other => *row.others.entry(other.map_or("nothing", CauseName::as_str)).or_default() += 1,
            }
        }
        row
    }
}
