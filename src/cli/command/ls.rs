//! `esc-shell ls`.

use serde_json::json;

use crate::{
    cli::{
        args::{Listing, LsArgs},
        exit,
        failure::Failure,
        output::Output,
        workbench::Workbench,
    },
    diagnostic::printable,
};

/// Lists the local environments.
pub(in crate::cli) fn ls(args: &LsArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    let prefix = args.prefix.as_deref().unwrap_or_default();
    let listed = workbench.store.list()?;
    let listed: Vec<_> = listed.into_iter().filter(|listed| listed.name.starts_with(prefix)).collect();
    match args.format {
        Listing::Text => {
            for listed in &listed {
                output.data(&format!("{}\n", printable(&listed.name)));
            }
        }
        Listing::Json => {
            let list: Vec<_> = listed
                .iter()
                .map(|listed| json!({"name": listed.name, "file": workbench.shown(&listed.path)}))
                .collect();
            let text = serde_json::to_string_pretty(&list)
                .map_err(|error| Failure::new(exit::BUG, format!("a list of names is no JSON: {error}")))?;
            output.data(&format!("{text}\n"));
        }
    }
    if listed.is_empty() {
        output.say("no environments found");
        for remark in workbench.store.remarks() {
            output.say(&format!("  help: {remark}"));
        }
    }
    Ok(())
}
