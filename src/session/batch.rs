//! Joins questions that one call can answer: sealed leaves of one provider and group.

use std::{collections::BTreeMap, sync::Arc};

use super::world::{Call, LiveWorld, Question, Reached};
use crate::{
    diagnostic::{Failure, FailureKind},
    value::Seal,
};

/// A provider, and what it can open together.
type Group = (Arc<str>, Arc<str>);

impl LiveWorld<'_> {
    /// Turns the sealed leaves that were asked for into calls, one for each provider and group.
    pub(super) fn join_seals(&mut self) {
        let mut groups: BTreeMap<Group, Vec<Arc<Seal>>> = BTreeMap::new();
        for seal in self.sealed.drain(..) {
            groups.entry((Arc::clone(&seal.provider), Arc::clone(&seal.group))).or_default().push(seal);
        }
        for ((name, _), seals) in groups {
            let questions: Vec<Question> = seals.iter().map(|seal| Question::Unseal(Arc::clone(seal))).collect();
            let provider = match self.providers.provider(&name) {
                Ok(provider) => provider,
                Err(failure) => {
                    self.learn(questions.into_iter().map(|question| (question, Err(failure.clone()))).collect());
                    continue;
                }
            };
            let asked = questions.clone();
            let work = Box::pin(async move {
                let outcomes = match provider.unseal(seals).await {
                    Ok(outcomes) => outcomes,
                    Err(failure) => asked.iter().map(|_| Err(failure.clone())).collect(),
                };
                let lost = || Failure::new(FailureKind::Provider, "the provider left a secret closed");
                let mut outcomes = outcomes.into_iter();
                asked
                    .into_iter()
                    .map(|question| {
                        let outcome = outcomes.next().unwrap_or_else(|| Err(lost()));
                        (question, outcome.map(Reached::Value))
                    })
                    .collect()
            });
            self.calls.push(Call { name: name.to_string(), questions, keeps_time: false, work });
        }
    }
}
