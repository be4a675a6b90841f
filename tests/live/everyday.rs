//! Common requests.

use countersign::{Expires, Payload};

use crate::cases::{Cases, Place, SUBJECT, SUBJECT_BODY, delete, put_and_get, same};
use crate::server::{Draft, differs, encode};
use crate::wire::elements;

/// PUT, GET, HEAD, list and DELETE, signed in headers and in the query.
pub(crate) fn everyday(cases: &mut Cases) {
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        cases.add(format!("{word} PUT and GET"), move |live| {
            put_and_get(live, &live.signer, place, &live.url("day/one"), b"twelve bytes")
        });
        cases.add(format!("{word} PUT of nothing"), move |live| {
            put_and_get(live, &live.signer, place, &live.url("day/empty"), b"")
        });
        cases.add(format!("{word} HEAD"), move |live| {
            let reply = live.accepted(&place.sign(&Draft::new("HEAD", live.url(SUBJECT)), &live.signer))?;
            let length = reply.header("content-length").unwrap_or("none");
            same("content-length", length.as_bytes(), SUBJECT_BODY.len().to_string().as_bytes())
        });
        cases.add(format!("{word} list"), move |live| {
            let url = live.list_url("prefix=sub&list-type=2&max-keys=5");
            let reply = live.accepted(&place.sign(&Draft::new("GET", url), &live.signer))?;
            same("the only key", elements(&reply.text(), "Key").join(" ").as_bytes(), SUBJECT.as_bytes())
        });
        cases.add(format!("{word} DELETE"), move |live| {
            let url = live.url("day/short-lived");
            put_and_get(live, &live.signer, place, &url, b"soon gone")?;
            delete(live, place, &url)
        });
        cases.add(format!("{word} query of hard characters"), move |live| {
            let url = live.list_url(&format!("list-type=2&prefix={}", encode("a b+c%d é~*'()&=/?")));
            let reply = live.accepted(&place.sign(&Draft::new("GET", url), &live.signer))?;
            same("its prefix", reply.element("Prefix").unwrap_or_default().as_bytes(), {
                "a b+c%d é~*'()&=/?".as_bytes()
            })
        });
        cases.add(format!("{word} parameter without a value"), move |live| {
            live.accepted(&place.sign(&Draft::new("GET", live.list_url("location")), &live.signer)).map(drop)
        });
        cases.add(format!("{word} header with runs of spaces"), move |live| {
            let url = live.url("day/meta");
            let put = Draft::new("PUT", url.clone()).body(b"meta").header("x-amz-meta-note", "  a   b  c ");
            live.accepted(&place.sign(&put, &live.signer))?;
            let reply = live.accepted(&place.sign(&Draft::new("HEAD", url), &live.signer))?;
            let note = reply.header("x-amz-meta-note").unwrap_or_default();
            same("its words", note.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes(), b"a b c")
        });
    }
    cases.add("signed PUT, UNSIGNED-PAYLOAD", |live| {
        let url = live.url("day/unsigned");
        let put = Draft::new("PUT", url.clone()).body(b"any bytes");
        live.accepted(&put.sign_payload(&live.signer, Payload::Unsigned))?;
        let reply = live.accepted(&Draft::new("GET", url).sign(&live.signer))?;
        same("the object's bytes", &reply.body, b"any bytes")
    });
    cases.add("signed PUT, hash known beforehand", |live| {
        let url = live.url("day/hashed");
        // The SHA-256 of "abc", an example of FIPS 180.
        let hash = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
            0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
        ];
        live.accepted(
            &Draft::new("PUT", url.clone()).body(b"abc").sign_payload(&live.signer, Payload::Sha256(hash)),
        )?;
        same("the object's bytes", &live.accepted(&Draft::new("GET", url).sign(&live.signer))?.body, b"abc")
    });
    cases.add("presigned PUT, content-type signed", |live| {
        let url = live.url("day/typed");
        let put = Draft::new("PUT", url.clone()).body(b"{}").header("content-type", "application/json");
        live.accepted(&put.presign(&live.signer))?;
        let reply = live.accepted(&Draft::new("HEAD", url).presign(&live.signer))?;
        let kind = reply.header("content-type").unwrap_or_default();
        same("content-type", kind.as_bytes(), b"application/json")
    });
    cases.add("presigned GET, header overrides in the query", |live| {
        let disposition = "attachment; filename=\"a b.txt\"";
        let query = format!("response-content-disposition={}", encode(disposition));
        let get = Draft::new("GET", format!("{}?{query}", live.url(SUBJECT)));
        let reply = live.accepted(&get.presign(&live.signer))?;
        let got = reply.header("content-disposition").unwrap_or_default();
        same("content-disposition", got.as_bytes(), disposition.as_bytes())
    });
    cases.add("presigned GET for a week", |live| {
        let get = Draft::new("GET", live.url(SUBJECT));
        live.accepted(&get.wire(get.presigned(&live.signer, Expires::WEEK).as_str())).map(drop)
    });
    cases.add("signed ten minutes ago", |live| {
        live.accepted(&Draft::new("GET", live.url(SUBJECT)).seconds_off(-600).sign(&live.signer)).map(drop)
    });
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        cases.add(format!("{word}, virtual-hosted bucket"), move |live| {
            let Some(hosted) = &live.hosted else { return Err(differs("S3_DOMAIN is not set")) };
            let url = hosted.object_url(&live.bucket, "day/virtual host").expect("an object's URL");
            put_and_get(live, &live.signer, place, &url, b"by name")?;
            let get = Draft::new("GET", live.url("day/virtual host"));
            same("by path", &live.accepted(&get.sign(&live.signer))?.body, b"by name")
        });
    }
}
