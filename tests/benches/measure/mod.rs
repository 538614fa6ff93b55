//! How benchmarks take the time.
#![allow(dead_code, reason = "each benchmark uses a part of it")]

use std::hint::black_box;
use std::time::{Duration, Instant as Clock};

/// How often something is done at the least and at the most, in about a second.
const TIMES: std::ops::Range<usize> = 5..10_000;

/// How long it takes: the median of a second, but of five times at the least.
pub(crate) fn median<T>(mut work: impl FnMut() -> T) -> Duration {
    let [median] = medians([&mut || drop(black_box(work()))]);
    median
}

/// How long each takes, done in turns: whatever else the machine does meanwhile, it does to all.
pub(crate) fn medians<const N: usize>(works: [&mut dyn FnMut(); N]) -> [Duration; N] {
    let mut times = [const { Vec::new() }; N];
    let mut works = works;
    let begun = Clock::now();
    let enough = Duration::from_secs(u64::try_from(N).expect("there are few"));
    while times[0].len() < TIMES.start || (begun.elapsed() < enough && times[0].len() < TIMES.end) {
        for (work, times) in works.iter_mut().zip(&mut times) {
            let before = Clock::now();
            work();
            times.push(before.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    })
}
