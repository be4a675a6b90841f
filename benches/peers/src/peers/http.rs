//! No signer: what it costs to clone the request for a peer that edits it.
//! Rows of `aws-sigv4` (applied) and `reqsign-aws-v4` include it.

use crate::check::Answer;
use crate::measure::Row;
use crate::work::{Kind, Work};

pub fn rows(work: &'static Work) -> Vec<Row> {
    if !matches!(work.kind, Kind::Presign | Kind::Sign) {
        return Vec::new();
    }
    let clone = || {
        |item: &'static crate::work::Item, sink: crate::measure::Sink<'_>| {
            let request = item.http.clone();
            sink(&|| {
                std::hint::black_box(&request);
                Answer::Part
            });
        }
    };
    vec![Row::new("(http)", "clone of the request, alone", clone)]
}
