//! `esc-shell ls`.

use serde_json::json;

use crate::{
    cli::{
        args::{Listing, LsArgs, Source},
        complaint::Complaint,
        exit,
        failure::Failure,
        output::Output,
        workbench::Workbench,
    },
    diagnostic::printable,
};

/// An environment that is listed.
struct Entry {
    name: String,
    /// The file of a local one.
    file: Option<String>,
}

/// Lists environments, local ones first.
pub(in crate::cli) fn ls(args: &LsArgs, workbench: &mut Workbench, output: &mut Output) -> Result<(), Failure> {
    let prefix = args.prefix.as_deref().unwrap_or_default();
    let mut listed = Vec::new();
    if workbench.global.source != Source::Cloud {
        let local = workbench.store.list()?.into_iter();
        listed.extend(local.map(|one| Entry { name: one.name, file: Some(workbench.shown(&one.path)) }));
    }
    listed.extend(in_cloud(prefix, workbench, output, !listed.is_empty())?);
    listed.retain(|entry| entry.name.starts_with(prefix));
    match args.format {
        Listing::Text => {
            for entry in &listed {
                output.data(&format!("{}\n", printable(&entry.name)));
            }
        }
        Listing::Json => {
            let list: Vec<_> = listed.iter().map(Entry::json).collect();
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

/// Lists what is in Pulumi Cloud. Where that is not asked for by name, local ones are listed without it.
fn in_cloud(prefix: &str, workbench: &Workbench, output: &Output, enough: bool) -> Result<Vec<Entry>, Failure> {
    let wanted = workbench.global.source == Source::Cloud;
    let store = match workbench.cloud() {
        Some(Ok(store)) => store,
        Some(Err(reason)) if wanted => return Err(reason.into()),
        Some(Err(_)) | None => return Ok(Vec::new()),
    };
    let entry = |environment: crate::pulumi::CloudEnvironment| Entry { name: environment.to_string(), file: None };
    match workbench.list_cloud(&store, prefix) {
        Ok(environments) => Ok(environments.into_iter().map(entry).collect()),
        Err(failure) if enough && !wanted && matches!(failure.code(), exit::IDENTITY | exit::PROVIDER) => {
            let reasons = failure.complaints.iter().map(|complaint| complaint.message.as_str());
            let message = format!("Pulumi Cloud is left out: {}", reasons.collect::<Vec<_>>().join("; "));
            output.warn(&Complaint::warning("cloud", message).hint("`--source local` does not ask it"));
            Ok(Vec::new())
        }
        Err(failure) => Err(failure),
    }
}

impl Entry {
    fn json(&self) -> serde_json::Value {
        match &self.file {
            Some(file) => json!({"name": self.name, "source": "local", "file": file}),
            None => json!({"name": self.name, "source": "cloud"}),
        }
    }
}
