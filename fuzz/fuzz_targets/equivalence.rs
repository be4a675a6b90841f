//! Every fast path of the canonicalization equals the exact path that it replaces.
//!
//! The paths are private. The library exposes them with `--cfg fuzzing` alone,
//! which `cargo fuzz` and `.ci/long` set.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    #[cfg(fuzzing)]
    countersign::__equivalence::check(data);
    #[cfg(not(fuzzing))]
    let _ = data;
});
