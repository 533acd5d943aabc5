//! Stacks of Pulumi Cloud: their state, and their secrets in clear. Nothing here writes.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Client, Operation, operation::malformed};
use crate::{diagnostic::Failure, http::Request};

/// A stack of Pulumi Cloud.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CloudStack {
    /// The organization.
    pub organization: String,
    /// The project.
    pub project: String,
    /// The stack.
    pub stack: String,
}

impl CloudStack {
    fn name(&self) -> String {
        format!("{}/{}/{}", self.organization, self.project, self.stack)
    }

    fn segments<'s>(&'s self, last: &'s str) -> [&'s str; 6] {
        ["api", "stacks", &self.organization, &self.project, &self.stack, last]
    }
}

impl Client {
    /// Returns the state of a stack, as it is exported.
    ///
    /// # Errors
    /// When there is no such stack, or it may not be read.
    pub async fn stack(&self, stack: &CloudStack) -> Result<Vec<u8>, Failure> {
        let request = Request::get(self.url(stack.segments("export")));
        Ok(self.get(request, &Operation::Stack(stack.name())).await?.body)
    }

    /// Decrypts secrets with the key of a stack; returns the plaintext of each ciphertext that opens.
    ///
    /// # Errors
    /// When the stack is not there, its secrets may not be decrypted, or the answer is malformed.
    pub async fn decrypt(
        &self,
        stack: &CloudStack,
        ciphertexts: &[String],
    ) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
        let operation = Operation::StackSecrets(stack.name());
        let body = json!({"ciphertexts": ciphertexts}).to_string();
        // Decrypting twice does no harm.
        let url = self.url(stack.segments("batch-decrypt"));
        let request = Request::post(url, "application/json", body).repeatable();
        let response = self.ask(request, &operation).await?;
        let answer = self.json(&response, &operation).await?;
        let plaintexts = answer.get("plaintexts").and_then(Value::as_object);
        let plaintexts = plaintexts.ok_or_else(|| malformed(&response, &operation))?;
        let open = |(ciphertext, text): (&String, &Value)| {
            let text = STANDARD.decode(text.as_str()?).ok()?;
            Some((ciphertext.clone(), text))
        };
        plaintexts.iter().map(|pair| open(pair).ok_or_else(|| malformed(&response, &operation))).collect()
    }
}
