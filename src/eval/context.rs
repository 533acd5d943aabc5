//! `${context}`: what the host says, and the names of the environments.

use std::sync::Arc;

use super::{environment::EnvId, machine::Machine};
use crate::value::{Flags, Key, NodeId, Origin};

impl Machine {
    /// Returns the context that an environment sees; it is made when it is first asked for.
    pub(super) fn context(&mut self, id: EnvId) -> NodeId {
        if let Some(node) = self.env(id).context {
            return node;
        }
        let local = self.is_local();
        let mut entries: Vec<(Key, NodeId)> = Vec::new();
        for (key, value) in self.host_context.view().entries() {
            let mut node = self.graph.graft(value, Origin::NONE, Flags::empty());
            if !local && value.is_secret() {
                // Q14: the flag of a top-level entry is dropped.
                let mut plain = self.graph.node(node).clone();
                plain.flags = plain.flags.without(Flags::SECRET | Flags::SECRET_INSIDE);
                node = self.graph.push(plain);
            }
            entries.push((Arc::clone(key), node));
        }
        let environment = self.env(id);
        let names = [
            ("currentEnvironment", Arc::clone(&environment.name)),
            ("rootEnvironment", Arc::clone(&environment.root_name)),
        ];
        for (key, name) in names {
            let name = self.graph.string(name.as_ref());
            let object = self.graph.object([(Key::from("name"), name)]);
            entries.push((Key::from(key), object));
        }
        let node = self.graph.object(entries);
        self.env_mut(id).context = Some(node);
        node
    }
}
