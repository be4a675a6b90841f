//! No key remains in memory after its owners are dropped.
//!
//! Reads the memory of its own process through `/proc/self/mem`, which needs no `unsafe`. The keys to
//! look for come from a child process, masked, so that this process contains only the copies that
//! the crate made.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]
#![cfg(all(target_os = "linux", feature = "std"))]

use std::fs::{File, read_to_string};
use std::os::unix::fs::FileExt;
use std::process::Command;

use countersign::chunked::{ChunkedBody, Decoder};
use countersign::steps::{CredentialScope, SigningKey};
use countersign::{
    Credentials, Expires, KeyCache, Payload, ReceivedBody, Region, Request, RotatingSigner, SecretAccessKey,
    Service, Signer, Timestamp, Verifier,
};
use sha2::block_api::compress256;

const MASK: u8 = 0xa5;
/// Tells the child process that it is the child.
const CHILD: &str = "COUNTERSIGN_TEST_PRINTS_MASKED_KEYS";

fn time() -> Timestamp {
    Timestamp::parse("20130524T000000Z").unwrap()
}

/// A key id and a secret of this process alone. They are generated, so that no constant of the
/// program contains them.
fn secret() -> String {
    (0..40u8).map(|index| char::from(b'a' + index * 5 % 26)).collect()
}

/// Returns the secret, `k_signing`, and the inner and the outer state of its HMAC (RFC 2104, section 4).
fn keys() -> Vec<Vec<u8>> {
    let (secret, region) = (secret(), Region::new("us-east-1").unwrap());
    let scope = CredentialScope::new(time(), &region, &Service::S3);
    let [_, _, _, k_signing] = SigningKey::derivation(&SecretAccessKey::new(secret.as_str()), &scope);
    let state = |pad: u8| {
        let mut block = [pad; 64];
        block.iter_mut().zip(&*k_signing).for_each(|(to, from)| *to ^= from);
        // The initial state of SHA-256 (FIPS 180-4, section 5.3.3).
        let mut state = [
            0x6a09_e667,
            0xbb67_ae85,
            0x3c6e_f372,
            0xa54f_f53a,
            0x510e_527f,
            0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19,
        ];
        compress256(&mut state, &[block]);
        state.iter().flat_map(|word: &u32| word.to_ne_bytes()).collect()
    };
    vec![secret.into_bytes(), k_signing.to_vec(), state(0x36), state(0x5c)]
}

#[test]
fn prints_masked_keys_if_it_is_the_child() {
    if std::env::var_os(CHILD).is_some() {
        for key in keys() {
            println!("masked {}", hex::encode(key.iter().map(|byte| byte ^ MASK).collect::<Vec<u8>>()));
        }
    }
}

/// Returns the keys of [`keys`], masked.
fn masked_keys() -> Vec<Vec<u8>> {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "prints_masked_keys_if_it_is_the_child", "--nocapture"]).env(CHILD, "1");
    let printed = String::from_utf8(child.output().unwrap().stdout).unwrap();
    let masked = printed.lines().filter_map(|line| line.split_once("masked ")?.1.get(..));
    masked.map(|hex| hex::decode(hex).unwrap()).collect()
}

/// Returns how many copies of each masked key the writable memory of this process contains.
fn copies(masked: &[Vec<u8>]) -> Vec<usize> {
    let memory = File::open("/proc/self/mem").unwrap();
    let mut found = vec![0; masked.len()];
    let mut buffer = vec![0; 1 << 16];
    for line in read_to_string("/proc/self/maps").unwrap().lines() {
        let (range, rest) = line.split_once(' ').unwrap();
        let (start, end) = range.split_once('-').unwrap();
        let number = |hex| u64::from_str_radix(hex, 16).unwrap();
        let (mut at, end) = (number(start), number(end));
        while rest.starts_with("rw") && at < end {
            // Pieces overlap by the longest key.
            let length = usize::try_from(end - at).unwrap().min(buffer.len());
            let piece = &mut buffer[..length];
            if memory.read_exact_at(piece, at).is_ok() {
                for (found, masked) in found.iter_mut().zip(masked) {
                    let is_key =
                        |window: &[u8]| window.iter().zip(masked).all(|(byte, mask)| byte ^ MASK == *mask);
                    *found += piece.windows(masked.len()).filter(|window| is_key(window)).count();
                }
            }
            piece.fill(0); // a copy in this buffer is not one that the crate made
            at += u64::try_from(if length == 1 << 16 { length - 64 } else { length }).unwrap();
        }
    }
    found
}

/// Signs, presigns and verifies, in headers, in a URL and in a chunked body. Calls `alive` while all keys
/// exist, and drops them.
#[inline(never)]
fn use_keys(alive: impl FnOnce()) {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new(secret())).unwrap();
    let signer = RotatingSigner::new(Signer::new(credentials.clone(), "us-east-1", Service::S3).unwrap());
    let signer = signer.current();
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap();
    let keys = KeyCache::new(10);

    let host = [("host", "bucket.s3.amazonaws.com")];
    let signed = signer.sign(&Request::new("GET", "/key", &host), Payload::Bytes(b""), time()).unwrap();
    let mut headers = host.to_vec();
    headers.extend(signed.iter());
    for _ in 0..2 {
        let request = Request::new("GET", "/key", &headers);
        let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), time()).unwrap();
        claim.verify_cached(&keys, &credentials).unwrap();
    }
    let get = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
    let url = signer.presign(&get, Expires::HOUR, time()).unwrap();
    let request = Request::new("GET", url.path_and_query(), &host);
    let claim = verifier.claim(&request, ReceivedBody::Unread, time()).unwrap();
    let key = claim.derive_key(&credentials);
    claim.verify(&key).unwrap();

    let body = ChunkedBody::signed(5);
    let (signed, mut encoder) =
        signer.sign_chunked(&Request::new("PUT", "/key", &host), &body, time()).unwrap();
    let mut sent = Vec::new();
    encoder.encode_to(b"hello", &mut sent).unwrap();
    sent.extend(encoder.finish(&[]).unwrap());
    let mut headers = host.to_vec();
    headers.extend(signed.iter());
    let claim = verifier.claim(&Request::new("PUT", "/key", &headers), ReceivedBody::Unread, time()).unwrap();
    let verified = claim.verify(&key).unwrap();
    let mut decoder = Decoder::new(&verified.clone()).unwrap();
    let mut input = &sent[..];
    while decoder.decode(&mut input).unwrap().is_some() {}
    decoder.finish().unwrap();

    #[cfg(feature = "post-policy")]
    {
        use countersign::post_policy::{FormKey, PostPolicy};
        let policy = PostPolicy::new("bucket", FormKey::exact("key"), Expires::HOUR);
        signer.sign_post_policy(&policy, time()).unwrap();
    }
    alive();
}

#[test]
fn sec_02_no_key_remains_in_memory_after_its_owners_are_dropped() {
    let masked = masked_keys();
    assert_eq!(masked.iter().map(Vec::len).collect::<Vec<_>>(), [40, 32, 32, 32]);
    // The control: the secret and the two states are found while their owners exist. `k_signing` is
    // wiped as soon as the states are computed.
    let mut alive = Vec::new();
    use_keys(|| alive = copies(&masked));
    assert!(alive[0] > 0 && alive[2] > 0 && alive[3] > 0, "{alive:?}");
    assert_eq!(copies(&masked), [0; 4], "secret, k_signing, inner and outer state; alive: {alive:?}");
}
