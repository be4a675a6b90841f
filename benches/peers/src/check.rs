//! Holds what a row makes against the reference, before anything is timed.

use std::collections::BTreeSet;

use crate::work::{self, HOST, Item, Kind, SCOPE, SECRET, TIME, Work};
use testkit::reference::{self, Scope, UNSIGNED};

/// The result of a row for one item.
pub enum Answer {
    Url(String),
    /// The headers to add, or all headers that the request has now.
    Headers(Vec<(String, String)>),
    Accepted(bool),
    /// The HMAC of [`work::PROBE`] under the key that was derived.
    Mac([u8; 32]),
    /// The row does a part of the work only.
    Part,
}

/// `own_clock`: the peer takes the time itself, and cannot be given one.
pub fn right(work: &Work, item: &Item, answer: Answer, own_clock: bool) -> Result<(), String> {
    match (work.kind, answer) {
        (_, Answer::Part) => Ok(()),
        (Kind::Presign, Answer::Url(url)) => presigned(work, item, &url, own_clock),
        (Kind::Sign, Answer::Headers(headers)) => signed(work, item, headers, own_clock),
        (Kind::Verify, Answer::Accepted(accepted)) => {
            let spoiled = work.spoiled.is_some_and(|spoiled| std::ptr::eq(spoiled, item));
            expect("verdict", &(!spoiled).to_string(), &accepted.to_string())
        }
        (Kind::Derive, Answer::Mac(mac)) => {
            let key = reference::signing_key(SECRET, &SCOPE);
            expect("MAC", &hex::encode(reference::hmac(&key, work::PROBE)), &hex::encode(mac))
        }
        _ => Err("an answer of another kind".into()),
    }
}

fn presigned(work: &Work, item: &Item, url: &str, own_clock: bool) -> Result<(), String> {
    let rest = url.strip_prefix("https://").and_then(|rest| rest.strip_prefix(HOST));
    let rest = rest.ok_or("another host")?;
    let (path, query) = rest.split_once('?').ok_or("no query")?;
    if reference::decode(path) != reference::decode(item.path) {
        return Err(format!("path {path}"));
    }
    let signature = parameter(query, "X-Amz-Signature").ok_or("no signature")?;
    let time = parameter(query, "X-Amz-Date").ok_or("no date")?;
    if !own_clock {
        expect("date", TIME, time)?;
    }
    let unsigned = query.split('&').filter(|pair| !pair.starts_with("X-Amz-Signature="));
    let unsigned: BTreeSet<&str> = unsigned.collect();
    let wanted = work::presign_query(time, work.token);
    if unsigned != wanted.split('&').collect() {
        return Err(format!("query {query}"));
    }
    let host = [("host".to_owned(), HOST.to_owned())];
    let canonical = reference::canonical_request(item.method, path, &wanted, &host, UNSIGNED);
    expect("signature", &signature_of(time, &canonical), signature)
}

fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn signed(work: &Work, item: &Item, answer: Vec<(String, String)>, own_clock: bool) -> Result<(), String> {
    let answered =
        |name: &str| answer.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    let time = answered("x-amz-date").ok_or("no date")?;
    if !own_clock {
        expect("date", TIME, time)?;
    }
    expect("payload hash", &item.payload(), answered("x-amz-content-sha256").ok_or("no payload hash")?)?;
    let authorization = answered("authorization").ok_or("no authorization")?;
    let (start, names) = authorization.split_once("SignedHeaders=").ok_or("no signed headers")?;
    let scope = Scope { date: &time[..8], ..SCOPE }.text();
    expect("start", &format!("AWS4-HMAC-SHA256 Credential={}/{scope}, ", work::ACCESS_KEY), start)?;
    let (names, signature) = names.split_once(", Signature=").ok_or("no signature")?;

    let mut wanted = work::signed_headers(item, work.token);
    for (name, value) in &mut wanted {
        if name == "x-amz-date" {
            time.clone_into(value);
        }
    }
    let all: Vec<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
    expect("signed headers", &all.join(";"), names)?;
    let canonical =
        reference::canonical_request(item.method, item.path, item.query, &wanted, &item.payload());
    expect("signature", &signature_of(time, &canonical), signature)
}

fn signature_of(time: &str, canonical_request: &str) -> String {
    let scope = Scope { date: &time[..8], ..SCOPE };
    let text = reference::string_to_sign(time, &scope, canonical_request);
    hex::encode(reference::hmac(&reference::signing_key(SECRET, &scope), &text))
}

fn expect(what: &str, wanted: &str, found: &str) -> Result<(), String> {
    if wanted == found { Ok(()) } else { Err(format!("{what} is {found}, not {wanted}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(id: &str) -> Work {
        work::all().into_iter().find(|work| work.id == id).expect("a work")
    }

    #[test]
    fn a_wrong_answer_is_not_right() {
        let a1 = work("a1");
        let url = |signature: &str| {
            let uri = a1.items[0].uri;
            format!("{uri}?{}&X-Amz-Signature={signature}", work::presign_query(TIME, None))
        };
        let e2 = work("e2");
        let right_signature = parameter(e2.items[0].query, "X-Amz-Signature").expect("a signature");
        let answer = |signature: &str| Answer::Url(url(signature));
        assert_eq!(right(&a1, &a1.items[0], answer(right_signature), false), Ok(()));
        assert!(right(&a1, &a1.items[0], answer(&"0".repeat(64)), false).is_err());
        assert!(right(&a1, &a1.items[0], Answer::Accepted(true), false).is_err());

        let spoiled = e2.spoiled.expect("a spoiled one");
        assert_eq!(right(&e2, &e2.items[0], Answer::Accepted(true), false), Ok(()));
        assert!(right(&e2, &e2.items[0], Answer::Accepted(false), false).is_err());
        assert_eq!(right(&e2, spoiled, Answer::Accepted(false), false), Ok(()));
        assert!(right(&e2, spoiled, Answer::Accepted(true), false).is_err());

        let b = work("b");
        assert!(right(&b, &b.items[0], Answer::Headers(Vec::new()), false).is_err());
        let h = work("h");
        assert!(right(&h, &h.items[0], Answer::Mac([0; 32]), false).is_err());
    }

    /// The blocks that a work takes, so that a changed text shows.
    #[test]
    fn the_floor_is_where_it_was() {
        let blocks: Vec<_> = work::all().iter().map(|work| (work.id, work.blocks)).collect();
        let right = [
            ("a1", 9),
            ("a2", 20),
            ("a3", 21),
            ("b", 10),
            ("c", 27),
            ("d", 63),
            ("e1", 10),
            ("e2", 9),
            ("e3", 27),
            ("h", 16),
            ("list", 9),
        ];
        assert_eq!(blocks, right);
    }
}
