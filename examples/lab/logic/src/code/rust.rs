//! Programs in Rust, with this crate.

use std::fmt::Write;

use crate::input::Input;
use crate::question::{Mode, Question};

/// Returns a program that signs the request, and prints what the signature adds to it.
pub fn of_request(input: &Input<'_>) -> String {
    let question = input.question;
    let mut text = start(question);
    text.push_str("    let headers: &[(&str, &str)] = &[\n");
    for typed in &input.headers {
        let _ = writeln!(text, "        ({}, {}),", literal(typed.name), literal(typed.value));
    }
    let (method, url) = (literal(&question.method), literal(&question.url));
    let _ = writeln!(text, "    ];\n    let request = Request::new({method}, {url}, headers);");
    match question.mode {
        Mode::Presigned => {
            let seconds = question.expires;
            let _ = write!(
                text,
                "    let url = signer.presign(&request, Expires::from_secs({seconds})?, time)?;\n    \
                 println!(\"{{}}\", url.as_str());\n"
            );
        }
        Mode::Chunked => {
            chunked(question, &mut text);
            text.push_str(PRINT);
        }
        _ => {
            let payload = match question.payload.as_str() {
                "unsigned" => "Payload::Unsigned".to_owned(),
                _ => format!("Payload::Bytes(b\"{}\")", question.body.as_bytes().escape_ascii()),
            };
            let _ = writeln!(text, "    let signed = signer.sign(&request, {payload}, time)?;");
            text.push_str(PRINT);
        }
    }
    text.push_str(END);
    text
}

/// Writes the statements that sign a body and write its chunks to a file.
fn chunked(question: &Question, text: &mut String) {
    let size = question.chunk_size;
    let _ = writeln!(
        text,
        "    let data = std::fs::read(\"body\")?;\n    \
         let body = ChunkedBody::signed(u64::try_from(data.len())?).with_chunk_size({size})?;"
    );
    if !question.trailer.is_empty() {
        let algorithm = literal(&question.trailer.to_ascii_uppercase());
        let _ = writeln!(
            text,
            "    let checksum = Checksum::from_algorithm({algorithm}).ok_or(\"unknown algorithm\")?;\n    \
             let body = body.with_checksum(checksum)?;"
        );
    }
    text.push_str(
        "    let (signed, mut encoder) = signer.sign_chunked(&request, &body, time)?;\n    \
         let mut chunks = Vec::new();\n    encoder.encode_to(&data, &mut chunks)?;\n    \
         chunks.extend(encoder.finish(&[])?);\n    std::fs::write(\"body-in-chunks\", chunks)?;\n",
    );
}

/// Returns a program that signs the policy of a form.
pub fn of_form(question: &Question) -> String {
    format!(
        "{}    let policy = signer.sign_policy_document({}, time)?;\n    \
         println!(\"policy: {{}}\", policy.base64());\n    \
         println!(\"x-amz-signature: {{}}\", policy.signature());\n{END}",
        start(question),
        literal(&question.policy)
    )
}

/// Returns the start of a program, until there are a signer and a time.
fn start(question: &Question) -> String {
    let (names, uses) = match question.mode {
        Mode::Presigned => ("Credentials, Expires, Request", ""),
        Mode::Chunked if question.trailer.is_empty() => {
            ("Credentials, Request", "use countersign::chunked::ChunkedBody;\n")
        }
        Mode::Chunked => ("Checksum, Credentials, Request", "use countersign::chunked::ChunkedBody;\n"),
        Mode::Form => ("Credentials", ""),
        Mode::SigV4a => ("Credentials, Payload, RegionSet, Request", ""),
        Mode::Header => ("Credentials, Payload, Request", ""),
    };
    let token = match question.session_token.as_str() {
        "" => "",
        _ => {
            "    let credentials = credentials.with_session_token(std::env::var(\"AWS_SESSION_TOKEN\")?)?;\n"
        }
    };
    let (id, region) = (literal(&question.access_key_id), literal(&question.region));
    let service = format!("Service::new({})?", literal(&question.service));
    let signer = match question.mode {
        Mode::SigV4a => format!("Signer::sigv4a(credentials, RegionSet::parse({region})?, {service})?"),
        _ => format!("Signer::new(credentials, {region}, {service})?"),
    };
    let time = literal(&question.time);
    format!(
        "{uses}use countersign::{{{names}, SecretAccessKey, Service, Signer}};\n\n\
         fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
         let secret = SecretAccessKey::new(std::env::var(\"AWS_SECRET_ACCESS_KEY\")?);\n    \
         let credentials = Credentials::new({id}, secret)?;\n{token}    let signer = {signer};\n    \
         let time = {time}.parse()?;\n"
    )
}

/// Returns a literal of Rust.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

const PRINT: &str = "    for (name, value) in &signed {\n        println!(\"{name}: {value}\");\n    }\n";
const END: &str = "    Ok(())\n}\n";
