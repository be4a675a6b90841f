//! Requests that are signed with SigV4a for a set of regions.

use countersign::chunked::ChunkedBody;
use countersign::{
    Checksum, Credentials, Expires, Payload, RegionSet, SecretAccessKey, Service, Signer, Timestamp,
};

use crate::cases::{Cases, Place, SUBJECT, SUBJECT_BODY, WRONG, put_and_get, same};
use crate::chunked::{self, content};
use crate::server::{Draft, Live, differs, encode};
use crate::sessions::assume_role;

fn signer_of(credentials: Credentials, regions: &str) -> Signer {
    let regions = RegionSet::parse(regions).expect("a list of regions");
    Signer::sigv4a(credentials, regions, Service::S3).expect("a signer")
}

fn signer(live: &Live) -> Signer {
    signer_of(live.credentials.clone(), &live.region)
}

fn other_secret(live: &Live) -> Signer {
    let secret = SecretAccessKey::new("not-the-secret-of-this-access-key-0000");
    let credentials = Credentials::new(live.credentials.access_key_id(), secret).expect("credentials");
    signer_of(credentials, &live.region)
}

pub(crate) fn requests(cases: &mut Cases) {
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        for (name, regions) in [
            ("its region", "us-east-1"),
            ("two regions", "eu-west-1,us-east-1"),
            ("regions that begin so", "us-*"),
            ("all regions", "*"),
        ] {
            cases.add(format!("sigv4a, {word} PUT and GET: {name}"), move |live| {
                let signer = signer_of(live.credentials.clone(), regions);
                put_and_get(live, &signer, place, &live.url("day/sigv4a"), name.as_bytes())
            });
        }
        cases.add(format!("sigv4a, {word} PUT and GET: a hard key"), move |live| {
            put_and_get(live, &signer(live), place, &live.url("day/~sp ace+plus%25-ü😀"), b"a hard key")
        });
        cases.add(format!("sigv4a, {word} list: a query of hard characters"), move |live| {
            let url = live.list_url(&format!("list-type=2&prefix={}", encode("a b+c%d é~*'()&=/?")));
            let reply = live.accepted(&place.sign(&Draft::new("GET", url), &signer(live)))?;
            let prefix = reply.element("Prefix").unwrap_or_default();
            same("its prefix", prefix.as_bytes(), "a b+c%d é~*'()&=/?".as_bytes())
        });
        // DER signatures differ in length: r and s often need a byte more or less.
        cases.add(format!("sigv4a, {word} GET: 32 signatures"), move |live| {
            let signer = signer(live);
            for number in 0..32 {
                let get = Draft::new("GET", live.url(SUBJECT)).seconds_off(-number);
                same("the subject", &live.accepted(&place.sign(&get, &signer))?.body, SUBJECT_BODY)?;
            }
            Ok(())
        });
        cases.add(format!("session token, sigv4a, {word} PUT and GET"), move |live| {
            let signer = signer_of(assume_role(live)?, &live.region);
            put_and_get(live, &signer, place, &live.url("day/sigv4a-role"), b"by a role")
        });
    }
    cases.add("sigv4a, chunks, unsigned, crc32: 70000 bytes", |live| {
        let body = ChunkedBody::unsigned(70_000).with_checksum(Checksum::Crc32).expect("a checksum");
        let url = live.url("chunks/sigv4a");
        chunked::put_and_get(live, &signer(live), &url, &body, &content(70_000, 5)).map(drop)
    });
    cases.add("the server's canonical request, sigv4a", |live| {
        let put = Draft::new("PUT", live.url("k/sp ace+plus%25//x")).body(b"body");
        let put = put.header("x-amz-meta-note", " a   b ").header("content-type", "text/plain");
        let (added, wire) = put.signed(&other_secret(live), Payload::Bytes(put.body));
        let reply = live.send(&wire)?;
        let Some(theirs) = reply.element("CanonicalRequest") else {
            return Err(differs("none in the reply"));
        };
        same("their canonical request", theirs.as_bytes(), added.explain().canonical_request().as_bytes())?;
        let theirs = reply.element("StringToSign").unwrap_or_default();
        same("their string to sign", theirs.as_bytes(), added.explain().string_to_sign().as_str().as_bytes())
    });
}

pub(crate) fn refusals(cases: &mut Cases) {
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        let draft = |live: &Live| Draft::new("GET", live.url(SUBJECT));
        let get = move |live: &Live| place.sign(&draft(live), &signer(live));
        cases.add(format!("refused, sigv4a, {word}: wrong secret"), move |live| {
            live.refused(&get(live), &place.sign(&draft(live), &other_secret(live)), WRONG)
        });
        cases.add(format!("refused, sigv4a, {word}: another key"), move |live| {
            live.refused(&get(live), &get(live).retarget("/subject", "/subject2"), WRONG)
        });
        cases.add(format!("refused, sigv4a, {word}: added parameter"), move |live| {
            live.refused(&get(live), &get(live).parameter("response-content-type=text%2Fhtml"), WRONG)
        });
        cases.add(format!("refused, sigv4a, {word}: GET used to DELETE"), move |live| {
            live.refused(&get(live), &get(live).method("DELETE"), WRONG)
        });
        cases.add(format!("refused, sigv4a, {word}: signed for other regions"), move |live| {
            let away = signer_of(live.credentials.clone(), "eu-*,ap-south-1");
            live.refused(&get(live), &place.sign(&draft(live), &away), &["RegionSetMismatch", "AccessDenied"])
        });
        cases.add(format!("refused, sigv4a, {word}: regions added afterwards"), move |live| {
            let away = place.sign(&draft(live), &signer_of(live.credentials.clone(), "eu-west-1"));
            let widened = match place {
                Place::Header => {
                    let mut widened = away;
                    *widened.header("x-amz-region-set") = "eu-west-1,us-east-1".into();
                    widened
                }
                Place::Query => away.retarget("Region-Set=eu-west-1", "Region-Set=eu-west-1%2Cus-east-1"),
            };
            live.refused(&get(live), &widened, WRONG)
        });
        cases.add(format!("refused, sigv4a, {word}: one digit of the signature"), move |live| {
            let mut changed = get(live);
            // Changes the last digit of s.
            let text = match place {
                Place::Header => changed.header("authorization"),
                Place::Query => &mut changed.target,
            };
            let end = text.rfind("Signature=").expect("a signature") + "Signature=".len();
            let digits = text[end..].bytes().take_while(u8::is_ascii_hexdigit).count();
            let last = end + digits - 1;
            let digit = if text[last..].starts_with('0') { "1" } else { "0" };
            text.replace_range(last..=last, digit);
            live.refused(&get(live), &changed, WRONG)
        });
    }
    cases.add("refused, sigv4a, signed: changed header", |live| {
        let put = Draft::new("PUT", live.url("day/sigv4a-guarded")).body(b"guarded");
        let put = put.header("x-amz-meta-note", "as signed").sign(&signer(live));
        let mut changed = put.clone();
        *changed.header("x-amz-meta-note") = "changed".into();
        live.refused(&put, &changed, WRONG)
    });
    cases.add("refused, sigv4a, signed: clock 20 minutes slow", |live| {
        let get = Draft::new("GET", live.url(SUBJECT));
        let genuine = get.sign(&signer(live));
        live.refused(&genuine, &get.seconds_off(-1200).sign(&signer(live)), &["RequestTimeTooSkewed"])
    });
    cases.add("refused, sigv4a, presigned: expired", |live| {
        let genuine = Draft::new("GET", live.url(SUBJECT)).presign(&signer(live));
        let old = Draft::new("GET", live.url(SUBJECT)).seconds_off(-3600);
        let minute = Expires::from_secs(60).expect("a minute");
        let old = old.wire(old.presigned(&signer(live), minute).as_str());
        live.refused(&genuine, &old, &["AccessDenied", "ExpiredToken"])
    });
    cases.add("refused, sigv4a, presigned: later X-Amz-Date", |live| {
        let genuine = Draft::new("GET", live.url(SUBJECT)).presign(&signer(live));
        let old = Draft::new("GET", live.url(SUBJECT)).seconds_off(-3600);
        let minute = Expires::from_secs(60).expect("a minute");
        let wire = old.wire(old.presigned(&signer(live), minute).as_str());
        let (then, now) = (old.time, Timestamp::now());
        let later =
            wire.retarget(&format!("X-Amz-Date={}", then.as_str()), &format!("X-Amz-Date={}", now.as_str()));
        live.refused(&genuine, &later, WRONG)
    });
    // The credential scope of HMAC has a region, that of SigV4a has none.
    cases.add("refused, sigv4a, signed: HMAC's signature under its name", |live| {
        let get = Draft::new("GET", live.url(SUBJECT));
        let (genuine, mut renamed) = (get.sign(&signer(live)), get.sign(&live.signer));
        let value = renamed.header("authorization");
        *value = value.replacen("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", 1);
        live.refused(&genuine, &renamed, &["InvalidRequest", "AuthorizationHeaderMalformed"])
    });
}
