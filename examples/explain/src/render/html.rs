//! A report as one page, without scripts and without anything that is loaded.

use crate::report::{Cause, Difference, Line, Marked, Report, Step};
use crate::words;

use super::hue;

/// Writes a report as one self-contained page.
#[must_use]
pub fn html(report: &Report) -> String {
    let facts = &report.signature;
    let region = facts.region.as_deref().map(|region| format!(" in {region}")).unwrap_or_default();
    let key = facts.access_key_id.as_deref().map(|id| format!(", {id}")).unwrap_or_default();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{} {}</title>\n<style>\n{STYLE}{}</style>\n</head>\n\
         <body>\n<main>\n<h1>How this request is signed</h1>\n\
         <p class=\"request\"><b>{}</b> {}</p>\n<p>{}{region}, {}{key}</p>\n\
         <p class=\"verdict {}\">{}</p>\n",
        escape(&report.request.method),
        escape(&report.request.url),
        hues(),
        escape(&report.request.method),
        escape(&report.request.url),
        escape(&facts.service),
        escape(&facts.time),
        report.verdict.name,
        escape(&report.verdict.text),
    );
    for finding in &report.findings {
        let title = if finding.from == "answer" { "The answer of the service" } else { "The reason" };
        page += &format!("<section class=\"causes\">\n<h2>{title}</h2>\n");
        if finding.causes.is_empty() {
            page += "<p>No cause was found.</p>\n";
        }
        finding.causes.iter().for_each(|cause| page += &cause_html(cause));
        page += "</section>\n";
    }
    if let Some(difference) = &report.difference {
        page += &difference_html(difference);
    }
    report.steps.iter().for_each(|step| page += &step_html(step));
    if !report.notes.is_empty() {
        page += "<section>\n<h2>Notes</h2>\n<ul>\n";
        report.notes.iter().for_each(|note| page += &format!("<li>{}</li>\n", escape(note)));
        page += "</ul>\n</section>\n";
    }
    page += "<p class=\"small\">Secrets and session tokens are not in this page. It quotes the request: give it only to \
             people who may read that.</p>\n</main>\n</body>\n</html>\n";
    page
}

fn step_html(step: &Step) -> String {
    let size = step.bytes.map(|bytes| format!(" <small>{bytes} bytes</small>")).unwrap_or_default();
    let mut out = format!("<section>\n<h2>{}. {}{size}</h2>\n", step.number, step.name);
    step.lines.iter().for_each(|line| out += &line_html(line));
    if let Some(sha256) = &step.sha256 {
        out += &format!(
            "<div class=\"line plain\"><span class=\"name\">SHA-256</span><code class=\"h10\">{sha256}</code></div>\n"
        );
    }
    if let Some(command) = &step.command {
        out += &format!(
            "<details class=\"command\"><summary>Compute it yourself</summary><pre>{}</pre></details>\n",
            escape(command)
        );
    }
    out + "</section>\n"
}

fn line_html(line: &Line) -> String {
    let words = words::of(line.part);
    let spans: String = line
        .spans
        .iter()
        .map(|span| match hue::of(span.part) {
            Some(hue) => format!("<span class=\"h{hue}\">{}</span>", escape(&span.text)),
            None => escape(&span.text),
        })
        .collect();
    let spans = if line.text.is_empty() { "<span class=\"empty\">(empty)</span>".to_owned() } else { spans };
    let mark = match line.met {
        Some(true) => " <span class=\"empty\">(met)</span>",
        Some(false) => " <mark>(not met)</mark>",
        None => "",
    };
    format!(
        "<details class=\"line\"><summary><span class=\"name\">{}</span><code>{spans}{mark}</code></summary>\
         <p>{}</p><p>{}</p><p><a href=\"{}\" rel=\"noreferrer\">{}</a></p></details>\n",
        escape(words.name),
        escape(words.what),
        escape(words.why),
        escape(words.source.url),
        escape(words.source.title),
    )
}

fn cause_html(cause: &Cause) -> String {
    let subject = cause.header.as_deref().map(|header| format!(" ({})", escape(header))).unwrap_or_default();
    let mut out = format!(
        "<h3>{}{subject} <small>{}</small></h3>\n<p>{}</p>\n",
        cause.name,
        escape(&cause.certainty),
        escape(cause.why)
    );
    if let Some(detail) = &cause.detail {
        out += &format!("<p>{}</p>\n", escape(detail));
    }
    for (name, side) in [("signed", &cause.signed), ("received", &cause.received)] {
        if let Some(side) = side {
            out += &side_html(name, side);
        }
    }
    out + &format!("<p>Likely: {}</p>\n<p><b>{}</b></p>\n", escape(cause.likely), escape(&cause.fix))
}

fn side_html(name: &str, side: &Marked) -> String {
    let piece = |range: std::ops::Range<usize>| escape(side.text.get(range).unwrap_or_default());
    format!(
        "<div class=\"line plain\"><span class=\"name\">{name}</span><code>{}<mark>{}</mark>{}</code></div>\n",
        piece(0..side.from),
        piece(side.from..side.to),
        piece(side.to..side.text.len())
    )
}

fn difference_html(difference: &Difference) -> String {
    let mut out =
        format!("<section class=\"causes\">\n<h2>Compared</h2>\n<p>{}</p>\n", escape(&difference.text));
    for line in &difference.lines {
        out += &format!("<h3>{}</h3>\n", escape(&line.name));
        for (name, side) in [("this", &line.first), ("other", &line.second)] {
            out += &match side {
                Some(side) => side_html(name, side),
                None => format!(
                    "<div class=\"line plain\"><span class=\"name\">{name}</span><code>(missing)</code></div>\n"
                ),
            };
        }
    }
    out + "</section>\n"
}

/// Escapes text for HTML, in elements and in attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Returns the colours of the hues, around the circle, dark on light and light on dark.
fn hues() -> String {
    let mut css = String::new();
    for hue in 0..hue::COUNT {
        let angle = u32::from(hue) * 360 / u32::from(hue::COUNT);
        css += &format!(".h{hue}{{color:light-dark(hsl({angle} 90% 27%),hsl({angle} 85% 78%))}}\n");
    }
    css
}

const STYLE: &str = "\
:root{color-scheme:light dark;--back:#fbfbf9;--front:#1c1e21;--soft:#5d636b;--rule:#dcdcd6;--card:#fff;--good:#0a6b2d;--bad:#a3131f}
@media (prefers-color-scheme:dark){:root{--back:#14171b;--front:#e6e8ea;--soft:#a0a8b2;--rule:#30363d;--card:#1b1f24;--good:#7ee2a0;--bad:#ff9b9b}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--front);font:16px/1.5 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.1rem;margin:0 0 .5rem}h3{font-size:1rem;margin:1rem 0 .25rem}
small,.small{color:var(--soft);font-weight:normal;font-size:.85rem}
p{margin:.3rem 0}code,pre,.request{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.875rem;overflow-wrap:anywhere}
section{background:var(--card);border:1px solid var(--rule);border-radius:.5rem;padding:1rem;margin:1rem 0}
.line summary,.plain{display:grid;grid-template-columns:minmax(0,15rem) minmax(0,1fr);gap:0 1rem;padding:.2rem .25rem;cursor:pointer;list-style:none}
.line summary::-webkit-details-marker{display:none}.plain{cursor:auto}
.line summary:hover,.line[open]{background:color-mix(in srgb,var(--rule) 35%,transparent)}
.line>p{margin:.2rem .25rem .2rem 1.25rem;font-size:.9rem}
.name{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}.empty{color:var(--soft)}
.verdict{font-weight:600;padding:.5rem .75rem;border-left:4px solid var(--soft)}
.matches{border-color:var(--good);color:var(--good)}.does-not-match,.refused{border-color:var(--bad);color:var(--bad)}
mark{background:light-dark(#ffd9d9,#6b1d24);color:inherit;border-radius:2px}
pre{white-space:pre-wrap;margin:.5rem 0 0}a{color:inherit}.command summary{cursor:pointer;color:var(--soft);margin-top:.5rem}
@media (max-width:40rem){.line summary,.plain{grid-template-columns:minmax(0,1fr)}}
";
