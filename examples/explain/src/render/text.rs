//! A report for a terminal.

use crate::report::{Cause, Difference, Line, Marked, Report};
use crate::words;

use super::hue;

/// The style of a report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Uses colours.
    pub colours: bool,
    /// Adds the words and the document for each line.
    pub verbose: bool,
}

/// Writes a report for a terminal.
#[must_use]
pub fn text(report: &Report, style: Style) -> String {
    let mut out = heading(report);
    for step in &report.steps {
        let title = format!("{}. {}", step.number, step.name);
        let size = step.bytes.map(|bytes| format!("{bytes} bytes")).unwrap_or_default();
        let title = if size.is_empty() { title } else { format!("{title:<25}") };
        out += &format!("\n{}{size}\n", bold(&title, style));
        let mut last_label = "";
        for line in &step.lines {
            let label = label(line);
            out += &format!("   {:<22} ", if label == last_label { "" } else { label });
            out += &coloured(line, style);
            out += match line.met {
                Some(true) => "  (met)",
                Some(false) => "  (not met)",
                None => "",
            };
            out = out.trim_end_matches(' ').to_owned();
            out.push('\n');
            if style.verbose {
                out += &explained(line);
            }
            last_label = label;
        }
        if let Some(sha256) = &step.sha256 {
            out += &format!("   {:<22} {}\n", "SHA-256", paint(sha256, Some(10), style));
        }
    }
    out += &format!("\n{}\n", bold(&report.verdict.text, style));
    for finding in &report.findings {
        out += &match finding.from {
            "answer" => "\nThe answer of the service:\n".to_owned(),
            _ => "\nThe reason:\n".to_owned(),
        };
        if finding.causes.is_empty() {
            out += "   No cause was found.\n";
        }
        let is_stated = finding.causes.first().is_some_and(|cause| !cause.certainty.starts_with("suspected"));
        if finding.about != "signature" && is_stated {
            out += &format!("   This is not a problem of the signature ({}).\n", finding.about);
        }
        for cause in &finding.causes {
            out += &cause_text(cause, style);
        }
    }
    if let Some(difference) = &report.difference {
        out += &difference_text(difference, style);
    }
    for (index, note) in report.notes.iter().enumerate() {
        out += if index == 0 { "\nNotes:\n" } else { "" };
        out += &format!("   {note}\n");
    }
    out
}

fn heading(report: &Report) -> String {
    let facts = &report.signature;
    let form = match report.input {
        crate::Form::Curl => "a curl command",
        crate::Form::Url => "a URL",
        crate::Form::HttpMessage => "an HTTP message",
        crate::Form::Har => "a HAR",
        crate::Form::Page => "a page with a form",
        crate::Form::Text => "a text with a request",
        crate::Form::Flags => "arguments",
    };
    let region = facts.region.as_deref().map(|region| format!(" in {region}")).unwrap_or_default();
    let key = facts.access_key_id.as_deref().map(|id| format!(" by {id}")).unwrap_or_default();
    let place = match facts.place {
        "header" => "signed in the header Authorization",
        "query" => "signed in the query",
        "form" => "a form whose policy is signed",
        _ => "not signed; these are the steps of a new signature",
    };
    format!(
        "{} {}\n{form}, {place}\nat {}{key} for {}{region}\n",
        report.request.method, report.request.url, facts.time, facts.service
    )
}

/// Returns the name of a line's part, without the name of the header, which the line begins with.
fn label(line: &Line) -> &'static str {
    let name = words::of(line.part).name;
    name.split(':').next().unwrap_or(name)
}

fn explained(line: &Line) -> String {
    let words = words::of(line.part);
    let indent = " ".repeat(26);
    format!("{indent}{}\n{indent}{}\n{indent}{}\n", words.what, words.why, words.source.url)
}

fn coloured(line: &Line, style: Style) -> String {
    line.spans.iter().map(|span| paint(&span.text, hue::of(span.part), style)).collect()
}

fn paint(text: &str, hue: Option<u8>, style: Style) -> String {
    match hue {
        Some(hue) if style.colours && !text.is_empty() => format!("\x1b[{}m{text}\x1b[0m", hue::code(hue)),
        _ => text.to_owned(),
    }
}

fn bold(text: &str, style: Style) -> String {
    if style.colours { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

fn cause_text(cause: &Cause, style: Style) -> String {
    let subject = cause.header.as_deref().map(|header| format!(" ({header})")).unwrap_or_default();
    let mut out = format!("   {}{subject}, {}\n", bold(cause.name, style), cause.certainty);
    let mut line = |name: &str, text: &str| out += &format!("     {name:<9} {text}\n");
    line("why", cause.why);
    if let Some(detail) = &cause.detail {
        line("detail", detail);
    }
    for (name, side) in [("signed", &cause.signed), ("received", &cause.received)] {
        let Some(side) = side else { continue };
        line(name, &side.text);
        if let Some(carets) = carets(side) {
            line("", &carets);
        }
    }
    line("likely", cause.likely);
    line("fix", &cause.fix);
    out
}

/// Returns a line of carets below the marked characters.
fn carets(side: &Marked) -> Option<String> {
    let before = side.text.get(..side.from)?.chars().count();
    let marked = side.text.get(side.from..side.to)?.chars().count();
    (marked > 0).then(|| format!("{}{}", " ".repeat(before), "^".repeat(marked)))
}

fn difference_text(difference: &Difference, style: Style) -> String {
    let mut out = format!("\n{}\n", bold(&difference.text, style));
    for line in &difference.lines {
        out += &format!("   {}\n", line.name);
        for (name, side) in [("this", &line.first), ("other", &line.second)] {
            match side {
                Some(side) => {
                    out += &format!("     {name:<6} {}\n", side.text);
                    if let Some(carets) = carets(side) {
                        out += &format!("     {:<6} {carets}\n", "");
                    }
                }
                None => out += &format!("     {name:<6} (missing)\n"),
            }
        }
    }
    out
}
