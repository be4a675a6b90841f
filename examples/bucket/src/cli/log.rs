//! Logs, on stderr.

use std::io::IsTerminal;

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The arguments that choose what is logged.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Log {
    /// Log what the program does, on stderr; -vv logs each request. RUST_LOG chooses modules
    #[arg(short, long, action = clap::ArgAction::Count, global = true, help_heading = "Output")]
    verbose: u8,
}

impl Log {
    /// Starts logging. `own` are the names of the program's crates.
    ///
    /// Other crates are never logged below `WARN`, whatever `RUST_LOG` asks for: on lower levels the
    /// AWS SDK and the HTTP client write requests with their credentials. Without `-v` and `RUST_LOG`, only
    /// their errors are logged, and nothing of `s3s`, which logs each request that it refuses as an error.
    pub fn start(&self, own: &[&str]) {
        let level = match self.verbose {
            0 => LevelFilter::WARN,
            1 => LevelFilter::INFO,
            _ => LevelFilter::DEBUG,
        };
        let asked = std::env::var("RUST_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
        let ours = || own.iter().copied().chain(["bucket"]);
        let quiet = || {
            Targets::new()
                .with_default(LevelFilter::ERROR)
                .with_target("s3s", LevelFilter::OFF)
                .with_targets(ours().map(|name| (name, level)))
        };
        let asked = asked.unwrap_or_else(|| match self.verbose {
            0 => quiet(),
            _ => Targets::new().with_default(level),
        });
        let capped =
            Targets::new().with_default(Level::WARN).with_targets(ours().map(|name| (name, Level::TRACE)));

        let lines = tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(super::allowed() && std::io::stderr().is_terminal());
        // A second call, in a test, changes nothing.
        let _ = tracing_subscriber::registry().with(lines).with(asked).with(capped).try_init();
    }
}
