//! The question, read: each member as a type of the library.

use countersign::{Credentials, Payload, SecretAccessKey, Service, Timestamp};

use crate::answer::Problem;
use crate::question::Question;

/// A header as the user typed it, and the indices of its name and value in the member `headers`.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'q> {
    pub name: &'q str,
    pub value: &'q str,
    pub name_start: usize,
    pub value_start: usize,
}

/// A question whose members are valid.
pub struct Input<'q> {
    pub question: &'q Question,
    pub headers: Vec<Typed<'q>>,
    pub credentials: Credentials,
    pub service: Service,
    pub time: Timestamp,
}

impl<'q> Input<'q> {
    /// Reads a question. Returns every member that is not valid.
    pub fn read(question: &'q Question) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let headers = keep(typed_headers(&question.headers), &mut problems);
        let secret = SecretAccessKey::new(question.secret.clone());
        let credentials = Credentials::new(question.access_key_id.clone(), secret)
            .map_err(|error| Problem::new("access_key_id", error))
            .and_then(|credentials| match question.session_token.as_str() {
                "" => Ok(credentials),
                token => credentials
                    .with_session_token(token)
                    .map_err(|error| Problem::new("session_token", error)),
            });
        let credentials = keep(credentials, &mut problems);
        let service = Service::new(question.service.clone()).map_err(|error| Problem::new("service", error));
        let service = keep(service, &mut problems);
        let time = Timestamp::parse(&question.time).map_err(|error| Problem::new("time", error));
        let time = keep(time, &mut problems);
        match (headers, credentials, service, time) {
            (Some(headers), Some(credentials), Some(service), Some(time)) => {
                Ok(Self { question, headers, credentials, service, time })
            }
            _ => Err(problems),
        }
    }

    /// Returns the payload that the signer receives.
    pub fn payload(&self) -> Payload<'q> {
        match self.question.payload.as_str() {
            "unsigned" => Payload::Unsigned,
            _ => Payload::Bytes(self.question.body.as_bytes()),
        }
    }
}

fn keep<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

/// Reads one header of each line. Empty lines are skipped.
fn typed_headers(text: &str) -> Result<Vec<Typed<'_>>, Problem> {
    let mut headers = Vec::new();
    let mut start = 0;
    for (number, line) in text.split('\n').enumerate() {
        let line_start = start;
        start += line.len() + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            continue;
        }
        let Some((name, value)) = line.split_once(':') else {
            let message =
                format!("line {} has no colon; write one header a line, as Name: value", number + 1);
            return Err(Problem::new("headers", message));
        };
        let after_colon = line_start + name.len() + 1;
        let typed = value.strip_prefix(' ').unwrap_or(value);
        headers.push(Typed {
            name,
            value: typed,
            name_start: line_start,
            value_start: after_colon + value.len() - typed.len(),
        });
    }
    Ok(headers)
}
