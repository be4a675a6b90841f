//! Requests that a server must reject.

use countersign::{Credentials, Expires, SecretAccessKey, Service, Signer, Timestamp};

use crate::cases::{Cases, Place, SUBJECT, SUBJECT_BODY, WRONG, other_secret, same};
use crate::server::{Draft, Live};

/// Requests that must be rejected with a signature in headers and in the query.
pub(crate) fn refusals_of_both(cases: &mut Cases) {
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        let get = move |live: &Live| place.sign(&Draft::new("GET", live.url(SUBJECT)), &live.signer);
        cases.add(format!("refused, {word}: wrong secret"), move |live| {
            let wrong = place.sign(&Draft::new("GET", live.url(SUBJECT)), &other_secret(live));
            live.refused(&get(live), &wrong, WRONG)
        });
        cases.add(format!("refused, {word}: unknown access key"), move |live| {
            let secret = SecretAccessKey::new("any-secret");
            let nobody = live.signer(Credentials::new("AKIANOBODYATALL00000", secret).expect("credentials"));
            let unknown = place.sign(&Draft::new("GET", live.url(SUBJECT)), &nobody);
            live.refused(&get(live), &unknown, &["InvalidAccessKeyId"])
        });
        cases.add(format!("refused, {word}: another key"), move |live| {
            let other = get(live).retarget("/subject", "/subject2");
            live.refused(&get(live), &other, WRONG)
        });
        cases.add(format!("refused, {word}: changed query"), move |live| {
            let list = Draft::new("GET", live.list_url("list-type=2&prefix=sub"));
            let list = place.sign(&list, &live.signer);
            live.refused(&list, &list.clone().retarget("prefix=sub", "prefix=su"), WRONG)
        });
        cases.add(format!("refused, {word}: added parameter"), move |live| {
            live.refused(&get(live), &get(live).parameter("response-content-type=text%2Fhtml"), WRONG)
        });
        cases.add(format!("refused, {word}: added unknown parameter"), move |live| {
            live.refused(&get(live), &get(live).parameter("foo=bar"), WRONG)
        });
        cases.add(format!("refused, {word}: GET used to HEAD"), move |live| {
            live.refused(&get(live), &get(live).method("HEAD"), WRONG)
        });
        cases.add(format!("refused, {word}: GET used to DELETE"), move |live| {
            live.refused(&get(live), &get(live).method("DELETE"), WRONG)?;
            live.accepted(&get(live)).map(drop)
        });
        cases.add(format!("refused, {word}: GET used to PUT"), move |live| {
            let mut put = get(live).method("PUT");
            put.body = b"planted".to_vec();
            live.refused(&get(live), &put, WRONG)?;
            same("the object's bytes", &live.accepted(&get(live))?.body, SUBJECT_BODY)
        });
        cases.add(format!("refused, {word}: another region"), move |live| {
            let away = Signer::new(live.credentials.clone(), "eu-north-1", Service::S3).expect("a signer");
            let away = place.sign(&Draft::new("GET", live.url(SUBJECT)), &away);
            live.refused(
                &get(live),
                &away,
                &["AuthorizationHeaderMalformed", "PermanentRedirect", "AuthorizationQueryParametersError"],
            )
        });
        cases.add(format!("refused, {word}: unsigned x-amz-meta added"), move |live| {
            let put = Draft::new("PUT", live.url("day/extra")).body(b"extra");
            let put = place.sign(&put, &live.signer);
            live.refused(
                &put,
                &put.clone().with("x-amz-meta-extra", "1"),
                &["AccessDenied", "SignatureDoesNotMatch"],
            )
        });
    }
}

pub(crate) fn refusals_of_headers(cases: &mut Cases) {
    let put = |live: &Live| {
        let put = Draft::new("PUT", live.url("day/guarded")).body(b"guarded");
        put.header("x-amz-meta-note", "as signed").sign(&live.signer)
    };
    cases.add("refused, signed: changed header", move |live| {
        let mut changed = put(live);
        *changed.header("x-amz-meta-note") = "changed".into();
        live.refused(&put(live), &changed, WRONG)
    });
    cases.add("refused, signed: header left out", move |live| {
        live.refused(&put(live), &put(live).without("x-amz-meta-note"), WRONG)
    });
    cases.add("refused, signed: one digit of the signature", |live| {
        let get = Draft::new("GET", live.url(SUBJECT)).sign(&live.signer);
        let mut changed = get.clone();
        let value = changed.header("authorization");
        let last = value.pop().expect("a signature");
        value.push(if last == '0' { '1' } else { '0' });
        live.refused(&get, &changed, WRONG)
    });
    for (seconds, word) in [(-1200, "slow"), (1200, "fast")] {
        cases.add(format!("refused, signed: clock 20 minutes {word}"), move |live| {
            let get = Draft::new("GET", live.url(SUBJECT));
            let genuine = get.sign(&live.signer);
            live.refused(&genuine, &get.seconds_off(seconds).sign(&live.signer), &["RequestTimeTooSkewed"])
        });
    }
    for (name, signed) in [
        ("refused, signed: other bytes than were hashed", &b"the bytes hashed"[..]),
        ("refused, signed: bytes where none were hashed", b""),
    ] {
        cases.add(name, move |live| {
            let url = live.url("day/hash-mismatch");
            let before = Draft::new("PUT", url.clone()).body(b"before").sign(&live.signer);
            let mut changed = Draft::new("PUT", url.clone()).body(signed).sign(&live.signer);
            changed.body = b"the bytes planted".to_vec();
            let codes = ["XAmzContentSHA256Mismatch", "BadDigest", "InvalidDigest"];
            live.refused(&before, &changed, &codes)?;
            let now = live.accepted(&Draft::new("GET", url).sign(&live.signer))?;
            same("the object's bytes", &now.body, b"before")
        });
    }
}

/// The output of `printf %s abc | sha256sum`.
pub(crate) const HASH_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

pub(crate) fn refusals_of_urls(cases: &mut Cases) {
    let get = |live: &Live| Draft::new("GET", live.url(SUBJECT));
    let minute = || Expires::from_secs(60).expect("a minute");
    cases.add("refused, presigned: expired", move |live| {
        let old = get(live).seconds_off(-3600);
        let old = old.wire(old.presigned(&live.signer, minute()).as_str());
        live.refused(&get(live).presign(&live.signer), &old, &["AccessDenied", "ExpiredToken"])
    });
    cases.add("refused, presigned: not valid yet", move |live| {
        let early = get(live).seconds_off(3600).presign(&live.signer);
        live.refused(&get(live).presign(&live.signer), &early, &["AccessDenied", "RequestTimeTooSkewed"])
    });
    cases.add("refused, presigned: raised X-Amz-Expires", move |live| {
        let genuine = get(live).presign(&live.signer);
        let raised = genuine.clone().retarget("X-Amz-Expires=300", "X-Amz-Expires=3000");
        live.refused(&genuine, &raised, WRONG)
    });
    cases.add("refused, presigned: expired and raised", move |live| {
        let old = get(live).seconds_off(-3600);
        let old = old.wire(old.presigned(&live.signer, minute()).as_str());
        let raised = old.retarget("X-Amz-Expires=60", "X-Amz-Expires=86400");
        live.refused(&get(live).presign(&live.signer), &raised, WRONG)
    });
    cases.add("refused, presigned: later X-Amz-Date", move |live| {
        let old = get(live).seconds_off(-3600);
        let now = Timestamp::now();
        let wire = old.wire(old.presigned(&live.signer, minute()).as_str());
        let wire = wire
            .retarget(&format!("X-Amz-Date={}", old.time.as_str()), &format!("X-Amz-Date={}", now.as_str()));
        live.refused(&get(live).presign(&live.signer), &wire, &["SignatureDoesNotMatch", "AccessDenied"])
    });
    cases.add("refused, presigned: another content-type than signed", |live| {
        let put = Draft::new("PUT", live.url("day/typed")).body(b"<p>").header("content-type", "text/plain");
        let genuine = put.presign(&live.signer);
        let mut changed = genuine.clone();
        *changed.header("content-type") = "text/html".into();
        live.refused(&genuine, &changed, WRONG)
    });
    cases.add("refused, presigned: signed content-type left out", |live| {
        let put = Draft::new("PUT", live.url("day/typed")).body(b"<p>").header("content-type", "text/plain");
        let genuine = put.presign(&live.signer);
        live.refused(&genuine, &genuine.clone().without("content-type"), WRONG)
    });
    cases.add("presigned PUT for one body, refused: another", |live| {
        let put = Draft::new("PUT", live.url("day/bound")).body(b"abc");
        let genuine = put.header("x-amz-content-sha256", HASH_OF_ABC).presign(&live.signer);
        let mut changed = genuine.clone();
        changed.body = b"abd".to_vec();
        live.refused(&genuine, &changed, &["XAmzContentSHA256Mismatch"])
    });
    cases.add("refused, presigned: no signature", move |live| {
        let genuine = get(live).presign(&live.signer);
        let start = genuine.target.find("&X-Amz-Signature=").expect("a signature");
        let rest = &genuine.target[start + 1..];
        let length = rest.find('&').unwrap_or(rest.len());
        let signature = genuine.target[start..start + 1 + length].to_owned();
        let codes = ["AccessDenied", "AuthorizationQueryParametersError", "InvalidRequest", "MissingFields"];
        live.refused(&genuine, &genuine.clone().retarget(&signature, ""), &codes)
    });
}
