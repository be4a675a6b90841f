//! Signs, presigns, verifies and explains requests, and sends them to a bucket.
//!
//! ```sh
//! cargo run --example quickstart
//! ```
//!
//! By default the program starts an S3 server in its own process. If `S3_BUCKET` and the usual `AWS_…`
//! variables are set, it uses that bucket; see `examples/bucket`. It deletes the objects that it writes, also after
//! Ctrl-C.

use std::error::Error;
use std::fmt::Display;
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use bucket::{Bucket, Exit, Transport};
use countersign::{
    Credentials, Expires, Payload, ReceivedBody, Request, SecretAccessKey, Service, Signer, Timestamp,
    Verifier, VerifyError,
};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const TEXT: &str = "Hello, bucket.";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            let known = error.downcast_ref::<bucket::Error>();
            let advice = known.and_then(bucket::Error::advice).map(|advice| format!("\n  to do: {advice}"));
            let _ = writeln!(stderr(), "quickstart: {error}{}", advice.unwrap_or_default());
            known.map_or(Exit::Failed, bucket::Error::exit).into()
        }
    }
}

async fn run() -> Outcome<ExitCode> {
    let stop = bucket::stop_signal()?;
    let bucket = Bucket::from_env_or_local().await?;
    step("bucket", &format!("{} at {}", bucket.name, bucket.endpoint));

    let keys = Keys::new();
    let outcome = tokio::select! {
        outcome = talk_to(&bucket, &keys) => Some(outcome),
        () = stop => None,
    };
    // Clean up even if a step has failed, or if Ctrl-C has ended it.
    let cleaned = clean_up(&bucket, &keys).await;
    let Some(outcome) = outcome else { return cleaned.map(|()| ExitCode::from(130)) };
    outcome?;
    cleaned?;

    verify_a_request(&bucket)?;
    explain_a_signature()?;
    Ok(ExitCode::SUCCESS)
}

/// The keys of two objects that no other program uses. They have characters that must be encoded.
struct Keys {
    folder: String,
    first: String,
    second: String,
}

impl Keys {
    fn new() -> Self {
        let folder = format!("countersign-quickstart/{}-{}", Timestamp::now().as_str(), std::process::id());
        Self {
            first: format!("{folder}/first file (1+1).txt"),
            second: format!("{folder}/zweite ü.txt"),
            folder,
        }
    }
}

async fn talk_to(bucket: &Bucket, keys: &Keys) -> Outcome {
    let client = &bucket.client;

    client.put(&keys.first, TEXT.as_bytes(), &[("content-type", "text/plain")]).await?;
    step("put", &format!("{} bytes under \"{}\"", TEXT.len(), keys.first));

    expect(client.get(&keys.first).await? == TEXT, "the object has other bytes")?;
    step("get", "the object has the same bytes");

    let listed = client.list(&keys.folder).await?;
    let [only] = listed.as_slice() else { return Err("the listing does not show one object".into()) };
    expect(only.key == keys.first, "the listing shows another object")?;
    step("list", &format!("\"{}\", {} bytes", only.key, only.size));

    // The following requests are sent without credentials.
    let stranger = Transport::new()?;

    let url = client.presign("GET", &keys.first, &[], Expires::HOUR, Timestamp::now()).await?;
    let answer = stranger.send("GET", url.as_str(), &[], b"").await?;
    expect(answer.body() == TEXT, "the presigned GET returned another object")?;
    step("presigned GET", &url.masked());

    let headers = [("content-type", "text/plain")];
    let url = client.presign("PUT", &keys.second, &headers, Expires::HOUR, Timestamp::now()).await?;
    let required: Vec<_> = url.required_headers().collect();
    stranger.send("PUT", url.as_str(), &required, b"from a stranger").await?;
    expect(client.get(&keys.second).await? == "from a stranger", "the presigned PUT stored something else")?;
    step("presigned PUT", &url.masked());

    // Combine the signature of one object with the path of the other.
    let first = client.object_url(&keys.first)?;
    let url = client.presign("GET", &keys.first, &[], Expires::HOUR, Timestamp::now()).await?;
    let tampered = url.as_str().replacen(&first, &client.object_url(&keys.second)?, 1);
    expect(tampered != url.as_str(), "the URL does not start with the object's")?;
    let code = refused(stranger.send("GET", &tampered, &[], b"").await)?;
    step("tampered URL", &format!("rejected, as expected: {code}"));

    let an_hour = Expires::HOUR.as_duration();
    let an_hour_ago = Timestamp::now().checked_sub(an_hour).ok_or("the system's clock is wrong")?;
    let one_minute = Expires::from_secs(60)?;
    let url = client.presign("GET", &keys.first, &[], one_minute, an_hour_ago).await?;
    let code = refused(stranger.send("GET", url.as_str(), &[], b"").await)?;
    step("expired URL", &format!("rejected, as expected: {code}"));
    Ok(())
}

async fn clean_up(bucket: &Bucket, keys: &Keys) -> Outcome {
    for key in [&keys.first, &keys.second] {
        bucket.client.delete(key).await?;
    }
    expect(bucket.client.list(&keys.folder).await?.is_empty(), "an object was not deleted")?;
    step("clean up", "both objects were deleted");
    Ok(())
}

/// Verifies a request as a server does.
fn verify_a_request(bucket: &Bucket) -> Outcome {
    let signer = Signer::new(bucket.credentials.clone(), bucket.region.clone(), Service::S3)?;
    let verifier = Verifier::new(bucket.region.clone(), Service::S3)?;
    let now = Timestamp::now();

    let url = "https://storage.example/reports/2026.csv";
    let signed = signer.sign(&Request::new("GET", url, &[]), Payload::Bytes(b""), now)?;

    // The server receives the path and the headers, with the signature.
    let mut headers = vec![("host", "storage.example")];
    headers.extend(&signed);

    let verify = |path: &str| -> Result<String, VerifyError> {
        let request = Request::new("GET", path, &headers);
        let claim = verifier.claim(&request, ReceivedBody::Bytes(b""), now)?;
        // A server with many users looks up the credentials of `claim.claimed_access_key_id()`.
        let key = claim.derive_key(&bucket.credentials);
        let verified = claim.verify(&key)?;
        Ok(String::from_utf8_lossy(&verified.path()).into_owned())
    };
    step("verify", &format!("a signed request for {} is accepted", verify("/reports/2026.csv")?));

    match verify("/reports/2027.csv") {
        Ok(path) => Err(format!("a request changed to {path} was accepted").into()),
        Err(error) => {
            step("verify", &format!("the same signature for another path is rejected: {}", error.code()));
            Ok(())
        }
    }
}

/// Explains a request that AWS documents with its signature, so that the steps can be compared.
fn explain_a_signature() -> Outcome {
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let signer = Signer::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?, "us-east-1", Service::S3)?;
    let url = "https://examplebucket.s3.amazonaws.com/test.txt";
    let request = Request::new("GET", url, &[("range", "bytes=0-9")]);
    let time = Timestamp::parse("20130524T000000Z")?;
    let signed = signer.sign(&request, Payload::Bytes(b""), time)?;

    step("explain", "the steps of a signature that AWS documents:");
    print(format_args!("\n{}\n", signed.explain()));

    let documented = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    expect(signed.signature().to_string() == documented, "AWS documents another signature")?;
    step("done", "all steps succeeded");
    Ok(())
}

fn step(name: &str, what: &str) {
    print(format_args!("{name:<14} {what}"));
}

/// Prints a line. If nothing reads it, as before `| head -1`, the program goes on, and deletes what it has written.
fn print(line: impl Display) {
    let _ = writeln!(stdout(), "{line}");
}

fn expect(holds: bool, otherwise: &str) -> Outcome {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

/// Returns S3's code of a rejected signature. A status such as 404 is an error, because S3 answers it
/// only after it has accepted the signature.
fn refused<T>(answer: Result<T, bucket::Error>) -> Outcome<String> {
    match answer {
        Err(bucket::Error::Refused(no)) if matches!(no.status, 400 | 401 | 403) => Ok(no.code),
        Err(other) => Err(format!("the signature should have been rejected, but: {other}").into()),
        Ok(_) => Err("a request that should have been rejected was accepted".into()),
    }
}
