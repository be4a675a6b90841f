//! Uploads in a model of the network and the server: many runs, each of which may be killed at any moment. The plan
//! of the parts is real, and no byte is sent.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use super::continued::{file, session};
use super::parts::Parts;
use super::session::Session;
use crate::Options;
use crate::plan::MOST_PARTS;
use crate::pool::Pool;
use crate::source::LocalFile;

const MIB: u64 = 1 << 20;
const SMALLEST: u64 = 5 * MIB;

/// A number, a place in the file, and a length.
type Sent = (u32, u64, u64);

/// More seeds are tried if `MULTIPART_SEEDS` says how many times more.
fn scale() -> u64 {
    std::env::var("MULTIPART_SEEDS").ok().map_or(1, |scale| scale.parse().unwrap())
}

struct World {
    random: Rng,
    file: LocalFile,
    options: Options,
    /// The network loses longer parts most of the time.
    takes: u64,
    concurrency: usize,
    /// In a thousand steps, the run is killed so often.
    kills: u32,
    /// The parts at the server. A part of another file has no place in this one.
    there: BTreeMap<u32, (Option<u64>, u64)>,
    acknowledged: BTreeSet<u32>,
    /// False if the server has parts of other files: these decide where parts begin until they are replaced.
    is_strict: bool,
    steps: usize,
}

impl World {
    fn new(seed: u64, size: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let part_size = Some(random.u64(8..=64) * MIB);
        let options = Options { part_size, smallest_part: Some(SMALLEST), ..Options::default() };
        Self {
            file: file(size),
            options,
            takes: random.u64(4..=64) * MIB,
            concurrency: random.usize(1..=8),
            kills: 10,
            there: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            is_strict: true,
            steps: 0,
            random,
        }
    }

    fn session(&self) -> Session {
        session(self.there.iter().map(|(&number, &(_, size))| (number, size)))
    }

    /// Returns false if the run is killed.
    fn lives(&mut self) -> bool {
        self.steps += 1;
        assert!(self.steps < 1_000_000, "the upload does not end");
        self.random.u32(..1000) >= self.kills
    }

    /// Sends a part once, or three times if it can shrink. Returns `None` if the run is killed, and false if the part
    /// is lost.
    fn send(&mut self, (number, offset, length): Sent, can_shrink: bool) -> Option<bool> {
        let is_twice = self.is_strict && self.acknowledged.contains(&number);
        assert!(!is_twice, "part {number}, {length} bytes, is sent twice");
        let is_last = offset + length == self.file.size();
        assert!(length >= SMALLEST || is_last, "part {number} is too short: {length}");
        assert!((1..=MOST_PARTS).contains(&number.into()), "number {number}");
        let mut attempts = 0;
        loop {
            let arrives = length <= self.takes || self.random.u8(..8) == 0;
            let answered = self.random.u8(..4) > 0;
            if arrives {
                self.there.insert(number, (Some(offset), length));
            }
            if !self.lives() {
                return None;
            }
            if arrives && answered {
                self.acknowledged.insert(number);
                return Some(true);
            }
            attempts += 1;
            if can_shrink && attempts == 3 {
                return Some(false);
            }
        }
    }

    /// Does what `Transfer::send` does. Returns false if the run is killed.
    async fn run(&mut self) -> bool {
        let mut session = self.session();
        let mut parts = Parts::file(self.file.clone(), &session, &self.options).unwrap();
        let (pool, mut done) = (Pool::default(), BTreeMap::new());
        loop {
            let (mut running, mut lost) = (Vec::new(), Vec::new());
            loop {
                if running.len() < self.concurrency
                    && lost.is_empty()
                    && let Some(planned) = parts.next(&pool).await.unwrap()
                {
                    running.push(planned);
                    continue;
                }
                if running.is_empty() {
                    break;
                }
                let planned = running.swap_remove(self.random.usize(..running.len()));
                let sent = (planned.number, planned.data.offset, planned.data.length);
                let listed = session.known.contains_key(&sent.0);
                let is_there = listed && self.there.get(&sent.0) == Some(&(Some(sent.1), sent.2));
                match is_there || {
                    let Some(ok) = self.send(sent, planned.can_shrink) else { return false };
                    ok
                } {
                    true => {
                        assert_eq!(done.insert(sent.0, sent), None, "a part is done twice");
                    }
                    false => lost.push(sent.0),
                }
            }
            if lost.is_empty() {
                break;
            }
            session = self.session();
            let there = session.known.keys().copied().chain(done.keys().copied());
            parts.shrink(&lost, there);
        }
        let mut end = 0;
        for ((number, offset, length), expected) in done.into_values().zip(1..) {
            assert_eq!((number, offset), (expected, end), "the parts have gaps");
            assert_eq!(self.there.get(&number), Some(&(Some(offset), length)), "part {number} is not there");
            end += length;
        }
        assert_eq!(end, self.file.size());
        true
    }
}

#[tokio::test]
async fn no_acknowledged_part_is_sent_twice_however_parts_shrink() {
    for seed in 0..400 * scale() {
        let size = Rng::with_seed(seed).u64(16 * MIB..2000 * MIB);
        println!("seed {seed}, {size} bytes");
        let mut world = World::new(seed, size);
        while !world.run().await {}
    }
}

#[tokio::test]
async fn a_part_size_that_changes_with_each_run_sends_nothing_twice() {
    for seed in 0..200 * scale() {
        println!("seed {seed}");
        let mut world = World::new(seed, Rng::with_seed(seed).u64(600 * MIB..2000 * MIB));
        world.kills = 50;
        while !world.run().await {
            let part_size = world.random.u64(5..=64) * MIB;
            world.options.part_size = world.random.bool().then_some(part_size);
        }
    }
}

#[tokio::test]
async fn hostile_lists_of_parts_end_right() {
    const NUMBERS: [u32; 8] = [0, 1, 2, 3, 9_999, 10_000, 10_001, u32::MAX];
    const SIZES: [u64; 8] = [0, 1, SMALLEST, 8 * MIB, 5 << 30, (5 << 30) + 1, 1 << 63, u64::MAX];
    for seed in 0..300 * scale() {
        println!("seed {seed}");
        let mut world = World::new(seed, Rng::with_seed(seed).u64(16 * MIB..2000 * MIB));
        world.is_strict = false;
        let random = &mut world.random;
        for _ in 0..random.usize(..30) {
            let number = if random.bool() { NUMBERS[random.usize(..8)] } else { random.u32(1..40) };
            let size = if random.bool() { SIZES[random.usize(..8)] } else { random.u64(..20 * MIB) };
            world.there.insert(number, (None, size));
        }
        while !world.run().await {}
    }
}

#[tokio::test]
async fn nothing_is_sent_twice_after_the_file_has_changed() {
    for seed in 0..300 * scale() {
        println!("seed {seed}");
        let mut world = World::new(seed, Rng::with_seed(seed).u64(16 * MIB..2000 * MIB));
        world.kills = 30;
        if world.run().await {
            continue;
        }
        world.there.values_mut().for_each(|(offset, _)| *offset = None);
        world.acknowledged.clear();
        world.file = file(world.random.u64(16 * MIB..2000 * MIB));
        while !world.run().await {}
    }
}

#[tokio::test]
async fn the_longest_file_never_has_too_many_parts() {
    let mut world = World::new(1, 10_000 * 8 * MIB - 1);
    // Parts of 12 MiB shrink to 8 MiB, and these are lost too.
    (world.options.part_size, world.takes, world.kills) = (Some(12 * MIB), 6 * MIB, 1);
    while !world.run().await {}
    assert!(world.there.len() > 9_900, "{}", world.there.len());
}
