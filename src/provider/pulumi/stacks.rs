//! `pulumi-stacks`: the outputs of stacks, each read once in a run, with their secrets sealed.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    path::Path,
    rc::Rc,
    sync::Arc,
};

use tokio::sync::OnceCell;

use super::{
    backend::{Address, Choice, Found, NotFound, bucket, folder, of_project},
    clouds::Clouds,
    name::StackName,
    secrets::{Group, Manager, Means},
    state::{Leaf, State},
    told,
};
use crate::{
    diagnostic::{Failure, FailureKind},
    identity::Tokens,
    provider::{
        CallContext, Host, Opening, Provider,
        aws::Aws,
        failures,
        input::{plain, required, text},
        read::on_thread,
        together,
    },
    value::{Flags, Graph, Key, Origin, Seal, Value, View},
};

const NAME: &str = "pulumi-stacks";

/// The outputs of a stack, once they were read.
type Outputs = Rc<OnceCell<Result<Value, Failure>>>;

/// The output that a sealed secret belongs to.
#[derive(Clone)]
struct Site {
    stack: StackName,
    output: Arc<str>,
}

/// Opens `pulumi-stacks`.
pub(in crate::provider) struct Stacks {
    host: Rc<Host>,
    aws: Rc<Aws>,
    clouds: Clouds,
    outputs: RefCell<BTreeMap<(Choice, StackName), Outputs>>,
    groups: RefCell<HashMap<Arc<str>, Rc<Group>>>,
    sites: RefCell<HashMap<Arc<Seal>, Site>>,
}

impl Stacks {
    /// Makes the provider.
    pub(in crate::provider) fn new(host: Rc<Host>, aws: Rc<Aws>, tokens: Rc<Tokens>) -> Self {
        let clouds = Clouds::new(Rc::clone(&host), tokens);
        Self { host, aws, clouds, outputs: RefCell::default(), groups: RefCell::default(), sites: RefCell::default() }
    }

    /// Returns an object with the outputs of each stack by its alias.
    async fn all(&self, inputs: View<'_>, context: &CallContext) -> Result<Value, Failure> {
        let stacks = required(inputs, "stacks");
        let work = stacks.entries().map(|(_, stack)| self.stack(required(stack, "stack"), context));
        let mut graph = Graph::new();
        let (mut entries, mut failed) = (Vec::new(), Vec::new());
        for ((alias, _), outcome) in stacks.entries().zip(together::all(work).await) {
            match outcome {
                Ok(value) => entries.push((Key::clone(alias), graph.graft(value.view(), Origin::NONE, Flags::empty()))),
                Err(failure) => failed.push(failure),
            }
        }
        if let Some(failure) = failures::joined(failed) {
            return Err(failure);
        }
        let root = graph.object(entries);
        Ok(Value::new(graph, root))
    }

    async fn stack(&self, input: View<'_>, context: &CallContext) -> Result<Value, Failure> {
        let input = text(input, "stack")?;
        let name = StackName::parse(input).ok_or_else(|| {
            Failure::new(FailureKind::Definition, format!("`{}` is no name of a stack", plain(input, 120)))
                .hint("write `project/stack`")
        })?;
        let choice = self.choice(&name, context.folder.as_deref()).await?;
        let outputs = Rc::clone(self.outputs.borrow_mut().entry((choice.clone(), name.clone())).or_default());
        outputs.get_or_init(|| self.read(&choice, &name)).await.clone()
    }

    /// Chooses the backend of a stack.
    async fn choice(&self, name: &StackName, folder: Option<&Path>) -> Result<Choice, Failure> {
        if let Some(choice) = Choice::of_settings(name, &self.host)? {
            return Ok(choice);
        }
        if let Some(folder) = folder.map(Path::to_owned)
            && let Some((url, file)) = on_thread(move || of_project(&folder)).await?
        {
            return Choice::of_project(&url, file, &self.host);
        }
        Choice::of_login(&self.host)
    }

    async fn read(&self, choice: &Choice, name: &StackName) -> Result<Value, Failure> {
        let found = match &choice.address {
            Address::Folder(root) => {
                let (root, name) = (root.clone(), name.clone());
                on_thread(move || Ok(folder::read(&root, &name))).await?
            }
            Address::Bucket(found) => bucket::read(&self.aws, found, name).await,
            Address::Cloud(url) => match self.clouds.read(url, choice, name).await {
                Ok(bytes) => Ok(Found { bytes, legacy: false, locked: false }),
                Err(failure) => Err(NotFound::Failed(failure)),
            },
        };
        self.outputs_of(&found.map_err(|error| told::not_found(error, name, choice))?, choice, name)
    }

    /// Makes values of what a backend has, and seals what is encrypted.
    fn outputs_of(&self, found: &Found, choice: &Choice, name: &StackName) -> Result<Value, Failure> {
        let state = State::read(&found.bytes).map_err(|error| told::unreadable(name, &error))?;
        if let Some(project) = state.project.as_deref().filter(|project| found.legacy && *project != name.project) {
            let hint = format!("`{}` there belongs to project `{}`", name.stack, plain(project, 120));
            return Err(told::no_stack(name, choice, &[]).hint(hint));
        }
        let (manager, group) = Manager::of(&state);
        let mut seal = |output: &Arc<str>, ciphertext: &str| {
            let seal = Seal { provider: NAME.into(), group: Arc::clone(&group), ciphertext: ciphertext.into() };
            let (seal, site) = (Arc::new(seal), Site { stack: name.clone(), output: Arc::clone(output) });
            self.sites.borrow_mut().entry(Arc::clone(&seal)).or_insert(site);
            Leaf::Sealed(seal)
        };
        let properties = state.outputs(&mut seal).map_err(|error| told::unreadable(name, &error.into()))?;
        self.groups.borrow_mut().entry(group).or_insert_with(|| Rc::new(Group::new(manager, name.clone())));
        let notes = &self.host.notes;
        if found.locked {
            notes.warn(format!("stack `{}` is being updated: its outputs may change in a moment", name.short()));
        }
        properties.notes.iter().for_each(|note| notes.warn(told::noted(name, note)));
        Ok(properties.value)
    }

    /// Opens secrets of one group.
    async fn secrets(&self, seals: &[Arc<Seal>]) -> Result<Vec<Result<Value, Failure>>, Failure> {
        let Some(first) = seals.first() else { return Ok(Vec::new()) };
        let group = self.groups.borrow().get(&first.group).map(Rc::clone);
        let group = group.expect("what is sealed has its group");
        let ciphertexts = seals.iter().map(|seal| seal.ciphertext.to_string()).collect();
        let texts = group.open(ciphertexts, &Means { host: &self.host, aws: &self.aws, clouds: &self.clouds }).await?;
        let sites = self.sites.borrow();
        let open = |seal: &Arc<Seal>| {
            let Site { stack, output } = sites.get(seal).expect("what is sealed has its place");
            let value = texts.value(output, &seal.ciphertext);
            value.map_err(|error| told::lost(stack, output, &error))
        };
        Ok(seals.iter().map(open).collect())
    }
}

impl Provider for Stacks {
    fn open(&self, inputs: Value, context: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.all(inputs.view(), &context).await })
    }

    fn unseal(&self, seals: Vec<Arc<Seal>>) -> Opening<'_, Vec<Result<Value, Failure>>> {
        Box::pin(async move { self.secrets(&seals).await })
    }
}
