//! Times rows in turn, in one process, by the thread's own CPU time.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

use crate::allocations;
use crate::check::Answer;
use crate::work::{Item, Work};

/// Takes what an operation made. Called with a look at the result, which a
/// timed run only hides from the optimizer and a checking run reads.
pub type Sink<'s> = &'s mut dyn FnMut(&dyn Fn() -> Answer);

type Start = Box<dyn Fn() -> Box<dyn Run> + Send + Sync>;

/// One way of one peer to do one work.
pub struct Row {
    pub peer: &'static str,
    pub form: &'static str,
    /// Cannot be given the time.
    pub own_clock: bool,
    start: Start,
}

impl Row {
    /// `start` makes the operation, once for each thread that runs it.
    pub fn new<S, F>(peer: &'static str, form: &'static str, start: S) -> Self
    where
        S: Fn() -> F + Send + Sync + 'static,
        F: FnMut(&'static Item, Sink<'_>) + 'static,
    {
        Self { peer, form, own_clock: false, start: Box::new(move || Box::new(start())) }
    }

    /// Returns a function that runs the operation on the work's items as often as its argument says.
    pub fn run(&self, work: &Work) -> impl FnMut(usize) {
        let (mut run, items) = ((self.start)(), work.items);
        move |times| run.batch(items, times)
    }

    pub fn with_own_clock(self) -> Self {
        Self { own_clock: true, ..self }
    }

    /// Returns the result of one operation for each item, one after the other, so that a
    /// reused buffer has had other contents.
    pub fn answers(&self, items: impl Iterator<Item = &'static Item>) -> Vec<(&'static Item, Answer)> {
        let mut run = (self.start)();
        items.map(|item| (item, run.once(item))).collect()
    }
}

trait Run {
    fn batch(&mut self, items: &'static [Item], times: usize);
    fn once(&mut self, item: &'static Item) -> Answer;
}

impl<F: FnMut(&'static Item, Sink<'_>)> Run for F {
    fn batch(&mut self, items: &'static [Item], times: usize) {
        for item in items.iter().cycle().take(times) {
            self(black_box(item), &mut |answer| {
                black_box(answer);
            });
        }
    }

    fn once(&mut self, item: &'static Item) -> Answer {
        let mut kept = Answer::Part;
        self(item, &mut |answer| kept = answer());
        kept
    }
}

/// Nanoseconds for each operation, and allocations.
pub struct Measured {
    pub p10: f64,
    pub median: f64,
    pub allocations: f64,
}

/// Runs `rounds` rounds in which every row has one turn of about `turn`.
/// A row comes with how many of the work's items it cycles through.
pub fn in_turn(work: &Work, rows: &[(&Row, usize)], rounds: usize, turn: Duration) -> Vec<Measured> {
    let mut runs: Vec<_> = rows
        .iter()
        .map(|(row, count)| {
            let items = &work.items[..(*count).min(work.items.len())];
            let mut run = (row.start)();
            run.batch(items, items.len().max(64));
            let before = allocations::so_far();
            run.batch(items, items.len());
            let allocations = (allocations::so_far() - before) as f64 / items.len() as f64;
            let (mut times, mut taken) = (64, Duration::ZERO);
            while taken < turn / 4 {
                times *= 2;
                taken = cpu_time(|| run.batch(items, times));
            }
            let times = (times as f64 * turn.as_secs_f64() / taken.as_secs_f64()).max(1.0) as usize;
            (run, items, times, allocations, Vec::with_capacity(rounds))
        })
        .collect();
    for _ in 0..rounds {
        for (run, items, times, _, samples) in &mut runs {
            let taken = cpu_time(|| run.batch(items, *times));
            samples.push(taken.as_nanos() as f64 / *times as f64);
        }
    }
    runs.into_iter()
        .map(|(.., allocations, mut samples)| {
            samples.sort_by(f64::total_cmp);
            Measured { p10: quantile(&samples, 0.1), median: quantile(&samples, 0.5), allocations }
        })
        .collect()
}

pub fn cpu_time(action: impl FnOnce()) -> Duration {
    let start = ThreadTime::now();
    action();
    start.elapsed()
}

pub fn quantile(sorted: &[f64], part: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}

/// Operations in a second of wall time, all threads together, and CPU
/// nanoseconds for each.
pub fn throughput(work: &Work, row: &Row, threads: usize, times: usize) -> (f64, f64) {
    let barrier = Barrier::new(threads + 1);
    let (mut cpu, mut wall) = (Duration::ZERO, Duration::ZERO);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut run = (row.start)();
                    run.batch(work.items, 256);
                    barrier.wait();
                    let start = Instant::now();
                    let cpu = cpu_time(|| run.batch(work.items, times));
                    (start, Instant::now(), cpu)
                })
            })
            .collect();
        barrier.wait();
        let ends: Vec<_> = workers.into_iter().map(|worker| worker.join().expect("no panic")).collect();
        let first = ends.iter().map(|(start, ..)| *start).min().expect("a thread");
        let last = ends.iter().map(|(_, end, _)| *end).max().expect("a thread");
        wall += last - first;
        cpu += ends.iter().map(|(.., cpu)| *cpu).sum::<Duration>();
    });
    let operations = (threads * times) as f64;
    (operations / wall.as_secs_f64(), cpu.as_nanos() as f64 / operations)
}
