//! Runs the driver of `tools/conformance`, which documents its input and output.
//!
//! ```sh
//! cargo run --release --example conformance < cases.jsonl
//! ```

use std::io;

fn main() -> io::Result<()> {
    conformance::run(io::stdin().lock(), io::stdout().lock())
}
