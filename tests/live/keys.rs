//! Object keys that clients or signers often encode wrongly.

use crate::cases::{Cases, Place, delete, put_and_get, same};
use crate::server::{Draft, encode};
use crate::wire::elements;

/// Object keys that clients or signers often encode wrongly, signed in headers and in the query. The
/// list of the bucket must then contain the exact key.
pub(crate) fn hostile_keys(cases: &mut Cases) {
    let long = |length: usize| {
        let mut key = String::from("k/long-");
        let part = "0123456789abcdef/";
        while key.len() < length {
            key.push_str(&part[..part.len().min(length - key.len())]);
        }
        key.replace("//", "/-")
    };
    let keys: [(&str, String); 21] = [
        ("a//b", "k/a//b".into()),
        ("leading /", "/k/lead".into()),
        ("two leading /", "//k/lead".into()),
        ("dot-dot segment", "k/x/../y".into()),
        ("leading dot segment", "./k/d".into()),
        ("inner dot segment", "k/./d".into()),
        ("only dots", "k/...".into()),
        ("trailing /", "k/folder/".into()),
        ("space, plus, percent", "k/sp ace+plus%25".into()),
        ("percent that encodes nothing", "k/100%zz%2F%".into()),
        ("unicode", "k/ünïcödé-日本語-😀".into()),
        ("decomposed unicode", "k/e\u{301}".into()),
        ("tilde", "k/~tilde~".into()),
        ("sub-delimiters", "k/!*'();:@&=$,[]".into()),
        ("question mark and hash", "k/q?a=1&b=2#frag".into()),
        ("odd ASCII", "k/<>\"{}|^`".into()),
        ("backslash", "k/back\\slash".into()),
        ("tab", "k/tab\there".into()),
        ("255-byte name", format!("k/{}", "n".repeat(255))),
        ("900 bytes", long(900)),
        ("1024 bytes", long(1024)),
    ];
    for (name, key) in keys {
        for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
            let key = key.clone();
            cases.add(format!("key, {name}: {word}"), move |live| {
                let url = live.url(&key);
                let body = format!("{word} {}", key.len());
                put_and_get(live, &live.signer, place, &url, body.as_bytes())?;
                delete(live, place, &url)
            });
        }
        cases.add(format!("key, {name}: listed"), move |live| {
            let url = live.url(&key);
            live.accepted(&Draft::new("PUT", url.clone()).body(b"listed").sign(&live.signer))?;
            let list = live.list_url(&format!("list-type=2&prefix={}", encode(&key)));
            let found = elements(&live.accepted(&Draft::new("GET", list).sign(&live.signer))?.text(), "Key");
            live.accepted(&Draft::new("DELETE", url).sign(&live.signer))?;
            same("the listed keys", found.join(" | ").as_bytes(), key.as_bytes())
        });
    }
}
