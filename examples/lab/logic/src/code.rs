//! Code for the request: in Rust, with curl and in Python.

use std::fmt::Write;

use crate::answer::Code;
use crate::form::Form;
use crate::input::Input;
use crate::question::{Mode, Question};
use crate::sent::Sent;

/// Returns the code for a signed request. The secret is read from the environment.
pub fn of_request(input: &Input<'_>, sent: &Sent) -> Code {
    let canonical = sent.layout.canonical_request().to_string();
    Code { rust: rust(input), curl: curl(input, sent), python: python(&canonical, sent.to_sign.as_str()) }
}

/// Returns the code for a form.
pub fn of_form(input: &Input<'_>, form: &Form) -> Code {
    let question = input.question;
    let mut curl = format!("curl {}", shell(&question.url));
    for (name, value) in &form.fields {
        let _ = write!(curl, " \\\n  --form-string {}", shell(&format!("{name}={value}")));
    }
    curl.push_str(" \\\n  -F file=@file.txt\n");
    let scope = scope(question);
    let python = format!(
        "import base64, hashlib, hmac, os\n\npolicy = {}\nstring_to_sign = base64.b64encode(policy.encode()).decode()\n{}",
        python_text(&question.policy),
        python_end(&scope)
    );
    Code { rust: rust_form(question), curl, python }
}

fn scope(question: &Question) -> String {
    let day = question.time.get(..8).unwrap_or_default();
    format!("{day}/{}/{}/aws4_request", question.region, question.service)
}

/// Returns a call of curl that sends the signed request. `curl --aws-sigv4` would sign with the time of the call.
fn curl(input: &Input<'_>, sent: &Sent) -> String {
    let method = &input.question.method;
    let mut line = format!("curl --globoff --path-as-is -X {} {}", shell(method), shell(&sent.final_url));
    for header in &sent.headers {
        let is_own =
            header.name.eq_ignore_ascii_case("host") || header.name.eq_ignore_ascii_case("content-length");
        if !is_own {
            let _ = write!(line, " \\\n  -H {}", shell(&format!("{}: {}", header.name, header.value)));
        }
    }
    match (input.question.mode, sent.body.is_empty()) {
        (Mode::Chunked, _) => line.push_str(" \\\n  --data-binary @body-in-chunks"),
        (_, false) => {
            let _ = write!(line, " \\\n  --data-binary {}", shell(&String::from_utf8_lossy(&sent.body)));
        }
        _ => {}
    }
    line.push('\n');
    line
}

/// Quotes text for a shell.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Returns a program that takes the steps from the canonical request on. It needs the standard library only.
fn python(canonical: &str, to_sign: &str) -> String {
    let mut lines = to_sign.lines();
    let (algorithm, time, scope) = (
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
    );
    let mut text = "import hashlib, hmac, os\n\ncanonical_request = \"\\n\".join([\n".to_owned();
    for line in canonical.split('\n') {
        let _ = writeln!(text, "    {},", python_text(line));
    }
    let _ = write!(
        text,
        "])\nhashed_request = hashlib.sha256(canonical_request.encode()).hexdigest()\n\
         string_to_sign = \"\\n\".join([{}, {}, {}, hashed_request])\n",
        python_text(algorithm),
        python_text(time),
        python_text(scope)
    );
    text + &python_end(scope)
}

fn python_end(scope: &str) -> String {
    format!(
        "\nkey = b\"AWS4\" + os.environ[\"AWS_SECRET_ACCESS_KEY\"].encode()\n\
         for part in {}.split(\"/\"):\n    key = hmac.new(key, part.encode(), hashlib.sha256).digest()\n\
         print(hmac.new(key, string_to_sign.encode(), hashlib.sha256).hexdigest())\n",
        python_text(scope)
    )
}

/// Returns a literal of Python. A literal of JSON is one, because all characters after ASCII are kept.
fn python_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Returns a literal of Rust.
fn rust_text(text: &str) -> String {
    format!("{text:?}")
}

/// Returns a program that signs the request with countersign.
fn rust(input: &Input<'_>) -> String {
    let question = input.question;
    let mut text = rust_start(question, input.question.mode);
    let _ = writeln!(text, "    let headers = [");
    for typed in &input.headers {
        let _ = writeln!(text, "        ({}, {}),", rust_text(typed.name), rust_text(typed.value));
    }
    let (method, url) = (rust_text(&question.method), rust_text(&question.url));
    let _ = writeln!(text, "    ];\n    let headers: &[(&str, &str)] = &headers;");
    let _ = writeln!(text, "    let request = Request::new({method}, {url}, headers);");
    text.push_str(&match question.mode {
        Mode::Presigned => format!(
            "    let url = signer.presign(&request, Expires::from_secs({})?, time)?;\n    println!(\"{{}}\", url.as_str());\n",
            question.expires
        ),
        Mode::Chunked => {
            let (length, size) = (question.body.len(), question.chunk_size);
            let checksum = match question.trailer.as_str() {
                "" => String::new(),
                name => format!(
                    "    let checksum = Checksum::from_algorithm({}).ok_or(\"unknown\")?;\n    let body = body.with_checksum(checksum)?;\n",
                    rust_text(&name.to_ascii_uppercase())
                ),
            };
            format!(
                "    let body = ChunkedBody::signed({length}).with_chunk_size({size})?;\n{checksum}    \
                 let (signed, _encoder) = signer.sign_chunked(&request, &body, time)?;\n{PRINT}"
            )
        }
        _ => {
            let payload = match question.payload.as_str() {
                "unsigned" => "Payload::Unsigned".to_owned(),
                _ => format!("Payload::Bytes(b{})", rust_bytes(&question.body)),
            };
            format!("    let signed = signer.sign(&request, {payload}, time)?;\n{PRINT}")
        }
    });
    text.push_str("    Ok(())\n}\n");
    text
}

const PRINT: &str = "    for (name, value) in &signed {\n        println!(\"{name}: {value}\");\n    }\n";

/// Returns a literal of bytes without its `b`.
fn rust_bytes(text: &str) -> String {
    format!("\"{}\"", text.as_bytes().escape_ascii())
}

fn rust_start(question: &Question, mode: Mode) -> String {
    let uses = match mode {
        Mode::Chunked if question.trailer.is_empty() => "use countersign::chunked::ChunkedBody;\n",
        Mode::Chunked => "use countersign::Checksum;\nuse countersign::chunked::ChunkedBody;\n",
        _ => "",
    };
    let names = match mode {
        Mode::Presigned => "Credentials, Expires, Request, SecretAccessKey, Service, Signer",
        Mode::Chunked => "Credentials, Request, SecretAccessKey, Service, Signer",
        Mode::Form => "Credentials, SecretAccessKey, Service, Signer",
        Mode::SigV4a => "Credentials, Payload, RegionSet, Request, SecretAccessKey, Service, Signer",
        Mode::Header => "Credentials, Payload, Request, SecretAccessKey, Service, Signer",
    };
    let token = match question.session_token.as_str() {
        "" => "",
        _ => {
            "    let credentials = credentials.with_session_token(std::env::var(\"AWS_SESSION_TOKEN\")?)?;\n"
        }
    };
    let (id, region) = (rust_text(&question.access_key_id), rust_text(&question.region));
    let service = format!("Service::new({})?", rust_text(&question.service));
    let signer = match mode {
        Mode::SigV4a => format!("Signer::sigv4a(credentials, RegionSet::parse({region})?, {service})?"),
        _ => format!("Signer::new(credentials, {region}, {service})?"),
    };
    format!(
        "{uses}use countersign::{{{names}}};\n\nfn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
         let secret = SecretAccessKey::new(std::env::var(\"AWS_SECRET_ACCESS_KEY\")?);\n    \
         let credentials = Credentials::new({id}, secret)?;\n{token}    let signer = {signer};\n    \
         let time = {}.parse()?;\n",
        rust_text(&question.time)
    )
}

fn rust_form(question: &Question) -> String {
    format!(
        "{}    let policy = signer.sign_policy_document({}, time)?;\n    \
         println!(\"policy: {{}}\", policy.base64());\n    \
         println!(\"x-amz-signature: {{}}\", policy.signature());\n    Ok(())\n}}\n",
        rust_start(question, Mode::Form),
        rust_text(&question.policy)
    )
}
