//! Decodes a chunked body of SigV4a of any bytes: nothing panics, the decoder releases no data that was not
//! signed, and pieces of 1, 2 and 7 bytes have the same result as one piece.
#![no_main]

use countersign_fuzz::chunked::Requests;
use countersign_fuzz::ecdsa;
use libfuzzer_sys::fuzz_target;

static REQUESTS: Requests = Requests::signed_by(ecdsa);

fuzz_target!(|data: &[u8]| REQUESTS.check(data));
