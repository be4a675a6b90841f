//! Inputs that are broken, binary or huge do not panic.

use countersign::{SecretAccessKey, Timestamp};
use explain::render::{self, Style};
use explain::{Options, explain, read};
use proptest::prelude::*;

use crate::program::message;

fn options() -> Options {
    let mut options = Options::new(Timestamp::parse("20130524T000000Z").unwrap());
    (options.region, options.service) = (Some("us-east-1".into()), Some("s3".into()));
    options.secret = Some(SecretAccessKey::new("secret"));
    options
}

fn survives(input: &[u8]) {
    let Ok(asked) = read::request(input, 0) else { return };
    let Ok(explained) = explain(&asked, &options()) else { return };
    let text = render::text(&explained.report, Style { colours: false, verbose: true });
    assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
    let page = render::html(&explained.report);
    assert!(page.ends_with("</html>\n"));
    let json: serde_json::Value = serde_json::from_str(&render::json(&explained.report)).unwrap();
    assert_eq!(json["version"], 1);
    let _ = explained.script();
}

#[test]
fn every_beginning_of_a_request_survives() {
    let har = r#"{"request":{"method":"GET","url":"https://b.s3.amazonaws.com/k","headers":[{"name":"a","value":"b"}]}}"#;
    let curl = r#"curl -X $'P\x55T' "https://b.s3.amazonaws.com/k?a=\"b" -H 'x-amz-meta-a: b' --data-urlencode a@b -T f"#;
    for input in [message().as_str(), har, curl] {
        (0..=input.len())
            .filter(|at| input.is_char_boundary(*at))
            .for_each(|at| survives(&input.as_bytes()[..at]));
    }
}

#[test]
fn strange_and_huge_inputs_survive() {
    let long = "a".repeat(300_000);
    for input in [
        b"\xff\xfe\0\0".to_vec(),
        b"curl \xff \\".to_vec(),
        b"curl https://a -d $'\\xff\\777\\u{'".to_vec(),
        b"GET /\x1b[2J HTTP/1.1\nHost: a\nX: \x1b]0;title\x07\xff\n\n".to_vec(),
        format!("GET /{long} HTTP/1.1\nHost: a\nX-Amz-Meta-A: {long}\n\n{long}").into_bytes(),
        format!("curl https://a/{long} {}", "-H a:b ".repeat(5_000)).into_bytes(),
        format!("https://a/?X-Amz-Algorithm=x{}", "&X-Amz-Signature=%".repeat(5_000)).into_bytes(),
        "[".repeat(100_000).into_bytes(),
        b"https://a/?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Credential=////".to_vec(),
        b"GET / HTTP/1.1\nHost: a\nAuthorization: AWS4-HMAC-SHA256 Credential=,SignedHeaders=;;,Signature=\n\n".to_vec(),
    ] {
        survives(&input);
    }
}

proptest! {
    // A signature that does not match is searched for thousands of mistakes, which takes a tenth of a second.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bytes_survive(start in "(curl |GET /|https://a|\\{|> GET )", rest in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&[start.as_bytes(), &rest].concat());
    }

    #[test]
    fn a_changed_byte_survives(at in 0_usize..400, byte in any::<u8>()) {
        let mut input = message().into_bytes();
        let at = at % input.len();
        input[at] = byte;
        survives(&input);
    }
}
