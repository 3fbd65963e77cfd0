//! A bar on a terminal while many files are read.
//!
//! `indicatif` would draw it too, with four crates more than the tree may have, and a thread of its own.

use std::io::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A run that ends before is not spoken of.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the bar is drawn, at most.
const PAUSE: Duration = Duration::from_millis(100);
/// How many characters the bar has.
const WIDTH: usize = 24;

/// A bar that any thread may move. What it wrote is wiped when it goes.
pub(super) struct Progress<W: Write> {
    /// `None` where nobody watches. A bar that fails to be drawn is no reason to stop.
    drawn: Option<Mutex<Drawn<W>>>,
}

struct Drawn<W> {
    to: W,
    next: Instant,
    /// How many characters stand there.
    width: usize,
}

impl<W: Write> Progress<W> {
    /// One that draws to `to` when it is `watched`, and work that began at `start` takes long.
    pub(super) fn new(to: W, watched: bool, start: Instant) -> Self {
        Self { drawn: watched.then(|| Mutex::new(Drawn { to, next: start + PATIENCE, width: 0 })) }
    }

    /// `done` files of `all` are read `now`. A thread does not wait for another one that draws.
    pub(super) fn tell(&self, done: usize, all: usize, now: Instant) {
        let Some(Ok(mut drawn)) = self.drawn.as_ref().map(Mutex::try_lock) else { return };
        if now < drawn.next {
            return;
        }
        drawn.next = now + PAUSE;
        let filled = done * WIDTH / all.max(1);
        let line = format!("[{:<WIDTH$}] {done} of {all} files", "#".repeat(filled));
        drawn.width = drawn.width.max(line.len());
        let width = drawn.width;
        let _ = write!(drawn.to, "\r{line:<width$}").and_then(|()| drawn.to.flush());
    }

    /// Leaves nothing behind.
    pub(super) fn wipe(&self) {
        let Some(Ok(mut drawn)) = self.drawn.as_ref().map(Mutex::lock) else { return };
        let width = std::mem::take(&mut drawn.width);
        if width > 0 {
            // Blanks, since not every terminal knows how to wipe a line.
            let _ = write!(drawn.to, "\r{:width$}\r", "").and_then(|()| drawn.to.flush());
        }
    }
}

impl<W: Write> Drop for Progress<W> {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What is drawn when files are told of at these milliseconds.
    fn drawn(watched: bool, told: &[(u64, usize)]) -> String {
        let mut written = Vec::new();
        let start = Instant::now();
        let progress = Progress::new(&mut written, watched, start);
        for (at, done) in told {
            progress.tell(*done, 120, start + Duration::from_millis(*at));
        }
        drop(progress);
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn a_run_that_takes_long_is_drawn_and_wiped() {
        let text = drawn(true, &[(900, 9), (1000, 60), (1050, 61), (1100, 120)]);
        let bars: Vec<&str> = text.split('\r').collect();
        assert_eq!(bars[1], "[############            ] 60 of 120 files");
        assert_eq!(bars[2], "[########################] 120 of 120 files");
        assert_eq!(bars[3], " ".repeat(bars[2].len()));
        assert_eq!((bars[0], bars[4], bars.len()), ("", "", 5));
    }

    #[test]
    fn a_short_run_and_one_that_nobody_watches_draw_nothing() {
        assert_eq!(drawn(true, &[(10, 60), (999, 120)]), "");
        assert_eq!(drawn(false, &[(1000, 60), (5000, 120)]), "");
    }
}
