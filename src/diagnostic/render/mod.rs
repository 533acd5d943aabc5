//! stub
use super::Diagnostic;
use crate::source::SourceMap;
/// Style.
#[derive(Clone, Copy, Debug)]
pub enum Style {
    /// x
    Human,
    /// x
    Short,
    /// x
    Json,
    /// x
    Github,
}
/// Settings.
pub struct Settings {
    /// x
    pub style: Style,
    /// x
    pub color: bool,
    /// x
    pub width: usize,
}
/// Renders.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, _: &Settings) -> String {
    diagnostics
        .iter()
        .map(|d| {
            let p = d.span.map_or(String::new(), |s| {
                let src = sources.get(s.source);
                let (l, c) = src.line_column(s.start);
                format!("{}:{l}:{c}: ", src.file)
            });
            format!("{p}{:?}[{}] {:?}\n", d.severity, d.problem.code(), d.problem)
        })
        .collect()
}
