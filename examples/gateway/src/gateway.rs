//! [`Gateway`]: the state that all requests share.

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use bucket::cli::{Doing, Failure, print};
use bucket::{Exit, Storage};
use countersign::s3::HostNames;
use countersign::{Credentials, KeyCache, SecretAccessKey, Service, Verifier};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::arguments::{Arguments, Limits};
use crate::cors::Cors;
use crate::key_file::{Key, Keys};
use crate::metrics::Metrics;
use crate::rights::{Grant, Right};

/// The bucket's service, the clients' keys, and what was chosen on the command line.
pub struct Gateway {
    pub storage: Storage,
    pub verifier: Verifier,
    /// The region that clients sign for.
    pub region: String,
    pub names: Names,
    pub keys: ArcSwap<Keys>,
    pub key_cache: KeyCache,
    pub key_path: Option<PathBuf>,
    pub pass_unsigned: Vec<String>,
    pub egress: bool,
    pub send_chunks: bool,
    pub cors: Cors,
    pub limits: Limits,
    pub connections: Arc<Semaphore>,
    pub running: Arc<Semaphore>,
    /// One request at a time is diagnosed.
    pub diagnosing: Arc<Semaphore>,
    pub metrics: Metrics,
    /// The variables with which a client uses the key that was made for this run.
    hint: Option<String>,
}

/// The host names of the gateway. Without any, each host is one, and the bucket is in the path.
pub struct Names(pub Option<HostNames>);

impl Gateway {
    pub async fn new(arguments: &Arguments) -> Result<Self, Failure> {
        let storage = arguments.connect.storage().await?;
        if arguments.egress && storage.server().is_some() {
            let failure = "--egress sends requests to AWS, and no credentials of AWS are configured";
            return Err(Failure::new(Exit::Configuration, failure)
                .advice("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a --profile"));
        }
        let region = arguments.client_region.clone().unwrap_or_else(|| storage.region().to_owned());
        let verifier = Verifier::new(region.clone(), Service::S3).doing("the region is not usable")?;
        let (keys, hint) = match &arguments.keys {
            Some(path) => {
                let keys = Keys::read(path)?;
                keys.log_without_rights(arguments.egress);
                (keys, None)
            }
            None => new_key(&storage)?,
        };
        let metrics = Metrics::new();
        metrics.keys.set(keys.len().try_into().unwrap_or(i64::MAX));
        Ok(Self {
            storage,
            verifier: verifier.allow_sigv4a(),
            region,
            names: Names::of(&arguments.domain)?,
            keys: ArcSwap::from_pointee(keys),
            key_cache: KeyCache::new(10_000),
            key_path: arguments.keys.clone(),
            pass_unsigned: crate::unsigned::passable(&arguments.pass_unsigned)?,
            egress: arguments.egress,
            send_chunks: arguments.send_chunks,
            cors: Cors::new(&arguments.cors_origin)?,
            limits: arguments.limits,
            connections: Arc::new(Semaphore::new(arguments.limits.max_connections)),
            running: Arc::new(Semaphore::new(arguments.limits.max_requests)),
            diagnosing: Arc::new(Semaphore::new(1)),
            metrics,
            hint,
        })
    }

    /// Prints where the gateway listens, and the key that was made for this run.
    pub fn announce(&self, listener: &TcpListener, admin: &TcpListener) -> std::io::Result<()> {
        print(format!(
            "listening on http://{} for clients, in front of {}",
            listener.local_addr()?,
            self.storage
        ));
        print(format!("listening on http://{} for /healthz and /metrics", admin.local_addr()?));
        if let Some(hint) = &self.hint {
            let url = format!("http://{}", listener.local_addr()?);
            print(format!("export S3_ENDPOINT={url}\nexport AWS_ENDPOINT_URL={url}\n{hint}"));
        }
        Ok(())
    }
}

impl Names {
    fn of(domains: &[String]) -> Result<Self, Failure> {
        if domains.is_empty() {
            return Ok(Self(None));
        }
        // The library's error speaks of endpoints, and a domain is only their host.
        let wrong = |domain: &str| {
            Failure::usage(format!("--domain {domain} is not a host name"))
                .advice("write a host name without a scheme and a path, such as s3.example.com")
        };
        let names = domains
            .iter()
            .try_fold(HostNames::new(), |names, domain| names.with_domain(domain).map_err(|_| wrong(domain)));
        Ok(Self(Some(names?)))
    }
}

/// Makes a key with every right, for a gateway that has no file of keys.
fn new_key(storage: &Storage) -> Result<(Keys, Option<String>), Failure> {
    let mut random = [0; 20];
    getrandom::fill(&mut random).map_err(|error| {
        Failure::new(Exit::Failed, "no random key can be made").because(error.to_string())
    })?;
    let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut hint = format!(
        "export AWS_ACCESS_KEY_ID=GATEWAY\nexport AWS_SECRET_ACCESS_KEY={secret}\nexport AWS_REGION={}",
        storage.region()
    );
    let credentials = Credentials::new("GATEWAY", SecretAccessKey::new(secret)).doing("the key is wrong")?;
    let rights = vec![Right::Read, Right::Write, Right::Delete, Right::List];
    let bucket = storage.server().map_or("*", |server| &server.bucket).to_owned();
    if bucket != "*" {
        hint += &format!("\n# the bucket is s3://{bucket}");
    }
    let grants = vec![Grant { bucket, prefix: String::new(), rights }];
    let key = Key { name: "GATEWAY".to_owned(), credentials, grants, services: Vec::new() };
    Ok((Keys::of(key), Some(hint)))
}
