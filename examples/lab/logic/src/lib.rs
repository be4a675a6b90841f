//! The function of the lab: from a question in JSON to an answer in JSON.
//!
//! The question is a request with the credentials that sign it. The answer has each step of its signature, and the
//! origin of each byte. The function has no clock, does no input and no output, and builds for
//! `wasm32-unknown-unknown`.

mod answer;
mod canonical;
mod final_request;
mod input;
mod keys;
mod lines;
mod origin;
mod presets;
mod question;
mod sent;
mod to_sign;

use answer::{Answer, Code, Problem};
use input::Input;
use question::Question;

/// Answers a question. A question that cannot be read is answered with the first preset and the reason.
#[must_use]
pub fn answer(question: &str) -> String {
    let (question, problem) = match serde_json::from_str::<Question>(question) {
        Ok(question) => (question, None),
        Err(error) => (Question::default(), Some(Problem::new("question", error))),
    };
    let mut answer = of_question(question);
    answer.errors.extend(problem);
    serde_json::to_string(&answer).unwrap_or_default()
}

/// Answers a question that was read.
fn of_question(question: Question) -> Answer {
    let mut answer = Answer {
        errors: Vec::new(),
        panes: Vec::new(),
        signature: String::new(),
        expected: None,
        verifier: None,
        broken: None,
        diagnosis: Vec::new(),
        code: Code::default(),
        presets: Vec::new(),
        breaks: Vec::new(),
        question,
    };
    let question = answer.question.clone();
    let result = Input::read(&question).and_then(|input| sent::sign(&input).map(|sent| (input, sent)));
    match result {
        Ok((input, sent)) => {
            answer.signature.clone_from(&sent.signature);
            answer.panes.push(canonical::pane_of("canonical", &sent.layout, &sent.origins(&input)));
            answer.panes.push(to_sign::pane("string_to_sign", &input, &sent));
            answer.panes.push(keys::pane(&input, sent.to_sign.as_str()));
            answer.panes.push(keys::signature("signature", &sent.signature, false));
            answer.panes.push(final_request::pane("final", &input, &sent));
        }
        Err(problems) => answer.errors = problems,
    }
    answer
}
