//! Letters that stay in this process: for tests, and for a developer to read at `/dev/mail`.

use super::compose::Mail;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use time::OffsetDateTime;

/// Letters at most; the oldest goes first.
const ROOM: usize = 100;

#[derive(Clone, Debug)]
pub struct Kept {
    /// From 1, in the order in which they came.
    pub number: u64,
    pub at: OffsetDateTime,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<VecDeque<Kept>>>);

impl Mailbox {
    fn letters(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn keep(&self, mail: &Mail) {
        let mut letters = self.letters();
        let number = letters.back().map_or(1, |last| last.number + 1);
        if letters.len() == ROOM {
            letters.pop_front();
        }
        letters.push_back(Kept {
            number,
            at: OffsetDateTime::now_utc(),
            to: mail.to.to_string(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
        });
    }

    /// The newest first.
    pub fn all(&self) -> Vec<Kept> {
        self.letters().iter().rev().cloned().collect()
    }

    pub fn get(&self, number: u64) -> Option<Kept> {
        self.letters().iter().find(|kept| kept.number == number).cloned()
    }
}
