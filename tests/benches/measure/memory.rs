//! How benchmarks take the memory: an allocator that counts.
//!
//! A benchmark that has this in it counts every allocation, also while it takes the time; two counters
//! beside an allocation are lost in what the allocator does by itself.
#![expect(unsafe_code, reason = "an allocator is unsafe by its trait, and this one only counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes are held, and the most that were held since the last [`peak`].
static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn grow(bytes: usize) {
    let held = HELD.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(held, Ordering::Relaxed);
}

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While it moves, both may be there; where it grows in place, this counts too much.
        grow(size);
        let moved = unsafe { System.realloc(block, layout, size) };
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        moved
    }
}

/// The most bytes that a piece of work held beyond what was held before it, and what is left of them
/// in its result.
pub(crate) fn peak<T>(work: impl FnOnce() -> T) -> (usize, usize, T) {
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let result = work();
    let peak = PEAK.load(Ordering::Relaxed).saturating_sub(before);
    let held = HELD.load(Ordering::Relaxed).saturating_sub(before);
    (peak, held, result)
}
