//! Where problems are collected: so many that a person can read them, and a count of the others.
//!
//! What is kept depends on the set of messages alone, never on the order in which they come, and nothing that is thrown away
//! changes how a run ends: the first message of every lane stays.

use super::{Diagnostic, FailureKind, Severity};
use crate::source::Range;

/// Messages that are kept at most.
pub const MAX_MESSAGES: usize = 1_000;

/// Proof that a problem was reported: only a [`Sink`] gives one, so a failure can't be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

/// How many messages were not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omitted {
    /// Errors.
    pub errors: u64,
    /// Warnings, without those of local extensions.
    pub warnings: u64,
    /// Warnings of local extensions.
    pub extensions: u64,
}

impl std::ops::Add for Omitted {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            extensions: self.extensions + other.extensions,
        }
    }
}

/// Collects diagnostics; of more than [`MAX_MESSAGES`] the first by place are kept, errors before warnings, identical ones once.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    reported: u64,
    lanes: [Lane; LANES],
}

/// The lanes: errors by the four kinds of failures, which decide the exit code, then warnings, then those of local extensions.
const LANES: usize = 6;
const WARNINGS: usize = 4;
const EXTENSIONS: usize = 5;

impl Sink {
    /// Adds a diagnostic.
    pub fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        let entry = Entry { order: self.reported, times: 1, diagnostic };
        self.reported += 1;
        self.lanes[lane(&entry.diagnostic)].push(entry);
        Reported(())
    }

    /// Adds all of another sink's, after these.
    pub fn append(&mut self, other: Self) {
        for (lane, other) in self.lanes.iter_mut().zip(other.lanes) {
            let kept: u64 = other.entries.iter().map(|entry| entry.times).sum();
            lane.total += other.total - kept;
            for entry in other.entries {
                lane.push(Entry { order: self.reported + entry.order, ..entry });
            }
        }
        self.reported += other.reported;
    }

    /// Counts as many messages as another sink has, without keeping one of them.
    pub fn count(&mut self, other: &Self) {
        self.reported += other.reported;
        for (lane, other) in self.lanes.iter_mut().zip(&other.lanes) {
            lane.total += other.total;
        }
    }

    /// Returns how many were reported.
    #[must_use]
    pub fn reported(&self) -> u64 {
        self.reported
    }

    /// Tells whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.lanes[..WARNINGS].iter().any(|lane| lane.total > 0)
    }

    /// Returns them sorted by place, those without one first, then by file, position and code; and how many there are besides.
    #[must_use]
    pub fn into_sorted(mut self) -> (Vec<Diagnostic>, Omitted) {
        let mut omitted = Omitted::default();
        let mut kept = if self.reported <= MAX_MESSAGES as u64 {
            self.lanes.into_iter().flat_map(|lane| lane.entries).collect()
        } else {
            self.lanes.iter_mut().for_each(Lane::tidy);
            let lost = |lanes: &[Lane]| lanes.iter().map(|lane| lane.total).sum();
            omitted = Omitted {
                errors: lost(&self.lanes[..WARNINGS]),
                warnings: lost(&self.lanes[WARNINGS..EXTENSIONS]),
                extensions: lost(&self.lanes[EXTENSIONS..]),
            };
            choose(self.lanes)
        };
        if self.reported > MAX_MESSAGES as u64 {
            for entry in &kept {
                match lane(&entry.diagnostic) {
                    EXTENSIONS => omitted.extensions -= entry.times,
                    WARNINGS => omitted.warnings -= entry.times,
                    _ => omitted.errors -= entry.times,
                }
            }
        }
        kept.sort_by(|a, b| a.place().cmp(&b.place()).then(a.order.cmp(&b.order)));
        (kept.into_iter().map(|entry| entry.diagnostic).collect(), omitted)
    }
}

/// Chooses what is kept of tidy lanes: the first of each, then errors, then warnings.
fn choose(lanes: [Lane; LANES]) -> Vec<Entry> {
    let (mut kept, mut errors, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for (at, lane) in lanes.into_iter().enumerate() {
        let mut entries = lane.entries.into_iter();
        kept.extend(entries.next());
        if at < WARNINGS { errors.extend(entries) } else { warnings.extend(entries) }
    }
    for mut more in [errors, warnings] {
        // Lanes are tidy, so what is at the same place stays in an order of its own.
        more.sort_by(|a, b| a.place().cmp(&b.place()));
        more.truncate(MAX_MESSAGES - kept.len());
        kept.append(&mut more);
    }
    kept
}

fn lane(diagnostic: &Diagnostic) -> usize {
    match diagnostic.severity {
        Severity::Warning if diagnostic.problem.is_extension() => EXTENSIONS,
        Severity::Warning => WARNINGS,
        Severity::Error => match diagnostic.problem.failure().map(|failure| failure.kind) {
            None | Some(FailureKind::Definition) => 0,
            Some(FailureKind::Identity) => 1,
            Some(FailureKind::Provider) => 2,
            Some(FailureKind::File) => 3,
        },
    }
}

/// A message, with its number among all, and how often it was reported.
#[derive(Clone, Debug)]
struct Entry {
    order: u64,
    times: u64,
    diagnostic: Diagnostic,
}

impl Entry {
    fn place(&self) -> (Option<&Range>, &'static str) {
        (self.diagnostic.range.as_ref(), self.diagnostic.problem.code())
    }

    fn text(&self) -> String {
        let Diagnostic { problem, path, .. } = &self.diagnostic;
        [problem.message()].into_iter().chain(problem.help()).chain([path.clone()]).collect::<Vec<_>>().join("\n")
    }
}

/// Messages of one kind: all, until there are too many, then the first by place.
#[derive(Clone, Debug, Default)]
struct Lane {
    entries: Vec<Entry>,
    /// How many were reported, those included that were not kept.
    total: u64,
    /// Behind this place nothing is kept any more.
    last: Option<(Option<Range>, &'static str)>,
}

impl Lane {
    fn push(&mut self, entry: Entry) {
        self.total += entry.times;
        if self.last.as_ref().is_some_and(|(range, code)| entry.place() > (range.as_ref(), code)) {
            return;
        }
        self.entries.push(entry);
        if self.entries.len() >= 2 * MAX_MESSAGES {
            self.tidy();
        }
    }

    /// Sorts, joins identical messages, and throws away what comes after the first so many.
    ///
    /// What is kept in the end was among the first every time, so its count is right.
    fn tidy(&mut self) {
        let key = |entry: &Entry| {
            let Diagnostic { range, problem, span, .. } = &entry.diagnostic;
            (range.clone(), problem.code(), *span, entry.text(), entry.order)
        };
        let mut sorted: Vec<_> =
            std::mem::take(&mut self.entries).into_iter().map(|entry| (key(&entry), entry)).collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        sorted.dedup_by(|(later, again), (first, entry)| {
            let same = (&first.0, first.1, first.2, &first.3) == (&later.0, later.1, later.2, &later.3);
            entry.times += if same { again.times } else { 0 };
            same
        });
        self.entries = sorted.into_iter().map(|(_, entry)| entry).take(MAX_MESSAGES).collect();
        if let Some(last) = self.entries.get(MAX_MESSAGES - 1) {
            let (range, code) = last.place();
            self.last = Some((range.cloned(), code));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        diagnostic::{Failure, Problem},
        source::Position,
    };

    fn at(byte: u32, problem: Problem) -> Diagnostic {
        let place = Position { line: 1, column: byte + 1, byte };
        let range = Some(Range { environment: Arc::from("p/e"), begin: place, end: place });
        Diagnostic { severity: problem.severity(), problem, span: None, range, path: String::new(), extension: None }
    }

    fn sorted(messages: impl IntoIterator<Item = Diagnostic>) -> (Vec<(u32, &'static str)>, Omitted) {
        let mut sink = Sink::default();
        messages.into_iter().for_each(|message| _ = sink.report(message));
        let (messages, omitted) = sink.into_sorted();
        let told = messages
            .iter()
            .map(|message| (message.range.as_ref().map_or(0, |range| range.begin.byte), message.problem.code()));
        (told.collect(), omitted)
    }

    #[test]
    fn keeps_the_first_by_place_in_whatever_order_they_come() {
        let expected: Vec<_> = (0..1_000).map(|byte| (byte, "alias")).collect();
        let omitted = Omitted { errors: 9_000, ..Omitted::default() };
        let all = || (0..10_000).map(|byte| at(byte, Problem::Alias));
        assert_eq!(sorted(all()), (expected.clone(), omitted));
        assert_eq!(sorted(all().rev()), (expected.clone(), omitted));
        let mixed = (0..10_000).map(|byte| at(byte * 7_919 % 10_000, Problem::Alias));
        assert_eq!(sorted(mixed), (expected, omitted));
        assert_eq!(sorted(all().take(1_000)).1, Omitted::default());
    }

    #[test]
    fn keeps_errors_before_warnings_and_one_of_every_kind() {
        let identity = |byte| {
            let failure = Failure::new(FailureKind::Identity, "no credentials");
            at(byte, Problem::Open { name: "aws-login".into(), failure })
        };
        let warnings = (0..3_000).map(|byte| at(byte, Problem::Final));
        let errors = (5_000..8_000).map(|byte| at(byte, Problem::Alias));
        let (told, omitted) = sorted(warnings.chain(errors).chain([identity(9_000), identity(9_001)]));
        let aliases = (5_000..5_998).map(|byte| (byte, "alias"));
        let expected: Vec<_> = [(0, "final")].into_iter().chain(aliases).chain([(9_000, "open")]).collect();
        assert_eq!(told, expected);
        assert_eq!(omitted, Omitted { errors: 2_003, warnings: 2_999, extensions: 0 });
    }

    #[test]
    fn keeps_what_is_told_again_and_again_once() {
        let again = (0..50_000).map(|at_| at(at_ % 2, Problem::Alias));
        let (told, omitted) = sorted(again.chain([at(7, Problem::MapKey)]));
        assert_eq!(told, [(0, "alias"), (1, "alias"), (7, "map-key")]);
        assert_eq!(omitted, Omitted::default());
    }

    #[test]
    fn adds_up() {
        let of = |bytes: std::ops::Range<u32>| {
            let mut sink = Sink::default();
            bytes.for_each(|byte| _ = sink.report(at(byte, Problem::Alias)));
            sink
        };
        let mut sink = of(5_000..10_000);
        sink.append(of(0..5_000));
        let few = of(0..10);
        sink.count(&few);
        assert_eq!((sink.reported(), sink.has_errors()), (10_010, true));
        let (told, omitted) = sink.into_sorted();
        assert_eq!(told.last().and_then(|last| last.range.as_ref()).map(|range| range.begin.byte), Some(999));
        assert_eq!(omitted.errors, 9_010);
    }
}
