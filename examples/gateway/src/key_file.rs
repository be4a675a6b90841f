//! The file of the clients' keys: read, and read again when it changes.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bucket::Exit;
use bucket::cli::{Doing, Failure};
use countersign::{Credentials, SecretAccessKey};
use serde::Deserialize;

use crate::egress_rights::{ServiceGrant, Upstream};
use crate::gateway::Gateway;
use crate::rights::Grant;

/// A client's key. It has no `Debug`: it holds the secret.
pub struct Key {
    /// The name for the log.
    pub name: String,
    pub credentials: Credentials,
    /// The rights on buckets.
    pub grants: Vec<Grant>,
    /// The rights on other services, for `--egress`.
    pub services: Vec<ServiceGrant>,
}

/// All keys, by access key id, and the addresses of services for `--egress`.
#[derive(Default)]
pub struct Keys {
    keys: HashMap<String, Arc<Key>>,
    pub upstreams: Vec<Upstream>,
}

impl Keys {
    pub fn of(key: Key) -> Self {
        let id = key.credentials.access_key_id().to_owned();
        Self { keys: HashMap::from([(id, Arc::new(key))]), upstreams: Vec::new() }
    }

    pub fn find(&self, access_key_id: &str) -> Option<Arc<Key>> {
        self.keys.get(access_key_id).cloned()
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Reads a file. An error names the entry, not the secret.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let file = path.display();
        let text = std::fs::read_to_string(path).doing(format!("{file} cannot be read"))?;
        Self::parse(&text)
            .map_err(|reason| Failure::new(Exit::Configuration, format!("{file} is wrong: {reason}")))
    }

    /// Logs each key that may do nothing: it has no rights, or those of the other mode.
    pub fn log_without_rights(&self, egress: bool) {
        let (is_empty, needed): (fn(&Key) -> bool, _) = match egress {
            true => (|key| key.services.is_empty(), "services"),
            false => (|key| key.grants.is_empty(), "allow"),
        };
        for key in self.keys.values().filter(|key| is_empty(key)) {
            tracing::warn!(key = key.name, needed, "the key may do nothing");
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        // The error's own text quotes the line, which may be the one with the secret.
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start].lines().count().max(1));
            format!("line {}: {}", line.unwrap_or(1), error.message())
        })?;
        let mut keys = HashMap::new();
        for entry in file.key {
            let id = entry.id.clone();
            if keys.insert(id.clone(), Arc::new(entry.into_key()?)).is_some() {
                return Err(format!("the key {id} is repeated"));
            }
        }
        Ok(Self { keys, upstreams: file.upstream })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    key: Vec<Entry>,
    #[serde(default)]
    upstream: Vec<Upstream>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    secret: String,
    name: Option<String>,
    #[serde(default)]
    allow: Vec<Grant>,
    #[serde(default)]
    services: Vec<ServiceGrant>,
}

/// A shorter secret can be guessed from one signature.
const MIN_SECRET: usize = 20;

impl Entry {
    fn into_key(self) -> Result<Key, String> {
        let Self { id, secret, name, allow, services } = self;
        if secret.len() < MIN_SECRET {
            return Err(format!("the secret of {id} has fewer than {MIN_SECRET} characters"));
        }
        let credentials = Credentials::new(&*id, SecretAccessKey::new(secret))
            .map_err(|error| format!("the key {id}: {error}"))?;
        Ok(Key { name: name.unwrap_or(id), credentials, grants: allow, services })
    }
}

/// Reads the file again whenever it has changed. A file with an error changes nothing, and is logged.
pub async fn watch(gateway: Arc<Gateway>) {
    let Some(path) = &gateway.key_path else { return };
    let mut seen = stamp(path);
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = stamp(path);
        if now == seen {
            continue;
        }
        seen = now;
        match Keys::read(path) {
            Ok(keys) => {
                tracing::info!(keys = keys.len(), file = %path.display(), "the keys were read again");
                keys.log_without_rights(gateway.egress);
                gateway.metrics.keys.set(keys.len().try_into().unwrap_or(i64::MAX));
                gateway.keys.store(Arc::new(keys));
            }
            Err(failure) => {
                gateway.metrics.key_errors.inc();
                let reason = std::error::Error::source(&failure).map(tracing::field::display);
                tracing::error!(%failure, reason, "the keys were not read again; the old ones stay");
            }
        }
    }
}

/// Editors replace a file, or write it within the resolution of its time: its length counts too.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        Keys::parse(text).err().unwrap()
    }

    #[test]
    fn reads_keys_and_rights() {
        let keys = Keys::parse(
            r#"
            [[key]]
            id = "PHOTOS"
            secret = "0123456789012345678901234567890123456789"
            allow = [{ bucket = "photos", prefix = "2024/", rights = ["read", "list"] }]
            "#,
        );
        let key = keys.unwrap().find("PHOTOS").unwrap();
        assert_eq!((key.name.as_str(), key.grants.len()), ("PHOTOS", 1));
    }

    #[test]
    fn refuses_a_file_with_an_error_and_never_quotes_a_secret() {
        let secret = "secret-secret-secret-secret";
        let entry = format!("[[key]]\nid = \"A\"\nsecret = \"{secret}\"\n");
        assert_eq!(reason(&format!("{entry}{entry}")), "the key A is repeated");
        assert_eq!(
            reason("[[key]]\nid = \"A\"\nsecret = \"short\""),
            "the secret of A has fewer than 20 characters"
        );
        for text in [
            format!("{entry}allow = [{{ bucket = \"b\", rights = [\"all\"] }}]"),
            format!("{entry}alow = []"),
            format!("[[key]]\nsecret = {secret}"),
            format!("[[key]]\nid = \"A\"\nsecret = \"{secret}"),
        ] {
            let reason = reason(&text);
            assert!(reason.starts_with("line "), "{reason}");
            assert!(!reason.contains(secret), "{reason}");
        }
    }
}
