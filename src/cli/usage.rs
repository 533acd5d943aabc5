//! What is said when the command line is wrong, or asks for help only.

use std::io::{self, ErrorKind, Write as _};

use clap::{ValueEnum as _, error::ErrorKind as Kind};

use super::{args::Style, complaint::Complaint, env, exit};

/// Prints what the parser of the command line has to say; returns the exit code.
pub(super) fn tell(error: &clap::Error) -> u8 {
    if !error.use_stderr() {
        // Help and version are no failures; they go to standard output.
        return match error.print().and_then(|()| io::stdout().flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                let failure = Complaint::error("file", format!("cannot write to standard output: {error}"));
                let _ = io::stderr().write_all(failure.render(style(env::arguments()), false).as_bytes());
                exit::FILE
            }
            _ => exit::OK,
        };
    }
    match style(env::arguments()) {
        Style::Human | Style::Short => {
            let _ = error.print();
        }
        style @ (Style::Json | Style::Github) => {
            let _ = io::stderr().write_all(complaint(error).render(style, false).as_bytes());
        }
    }
    exit::USAGE
}

/// Finds out which style is asked for by a command line that is wrong somewhere.
fn style(mut arguments: impl Iterator<Item = String>) -> Style {
    const OPTION: &str = "--diagnostics";
    let mut style = Style::Human;
    while let Some(argument) = arguments.next() {
        let value = match argument.strip_prefix(OPTION) {
            Some("") => arguments.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None if argument == "--" => break,
            None => continue,
        };
        style = value.and_then(|value| Style::from_str(&value, false).ok()).unwrap_or(style);
    }
    style
}

/// Makes one message of the parser's paragraphs.
fn complaint(error: &clap::Error) -> Complaint {
    if matches!(error.kind(), Kind::DisplayHelpOnMissingArgumentOrSubcommand | Kind::MissingSubcommand) {
        return Complaint::error("usage", "no command is named").hint("see `esc-shell --help`");
    }
    let text = error.to_string();
    let (head, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let lines: Vec<&str> = head.trim_start_matches("error: ").lines().map(str::trim).collect();
    let tips = rest.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
    let complaint = tips.fold(Complaint::error("usage", lines.join(" ")), Complaint::hint);
    complaint.hint("see `esc-shell --help`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_is_found_in_any_command_line() {
        for (line, expected) in [
            ("", Style::Human),
            ("frob --diagnostics json", Style::Json),
            ("--diagnostics=github open --nope", Style::Github),
            ("--diagnostics=github open --diagnostics short --nope", Style::Short),
            ("--diagnostics json --diagnostics xml", Style::Json),
            ("open --diagnostics", Style::Human),
            ("open --diagnosticsjson", Style::Human),
            ("run -- x --diagnostics json", Style::Human),
        ] {
            assert_eq!(style(line.split_whitespace().map(str::to_owned)), expected, "{line}");
        }
    }
}
