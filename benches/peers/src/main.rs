//! Times `countersign` and other SigV4 crates against the SHA-256 that the work
//! needs. `--help` says how.
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
//! `reference.rs` before it is timed; one that is wrong is not.

mod allocations;
mod check;
mod growth;
mod measure;
mod peers;
mod reference;
mod work;

use std::process::ExitCode;
use std::time::Duration;

use measure::Row;
use work::Work;

const HELP: &str = "\
Prints markdown: for each work, each peer's time against the floor (the same
blocks of SHA-256, key kept, and nothing else), and its allocations.

  --only a1,b     these works: a1 a2 a3 b c d e1 e2 e3 h list threads
  --peers a,b     these peers, beside the floor
  --form TEXT     only rows whose form contains this, beside the floor
  --rounds N      rounds in which each row has one turn (61; at least 31)
  --turn-ms N     how long a turn is (3)
  --growth        instead: countersign with 10 to 10,000 headers and parameters
  --check         only hold every row against the reference
";

struct Options {
    only: Vec<String>,
    peers: Vec<String>,
    form: String,
    rounds: usize,
    turn: Duration,
    growth: bool,
    check: bool,
}

impl Options {
    fn parse() -> Result<Option<Self>, lexopt::Error> {
        use lexopt::prelude::*;
        let mut options = Self {
            only: Vec::new(),
            peers: Vec::new(),
            form: String::new(),
            rounds: 61,
            turn: Duration::from_millis(3),
            growth: false,
            check: false,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("only") => options.only = list(&parser.value()?.string()?),
                Long("peers") => options.peers = list(&parser.value()?.string()?),
                Long("form") => options.form = parser.value()?.string()?,
                Long("rounds") => options.rounds = parser.value()?.parse::<usize>()?.max(31),
                Long("turn-ms") => {
                    options.turn = Duration::from_millis(parser.value()?.parse::<u64>()?.max(1))
                }
                Long("growth") => options.growth = true,
                Long("check") => options.check = true,
                Long("help") | Short('h') => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(options))
    }

    fn wants(&self, id: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == id)
    }

    fn wants_row(&self, row: &Row) -> bool {
        let peer = self.peers.is_empty() || self.peers.iter().any(|peer| peer == row.peer);
        peer && row.form.contains(&self.form)
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
    print_machine();
    if options.growth {
        growth::print(options.rounds, options.turn);
        return ExitCode::SUCCESS;
    }
    let works: &'static [Work] = work::all().leak();
    let known: Vec<&str> = works.iter().map(|work| work.id).chain(["threads"]).collect();
    if let Some(unknown) = options.only.iter().find(|id| !known.contains(&id.as_str())) {
        eprintln!("no work is called {unknown}; there are {}", known.join(" "));
        return ExitCode::FAILURE;
    }
    let (mut right, mut wrong) = (0, 0);
    for work in works {
        let threads = work.id == "a1" && options.wants("threads");
        if !options.wants(work.id) && !threads {
            continue;
        }
        let mut rows = peers::rows(work);
        let mut rest = rows.split_off(1);
        rest.retain(|row| options.wants_row(row));
        rows.append(&mut rest);
        rows.retain(|row| match compare(work, row) {
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
        if options.check {
            continue;
        }
        if options.wants(work.id) {
            print_work(work, &rows, &options);
        }
        if threads {
            print_threads(work, &rows);
        }
    }
    if options.check {
        println!("{right} rows are right.");
    }
    if wrong > 0 {
        eprintln!("{wrong} rows are wrong and were not timed");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn compare(work: &'static Work, row: &Row) -> Result<(), String> {
    let items = work.items.iter().chain(work.spoiled);
    let twice = items.clone().chain(items);
    let mut answers = row.answers(twice).into_iter();
    answers.try_for_each(|(item, answer)| check::right(work, item, answer, row.own_clock))
}

fn print_machine() {
    #[cfg(target_arch = "x86_64")]
    let instructions = std::is_x86_feature_detected!("sha");
    #[cfg(target_arch = "aarch64")]
    let instructions = std::arch::is_aarch64_feature_detected!("sha2");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let instructions = false;
    if instructions {
        println!("SHA-256 instructions: yes.");
    } else {
        println!(
            "**SHA-256 instructions: none found.** The floor is several times higher without them, and every \
             ratio below flatters its peer."
        );
    }
}

fn print_work(work: &'static Work, rows: &[Row], options: &Options) {
    // A listing is compared with one of its URLs, made again and again.
    let listing = work.items.len() > 1;
    let mut turns: Vec<(&Row, usize)> = rows.iter().map(|row| (row, work.items.len())).collect();
    if listing {
        turns.retain(|(row, _)| row.peer != "(http)");
        turns.extend(turns.clone().into_iter().map(|(row, _)| (row, 1)));
    }
    let measured = measure::in_turn(work, &turns, options.rounds, options.turn);
    println!("\n### {}. {} ({} blocks)\n", work.id, work.title, work.blocks);
    let alone = if listing { " alone, p10 ns | listing : alone |" } else { "" };
    let rule = if listing { "--:|--:|" } else { "" };
    println!("| peer | form | p10 ns | median ns | × floor (median) | allocations |{alone}");
    println!("|---|---|--:|--:|--:|--:|{rule}");
    let count = if listing { turns.len() / 2 } else { turns.len() };
    let floor = &measured[0];
    for (index, ((row, _), this)) in turns.iter().zip(&measured).take(count).enumerate() {
        print!(
            "| {} | {} | {:.0} | {:.0} | {:.2} ({:.2}) | {} |",
            row.peer,
            row.form,
            this.p10,
            this.median,
            this.p10 / floor.p10,
            this.median / floor.median,
            this.allocations
        );
        if listing {
            let alone = measured[count + index].p10;
            print!(" {alone:.0} | {:.2} |", this.p10 / alone);
        }
        println!();
    }
}

fn print_threads(work: &'static Work, rows: &[Row]) {
    const REPEATS: usize = 7;
    println!("\n### threads. Work a1 on one thread, and on two that share one signer (best of {REPEATS})\n");
    println!("| peer | form | 1 thread, ops/s | 2 threads, ops/s | scaling | CPU per op, 2 : 1 |");
    println!("|---|---|--:|--:|--:|--:|");
    let rows = rows.iter().filter(|row| row.peer != "(http)");
    for row in rows {
        let (rate, _) = measure::throughput(work, row, 1, 2_000);
        let times = (rate * 0.05) as usize;
        let (mut one, mut two) = ((0.0, f64::MAX), (0.0, f64::MAX));
        for _ in 0..REPEATS {
            for (best, threads) in [(&mut one, 1), (&mut two, 2)] {
                let (rate, cpu) = measure::throughput(work, row, threads, times);
                *best = (rate.max(best.0), cpu.min(best.1));
            }
        }
        println!(
            "| {} | {} | {:.0} | {:.0} | {:.2} | {:.2} |",
            row.peer,
            row.form,
            one.0,
            two.0,
            two.0 / one.0,
            two.1 / one.1
        );
    }
}
