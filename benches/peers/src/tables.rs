//! The tables that compare the peers.

use std::time::Duration;

use crate::measure::{self, Measured, Row};
use crate::work::Work;

const CRATES: [&str; 7] =
    ["aws-sigv4", "reqsign-aws-v4", "reqsign-core", "rusty-s3", "s3s-sigv4", "sha2", "hmac"];

/// Which versions are compared: those of the lock file.
pub fn versions() -> String {
    let lock = include_str!("../Cargo.lock");
    let versions = lock.split("[[package]]").filter_map(|package| {
        let field = |name: &str| {
            package.lines().find_map(|line| Some(line.strip_prefix(name)?.trim_matches([' ', '=', '"'])))
        };
        let name = field("name").filter(|name| CRATES.contains(name))?;
        Some(format!("{name} {}", field("version")?))
    });
    format!("{}.", versions.collect::<Vec<_>>().join(", "))
}

/// A work's rows, measured.
pub struct Table {
    work: &'static Work,
    lines: Vec<Line>,
}

struct Line {
    peer: &'static str,
    form: &'static str,
    measured: Measured,
    /// For a listing: one of its URLs, made again and again.
    alone: Option<Measured>,
}

impl Table {
    pub fn measure(work: &'static Work, rows: &[Row], rounds: usize, turn: Duration) -> Self {
        let listing = work.items.len() > 1;
        let mut turns: Vec<(&Row, usize)> = rows.iter().map(|row| (row, work.items.len())).collect();
        if listing {
            turns.retain(|(row, _)| row.peer != "(http)");
            turns.extend(turns.clone().into_iter().map(|(row, _)| (row, 1)));
        }
        let mut measured = measure::in_turn(work, &turns, rounds, turn);
        let alone = if listing { measured.split_off(turns.len() / 2) } else { Vec::new() };
        let mut alone = alone.into_iter();
        let line = |((row, _), measured): ((&Row, usize), Measured)| Line {
            peer: row.peer,
            form: row.form,
            measured,
            alone: alone.next(),
        };
        Self { work, lines: turns.into_iter().zip(measured).map(line).collect() }
    }

    /// A cell for each row, made of what was measured for it and for the floor.
    pub fn cells(&self, text: fn(&Measured, &Measured) -> String) -> impl Iterator<Item = Cell<'_>> {
        let floor = &self.lines[0].measured;
        self.lines.iter().map(move |Line { peer, form, measured, .. }| Cell {
            work: self.work.id,
            peer,
            form,
            text: text(measured, floor),
        })
    }

    pub fn markdown(&self) -> String {
        let Work { id, title, blocks, .. } = self.work;
        let listing = self.lines.iter().any(|line| line.alone.is_some());
        let mut text = format!(
            "### {id}. {title} ({blocks} blocks)\n\n\
             | peer | form | p10 ns | median ns | × floor (median) | allocations |{}\n\
             |---|---|--:|--:|--:|--:|{}\n",
            if listing { " alone, p10 ns | listing : alone |" } else { "" },
            if listing { "--:|--:|" } else { "" }
        );
        let floor = &self.lines[0].measured;
        for Line { peer, form, measured, alone } in &self.lines {
            let Measured { p10, median, allocations } = measured;
            let (ratio, median_ratio) = (p10 / floor.p10, median / floor.median);
            text += &format!(
                "| {peer} | {form} | {p10:.0} | {median:.0} | {ratio:.2} ({median_ratio:.2}) | {allocations} |"
            );
            if let Some(alone) = alone {
                text += &format!(" {:.0} | {:.2} |", alone.p10, p10 / alone.p10);
            }
            text.push('\n');
        }
        text
    }
}

/// The measurement of a row for one work.
pub struct Cell<'a> {
    pub work: &'a str,
    pub peer: &'a str,
    pub form: &'a str,
    pub text: String,
}

/// The works side by side: a line for each row, a column for each work.
pub fn side_by_side(cells: &[Cell<'_>]) -> String {
    let (mut works, mut peers, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for Cell { work, peer, form, .. } in cells {
        once(&mut works, *work);
        once(&mut peers, *peer);
        once(&mut rows, (*peer, *form));
    }
    // The rows of a peer stay together.
    rows.sort_by_key(|(peer, _)| peers.iter().position(|other| other == peer));
    let mut text =
        format!("| peer | form | {} |\n|---|---|{}\n", works.join(" | "), "--:|".repeat(works.len()));
    for row in rows {
        text += &format!("| {} | {} |", row.0, row.1);
        for work in &works {
            let cell = cells.iter().find(|cell| cell.work == *work && (cell.peer, cell.form) == row);
            text += &format!(" {} |", cell.map_or("", |cell| &cell.text));
        }
        text.push('\n');
    }
    text
}

fn once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

pub fn threads(work: &'static Work, rows: &[Row]) -> String {
    const REPEATS: usize = 7;
    let mut text = format!(
        "### threads. Work a1 on one thread, and on two that share one signer (best of {REPEATS})\n\n\
         | peer | form | 1 thread, ops/s | 2 threads, ops/s | scaling | CPU per op, 2 : 1 |\n\
         |---|---|--:|--:|--:|--:|\n"
    );
    for row in rows.iter().filter(|row| row.peer != "(http)") {
        let (rate, _) = measure::throughput(work, row, 1, 2_000);
        let times = (rate * 0.05) as usize;
        let (mut one, mut two) = ((0.0, f64::MAX), (0.0, f64::MAX));
        for _ in 0..REPEATS {
            for (best, threads) in [(&mut one, 1), (&mut two, 2)] {
                let (rate, cpu) = measure::throughput(work, row, threads, times);
                *best = (rate.max(best.0), cpu.min(best.1));
            }
        }
        text += &format!(
            "| {} | {} | {:.0} | {:.0} | {:.2} | {:.2} |\n",
            row.peer,
            row.form,
            one.0,
            two.0,
            two.0 / one.0,
            two.1 / one.1
        );
    }
    text
}
