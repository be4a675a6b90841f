//! The progress bar and the notes of a transfer.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bucket::cli::{Doing, Failure};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use multipart::Event;

use crate::arguments::Arguments;

/// A pause that is longer than this is shown without `-v` too.
const QUIET: Duration = Duration::from_secs(1);

/// The progress bar on stderr, and what is counted for the report.
pub struct Screen {
    bar: ProgressBar,
    pub json: bool,
    pub quiet: bool,
    pub began: Instant,
    pub retries: AtomicU64,
    pub bytes: AtomicU64,
    unwritten: Mutex<Option<io::Error>>,
}

impl Screen {
    /// A bar is shown on a terminal only. Several files share it.
    pub fn new(arguments: &Arguments, files: usize) -> Arc<Self> {
        let (json, quiet) = (arguments.json, arguments.quiet);
        let shown = !json && !quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr_with_hz(5) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = if plain { "" } else { ".cyan" };
        let template = format!(
            "{{wide_bar{colour}}} {{binary_bytes}} of {{binary_total_bytes}}, {{binary_bytes_per_sec}}, {{eta}} left"
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        if shown && files > 0 {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let (retries, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
        let unwritten = Mutex::new(None);
        Arc::new(Self { bar, json, quiet, began: Instant::now(), retries, bytes, unwritten })
    }

    pub fn show(&self, event: &Event) {
        match event {
            Event::Begun { size } => self.bar.inc_length(size.unwrap_or_default()),
            Event::Moved { bytes } => self.bar.inc(*bytes),
            Event::Lost { bytes } => self.bar.dec(*bytes),
            Event::Proven { number, bytes } => {
                tracing::debug!(number, bytes, "a part is there");
                self.bar.inc(*bytes);
            }
            Event::Retry { task, attempt, attempts, reason, wait } => {
                self.retries.fetch_add(1, Ordering::Relaxed);
                let seconds = wait.as_secs_f64();
                let line = format!(
                    "{task} is tried again in {seconds:.1} s, attempt {attempt} of {attempts}: {reason}"
                );
                if tracing::enabled!(tracing::Level::INFO) {
                    self.bar.suspend(|| tracing::info!("{line}"));
                } else if *wait > QUIET {
                    self.note(&line);
                }
            }
            Event::Hedged { task } => tracing::info!(task, "the request is slow, and is sent a second time"),
            Event::Concurrency { limit } => tracing::info!(limit, "requests at the same time"),
            Event::Differs { number } => tracing::info!(number, "a part differs"),
            Event::Done { number } => tracing::debug!(number, "a part is complete"),
            Event::Note { text } => self.note(text),
            _ => {}
        }
    }

    fn note(&self, text: &str) {
        if !self.json && !self.quiet {
            self.bar.suspend(|| bucket::cli::note(format!("note: {text}")));
        }
    }

    /// Prints a line of the report.
    pub fn print(&self, line: &str) {
        let written = self.bar.suspend(|| writeln!(std::io::stdout(), "{line}"));
        if let Err(error) = written {
            *self.unwritten.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    }

    /// Fails if a line of the report was not written. The transfer itself is complete.
    pub fn check_written(&self) -> Result<(), Failure> {
        let unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner).take();
        unwritten.map_or(Ok(()), Err).doing("the report cannot be written")
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
