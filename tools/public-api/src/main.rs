//! Prints the public API of a crate, one item a line, from its rustdoc JSON.
//!
//! Implementations that every type has, such as `From<T> for T`, and auto traits are omitted:
//! `tests/auto_traits.rs` has the auto traits.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let json = std::env::args_os().nth(1).ok_or("usage: countersign-public-api RUSTDOC.json")?;
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    print!("{api}");
    Ok(())
}
