//! Instruction counts under valgrind: the gate. A limit is about a tenth above what was counted; raise one with its reason.

#![allow(missing_docs, reason = "the macros make public items")]
#![allow(clippy::disallowed_methods, clippy::exit, reason = "the macros make the program's main")]

mod support;

use std::hint::black_box;

use gungraun::{Callgrind, CallgrindMetrics, EventKind, prelude::*};
use support::{Scenario, chain, diamonds, imports, interpolations, literals, reference};

/// Fails above a number of instructions.
fn limit(instructions: u64) -> LibraryBenchmarkConfig {
    LibraryBenchmarkConfig::default()
        .tool(Callgrind::default().hard_limits([(CallgrindMetrics::from(EventKind::Ir), instructions)]))
        .clone()
}

#[library_benchmark]
#[bench::reference(args = (reference()), config = limit(5_300_000))]
#[bench::literals_1000(args = (literals(1_000)), config = limit(16_300_000))]
#[bench::literals_10000(args = (literals(10_000)), config = limit(159_000_000))]
#[bench::chain_1000(args = (chain(1_000)), config = limit(18_400_000))]
#[bench::chain_10000(args = (chain(10_000)), config = limit(180_000_000))]
#[bench::interpolations_10000(args = (interpolations(10_000)), config = limit(236_000_000))]
#[bench::imports_100(args = (imports(100)), config = limit(9_200_000))]
#[bench::imports_1000(args = (imports(1_000)), config = limit(92_200_000))]
#[bench::diamonds_10(args = (diamonds(10)), config = limit(3_050_000))]
#[bench::diamonds_20(args = (diamonds(20)), config = limit(6_200_000))]
fn evaluate(scenario: Scenario) -> usize {
    black_box(black_box(scenario).run().environments().count())
}

library_benchmark_group!(name = evaluation, benchmarks = evaluate);

main!(library_benchmark_groups = evaluation);
