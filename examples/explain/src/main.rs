//! Shows how the signature of a request is computed, step by step, and why it does not match.
//!
//! ```sh
//! cargo run -p explain -- --example
//! ```
//!
//! The program shows every step of the library for any request. It sends nothing.

mod arguments;
mod failure;
mod input;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use countersign::diagnose::{About, Certainty, Diagnosis};
use explain::render::{self, Style};
use explain::{Explained, Options};

use arguments::{Arguments, Output};
use failure::{Exit, Failure};

fn main() -> ExitCode {
    let (own, curl) = input::split_curl(std::env::args_os().collect());
    let arguments = Arguments::parse_from(own);
    match run(&arguments, curl) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let _ = write!(io::stderr(), "{}", failure.report());
            failure.exit.into()
        }
    }
}

fn run(arguments: &Arguments, curl: Option<Vec<Vec<u8>>>) -> Result<Exit, Failure> {
    let options = input::options(arguments)?;
    let Some(given) = input::request(arguments, curl)? else { return answer_alone(arguments, &options) };
    let answer = arguments.answer.as_deref().map(input::answer).transpose()?;
    let has_answer = answer.is_some() || given.asked.as_ref().is_ok_and(|asked| asked.has_answer);
    let explained = given.asked.and_then(|asked| explain::explain(&asked, &options));
    let mut explained = match (explained, &given.text) {
        (Ok(explained), _) => explained,
        (Err(error), Some(text)) => {
            let answer = answer.unwrap_or_default();
            return text_alone(arguments, &answer, text, &options, &error, given.is_file);
        }
        (Err(error), None) => return Err(error.into()),
    };
    let is_text = explained.report.input == explain::Form::Text;
    let text = given.text.as_deref().unwrap_or_default();
    let answer = answer.unwrap_or_default();
    if has_answer || is_text {
        explained.answer(&answer, given.text.as_deref(), options.secret.as_ref());
    }
    if let Some(other) = &arguments.compare {
        let other = explain::explain(&input::other(arguments, other)?, &options)?;
        explained.report.difference = Some(explain::compare(&explained, &other));
    }
    write(&shown(arguments, &explained))?;
    let is_named = explained.report.findings.iter().any(|finding| !finding.causes.is_empty());
    let is_refused = (has_answer || is_text) && explain::is_refused(&answer, text);
    Ok(match explained.report.verdict.name {
        "does-not-match" | "chunk-does-not-match" | "refused" => Exit::Unmet,
        _ if is_named && is_refused => Exit::Unmet,
        _ => Exit::Ok,
    })
}

/// Diagnoses a text in which no complete request was found, together with the answer.
fn text_alone(
    arguments: &Arguments,
    answer: &[u8],
    text: &[u8],
    options: &Options,
    error: &explain::Error,
    is_file: bool,
) -> Result<Exit, Failure> {
    let diagnosis = explain::diagnosed(answer, text, options.secret.as_ref());
    let is_known = diagnosis.first().is_some_and(|cause| cause.certainty() < Certainty::Suspected)
        && !matches!(diagnosis.about(), About::NotAws | About::Other);
    if !is_file && answer.is_empty() && !is_known || error.is_answered() && answer.is_empty() {
        return Err(error.clone().into());
    }
    // A text that is no answer does not show who answered.
    let is_noise = diagnosis.about() == About::NotAws && answer.is_empty();
    let mut notes = vec![format!("There are no steps: {error}. To see them, {}.", error.advice())];
    let more = [
        (answer.is_empty(), "the answer of the service (--answer FILE)"),
        (options.secret.is_none(), "the secret (AWS_SECRET_ACCESS_KEY)"),
        (true, "what the signer logs: its canonical request and string to sign"),
    ];
    let more: Vec<&str> =
        more.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| what).collect();
    let is_proven = diagnosis.first().is_some_and(|cause| cause.certainty() < Certainty::Suspected);
    if is_noise || !is_proven {
        notes.push(format!("To find the cause, give more: {}.", more.join("; ")));
    }
    let is_refused = explain::is_refused(answer, text);
    write_diagnosis(arguments, (!is_noise).then_some(&diagnosis), &notes, is_refused)
}

/// Writes a diagnosis that has no steps.
fn write_diagnosis(
    arguments: &Arguments,
    diagnosis: Option<&Diagnosis>,
    notes: &[String],
    is_refused: bool,
) -> Result<Exit, Failure> {
    let shown = match arguments.output() {
        Output::Json => {
            let findings: Vec<_> =
                diagnosis.map(|diagnosis| explain::finding("answer", diagnosis)).into_iter().collect();
            serde_json::json!({ "version": 1, "findings": findings, "notes": notes }).to_string()
        }
        _ => {
            let notes: String = notes.iter().map(|note| format!("\n\n{note}")).collect();
            let causes = diagnosis.map_or_else(|| "No cause was found.".to_owned(), ToString::to_string);
            format!("{causes}{notes}")
        }
    };
    write(&format!("{shown}\n"))?;
    let is_named = diagnosis.is_some_and(|diagnosis| !diagnosis.is_empty());
    Ok(if is_named && is_refused { Exit::Unmet } else { Exit::Ok })
}

fn shown(arguments: &Arguments, explained: &Explained) -> String {
    match arguments.output() {
        Output::Text => {
            render::text(&explained.report, Style { colours: colours(), verbose: arguments.verbose })
        }
        Output::Html => render::html(&explained.report),
        Output::Json => render::json(&explained.report) + "\n",
        Output::Commands => explained.script(),
    }
}

/// Diagnoses an answer without a request.
fn answer_alone(arguments: &Arguments, options: &Options) -> Result<Exit, Failure> {
    use countersign::diagnose::{Evidence, text, text_with_secret};
    let Some(path) = &arguments.answer else { return Err(Failure::no_input()) };
    let answer = input::answer(path)?;
    let evidence = Evidence::from_bytes(&answer);
    let diagnosis = match &options.secret {
        Some(secret) => text_with_secret(&evidence, secret),
        None => text(&evidence),
    };
    write_diagnosis(arguments, Some(&diagnosis), &[], explain::is_refused(&answer, b""))
}

fn write(text: &str) -> Result<(), Failure> {
    let written = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
    match written {
        // The reader, such as `head`, has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(Exit::Failed, format!("the report cannot be written: {error}"))),
        Ok(()) => Ok(()),
    }
}

/// Returns true if standard output may have colours.
fn colours() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    io::stdout().is_terminal() && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb")
}
