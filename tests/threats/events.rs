//! Streams of signed events: frames that are changed, moved, removed or forged.
//!
//! Every stream is read at once and in pieces of 1, 2 and 7 bytes, with the same result.

use std::time::Duration;

use countersign::event_stream::{EventError, EventSigner, EventVerifier, MAX_FRAME_SIZE};
use countersign::steps::{CredentialScope, Signature, SigningKey, StringToSign};
use countersign::*;

use testkit::{
    Hand, ID, NOW, SECRET, TEMPORARY_ID, TOKEN, Wire, assert_err, assert_error, assert_refusal, at,
    credentials, now, now_plus, temporary, verify_claim,
};

const MODE: &str = "STREAMING-AWS4-HMAC-SHA256-EVENTS";
const HOST: &str = "transcribestreaming.us-east-1.amazonaws.com";
/// The bytes of a frame in addition to its payload: prelude, two headers, checksum.
const OVERHEAD: usize = 12 + 15 + 52 + 4;

fn transcribe() -> Service {
    Service::new("transcribe").unwrap()
}

fn verifier() -> Verifier {
    Verifier::new("us-east-1", transcribe()).unwrap().allow_events()
}

/// Returns a verified request, and the signer of its events.
fn begin_at(time: Timestamp) -> (Verified, EventSigner) {
    begin_by(&verifier(), time)
}

fn begin_by(verifier: &Verifier, time: Timestamp) -> (Verified, EventSigner) {
    let signer = Signer::new(credentials(), "us-east-1", transcribe()).unwrap();
    let mut headers = vec![("host", HOST)];
    let (signed, events) = signer.sign_events(&Request::new("POST", "/stream", &headers), time).unwrap();
    headers.extend(signed.iter());
    let claim = verifier.claim(&Request::new("POST", "/stream", &headers), ReceivedBody::Unread, time);
    (verify_claim(claim.unwrap(), &credentials()).unwrap(), events)
}

fn begin() -> (Verified, EventSigner) {
    begin_at(now())
}

const EVENTS: [&[u8]; 3] = [b"the first event", b"2", b"the third"];

/// Returns the frames of a good stream, including the closing frame.
fn frames(mut events: EventSigner) -> Vec<Vec<u8>> {
    let mut frames = vec![Vec::new(); 4];
    EVENTS.iter().zip(&mut frames).for_each(|(event, frame)| events.sign(event, now(), frame).unwrap());
    events.finish(now(), &mut frames[3]).unwrap();
    frames
}

/// The events that were returned, and the result at the end.
type Outcome = (Vec<Vec<u8>>, Result<(), EventError>);

fn read_by(mut events: EventVerifier, body: &[u8], size: usize, now: Timestamp) -> Outcome {
    let mut found = Vec::new();
    for mut piece in body.chunks(size) {
        loop {
            match events.next(&mut piece, now) {
                Ok(Some(event)) => found.push(event.payload().to_vec()),
                Ok(None) => break,
                Err(error) => {
                    // The error is permanent.
                    assert_eq!(events.next(&mut &b""[..], now).unwrap_err(), error);
                    assert_eq!(events.next(&mut body.get(..).unwrap(), now).unwrap_err(), error);
                    assert_eq!(events.finish(), Err(error.clone()));
                    return (found, Err(error));
                }
            }
        }
        assert!(piece.is_empty());
    }
    (found, events.finish())
}

fn read_at(verified: &Verified, body: &[u8], now: Timestamp) -> Outcome {
    let events = || EventVerifier::new(verified).unwrap().with_credentials(&credentials()).unwrap();
    let whole = read_by(events(), body, body.len().max(1), now);
    for size in [1, 2, 7] {
        assert_eq!(read_by(events(), body, size, now), whole, "pieces of {size}");
    }
    whole
}

fn read(verified: &Verified, frames: &[Vec<u8>]) -> Outcome {
    read_at(verified, &frames.concat(), now())
}

#[track_caller]
fn accepted(verified: &Verified, frames: &[Vec<u8>]) {
    let (found, end) = read(verified, frames);
    assert_eq!(end, Ok(()));
    assert_eq!(found, EVENTS);
}

/// Asserts that the frames are rejected with this error after the first `$released` events.
macro_rules! refused {
    ($verified:expr, $frames:expr, $released:expr, $($error:tt)+) => {{
        let (found, end) = read($verified, $frames);
        assert_err!(end, $($error)+);
        assert_eq!(found, EVENTS[..$released]);
    }};
}

/// The CRC-32 of gzip (RFC 1952, section 8), bit by bit.
fn crc(bytes: &[u8]) -> [u8; 4] {
    let bit = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc));
    (!bytes.iter().fold(!0, byte)).to_be_bytes()
}

/// Corrects both checksums of a frame.
fn mended(mut frame: Vec<u8>) -> Vec<u8> {
    let prelude = crc(&frame[..8]);
    frame[8..12].copy_from_slice(&prelude);
    let end = frame.len() - 4;
    let whole = crc(&frame[..end]);
    frame[end..].copy_from_slice(&whole);
    frame
}

/// Returns a frame of any headers, with correct lengths and checksums.
fn frame(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let total = u32::try_from(16 + headers.len() + payload.len()).unwrap();
    let mut frame = total.to_be_bytes().to_vec();
    frame.extend(u32::try_from(headers.len()).unwrap().to_be_bytes());
    frame.extend([0; 4]);
    frame.extend([headers, payload, &[0; 4]].concat());
    mended(frame)
}

fn date_header(milliseconds: i64) -> Vec<u8> {
    [&b"\x05:date\x08"[..], &milliseconds.to_be_bytes()].concat()
}

fn signature_header(signature: &[u8]) -> Vec<u8> {
    let length = u16::try_from(signature.len()).unwrap().to_be_bytes();
    [&b"\x10:chunk-signature\x06"[..], &length, signature].concat()
}

/// Returns the signature of an event.
fn signature(date: i64, day: &str, prior: &Signature, payload: &[u8]) -> Signature {
    let (region, service) = (Region::new("us-east-1").unwrap(), transcribe());
    let scope = CredentialScope::new(at(&format!("{day}T000000Z")), &region, &service);
    let time = Timestamp::from_unix_seconds(date.div_euclid(1000)).unwrap();
    let to_sign = StringToSign::for_event(time, &scope, Some(prior), &date_header(date), payload);
    SigningKey::derive(&SecretAccessKey::new(SECRET), &scope).sign(&to_sign)
}

/// Returns a signed frame, and its signature.
fn signed(date: i64, scope: &str, prior: &Signature, payload: &[u8]) -> (Vec<u8>, Signature) {
    let signature = signature(date, scope, prior, payload);
    let headers = [date_header(date), signature_header(signature.as_bytes())].concat();
    (frame(&headers, payload), signature)
}

/// Returns the signature of the request.
fn seed() -> Signature {
    let signer = Signer::new(credentials(), "us-east-1", transcribe()).unwrap();
    let headers = [("host", HOST)];
    let signed = signer.sign(&Request::new("POST", "/stream", &headers), Payload::Events, now());
    signed.unwrap().signature().clone()
}

/// Returns the signature in a frame of the signer. It follows the prelude, the date, and its name, type and length.
fn signature_in(frame: &[u8]) -> Signature {
    Signature::parse(&hex::encode(&frame[12 + 15 + 20..12 + 15 + 52])).unwrap()
}

const MILLISECONDS: i64 = 1_369_396_800_000;

#[test]
fn str_01_the_test_signs_frames_as_the_signer_does() {
    let (verified, events) = begin();
    let good = frames(events);
    let (first, prior) = signed(MILLISECONDS, "20130524", &seed(), EVENTS[0]);
    assert_eq!(first, good[0]);
    assert_eq!(prior.to_string(), signature_in(&good[0]).to_string());
    accepted(&verified, &good);
}

#[test]
fn str_01_a_change_of_any_byte_of_a_frame_is_refused() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    for number in 0..good.len() {
        for place in 0..good[number].len() {
            for bit in [0x01, 0x20, 0x80] {
                let mut bad = good.clone();
                bad[number][place] ^= bit;
                let (found, end) = read(&verified, &bad);
                // The prelude consists of two lengths and their checksum.
                let prelude = place < 12;
                let error = if prelude { EventError::PreludeChecksum } else { EventError::FrameChecksum };
                assert_eq!(end, Err(error), "{place}");
                assert_eq!(found, EVENTS[..number]);
            }
        }
    }
}

#[test]
fn str_01_a_correct_checksum_does_not_replace_the_signature() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    for number in 0..good.len() {
        let length = good[number].len();
        // The low bytes of the date, the signature and the payload.
        let date = 12 + 7 + 6..12 + 15;
        let signature = 12 + 15 + 20..12 + 15 + 52;
        for place in date.chain(signature).chain(OVERHEAD - 4..length - 4) {
            let mut bad = good.clone();
            bad[number][place] ^= 0x01;
            bad[number] = mended(bad[number].clone());
            refused!(&verified, &bad, number, EventError::SignatureDoesNotMatch);
        }
    }
}

#[test]
fn str_01_a_signature_of_another_key_region_or_service_is_refused() {
    let (verified, events) = begin();
    accepted(&verified, &frames(events));
    for (secret, region, service) in [
        ("guess", "us-east-1", "transcribe"),
        (SECRET, "us-east-2", "transcribe"),
        (SECRET, "us-east-1", "lex"),
    ] {
        let (region, service) = (Region::new(region).unwrap(), Service::new(service).unwrap());
        let scope = CredentialScope::new(now(), &region, &service);
        let headers = date_header(MILLISECONDS);
        let to_sign = StringToSign::for_event(now(), &scope, Some(&seed()), &headers, EVENTS[0]);
        let signature = SigningKey::derive(&SecretAccessKey::new(secret), &scope).sign(&to_sign);
        let headers = [headers, signature_header(signature.as_bytes())].concat();
        refused!(&verified, &[frame(&headers, EVENTS[0])], 0, EventError::SignatureDoesNotMatch);
    }
}

#[test]
fn str_02_dropped_repeated_and_reordered_frames_are_refused() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    let pick = |order: &[usize]| order.iter().map(|number| good[*number].clone()).collect::<Vec<_>>();
    refused!(&verified, &pick(&[1, 2, 3]), 0, EventError::SignatureDoesNotMatch);
    refused!(&verified, &pick(&[0, 2, 3]), 1, EventError::SignatureDoesNotMatch);
    refused!(&verified, &pick(&[0, 1, 3]), 2, EventError::SignatureDoesNotMatch);
    refused!(&verified, &pick(&[3]), 0, EventError::SignatureDoesNotMatch);
    refused!(&verified, &pick(&[0, 0, 1, 2, 3]), 1, EventError::SignatureDoesNotMatch);
    refused!(&verified, &pick(&[1, 0, 2, 3]), 0, EventError::SignatureDoesNotMatch);
    refused!(&verified, &pick(&[0, 2, 1, 3]), 1, EventError::SignatureDoesNotMatch);
    refused!(&verified, &pick(&[0, 1, 3, 2]), 2, EventError::SignatureDoesNotMatch);
}

#[test]
fn str_02_frames_of_another_stream_are_refused() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    // The same key signed another request a second later.
    let (other_verified, other_events) = begin_at(now_plus(1));
    let other = frames(other_events);
    accepted(&other_verified, &other);
    refused!(&verified, &other, 0, EventError::SignatureDoesNotMatch);
    let spliced = [&good[..1], &other[1..]].concat();
    refused!(&verified, &spliced, 1, EventError::SignatureDoesNotMatch);
}

#[test]
fn str_03_a_stream_without_its_closing_frame_is_refused() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    refused!(&verified, &[], 0, EventError::Incomplete);
    refused!(&verified, &good[..3], 3, EventError::Incomplete);
    // Of a body that is cut short, only events of whole frames are returned.
    let body = good.concat();
    let mut ends = 0;
    for cut in 0..body.len() {
        if good[..ends + 1].concat().len() == cut {
            ends += 1;
        }
        let (found, end) = read_at(&verified, &body[..cut], now());
        assert_eq!(end, Err(EventError::Incomplete));
        assert_eq!(found, EVENTS[..ends]);
    }
}

#[test]
fn str_03_the_closing_frame_is_signed() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    let forge = |headers: &[u8]| [&good[..3], &[frame(headers, b"")]].concat();
    refused!(&verified, &forge(b""), 3, EventError::MissingHeader { name: ":date" });
    refused!(
        &verified,
        &forge(&date_header(MILLISECONDS)),
        3,
        EventError::MissingHeader { name: ":chunk-signature" }
    );
    let zeros = [date_header(MILLISECONDS), signature_header(&[0; 32])].concat();
    refused!(&verified, &forge(&zeros), 3, EventError::SignatureDoesNotMatch);
}

#[test]
fn str_04_an_event_without_its_signature_is_refused() {
    let (verified, events) = begin();
    accepted(&verified, &frames(events));
    let right = signature(MILLISECONDS, "20130524", &seed(), EVENTS[0]);
    let date = frame(&date_header(MILLISECONDS), EVENTS[0]);
    refused!(&verified, &[date], 0, EventError::MissingHeader { name: ":chunk-signature" });
    let signature = frame(&signature_header(right.as_bytes()), EVENTS[0]);
    refused!(&verified, &[signature], 0, EventError::MissingHeader { name: ":date" });
    refused!(&verified, &[frame(b"", EVENTS[0])], 0, EventError::MissingHeader { name: ":date" });
    // An inner event that is sent without a frame.
    let inner = frame(b"\x0b:event-type\x07\x00\x0aAudioEvent", b"audio");
    refused!(&verified, &[inner], 0, EventError::UnknownHeader { name: ":event-type" });
}

#[test]
fn str_05_a_frame_has_exactly_two_headers() {
    let (verified, events) = begin();
    accepted(&verified, &frames(events));
    let right = signature(MILLISECONDS, "20130524", &seed(), EVENTS[0]);
    let (date, signature) = (date_header(MILLISECONDS), signature_header(right.as_bytes()));
    let outcome = |headers: &[&[u8]]| read(&verified, &[frame(&headers.concat(), EVENTS[0])]);
    // Both orders are accepted: implementations differ.
    for headers in [[&date[..], &signature], [&signature, &date]] {
        assert_eq!(outcome(&headers), (vec![EVENTS[0].to_vec()], Err(EventError::Incomplete)));
    }
    let refusal = |headers: &[&[u8]]| {
        let (found, end) = outcome(headers);
        assert!(found.is_empty(), "{headers:?}");
        end
    };
    assert_err!(refusal(&[&date, &signature, &date]), EventError::RepeatedHeader { name: ":date" });
    assert_err!(
        refusal(&[&date, &signature, &signature]),
        EventError::RepeatedHeader { name: ":chunk-signature" }
    );
    for name in [":Date", "date", ":date ", ":chunk-signatur", "", ":content-type"] {
        let length = u8::try_from(name.len()).unwrap();
        let header = [&[length], name.as_bytes(), &[8], &MILLISECONDS.to_be_bytes()].concat();
        assert_err!(refusal(&[&date, &signature, &header]), EventError::UnknownHeader { name });
        assert_err!(refusal(&[&header, &date, &signature]), EventError::UnknownHeader { name });
    }
    // The same eight bytes with another type.
    for found in [0, 1, 2, 3, 4, 5, 6, 7, 9, 255] {
        let mut other = date.clone();
        other[6] = found;
        assert_err!(
            refusal(&[&other, &signature]),
            EventError::HeaderType { name: ":date", expected: 8, found }
        );
    }
    for found in [0, 5, 7, 8, 9] {
        let mut other = signature.clone();
        other[17] = found;
        assert_err!(
            refusal(&[&date, &other]),
            EventError::HeaderType { name: ":chunk-signature", expected: 6, found }
        );
    }
    let long = [right.as_bytes(), &[0][..]].concat();
    assert_err!(refusal(&[&date, &signature_header(&right.as_bytes()[..31])]), EventError::MalformedHeaders);
    assert_err!(refusal(&[&date, &signature_header(&long)]), EventError::MalformedHeaders);
    assert_err!(refusal(&[&date, &signature_header(b"")]), EventError::MalformedHeaders);
    // Another length than the 32 bytes that follow.
    for length in [0u16, 31, 33, 255, 256, 288, u16::MAX] {
        let mut other = signature.clone();
        other[18..20].copy_from_slice(&length.to_be_bytes());
        assert_err!(refusal(&[&date, &other]), EventError::MalformedHeaders);
    }
    // Headers that end too early.
    for end in 1..date.len() {
        assert_err!(refusal(&[&signature, &date[..end]]), EventError::MalformedHeaders);
    }
    for end in 1..signature.len() {
        assert_err!(refusal(&[&date, &signature[..end]]), EventError::MalformedHeaders);
    }
    assert_err!(refusal(&[&date, &signature, &[9]]), EventError::MalformedHeaders);
    assert_err!(refusal(&[&date, &signature, &[0]]), EventError::MalformedHeaders);
}

#[test]
fn str_05_payload_is_not_read_as_headers_nor_headers_as_payload() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    for headers in 0..=u32::try_from(good[0].len()).unwrap() {
        let mut bad = good.clone();
        bad[0][4..8].copy_from_slice(&headers.to_be_bytes());
        bad[0] = mended(bad[0].clone());
        match headers {
            67 => accepted(&verified, &bad),
            _ => assert!(matches!(read(&verified, &bad), (found, Err(_)) if found.is_empty()), "{headers}"),
        }
    }
}

#[test]
fn str_06_nothing_follows_the_closing_frame() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    let last = signature_in(&good[3]);
    let (another, _) = signed(MILLISECONDS, "20130524", &last, b"one more");
    let (closing, _) = signed(MILLISECONDS, "20130524", &last, b"");
    for more in [&b"\0"[..], b"\r\n", &good[0], &another, &closing] {
        refused!(&verified, &[&good[..], &[more.to_vec()]].concat(), 3, EventError::TrailingBytes);
    }
    // An empty piece has no effect.
    let mut events = EventVerifier::new(&verified).unwrap();
    let body = good.concat();
    let mut piece = &body[..];
    while events.next(&mut piece, now()).unwrap().is_some() {}
    assert!(events.next(&mut &b""[..], now()).unwrap().is_none());
    assert_eq!(events.finish(), Ok(()));
}

#[test]
fn str_08_lengths_are_checked_before_memory_is_allocated() {
    let (verified, events) = begin();
    let good = frames(events);
    accepted(&verified, &good);
    let max = MAX_FRAME_SIZE;
    let prelude = |total: u32, headers: u32| {
        let mut prelude = [total.to_be_bytes(), headers.to_be_bytes()].concat();
        prelude.extend(crc(&prelude));
        prelude
    };
    let above = u32::try_from(MAX_FRAME_SIZE).unwrap() + 1;
    for length in [0, 1, 12, 15, above, 1 << 31, u32::MAX - 1, u32::MAX] {
        for headers in [0, 67, u32::MAX] {
            refused!(&verified, &[prelude(length, headers)], 0, EventError::FrameLength { length, max });
        }
    }
    for (length, headers) in [(16, 1), (100, 85), (100, 100), (100, u32::MAX), (100, u32::MAX - 99)] {
        refused!(&verified, &[prelude(length, headers)], 0, EventError::MalformedHeaders);
    }
    let mut wrong = prelude(100, 67);
    wrong[11] ^= 1;
    refused!(&verified, &[wrong], 0, EventError::PreludeChecksum);

    // The prelude states the maximum length; memory depends on the bytes that are received.
    let mut events = EventVerifier::new(&verified).unwrap();
    let announced = prelude(above - 1, 67);
    let memory = allocation_counter::measure(|| {
        assert!(events.next(&mut &announced[..], now()).unwrap().is_none());
        assert!(events.next(&mut &[0; 100][..], now()).unwrap().is_none());
    });
    assert!(memory.bytes_max < 1024, "{memory:?}");
}

#[test]
fn dos_01_the_maximum_size_of_a_frame_is_configurable() {
    let (verified, events) = begin();
    let good = frames(events);
    let longest = good.iter().map(Vec::len).max().unwrap();
    let events = |limit| EventVerifier::new(&verified).unwrap().with_max_frame_size(limit);
    assert_eq!(
        read_by(events(longest), &good.concat(), 7, now()),
        (EVENTS.map(<[u8]>::to_vec).into(), Ok(()))
    );
    let max = longest - 1;
    let (found, end) = read_by(events(max), &good.concat(), 7, now());
    assert!(found.is_empty());
    assert_err!(end, EventError::FrameLength { length: u32::try_from(longest).unwrap(), max });
}

#[test]
fn dos_02_a_frame_in_pieces_of_one_byte_is_copied_once() {
    let (verified, mut events) = begin();
    let mut body = Vec::new();
    events.sign(&[7; 100_000], now(), &mut body).unwrap();
    events.finish(now(), &mut body).unwrap();
    let mut events = EventVerifier::new(&verified).unwrap();
    let memory = allocation_counter::measure(|| {
        let mut count = 0;
        for mut piece in body.chunks(1) {
            while events.next(&mut piece, now()).unwrap().is_some() {
                count += 1;
            }
        }
        assert_eq!(count, 1);
    });
    assert_eq!(events.finish(), Ok(()));
    // One buffer, which doubles until it holds the frame.
    assert!(memory.count_total < 32 && memory.bytes_max < 400_000, "{memory:?}");
}

#[test]
fn dos_03_dates_at_the_ends_of_the_calendar_do_not_panic() {
    let (verified, events) = begin();
    accepted(&verified, &frames(events));
    let dated = |date| frame(&[date_header(date), signature_header(&[0; 32])].concat(), b"x");
    for date in [i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX - 1, 253_402_300_800_000] {
        refused!(&verified, &[dated(date)], 0, EventError::InvalidDate);
    }
    for date in [0, -1, -1000, 253_402_300_799_999] {
        let (found, end) = read(&verified, &[dated(date)]);
        assert!(matches!(end, Err(EventError::TimeTooSkewed { .. })), "{date}");
        assert!(found.is_empty());
    }
}

#[test]
fn tim_01_the_skew_of_the_verifier_applies_to_events() {
    let max_skew = Duration::from_secs(60);
    let (verified, events) = begin_by(&verifier().with_max_skew(max_skew), now());
    let body = frames(events).concat();
    for seconds in [-60, 60] {
        assert_eq!(read_at(&verified, &body, now_plus(seconds)).1, Ok(()));
    }
    for seconds in [-61, 61] {
        let clock = now_plus(seconds);
        assert_err!(
            read_at(&verified, &body, clock).1,
            EventError::TimeTooSkewed { time: now(), now: clock, max_skew: max_skew }
        );
    }
}

#[test]
fn tim_01_an_event_is_accepted_within_the_skew() {
    let (verified, events) = begin();
    let body = frames(events).concat();
    for seconds in [-900, 0, 900] {
        let now = now_plus(seconds);
        assert_eq!(read_at(&verified, &body, now), (EVENTS.map(<[u8]>::to_vec).into(), Ok(())));
    }
    for seconds in [-901, 901] {
        let clock = now_plus(seconds);
        let (found, end) = read_at(&verified, &body, clock);
        assert!(found.is_empty());
        assert_refusal!(
            end.unwrap_err(),
            seconds,
            EventError::TimeTooSkewed { time: now(), now: clock, max_skew: Duration::from_secs(900) },
            "RequestTimeTooSkewed",
            403
        );
    }
    let events = || EventVerifier::new(&verified).unwrap().with_max_skew(Duration::from_secs(5));
    assert_eq!(read_by(events(), &body, 7, now_plus(5)).1, Ok(()));
    let late = now_plus(6);
    assert_err!(
        read_by(events(), &body, 7, late).1,
        EventError::TimeTooSkewed { time: now(), now: late, max_skew: Duration::from_secs(5) }
    );
}

#[test]
fn tim_01_a_delayed_event_is_refused_within_a_stream() {
    let (verified, events) = begin();
    let good = frames(events);
    let mut events = EventVerifier::new(&verified).unwrap();
    assert!(events.next(&mut &good[0][..], now()).unwrap().is_some());
    let late = now_plus(901);
    assert_err!(
        events.next(&mut &good[1][..], late),
        EventError::TimeTooSkewed { time: now(), now: late, max_skew: Duration::from_secs(900) }
    );
}

#[test]
fn tim_04_the_date_of_an_event_is_signed_to_the_millisecond() {
    let (verified, _) = begin();
    let (good, prior) = signed(MILLISECONDS + 999, "20130524", &seed(), EVENTS[0]);
    let (earlier, _) = signed(MILLISECONDS - 1, "20130524", &prior, EVENTS[1]);
    // A clock that is set back by a second does not break the stream.
    assert_eq!(
        read(&verified, &[good.clone(), earlier]),
        (vec![EVENTS[0].to_vec(), EVENTS[1].to_vec()], Err(EventError::Incomplete))
    );
    let mut bad = good;
    bad[12 + 14] ^= 1;
    refused!(&verified, &[mended(bad)], 0, EventError::SignatureDoesNotMatch);
}

#[test]
fn scp_01_the_date_of_the_scope_is_the_day_of_the_event() {
    let eve = at("20130524T235959Z");
    let (verified, mut events) = begin_at(eve);
    let midnight = eve.checked_add(Duration::from_secs(1)).unwrap();
    let mut body = Vec::new();
    for time in [eve, midnight] {
        events.sign(b"x", time, &mut body).unwrap();
    }
    events.finish(midnight, &mut body).unwrap();
    assert_eq!(read_at(&verified, &body, midnight), (vec![b"x".to_vec(), b"x".to_vec()], Ok(())));

    // Without the credentials, the verifier has the key of the request's day only.
    let (found, end) = read_by(EventVerifier::new(&verified).unwrap(), &body, 7, midnight);
    assert_eq!(found, [b"x"]);
    assert_refusal!(
        end.unwrap_err(),
        midnight,
        EventError::CredentialsRequired { time: midnight },
        "InternalError",
        500
    );

    let first = body[..OVERHEAD + 1].to_vec();
    let prior = signature_in(&first);
    let date = midnight.unix_seconds() * 1000;
    let second = |scope| [first.clone(), signed(date, scope, &prior, b"x").0].concat();
    assert_eq!(read_at(&verified, &second("20130525"), midnight).0.len(), 2);
    for scope in ["20130524", "20130526"] {
        let error = EventError::SignatureDoesNotMatch;
        assert_eq!(read_at(&verified, &second(scope), midnight), (vec![b"x".to_vec()], Err(error)));
    }
    // Back to the day before, within the skew: the date of an event selects the key.
    let (third, _) =
        signed(eve.unix_seconds() * 1000, "20130524", &signature_in(&body[OVERHEAD + 1..]), b"x");
    let back = [&body[..2 * (OVERHEAD + 1)], &third].concat();
    assert_eq!(read_at(&verified, &back, midnight).0.len(), 3);
}

#[test]
fn sig_04_events_are_refused_where_they_are_not_allowed() {
    let signer = Signer::new(credentials(), "us-east-1", transcribe()).unwrap();
    let mut headers = vec![("host", HOST)];
    let (signed, _) = signer.sign_events(&Request::new("POST", "/stream", &headers), now()).unwrap();
    headers.extend(signed.iter());
    let request = Request::new("POST", "/stream", &headers);
    assert!(headers.contains(&("x-amz-content-sha256", MODE)));
    let claim = || verifier().claim(&request, ReceivedBody::Unread, now()).unwrap();
    assert_eq!(verify_claim(claim(), &credentials()).unwrap().body(), BodyCheck::Events);
    // The signature of the request is required.
    let wrong = Credentials::new(ID, SecretAccessKey::new("guess")).unwrap();
    assert_eq!(verify_claim(claim(), &wrong).unwrap_err(), VerifyError::SignatureDoesNotMatch);
    assert_err!(
        claim().verify(None).map_err(Rejected::into_error),
        VerifyError::InvalidAccessKeyId { access_key_id: ID }
    );
    // Events are not allowed, or the body is given as bytes.
    let plain = Verifier::new("us-east-1", transcribe()).unwrap();
    let refused = plain.claim(&request, ReceivedBody::Unread, now()).unwrap_err();
    assert_error!(&refused, VerifyError::UnsupportedPayload { mode: MODE });
    let refused = verifier().claim(&request, ReceivedBody::Bytes(b""), now()).unwrap_err();
    assert_error!(&refused, VerifyError::UnsupportedPayload { mode: MODE });
    // Other modes are refused.
    for mode in
        ["STREAMING-AWS4-ECDSA-P256-SHA256-EVENTS", "streaming-aws4-hmac-sha256-events", "STREAMING-X"]
    {
        let mut headers = vec![("host", HOST)];
        let request = Request::new("POST", "/stream", &headers);
        let signed = signer.sign(&request, Payload::Other(PayloadMode::new(mode).unwrap()), now()).unwrap();
        headers.extend(signed.iter().filter(|(name, _)| *name != "x-amz-content-sha256"));
        headers.push(("x-amz-content-sha256", mode));
        let request = Request::new("POST", "/stream", &headers);
        let refused = verifier().claim(&request, ReceivedBody::Unread, now()).unwrap_err();
        assert_eq!(refused, VerifyError::InvalidPayloadHash, "{mode}");
    }
}

#[test]
fn pay_02_a_request_for_a_body_cannot_become_one_for_events() {
    let signer = Signer::new(credentials(), "us-east-1", transcribe()).unwrap();
    let mut headers = vec![("host", HOST)];
    let signed =
        signer.sign(&Request::new("POST", "/stream", &headers), Payload::Bytes(b"body"), now()).unwrap();
    headers.extend(signed.iter());
    let claim = |headers: &[(&str, &str)], body: ReceivedBody<'_>| {
        verifier().claim(&Request::new("POST", "/stream", headers), body, now()).unwrap()
    };
    let good = claim(&headers, ReceivedBody::Bytes(b"body"));
    let verified = verify_claim(good, &credentials()).unwrap();
    // The verified request does not have a stream of events.
    assert_err!(
        EventVerifier::new(&verified),
        VerifyError::UnsupportedPayload { mode: verified.payload_hash() }
    );
    headers.push(("x-amz-content-sha256", MODE));
    let bad = claim(&headers, ReceivedBody::Unread);
    assert_eq!(verify_claim(bad, &credentials()).unwrap_err(), VerifyError::SignatureDoesNotMatch);
}

#[test]
fn pay_01_a_body_checker_refuses_events() {
    let (verified, _) = begin();
    let mut checker = verified.body().checker();
    checker.update(b"anything");
    assert_err!(checker.finish(), VerifyError::UnsupportedPayload { mode: MODE });
}

#[test]
fn pay_06_a_url_has_no_stream_of_events() {
    let signer = Signer::new(credentials(), "us-east-1", transcribe()).unwrap();
    let request = Request::new("GET", "/stream", &[("host", HOST)]);
    let refused = signer.presign_with_payload(&request, Payload::Events, Expires::HOUR, now());
    assert_err!(refused, SignError::UnsupportedPayload { mode: MODE });
    let listed = Request::new("GET", "/stream", &[("host", HOST), ("x-amz-content-sha256", MODE)]);
    let refused = signer.presign(&listed, Expires::HOUR, now());
    assert_err!(refused, SignError::UnsupportedPayload { mode: MODE });
    // The verifier rejects what another signer made.
    let url = signer.presign(&request, Expires::HOUR, now()).unwrap();
    let claim = |headers: &[(&str, &str)]| {
        let request = Request::new("GET", url.path_and_query(), headers);
        verifier().claim(&request, ReceivedBody::Unread, now())
    };
    assert_err!(
        claim(&[("host", HOST), ("x-amz-content-sha256", MODE)]),
        VerifyError::UnsignedHeaders { names: ["x-amz-content-sha256"] }
    );
    assert_err!(claim(&[("host", HOST)]), VerifyError::BodyRequired);
    let listed = Wire::get().target("/stream").with("x-amz-content-sha256", MODE);
    let listed =
        Hand::new().scope("20130524/us-east-1/transcribe/aws4_request").payload(MODE).presign(listed);
    let error = listed.claim_unread(&verifier()).map(drop).unwrap_err();
    assert_error!(&error, VerifyError::UnsupportedPayload { mode: MODE });
}

#[test]
fn pay_06_a_websocket_is_opened_by_a_url_only() {
    let signer = Signer::new(credentials(), "us-east-1", transcribe()).unwrap();
    let (url, mut events) = signer
        .presign_events(&Request::new("GET", "/stream", &[("host", HOST)]), Expires::HOUR, now())
        .unwrap();
    let mut message = Vec::new();
    events.sign(b"x", now(), &mut message).unwrap();
    let plain = Verifier::new("us-east-1", transcribe()).unwrap();
    let request = Request::new("GET", url.path_and_query(), &[("host", HOST)]);
    let opened = plain.claim(&request, ReceivedBody::Bytes(b""), now()).unwrap();
    let verified = verify_claim(opened, &credentials()).unwrap();
    let mut reader = EventVerifier::over_websocket(&verified, &credentials()).unwrap();
    assert_eq!(reader.next(&mut &message[..], now()).unwrap().unwrap().payload(), b"x");
    assert_eq!(reader.finish(), Err(EventError::Incomplete));
    // Events of a websocket are not those of a body, nor the reverse.
    assert_err!(
        EventVerifier::new(&verified),
        VerifyError::UnsupportedPayload { mode: verified.payload_hash() }
    );
    let (by_header, _) = begin();
    refused!(&by_header, &[message.clone()], 0, EventError::SignatureDoesNotMatch);
    assert_err!(
        EventVerifier::over_websocket(&by_header, &credentials()),
        VerifyError::UnsupportedPayload { mode: MODE }
    );
    // Another URL of the same second begins another chain.
    let (other, _) = signer
        .presign_events(&Request::new("GET", "/other", &[("host", HOST)]), Expires::HOUR, now())
        .unwrap();
    let request = Request::new("GET", other.path_and_query(), &[("host", HOST)]);
    let opened = plain.claim(&request, ReceivedBody::Bytes(b""), now()).unwrap();
    let verified = verify_claim(opened, &credentials()).unwrap();
    let mut reader = EventVerifier::over_websocket(&verified, &credentials()).unwrap();
    assert_eq!(reader.next(&mut &message[..], now()).unwrap_err(), EventError::SignatureDoesNotMatch);
}

#[test]
fn idn_03_events_are_verified_with_the_credentials_of_the_request() {
    // The body of a request: the verifier has the key, and credentials for another day are checked.
    let (verified, _) = begin();
    let with = |other: &Credentials| EventVerifier::new(&verified).unwrap().with_credentials(other);
    assert!(with(&credentials()).is_ok());
    let other_secret = Credentials::new(ID, SecretAccessKey::new("guess")).unwrap();
    assert_eq!(with(&other_secret).unwrap_err(), VerifyError::KeyMismatch);

    // A websocket: the URL was verified elsewhere, and its signature is verified again.
    let signer = Signer::new(credentials(), "us-east-1", transcribe()).unwrap();
    let request = Request::new("GET", "/stream", &[("host", HOST)]);
    let (url, _) = signer.presign_events(&request, Expires::HOUR, now()).unwrap();
    let request = Request::new("GET", url.path_and_query(), &[("host", HOST)]);
    let claim = verifier().claim(&request, ReceivedBody::Bytes(b""), now()).unwrap();
    let opened = verify_claim(claim, &credentials()).unwrap();
    let over = |other: &Credentials| EventVerifier::over_websocket(&opened, other);
    assert!(over(&credentials()).is_ok());
    let other_id = Credentials::new(TEMPORARY_ID, SecretAccessKey::new(SECRET)).unwrap();
    assert_eq!(over(&other_id).unwrap_err(), VerifyError::KeyMismatch);
    assert_eq!(over(&other_secret).unwrap_err(), VerifyError::SignatureDoesNotMatch);
    let with_token = credentials().with_session_token(TOKEN).unwrap();
    assert_eq!(over(&with_token).unwrap_err(), VerifyError::InvalidToken);
    assert_err!(over(&credentials().with_expiration(now())), VerifyError::CredentialsExpired { at: now() });
}

#[test]
fn tok_01_expired_credentials_end_their_streams() {
    let end = now_plus(10);
    let credentials = temporary().with_expiration(end);
    let signer = Signer::new(credentials.clone(), "us-east-1", transcribe()).unwrap();
    let mut headers = vec![("host", HOST)];
    let (signed, mut events) = signer.sign_events(&Request::new("POST", "/stream", &headers), now()).unwrap();
    headers.extend(signed.iter());
    let claim =
        verifier().claim(&Request::new("POST", "/stream", &headers), ReceivedBody::Unread, now()).unwrap();
    let verified = verify_claim(claim, &credentials).unwrap();

    let mut body = Vec::new();
    events.sign(b"in time", now_plus(9), &mut body).unwrap();
    let length = body.len();
    assert_err!(events.sign(b"late", end, &mut body), SignError::CredentialsExpired { at: end });
    assert_eq!(body.len(), length);
    let read = |now| {
        let mut events = EventVerifier::new(&verified).unwrap();
        events.next(&mut &body[..], now).map(|event| event.map(|event| event.payload().to_vec()))
    };
    assert_eq!(read(now_plus(9)), Ok(Some(b"in time".to_vec())));
    assert_err!(read(end), EventError::CredentialsExpired { at: end });
}

#[test]
fn sec_01_streams_print_no_secret_no_signature_and_no_event() {
    let (verified, mut events) = begin();
    assert_eq!(format!("{events:?}"), "EventSigner(..)");
    let mut body = Vec::new();
    events.sign(b"a secret", now(), &mut body).unwrap();
    let mut verifier = EventVerifier::new(&verified).unwrap();
    let event = verifier.next(&mut &body[..], now()).unwrap().unwrap();
    assert_eq!(format!("{event:?}"), format!("VerifiedEvent(8 bytes at {NOW})"));
    assert_eq!(event.signed_at(), now());
    assert_eq!(format!("{verifier:?}"), "EventVerifier { state: Open, .. }");
}

#[test]
fn sec_02_the_error_for_a_wrong_signature_does_not_contain_the_correct_one() {
    let (verified, _) = begin();
    let right = signature(MILLISECONDS, "20130524", &seed(), EVENTS[0]).to_string();
    let headers = [date_header(MILLISECONDS), signature_header(&[0; 32])].concat();
    let error = read(&verified, &[frame(&headers, EVENTS[0])]).1.unwrap_err();
    assert_eq!((error.code(), error.status()), ("SignatureDoesNotMatch", 403));
    for text in [format!("{error}"), format!("{error:?}")] {
        assert!(!text.contains(&right) && !text.contains(&right[..16]));
    }
    // A value of the stream is truncated in the error.
    let long = frame(&[&[255][..], &[b'x'; 255], &[8], &[0; 8]].concat(), b"x");
    let error = read(&verified, &[long]).1.unwrap_err();
    assert_error!(&error, EventError::UnknownHeader { name: "x".repeat(128) });
}

#[test]
fn sgn_04_an_empty_event_or_one_too_long_for_a_frame_is_not_signed() {
    let (verified, mut events) = begin();
    let mut body = Vec::new();
    assert_err!(events.sign(b"", now(), &mut body), SignError::InvalidEvent { length: 0 });
    let length = MAX_FRAME_SIZE - OVERHEAD + 1;
    let long = vec![0; length];
    assert_err!(events.sign(&long, now(), &mut body), SignError::InvalidEvent { length });
    assert!(body.is_empty());
    // The stream continues.
    accepted(&verified, &frames(events));
}

#[test]
fn sgn_04_a_signed_request_does_not_begin_a_stream() {
    let signer = Signer::new(credentials(), "us-east-1", transcribe()).unwrap();
    let headers = [("host", HOST), ("x-amz-content-sha256", MODE)];
    let (signed, _) = signer.sign_events(&Request::new("POST", "/stream", &headers), now()).unwrap();
    assert!(signed.iter().all(|(name, _)| name != "x-amz-content-sha256"));
    let headers = [("host", HOST), ("authorization", signed.authorization())];
    let error = signer.sign_events(&Request::new("POST", "/stream", &headers), now()).unwrap_err();
    assert_eq!(error, SignError::AlreadySigned);
    let headers = [("host", HOST), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD")];
    let error = signer.sign_events(&Request::new("POST", "/stream", &headers), now()).unwrap_err();
    assert_error!(&error, SignError::HeaderMismatch { name: "x-amz-content-sha256" });
}
