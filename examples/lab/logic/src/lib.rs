//! The function of the lab: from a question in JSON to an answer in JSON.
//!
//! The question is a request with the credentials that sign it. The answer has each step of its signature, and the
//! origin of each byte. The function has no clock, does no input and no output, and builds for
//! `wasm32-unknown-unknown`.

mod answer;
mod breaks;
mod broken;
mod canonical;
mod chunked;
mod code;
mod diagnosis;
mod final_request;
mod form;
mod input;
mod keys;
mod lines;
mod origin;
mod presets;
mod question;
mod sent;
mod sigv4a;
mod to_sign;
mod url;
mod verdict;

use answer::{Answer, Broken, Cause, Code, Problem, Verdict};
use countersign::SecretAccessKey;
use countersign::diagnose::{self, Evidence};
use form::PostedForm;
use input::Input;
use question::{Mode, Question};
use sent::Sent;
use verdict::ReceivedRequest;

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
        presets: if question.lists { presets::all() } else { Vec::new() },
        breaks: if question.lists { breaks::buttons() } else { Vec::new() },
        question: question.clone(),
    };
    let result = Input::read(&question).and_then(|input| match question.mode {
        Mode::Form => of_form(&input, &mut answer),
        _ => of_request(&input, &mut answer),
    });
    if let Err(problems) = result {
        answer.errors = problems;
        answer.diagnosis = of_text(&question, None);
    }
    answer.expected = presets::expected(&question, &answer.signature);
    answer
}

/// Answers with the steps of a request.
fn of_request(input: &Input<'_>, answer: &mut Answer) -> Result<(), Vec<Problem>> {
    let question = input.question;
    let (sent, chunks) = match question.mode {
        Mode::Chunked => {
            chunked::sign(input, &sent::signer(input, false)?).map(|(sent, pane)| (sent, Some(pane)))?
        }
        _ => (sent::sign(input)?, None),
    };
    answer.panes = vec![
        canonical::pane_of("canonical", &sent.layout, &sent.origins(input)),
        to_sign::pane("string_to_sign", input, &sent),
        keys::pane(input, sent.to_sign.as_str()),
        keys::signature("signature", &sent.signature, false),
    ];
    answer.panes.extend(chunks);
    answer.panes.push(final_request::pane("final", input, &sent));
    answer.signature.clone_from(&sent.signature);
    answer.code = code::of_request(input, &sent);
    let mut received = ReceivedRequest::new(input, &sent);
    if question.mode == Mode::SigV4a {
        let sigv4a = sent::sign_headers(input, &sent::signer(input, true)?)?;
        answer.panes.extend(sigv4a::panes(input, &sigv4a));
        answer.signature.clone_from(&sigv4a.signature);
        received = ReceivedRequest::new(input, &sigv4a);
    }
    answer.verifier = received.verify(input, &input.credentials).map(|received| received.verdict);
    if !question.broken_by.is_empty() {
        show_broken(answer, broken::apply(&question.broken_by, input, &sent));
    }
    answer.diagnosis = of_text(question, Some(&sent));
    Ok(())
}

/// Adds a broken request to an answer.
fn show_broken(answer: &mut Answer, outcome: Option<(Broken, Option<Verdict>)>) {
    match outcome {
        Some((broken, verdict)) => {
            answer.verifier = verdict.or(answer.verifier.take());
            answer.broken = Some(broken);
        }
        None => answer.errors.push(Problem::new("break", "no break has this name; see `breaks`")),
    }
}

/// Answers with the steps of a form.
fn of_form(input: &Input<'_>, answer: &mut Answer) -> Result<(), Vec<Problem>> {
    let form = form::sign(input, &sent::signer(input, false)?)?;
    answer.code = code::of_form(input, &form);
    answer.verifier = PostedForm::new(input, &form).verify(input).map(|received| received.verdict);
    if !input.question.broken_by.is_empty() {
        show_broken(answer, broken::apply_to_form(&input.question.broken_by, input, &form));
    }
    answer.signature = form.signature;
    answer.panes = form.panes;
    answer.diagnosis = of_text(input.question, None);
    Ok(())
}

/// Diagnoses the error of the service that the user pasted.
fn of_text(question: &Question, sent: Option<&Sent>) -> Vec<Cause> {
    if question.service_answer.trim().is_empty() {
        return Vec::new();
    }
    let evidence = Evidence::read(&question.service_answer);
    let secret = SecretAccessKey::new(question.secret.clone());
    let diagnosis = match sent {
        Some(sent) => diagnose::answer(&sent.signed.clone().with_secret(&secret), &evidence),
        None => diagnose::text_with_secret(&evidence, &secret),
    };
    diagnosis::causes(&diagnosis)
}
