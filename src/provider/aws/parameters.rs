//! `aws-parameter-store`: parameters, ten at a time.

use std::{collections::BTreeMap, rc::Rc};

use aws_config::Region;
use aws_sdk_ssm::{
    Client,
    types::{Parameter, ParameterType},
};

use super::{
    Aws,
    error::{Asked, Reason, reason, refused},
    identity::{IdentityId, of_input},
};
use crate::{
    diagnostic::{Failure, FailureKind, list},
    provider::{
        CallContext, Opening, Provider,
        failures::joined,
        input::{plain, required, text},
        together,
    },
    value::{Flags, Graph, Key, Kind, NodeId, Origin, Value, View},
};

/// The most parameters that one request may ask for.
const BATCH: usize = 10;

const ACTION: &str = "ssm:GetParameters";

/// Opens `aws-parameter-store`.
pub(in crate::provider) struct ParameterStore {
    aws: Rc<Aws>,
}

/// An entry of `get`.
#[derive(Clone, Debug)]
struct Wanted {
    key: Key,
    name: String,
    decrypt: bool,
}

impl ParameterStore {
    /// Makes the provider.
    pub(in crate::provider) fn new(aws: Rc<Aws>) -> Self {
        Self { aws }
    }

    async fn read(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let region = text(required(inputs, "region"), "region")?.to_owned();
        let id = self.aws.identity(&of_input(required(inputs, "login"))?);
        let client = self.client(id, &region).await?;
        let wanted = required(inputs, "get").entries().map(|(key, entry)| {
            let decrypt = entry.get("decrypt").and_then(View::as_bool) == Some(true);
            Ok(Wanted { key: Key::clone(key), name: text(required(entry, "name"), "name")?.to_owned(), decrypt })
        });
        let wanted = wanted.collect::<Result<Vec<_>, Failure>>()?;
        let answers = together::all(requests(&wanted).into_iter().map(|(decrypt, chunk)| {
            let (client, region) = (&client, region.as_str());
            async move {
                let names = names(&chunk);
                let request = client.get_parameters().set_names(Some(names.clone())).with_decryption(decrypt);
                let answer = request.send().await.map_err(|error| {
                    let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
                    let resource = format!("parameters {}", list(&names));
                    let asked = Asked { service: SERVICE, region, action: ACTION, resource: &resource };
                    (reason(&error, &asked), resource)
                });
                (chunk, answer)
            }
        }));
        let mut found: BTreeMap<Key, (Wanted, Parameter)> = BTreeMap::new();
        let (mut missing, mut failures) = (Vec::new(), Vec::new());
        for (chunk, answer) in answers.await {
            match answer {
                Ok(answer) => {
                    let parameters = answer.parameters.unwrap_or_default();
                    for wanted in chunk {
                        match parameters.iter().find(|parameter| is(parameter, &wanted.name)) {
                            Some(parameter) => drop(found.insert(Key::clone(&wanted.key), (wanted, parameter.clone()))),
                            None => missing.push(shown(&wanted.name)),
                        }
                    }
                }
                Err((why, resource)) => failures.push(self.failure(why, id, &region, &resource)),
            }
        }
        failures.extend(absent(missing, &region));
        if let Some(failure) = joined(failures) {
            return Err(failure);
        }
        let mut graph = Graph::new();
        let entries: Vec<_> =
            found.into_iter().map(|(key, (wanted, parameter))| (key, value(&mut graph, &wanted, parameter))).collect();
        let root = graph.object(entries);
        Ok(Value::new(graph, root))
    }

    async fn client(&self, id: IdentityId, region: &str) -> Result<Client, Failure> {
        let config = aws_sdk_ssm::config::Builder::from(&self.aws.base().await?)
            .region(Region::new(region.to_owned()))
            .credentials_provider(self.aws.identities.credentials(id))
            .build();
        Ok(Client::from_conf(config))
    }

    fn failure(&self, why: Reason, id: IdentityId, region: &str, resource: &str) -> Failure {
        match why {
            Reason::Failed(failure) => failure,
            Reason::Refused(refusal) => {
                let asked = Asked { service: SERVICE, region, action: ACTION, resource };
                let origin = self.aws.identities.origin(id);
                refused(&refusal, &asked, &origin, |text| self.aws.identities.redact(text))
            }
        }
    }
}

const SERVICE: &str = "Systems Manager";

impl Provider for ParameterStore {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.read(inputs.view()).await })
    }
}

/// Makes requests of what is wanted. One request decrypts all or nothing, and asks for a parameter in one version: its answer need
/// not say which.
fn requests(wanted: &[Wanted]) -> Vec<(bool, Vec<Wanted>)> {
    let mut requests: Vec<(bool, Vec<Wanted>)> = Vec::new();
    for entry in wanted {
        let (base, selector) = split(&entry.name);
        let same = |other: &Wanted| split(&other.name) == (base, selector);
        let other = |other: &Wanted| split(&other.name).0 == base && split(&other.name).1 != selector;
        let room = |chunk: &[Wanted]| names(chunk).len() < BATCH || chunk.iter().any(same);
        let fits = |(decrypt, chunk): &&mut (bool, Vec<Wanted>)| {
            *decrypt == entry.decrypt && room(chunk) && !chunk.iter().any(other)
        };
        match requests.iter_mut().find(fits) {
            Some((_, chunk)) => chunk.push(entry.clone()),
            None => requests.push((entry.decrypt, vec![entry.clone()])),
        }
    }
    requests
}

/// Returns the names of a request, each once.
fn names(chunk: &[Wanted]) -> Vec<String> {
    let mut names: Vec<String> = chunk.iter().map(|wanted| wanted.name.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// Cuts the version or the label off a name; the colons of an ARN stay.
fn split(name: &str) -> (&str, &str) {
    let start = if name.starts_with("arn:") { name.find(":parameter").map_or(0, |at| at + 1) } else { 0 };
    match name[start..].rfind(':') {
        Some(at) => name.split_at(start + at),
        None => (name, ""),
    }
}

/// Tells whether a parameter of an answer is the one that was asked for.
fn is(parameter: &Parameter, name: &str) -> bool {
    let (base, _) = split(name);
    parameter.name().map(|name| split(name).0) == Some(base) || parameter.arn() == Some(base)
}

/// Makes the value of a parameter: all but a plain string that was asked for as such is secret.
fn value(graph: &mut Graph, wanted: &Wanted, parameter: Parameter) -> NodeId {
    let kind = parameter.r#type;
    let text = parameter.value.unwrap_or_default();
    let flags = match kind {
        Some(ParameterType::String) if !wanted.decrypt => Flags::empty(),
        _ => Flags::SECRET,
    };
    if kind == Some(ParameterType::StringList) {
        let items: Vec<_> =
            text.split(',').map(|item| graph.add(Kind::String(item.into()), flags, Origin::NONE)).collect();
        return graph.add(Kind::List(items.into()), flags, Origin::NONE);
    }
    graph.add(Kind::String(text.into()), flags, Origin::NONE)
}

/// Says which parameters are not there.
fn absent(mut missing: Vec<String>, region: &str) -> Option<Failure> {
    missing.sort();
    missing.dedup();
    let what = match missing.len() {
        0 => return None,
        1 => "is no parameter",
        _ => "are no parameters",
    };
    let message = format!("there {what} {} in {region}", list(&missing));
    Some(Failure::new(FailureKind::Provider, message).hint("check the name, the version or label, and the region"))
}

fn shown(name: &str) -> String {
    format!("`{}`", plain(name, 200))
}

#[cfg(test)]
mod tests;
