//! How far an import or export has come, for whoever waits.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// What an import is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Reading,
    Pictures,
    Comparing,
    Writing,
}

impl Phase {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reading => "Reading",
            Self::Pictures => "Preparing pictures",
            Self::Comparing => "Comparing with the shop",
            Self::Writing => "Writing",
        }
    }
}

/// Hears of progress. It is called from several threads and must not block.
pub trait Progress: Send + Sync {
    /// A phase begins; `total` counts what [`Progress::done`] counts (bytes or pictures), when that is known.
    fn phase(&self, phase: Phase, total: Option<u64>);
    fn done(&self, count: u64);
    /// Nothing more will come, well or ill.
    fn finished(&self);
}

/// A bar on stderr, invisible when that is no terminal.
pub struct TerminalProgress(ProgressBar);

impl TerminalProgress {
    pub fn new() -> Self {
        Self(ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()))
    }
}

impl Default for TerminalProgress {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for TerminalProgress {
    fn phase(&self, phase: Phase, total: Option<u64>) {
        let bar = &self.0;
        let template = match (phase, total) {
            (Phase::Reading, Some(_)) => "{msg} {wide_bar} {bytes}/{total_bytes} {eta}",
            (Phase::Reading, None) => "{msg} {spinner} {bytes}",
            (_, Some(_)) => "{msg} {wide_bar} {pos}/{len} {eta}",
            (_, None) => "{msg} {spinner} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.reset();
        match total {
            Some(total) => bar.set_length(total),
            None => bar.unset_length(),
        }
        bar.set_message(phase.words());
        // One statement of the database may take a minute; a bar that stands still looks like one that hangs.
        bar.enable_steady_tick(Duration::from_millis(120));
    }

    fn done(&self, count: u64) {
        self.0.set_position(count);
    }

    fn finished(&self) {
        self.0.finish_and_clear();
    }
}
