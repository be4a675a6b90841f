//! A chunked body of any bytes is read, or refused; nothing panics, nothing that
//! was not signed is released as if it were, and it comes to the same in one
//! piece and in pieces of 1, 2 and 7 bytes.
#![no_main]

use countersign_fuzz::chunked::Requests;
use countersign_fuzz::hmac;
use libfuzzer_sys::fuzz_target;

static REQUESTS: Requests = Requests::signed_by(hmac);

fuzz_target!(|data: &[u8]| REQUESTS.check(data));
