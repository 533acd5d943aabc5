//! Messages of an evaluation, until it is known that they stay.
//!
//! What comes up in the computation of a cell counts when the computation ends; when it is blocked it is dropped, since it runs
//! again. Computations nest, so what is open is a stack.

use std::{collections::HashMap, sync::Arc};

use super::cell::CellId;
use crate::{
    diagnostic::{Diagnostic, MAX_MESSAGES, Omitted, Sink},
    value::Origin,
};

/// Messages that were told, and those of computations that have not ended.
#[derive(Default)]
pub(super) struct Messages {
    told: Sink,
    open: Vec<Open>,
    /// How many messages of each broken document were told.
    repeated: HashMap<Arc<str>, u64>,
}

enum Open {
    One(Box<Diagnostic>),
    /// All of a broken document, by its key.
    Broken(Arc<str>, Arc<Sink>),
}

impl Messages {
    /// Adds a message of the computation of a cell; of none it is told at once.
    pub(super) fn add(&mut self, owner: CellId, message: Diagnostic) {
        self.put(owner, Open::One(Box::new(message)));
    }

    /// Adds the messages of a broken document, which each import of it tells again.
    pub(super) fn add_broken(&mut self, owner: CellId, key: Arc<str>, messages: Arc<Sink>) {
        self.put(owner, Open::Broken(key, messages));
    }

    /// Tells messages that stay, whatever becomes of the computation that comes to them.
    pub(super) fn tell(&mut self, messages: Sink) {
        self.told.append(messages);
    }

    /// Returns where the messages of a computation begin.
    pub(super) fn mark(&self) -> usize {
        self.open.len()
    }

    /// Tells the messages of a computation that has ended.
    pub(super) fn settle(&mut self, mark: usize) {
        for message in self.open.split_off(mark) {
            self.tell_open(message);
        }
    }

    /// Drops the messages of a computation.
    pub(super) fn forget(&mut self, mark: usize) {
        self.open.truncate(mark);
    }

    /// Returns what was told, sorted, and how much of it was left out.
    pub(super) fn into_sorted(self) -> (Vec<Diagnostic>, Omitted) {
        self.told.into_sorted()
    }

    fn put(&mut self, owner: CellId, message: Open) {
        if owner == Origin::NONE {
            self.tell_open(message);
        } else {
            self.open.push(message);
        }
    }

    fn tell_open(&mut self, message: Open) {
        match message {
            Open::One(message) => {
                let _ = self.told.report(*message);
            }
            Open::Broken(key, messages) => {
                let told = self.repeated.entry(key).or_default();
                if *told <= MAX_MESSAGES as u64 {
                    *told += messages.reported();
                    self.told.append((*messages).clone());
                } else {
                    // Identical ones were told more often than is ever shown.
                    self.told.count(&messages);
                }
            }
        }
    }
}
