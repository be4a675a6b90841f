//! The request and the secret: arguments, files, standard input, environment and prompt.

mod source;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;

use countersign::{SecretAccessKey, Timestamp};
use explain::{Asked, Body, Form, Options, read};

use crate::arguments::Arguments;
use crate::failure::{Exit, Failure};
pub use source::answer;
use source::{check_text, file, is_inline, standard_input, text_of};

/// The GET Object of the S3 API Reference, "Signature Calculations for the Authorization Header".
const EXAMPLE: &str = "\
GET /test.txt HTTP/1.1
Host: examplebucket.s3.amazonaws.com
Range: bytes=0-9
x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
x-amz-date: 20130524T000000Z
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41

";
const EXAMPLE_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// Splits the arguments at the word `curl` or `curl.exe`. What follows it are words of a curl command.
pub fn split_curl(mut arguments: Vec<OsString>) -> (Vec<OsString>, Option<Vec<Vec<u8>>>) {
    let at = arguments.iter().skip(1).position(|argument| argument == "curl" || argument == "curl.exe");
    let Some(at) = at else { return (arguments, None) };
    let words = arguments.split_off(at + 1);
    let bytes = |word: OsString| word.to_string_lossy().into_owned().into_bytes();
    (arguments, Some(words.into_iter().skip(1).map(bytes).collect()))
}

/// Reads the settings: arguments, environment and prompt.
pub fn options(arguments: &Arguments) -> Result<Options, Failure> {
    let mut options = Options::new(Timestamp::now());
    options.region.clone_from(&arguments.region);
    options.service.clone_from(&arguments.service);
    options.show_signature = arguments.show_signature;
    options.time = arguments.time.as_deref().map(time).transpose()?;
    if arguments.example {
        options.secret = Some(SecretAccessKey::new(EXAMPLE_SECRET));
        return Ok(options);
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    options.access_key_id = arguments.access_key_id.clone().or_else(|| variable("AWS_ACCESS_KEY_ID"));
    options.session_token = variable("AWS_SESSION_TOKEN");
    options.secret = variable("AWS_SECRET_ACCESS_KEY").map(SecretAccessKey::new);
    if arguments.ask {
        let secret = rpassword::prompt_password("Secret access key (not shown): ");
        let secret = secret.map_err(|error| {
            Failure::new(Exit::Failed, format!("the secret cannot be asked for: {error}"))
                .advice("set AWS_SECRET_ACCESS_KEY instead of --ask")
        })?;
        options.secret = Some(SecretAccessKey::new(secret));
    }
    Ok(options)
}

fn time(text: &str) -> Result<Timestamp, Failure> {
    if text == "now" {
        return Ok(Timestamp::now());
    }
    Timestamp::parse(text).or_else(|_| Timestamp::parse_rfc3339(text)).map_err(|_| {
        Failure::new(Exit::Usage, format!("--time `{text}` is not a time"))
            .advice("write now, 20130524T000000Z or 2013-05-24T00:00:00Z")
    })
}

/// The request that the user gave, and its text.
pub struct Given {
    /// The request, or the reason why the text has none.
    pub asked: Result<Asked, explain::Error>,
    /// The text; `None` if the request is in the arguments.
    pub text: Option<Vec<u8>>,
    /// The text is in a file.
    pub is_file: bool,
}

/// Reads the request. Returns `None` if no request is given.
pub fn request(arguments: &Arguments, curl: Option<Vec<Vec<u8>>>) -> Result<Option<Given>, Failure> {
    let mut text = None;
    let mut asked = match (curl, &arguments.input, &arguments.url) {
        (Some(_), Some(_), _) => {
            return Err(Failure::new(Exit::Usage, "there are two requests: REQUEST and a curl command")
                .advice("give one of them; --compare takes the other"));
        }
        (Some(words), None, _) => read::curl_words(words)?,
        (None, Some(input), _) => match of_text(text.insert(source::text(input)?), arguments) {
            Ok(asked) => asked,
            Err(error) => return without_request(error, text, !is_inline(input)),
        },
        (None, None, Some(url)) => {
            let method = arguments.method.as_deref().unwrap_or("GET");
            Asked::new(Form::Flags, method, url).ok_or(explain::Error::NoHost)?
        }
        (None, None, None) if arguments.example => read::request(EXAMPLE.as_bytes(), 0)?,
        (None, None, None) if answer_is_input(arguments) || io::stdin().is_terminal() => return Ok(None),
        (None, None, None) => {
            let input = text_of(&standard_input()?);
            if input.trim_ascii().is_empty() {
                return Ok(None);
            }
            match of_text(text.insert(input), arguments) {
                Ok(asked) => asked,
                Err(error) => return without_request(error, text, false),
            }
        }
    };
    change(&mut asked, arguments)?;
    files(&mut asked, arguments)?;
    let is_file = arguments.input.as_deref().is_some_and(|input| !is_inline(input));
    Ok(Some(Given { asked: Ok(asked), text, is_file }))
}

/// Returns a text that has no request, or the failure of one that is empty or no text at all.
fn without_request(
    error: explain::Error,
    text: Option<Vec<u8>>,
    is_file: bool,
) -> Result<Option<Given>, Failure> {
    let bytes = text.as_deref().unwrap_or_default();
    if bytes.trim_ascii().is_empty() {
        return Err(Failure::no_input());
    }
    check_text(bytes, "the input")?;
    Ok(Some(Given { asked: Err(error), text, is_file }))
}

/// Returns true if standard input is the answer of the service.
fn answer_is_input(arguments: &Arguments) -> bool {
    arguments.answer.as_deref() == Some(Path::new("-"))
}

/// Reads the request of `--compare`.
pub fn other(arguments: &Arguments, input: &str) -> Result<Asked, Failure> {
    let mut asked = parse(input, arguments)?;
    files(&mut asked, arguments)?;
    Ok(asked)
}

/// Reads a request that is a text or a file.
fn parse(input: &str, arguments: &Arguments) -> Result<Asked, Failure> {
    Ok(of_text(&source::text(input)?, arguments)?)
}

fn of_text(text: &[u8], arguments: &Arguments) -> Result<Asked, explain::Error> {
    read::request(text, entry(arguments))
}

fn entry(arguments: &Arguments) -> usize {
    usize::try_from(arguments.entry).unwrap_or(usize::MAX).saturating_sub(1)
}

/// Applies the arguments that change the request.
fn change(asked: &mut Asked, arguments: &Arguments) -> Result<(), Failure> {
    if let Some(method) = &arguments.method {
        asked.method.clone_from(method);
        asked.notes.retain(|note| !note.contains("--method"));
    }
    for header in &arguments.header {
        let (name, value) = header.split_once(':').ok_or_else(|| {
            Failure::new(Exit::Usage, "the value of --header has no colon")
                .advice("write --header \"NAME: VALUE\"")
        })?;
        asked.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name.trim()));
        asked.push(name.trim(), value.trim().as_bytes());
    }
    if let Some(body) = &arguments.body {
        asked.body = Body::Bytes(body.clone().into_bytes());
    }
    if let Some(path) = &arguments.body_file {
        asked.body = Body::Bytes(file(path)?);
    }
    Ok(())
}

/// Reads the files of the body, if the user allowed it: a command that was pasted may name any file.
fn files(asked: &mut Asked, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.allow_files {
        return asked.fill(|path| file(Path::new(path)));
    }
    if matches!(asked.body, Body::Pieces(_)) {
        asked.body = Body::Unknown;
        asked.notes.push("The body is in a file, which is not read; --allow-files reads it.".to_owned());
    }
    Ok(())
}
