//! The floor: the blocks of SHA-256 that every implementation must hash for the work,
//! one after the other, and nothing else.

use std::hint::black_box;

use sha2::block_api::compress256;

use crate::check::Answer;
use crate::measure::Row;
use crate::work::{Kind, Work};

pub const NAME: &str = "FLOOR";

/// Blocks of a key derivation, and of setting the derived key up for its HMAC.
const DERIVATION: usize = 16 + 2;

pub fn rows(work: &'static Work) -> Vec<Row> {
    let mut rows = vec![floor("key kept", work.blocks)];
    if work.kind != Kind::Derive {
        rows.push(floor("key derived", work.blocks + DERIVATION));
    }
    rows
}

pub fn floor(form: &'static str, blocks: usize) -> Row {
    Row::new(NAME, form, move || {
        let text = vec![[0x5a; 64]; blocks];
        let mut state = [0x6a09_e667; 8];
        move |_, sink| {
            compress256(&mut state, black_box(&text));
            sink(&|| {
                black_box(&state);
                Answer::Part
            });
        }
    })
}
