//! Temporary credentials.

use countersign::chunked::ChunkedBody;
use countersign::post_policy::{FormKey, PostPolicy};
use countersign::{Credentials, Expires, SecretAccessKey, Service, Signer};

use crate::cases::{Cases, Place, SUBJECT, put_and_get, same};
use crate::chunked::{self, Upload, content, long};
use crate::forms::Form;
use crate::server::{Draft, Failure, Live, differs, encode};

/// Requests temporary credentials from `AssumeRole`. The request is signed for STS.
pub(crate) fn assume_role(live: &Live) -> Result<Credentials, Failure> {
    let Some(role) = &live.role else { return Err(differs("STS_ROLE_ARN is not set")) };
    let form = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=live&DurationSeconds=900&RoleArn={}",
        encode(role)
    );
    let signer =
        Signer::new(live.credentials.clone(), live.region.clone(), Service::new("sts").expect("a service"))
            .expect("a signer");
    let post = Draft::new("POST", format!("http://{}/", live.address)).body(form.as_bytes());
    let post = post.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let reply = live.accepted(&post.sign(&signer))?;
    let part = |name| reply.element(name).ok_or_else(|| differs(format!("no {name} in {}", reply.text())));
    let secret = SecretAccessKey::new(part("SecretAccessKey")?);
    let credentials = Credentials::new(part("AccessKeyId")?, secret).expect("credentials");
    Ok(credentials.with_session_token(part("SessionToken")?).expect("a session token"))
}

pub(crate) fn session_tokens(cases: &mut Cases) {
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        cases.add(format!("session token, {word} PUT and GET"), move |live| {
            let signer = live.signer(assume_role(live)?);
            if matches!(place, Place::Header) {
                // None of the servers rejects an unsigned token.
                let mut get = Draft::new("GET", live.url(SUBJECT)).sign(&signer);
                let names = get.header("authorization");
                assert!(names.contains(";x-amz-security-token"), "the token is not signed: {names}");
            }
            put_and_get(live, &signer, place, &live.url("day/ses sion"), b"by a role")
        });
        let get = move |live: &Live| Draft::new("GET", live.url(SUBJECT));
        // Ceph responds with InvalidArgument to a token that it cannot decrypt.
        let codes = ["InvalidAccessKeyId", "InvalidToken", "InvalidArgument", "SignatureDoesNotMatch"];
        cases.add(format!("session token, {word}, refused: left out"), move |live| {
            let full = assume_role(live)?;
            let bare = Credentials::new(full.access_key_id(), full.secret().clone()).expect("credentials");
            let genuine = place.sign(&get(live), &live.signer(full));
            live.refused(&genuine, &place.sign(&get(live), &live.signer(bare)), &codes)
        });
        cases.add(format!("session token, {word}, refused: damaged"), move |live| {
            let full = assume_role(live)?;
            let token = full.session_token().expect("a session token");
            let middle = token.len() / 2;
            let flipped = if token.as_bytes()[middle] == b'A' { "B" } else { "A" };
            let damaged = format!("{}{flipped}{}", &token[..middle], &token[middle + 1..]);
            let bad = Credentials::new(full.access_key_id(), full.secret().clone()).expect("credentials");
            let bad = bad.with_session_token(damaged).expect("a session token");
            let genuine = place.sign(&get(live), &live.signer(full));
            live.refused(&genuine, &place.sign(&get(live), &live.signer(bad)), &codes)
        });
        cases.add(format!("session token, {word}, refused: sent and not signed"), move |live| {
            let full = assume_role(live)?;
            let bare = Credentials::new(full.access_key_id(), full.secret().clone()).expect("credentials");
            let token = full.session_token().expect("a session token").to_owned();
            let genuine = place.sign(&get(live), &live.signer(full));
            let unsigned = place.sign(&get(live), &live.signer(bare));
            let unsigned = match place {
                Place::Header => unsigned.with("x-amz-security-token", &token),
                Place::Query => unsigned.parameter(&format!("X-Amz-Security-Token={}", encode(&token))),
            };
            live.refused(&genuine, &unsigned, &codes)
        });
    }
    cases.add("session token, chunks: PUT and GET", |live| {
        let (signer, data) = (live.signer(assume_role(live)?), content(70_000, 3));
        let body = ChunkedBody::signed(long(data.len()));
        chunked::put_and_get(live, &signer, &live.url("day/session-chunks"), &body, &data).map(drop)
    });
    cases.add("session token, chunks, refused: a byte of a chunk changed", |live| {
        let (signer, url) = (live.signer(assume_role(live)?), live.url("day/session-guarded"));
        let upload = |seed| Upload::new(&signer, &url, &ChunkedBody::signed(70_000), &content(70_000, seed));
        let (genuine, mut changed) = (upload(0), upload(1));
        changed.chunks[0][5000] ^= 1;
        live.not_stored(&url, &genuine.wire(), &changed.wire(), &["SignatureDoesNotMatch"])
    });
    cases.add("session token, form", |live| {
        let policy = PostPolicy::new(live.bucket.clone(), FormKey::exact("day/session-form"), Expires::HOUR);
        let form = Form::new(&live.signer(assume_role(live)?), &policy, b"by a role's form");
        live.accepted(&form.wire(live))?;
        let reply = live.accepted(&Draft::new("GET", live.url("day/session-form")).sign(&live.signer))?;
        same("the object's bytes", &reply.body, b"by a role's form")
    });
    cases.add("session token, form, refused: left out", move |live| {
        let policy = PostPolicy::new(live.bucket.clone(), FormKey::exact("day/session-form"), Expires::HOUR);
        let signer = live.signer(assume_role(live)?);
        let genuine = Form::new(&signer, &policy, b"genuine");
        let bare = Form::new(&signer, &policy, b"planted").without("x-amz-security-token");
        let url = live.url("day/session-form");
        live.not_stored(&url, &genuine.wire(live), &bare.wire(live), &["AccessDenied", "InvalidToken"])
    });
}
