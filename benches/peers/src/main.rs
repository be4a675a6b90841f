//! Measures `countersign` and other SigV4 crates, and compares them with the SHA-256
//! that the work needs. `--help` prints the options.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/Cargo.toml
//! ```
//!
//! All rows of a work take turns in one process, and are timed by the thread's
//! own CPU time. Of each row's rounds the 10th percentile counts, divided by the
//! floor's: the floor is a chain of dependent instructions that other tenants of
//! the machine hardly slow down, while they do slow everything else, so that
//! noise makes ratios larger and never smaller. Every row is held against
//! `testkit::reference` before it is timed; one that is wrong is not.

mod allocations;
mod bodies;
mod check;
mod growth;
mod instructions;
mod measure;
mod peers;
mod plot;
mod report;
mod tables;
mod work;

use std::process::ExitCode;
use std::time::Duration;

use measure::{Measured, Row};
use report::Report;
use tables::Table;
use work::Work;

const HELP: &str = "\
Prints markdown. Without a command: for each work, each peer's time against the
floor (the same blocks of SHA-256, key kept, and nothing else), and its
allocations.

commands
  --growth        countersign with 10 to 10,000 headers and parameters, and with
                  bodies of up to 1 GiB
  --instructions  instructions of each row, and how many of them are outside of
                  SHA-256 (needs valgrind)
  --check         only compare every row with the reference
  --all           everything, one after the other

options
  --write         put the tables into docs/performance.md, and the plot next to it;
                  of the comparison, with --only, list and threads alone
  --only a1,b     these works: a1 a2 a3 b c d e1 e2 e3 h list threads
  --peers a,b     these peers, and the floor
  --form TEXT     only rows whose form contains this, and the floor
  --rounds N      rounds in which each row has one turn (61; at least 31)
  --turn-ms N     how long a turn is (3)
  --functions N   with --instructions: the N functions that take most of them
";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Command {
    Compare,
    Growth,
    Instructions,
    /// The work that `--instructions` runs under valgrind.
    Counted,
    Check,
    All,
}

struct Options {
    command: Command,
    write: bool,
    only: Vec<String>,
    peers: Vec<String>,
    form: String,
    rounds: usize,
    turn: Duration,
    functions: usize,
}

impl Options {
    fn parse() -> Result<Option<Self>, lexopt::Error> {
        use lexopt::prelude::*;
        let mut options = Self {
            command: Command::Compare,
            write: false,
            only: Vec::new(),
            peers: Vec::new(),
            form: String::new(),
            rounds: 61,
            turn: Duration::from_millis(3),
            functions: 0,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("growth") => options.command = Command::Growth,
                Long("instructions") => options.command = Command::Instructions,
                Long("counted") => options.command = Command::Counted,
                Long("check") => options.command = Command::Check,
                Long("all") => options.command = Command::All,
                Long("write") => options.write = true,
                Long("only") => options.only = list(&parser.value()?.string()?),
                Long("peers") => options.peers = list(&parser.value()?.string()?),
                Long("form") => options.form = parser.value()?.string()?,
                Long("rounds") => options.rounds = parser.value()?.parse::<usize>()?.max(31),
                Long("turn-ms") => {
                    options.turn = Duration::from_millis(parser.value()?.parse::<u64>()?.max(1))
                }
                Long("functions") => options.functions = parser.value()?.parse()?,
                Long("help") | Short('h') => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(options))
    }

    fn does(&self, command: Command) -> bool {
        self.command == command || self.command == Command::All
    }

    fn wants(&self, id: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == id)
    }

    /// The rows of a work that were asked for, the floor first.
    fn rows(&self, work: &'static Work) -> Vec<Row> {
        let mut rows = peers::rows(work);
        let floor = rows[0].peer;
        rows.retain(|row| {
            let peer = self.peers.is_empty() || self.peers.iter().any(|peer| peer == row.peer);
            row.peer == floor || peer && row.form.contains(&self.form)
        });
        rows
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

fn main() -> ExitCode {
    let options = match Options::parse() {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n\n{HELP}");
            return ExitCode::FAILURE;
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let works: &'static [Work] = work::all().leak();
    let known: Vec<&str> = works.iter().map(|work| work.id).chain(["threads"]).collect();
    if let Some(unknown) = options.only.iter().find(|id| !known.contains(&id.as_str())) {
        return Err(format!("no work is called {unknown}; there are {}", known.join(" ")));
    }
    if options.command == Command::Counted {
        instructions::count(works, options);
        return Ok(());
    }
    let report = Report::new(options.write);
    if options.does(Command::Compare) || options.command == Command::Check {
        compare(works, options, &report)?;
    }
    if options.does(Command::Growth) {
        growth::report(options.rounds, options.turn, &report)?;
        bodies::report(&report)?;
    }
    if options.does(Command::Instructions) {
        instructions::report(options, &report)?;
    }
    Ok(())
}

fn compare(works: &'static [Work], options: &Options, report: &Report) -> Result<(), String> {
    let check = options.command == Command::Check;
    let (mut right, mut wrong, mut tables) = (0, 0, Vec::new());
    for work in works {
        let threads = work.id == "a1" && options.wants("threads");
        if !options.wants(work.id) && !threads {
            continue;
        }
        let mut rows = options.rows(work);
        rows.retain(|row| match hold(work, row) {
            Ok(()) => {
                right += 1;
                true
            }
            Err(error) => {
                eprintln!("{}, {} ({}): {error}", work.id, row.peer, row.form);
                wrong += 1;
                false
            }
        });
        if !check && options.wants(work.id) {
            let table = Table::measure(work, &rows, options.rounds, options.turn);
            if work.id == "list" {
                report.section("list", &table.markdown())?;
            } else {
                report.print(&table.markdown());
                tables.push(table);
            }
        }
        if !check && threads {
            report.section("threads", &tables::threads(work, &rows))?;
        }
    }
    if check {
        println!("{right} rows are right.");
    } else if options.only.is_empty() {
        let ratio = |this: &Measured, floor: &Measured| {
            if std::ptr::eq(this, floor) {
                format!("{:.0} ns", this.p10)
            } else {
                format!("{:.2}", this.p10 / floor.p10)
            }
        };
        let allocations = |this: &Measured, _: &Measured| this.allocations.to_string();
        for (name, text) in [("ratios", ratio as fn(&_, &_) -> _), ("allocations", allocations)] {
            let cells: Vec<_> = tables.iter().flat_map(|table| table.cells(text)).collect();
            report.section(name, &tables::side_by_side(&cells))?;
        }
        report.section("versions", &tables::versions())?;
    }
    if wrong > 0 { Err(format!("{wrong} rows are wrong and were not timed")) } else { Ok(()) }
}

/// Holds a row against the reference: each item twice.
fn hold(work: &'static Work, row: &Row) -> Result<(), String> {
    let items = work.items.iter().chain(work.spoiled);
    let twice = items.clone().chain(items);
    let mut answers = row.answers(twice).into_iter();
    answers.try_for_each(|(item, answer)| check::right(work, item, answer, row.own_clock))
}
