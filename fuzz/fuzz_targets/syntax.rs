//! Any bytes are decoded, parsed in both dialects, mended and masked; every place lies in the text.
#![no_main]

use esc_shell::{
    diagnostic::{Sink, mask, render},
    dialect::Dialect,
    source::{Source, SourceMap},
    syntax,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = syntax::decode(bytes) else { return };
    for dialect in [Dialect::Local, Dialect::Hosted] {
        let mut sources = SourceMap::default();
        let source = sources.add(Source::new("env", "env.yaml", text.as_ref()));
        let mut sink = Sink::default();
        let environment = esc_shell::ast::Environment::parse(&sources, source, dialect, &mut sink);
        if let Some(environment) = environment {
            for expr in &environment.exprs {
                let span = environment.tree.span(expr.node);
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "a place lies outside of the text");
                let _ = environment.tree.range(expr.node, sources.get(source));
                let _ = environment.tree.document_path(expr.node);
            }
        } else {
            assert!(sink.has_errors(), "a text that can't be read is told");
        }
        let _ = render::render(&sink.into_sorted().0, &sources, render::Options::default());
    }
    let _ = mask::mask(&text);
    if let Some((mended, _)) = syntax::fix::fixed(&text) {
        assert!(syntax::fix::fixed(&mended).is_none(), "mending twice changes nothing");
    }
});
