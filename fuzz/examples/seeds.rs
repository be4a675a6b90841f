//! Writes the inputs that the fuzzers start from. All of them are valid.
//!
//! ```text
//! cargo run --manifest-path fuzz/Cargo.toml --no-default-features --example seeds DIRECTORY
//! ```
//!
//! The inputs of each target are in a directory of its name.

use std::error::Error;
use std::{fs, path::Path};

use countersign::post_policy::{FormKey, PostPolicy};
use countersign::steps::{SigningKeyPair, StringToSign};
use countersign::tokens::TokenSigner;
use countersign::{Credentials, Expires, Payload, Request, SecretAccessKey, Service, Signer};
use countersign_fuzz::chunked::{SIGNED, body};
use countersign_fuzz::{credentials, ecdsa, hmac, now};

type Seeds = Result<Vec<Vec<u8>>, Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("the argument DIRECTORY is missing")?;
    for (target, seeds) in [
        ("canonical", canonical()),
        ("chunked", chunked(&hmac())?),
        ("chunked_ecdsa", chunked(&ecdsa())?),
        ("claim", claim()?),
        ("equivalence", equivalence()),
        ("event_stream", event_stream()?),
        ("form", form()?),
        ("sigv4a", sigv4a()?),
        ("token", token()?),
    ] {
        let directory = Path::new(&directory).join(target);
        fs::create_dir_all(&directory)?;
        for (index, seed) in seeds.iter().enumerate() {
            fs::write(directory.join(format!("{index}")), seed)?;
        }
    }
    Ok(())
}

/// URIs of the S3 API Reference and of AWS's test suite.
fn canonical() -> Vec<Vec<u8>> {
    [
        "/",
        "/test.txt?lifecycle",
        "/?max-keys=2&prefix=J",
        "/examplebucket/test%24file.text",
        "https://example.amazonaws.com/example1/../../%E1%88%B4?Param2=value2&Param1=value1",
        "/?%20/,3=-._~&arg=val%20ue&%41=+",
    ]
    .map(|uri| uri.into())
    .into()
}

/// A byte that chooses a pair of paths, followed by ascending bytes.
fn equivalence() -> Vec<Vec<u8>> {
    (0..8).flat_map(|pair| [7, 60, 200].map(|last| std::iter::once(pair).chain(0..=last).collect())).collect()
}

fn chunked(signer: &Signer) -> Seeds {
    (0..3)
        .map(|mode| {
            let choice = mode + 3 * u8::try_from(SIGNED.len())?;
            let request = Request::new("PUT", "/k", &[("host", "b.s3.amazonaws.com")]);
            let (_, mut encoder) = signer.sign_chunked(&request, &body(choice), now())?;
            let mut seed = vec![choice];
            encoder.encode_to(SIGNED, &mut seed)?;
            seed.extend(encoder.finish(&[])?);
            Ok(seed)
        })
        .collect()
}

fn claim() -> Seeds {
    let headers = [("host", "example.amazonaws.com"), ("x-amz-meta-note", "a  b"), ("range", "bytes=0-9")];
    let uri = "/examplebucket/a%20b?max-keys=2&prefix=J";
    let request = Request::new("GET", uri, &headers);
    let mut seeds = Vec::new();
    for service in [Service::S3, Service::new("execute-api")?] {
        let temporary = credentials().with_session_token("IQoJb3JpZ2luX2VjEXAMPLE")?;
        let signer = Signer::new(temporary, "us-east-1", service)?;
        let signed = signer.sign(&request, Payload::Bytes(b""), now())?;
        let url = signer.presign(&request, Expires::HOUR, now())?;
        for (uri, added) in [(uri, signed.iter().collect::<Vec<_>>()), (url.as_str(), Vec::new())] {
            let mut seed = format!("GET\n{uri}");
            for (name, value) in headers.into_iter().chain(added) {
                seed += &format!("\n{name}:{value}");
            }
            seeds.push(seed.into());
        }
    }
    Ok(seeds)
}

/// Events that are signed with another key than the target's, which must return none of them. The
/// first byte of the second input is the length of the headers of its frame, 67 bytes.
fn event_stream() -> Seeds {
    let other = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("other"))?;
    let signer = Signer::new(other, "us-east-1", Service::new("transcribe")?)?;
    let request = Request::new("POST", "/", &[("host", "example.com")]);
    let (_, mut events) = signer.sign_events(&request, now())?;
    let mut body = Vec::new();
    events.sign(b"an encoded event", now(), &mut body)?;
    let frame = [&[67], &body[12..body.len() - 4]].concat();
    events.finish(now(), &mut body)?;
    Ok(vec![body, frame])
}

fn form() -> Seeds {
    let policy = PostPolicy::new("bucket", FormKey::prefix_and_filename("user/"), Expires::HOUR)
        .exact("acl", "public-read")
        .starts_with("Content-Type", "image/")
        .any("x-amz-meta-tag")
        .with_content_length_range(1..=1 << 20);
    let form = hmac().sign_post_policy(&policy, now())?;
    let mut seed = format!("{}\0cat.jpg", form.policy_document());
    for (name, value) in [("Content-Type", "image/jpeg"), ("x-amz-meta-tag", ""), ("acl", "public-read")] {
        seed += &format!("\n{name}:{value}");
    }
    Ok(vec![seed.into()])
}

fn sigv4a() -> Seeds {
    let pair = SigningKeyPair::derive(&credentials())?;
    let signature = pair.sign(&StringToSign::from_text("signed"));
    Ok(["us-east-1, eu-*\neu-west-3", "*\nus-gov-west-1", "a*b*c*b\nabcb"]
        .map(|regions| format!("{signature}\n{regions}").into())
        .into())
}

fn token() -> Seeds {
    let signer = TokenSigner::eks(credentials_of_sts()?, "eu-central-1", "my-cluster")?;
    let (url, token) = (signer.presign(now())?, signer.token(now())?);
    Ok(vec![url.as_str().into(), token.as_str().into()])
}

/// Credentials with an access key id that STS accepts: it has at least 16 characters.
fn credentials_of_sts() -> Result<Credentials, Box<dyn Error>> {
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    Ok(Credentials::new("ASIAIOSFODNN7EXAMPLE", secret)?.with_session_token("IQoJb3JpZ2luX2VjEXAMPLE")?)
}
