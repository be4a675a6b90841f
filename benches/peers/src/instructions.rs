//! Counts the instructions of an operation: an exact number, whatever else the
//! machine is doing.
//!
//! The process runs itself under valgrind's callgrind, with `--counted` for the
//! command. That process calls [`mark`] before and after each row's operations,
//! and callgrind writes down what it has counted whenever `mark` is called.
//!
//! Valgrind does not know the SHA-256 instructions, so that `sha2` uses its
//! software there. What its compression takes is counted apart: a real processor
//! takes the floor's time for it. What is left, outside of SHA-256, is the work
//! of the crate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::Options;
use crate::peers::floor::NAME as FLOOR;
use crate::report::Report;
use crate::tables::{Cell, side_by_side};
use crate::work::Work;

/// Operations of each row.
const TIMES: u64 = 100;

/// Made of single URLs; a listing is many of a1.
const LEFT_OUT: &str = "list";

/// Runs under callgrind: the rows that were asked for, each between two marks,
/// and a line for each on the standard output.
pub fn count(works: &'static [Work], options: &Options) {
    for work in works.iter().filter(|work| options.wants(work.id) && work.id != LEFT_OUT) {
        for row in options.rows(work) {
            let mut run = row.run(work);
            run(TIMES as usize);
            mark();
            run(TIMES as usize);
            mark();
            println!("{}\t{}\t{}", work.id, row.peer, row.form);
        }
    }
    mark();
}

#[inline(never)]
fn mark() {
    std::hint::black_box(());
}

pub fn report(options: &Options, report: &Report) -> Result<(), String> {
    let folder = env::temp_dir().join(format!("countersign-instructions-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let counted = run(options, &folder).and_then(|rows| read(&rows, &folder));
    fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    let counted = counted?;
    report.print(&table(&counted, options.functions));
    let outside = counted.iter().filter(|row| row.peer != FLOOR).map(|row| Cell {
        work: &row.work,
        peer: &row.peer,
        form: &row.form,
        text: row.of(|name| !is_sha256(name)).to_string(),
    });
    report.section("instructions", &side_by_side(&outside.collect::<Vec<_>>()))
}

fn run(options: &Options, folder: &Path) -> Result<String, String> {
    let this = env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--quiet", "--compress-strings=no", "--compress-pos=no"])
        .args(["--dump-before=*instructions::mark*"])
        .arg(format!("--callgrind-out-file={}", folder.join("counts").display()))
        .arg(this)
        .args(["--counted", "--form", &options.form]);
    for (name, list) in [("--only", &options.only), ("--peers", &options.peers)] {
        if !list.is_empty() {
            command.args([name, &list.join(",")]);
        }
    }
    eprintln!("counting instructions takes a minute or two");
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("valgrind: {error} (it is in the package `valgrind`)"))?;
    if !output.status.success() {
        return Err(format!("valgrind: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

struct Counted {
    work: String,
    peer: String,
    form: String,
    /// Instructions of each function itself, for [`TIMES`] operations.
    functions: BTreeMap<String, u64>,
}

impl Counted {
    fn of(&self, wanted: impl Fn(&str) -> bool) -> u64 {
        let functions = self.functions.iter().filter(|(name, _)| wanted(name));
        functions.map(|(_, count)| count).sum::<u64>() / TIMES
    }
}

/// The compression function, in whichever form `sha2` has it.
fn is_sha256(function: &str) -> bool {
    function.contains("sha256") && function.contains("compress")
}

/// The parts are numbered from 1; a row's is every second.
fn read(rows: &str, folder: &Path) -> Result<Vec<Counted>, String> {
    let row = |(index, line): (usize, &str)| {
        let part: PathBuf = folder.join(format!("counts.{}", 2 * (index + 1)));
        let text = fs::read_to_string(&part).map_err(|error| format!("{}: {error}", part.display()))?;
        let [work, peer, form] = *line.split('\t').collect::<Vec<_>>() else {
            return Err(format!("no row: {line}"));
        };
        let functions = functions(&text)?;
        Ok(Counted { work: work.into(), peer: peer.into(), form: form.into(), functions })
    };
    rows.lines().enumerate().map(row).collect()
}

/// Of a profile in callgrind's format: what each function took itself. A line
/// below `calls=` is what a call took, and belongs to the function called.
fn functions(profile: &str) -> Result<BTreeMap<String, u64>, String> {
    let mut functions = BTreeMap::new();
    let (mut function, mut call) = (String::new(), false);
    let mut total = None;
    for line in profile.lines() {
        if let Some(name) = line.strip_prefix("fn=") {
            name.clone_into(&mut function);
        } else if let Some(sum) = line.strip_prefix("totals: ") {
            total = sum.parse::<u64>().ok();
        } else if line.starts_with("calls=") {
            call = true;
        } else if line.starts_with(|first: char| first.is_ascii_digit()) {
            let count = line.split(' ').nth(1).and_then(|count| count.parse::<u64>().ok());
            let count = count.ok_or_else(|| format!("no cost: {line}"))?;
            if !std::mem::take(&mut call) {
                *functions.entry(function.clone()).or_default() += count;
            }
        }
    }
    let sum: u64 = functions.values().sum();
    if total != Some(sum) {
        return Err(format!("the profile adds up to {sum}, and says {total:?}"));
    }
    Ok(functions)
}

fn table(rows: &[Counted], most: usize) -> String {
    let mut text = String::from(
        "### instructions. For each operation\n\n\
         | work | peer | form | outside of SHA-256 | SHA-256 in software | all |\n\
         |---|---|---|--:|--:|--:|\n",
    );
    for row in rows.iter().filter(|row| row.peer != FLOOR) {
        text += &format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            row.work,
            row.peer,
            row.form,
            row.of(|name| !is_sha256(name)),
            row.of(is_sha256),
            row.of(|_| true)
        );
    }
    for row in rows.iter().filter(|row| most > 0 && row.peer != FLOOR) {
        let mut functions: Vec<_> = row.functions.iter().filter(|(name, _)| !is_sha256(name)).collect();
        functions.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        text += &format!("\n{}, {}, {}:\n\n", row.work, row.peer, row.form);
        for (name, count) in functions.into_iter().take(most) {
            text += &format!("{:>8}  {name}\n", count / TIMES);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn a_call_counts_for_the_function_called() {
        let profile = "events: Ir\n\nfn=a\n0 5\ncfn=b\ncalls=2 0 \n0 40\n0 1\n\nfn=b\n0 40\n\ntotals: 46\n";
        let functions = functions(profile).expect("a profile");
        assert_eq!(functions["a"], 6);
        assert_eq!(functions["b"], 40);
        assert!(super::functions(&profile.replace("46", "47")).is_err());
    }
}
