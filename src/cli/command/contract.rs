//! `esc-shell contract`.

use serde_json::{Value, json};

use crate::{
    cli::{
        args::{ContractArgs, ContractCommand},
        output::Output,
    },
    config::contract::VariableType,
    guard::types::TYPES,
};

/// Prints the table of types.
pub(in crate::cli) fn contract(args: &ContractArgs, output: &mut Output) {
    let ContractCommand::Types { json } = args.command;
    if json {
        let rows: Vec<Value> = TYPES
            .iter()
            .map(|row| {
                let within = row.within.map(VariableType::name);
                json!({"name": row.kind.name(), "description": row.about, "within": within, "secret": row.secret})
            })
            .collect();
        output.data(&format!("{:#}\n", Value::from(rows)));
        return;
    }
    let width = TYPES.iter().map(|row| row.kind.name().len()).max().unwrap_or_default();
    for row in &TYPES {
        output.data(&format!("{:width$}  {}\n", row.kind.name(), row.about));
    }
}
