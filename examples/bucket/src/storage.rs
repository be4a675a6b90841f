//! An S3 service: where it is, and the keys that sign requests to it.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use countersign::s3::Endpoint;
use countersign::{Credentials, SecretAccessKey, Signer, Timestamp};
use http::Response;
use hyper::body::Incoming;

use crate::transport::collected;
use crate::{Call, Client, Error, Keys, Server, Transport};

/// An S3 service and the keys to it. Clones share the connections, the keys and the local server.
#[derive(Clone)]
pub struct Storage {
    inner: Arc<Inner>,
}

struct Inner {
    endpoint: Endpoint,
    region: String,
    name: String,
    keys: Keys,
    transport: Transport,
    /// Runs as long as the storage is in use.
    server: Option<Server>,
}

impl Storage {
    /// `name` says where the service is, for people.
    pub fn new(endpoint: Endpoint, region: &str, name: &str, keys: Keys) -> Result<Self, Error> {
        Self::with_server(endpoint, region, name, keys, None)
    }

    /// Starts a server inside this process, on a free port. It ends with the last clone.
    pub async fn local() -> Result<Self, Error> {
        let server = Server::start().await?;
        let (endpoint, keys) = parts_of(&server)?;
        let (region, name) = (server.region.clone(), server.endpoint());
        Self::with_server(endpoint, &region, &name, keys, Some(server))
    }

    /// Uses a server that the caller runs.
    pub fn of(server: &Server) -> Result<Self, Error> {
        let (endpoint, keys) = parts_of(server)?;
        Self::with_server(endpoint, &server.region, &server.endpoint(), keys, None)
    }

    fn with_server(
        endpoint: Endpoint,
        region: &str,
        name: &str,
        keys: Keys,
        server: Option<Server>,
    ) -> Result<Self, Error> {
        let (region, name) = (region.to_owned(), name.to_owned());
        let transport = Transport::new()?;
        Ok(Self { inner: Arc::new(Inner { endpoint, region, name, keys, transport, server }) })
    }

    /// Returns a signer whose credentials are valid now. Ask for it again before each attempt: the
    /// credentials change while a long transfer runs.
    pub async fn signer(&self) -> Result<Arc<Signer>, Error> {
        self.inner.keys.signer(&self.inner.region).await
    }

    /// Fetches the keys again after the service has refused a request because of them. Returns true if the
    /// request should be signed and sent again, because the keys have changed.
    pub async fn renew_keys(&self) -> bool {
        self.inner.keys.renew(&self.inner.region).await
    }

    pub fn endpoint(&self) -> &Endpoint {
        &self.inner.endpoint
    }

    pub fn region(&self) -> &str {
        &self.inner.region
    }

    /// Returns the server inside this process, if that is what the storage is.
    pub fn server(&self) -> Option<&Server> {
        self.inner.server.as_ref()
    }

    /// Returns the client that sends without credentials.
    pub fn transport(&self) -> &Transport {
        &self.inner.transport
    }

    pub fn bucket(&self, name: &str) -> Client {
        Client::new(self.clone(), name)
    }

    /// Signs and sends a small request, once, and reads the whole answer within a minute.
    pub async fn send(&self, call: Call) -> Result<Response<Bytes>, Error> {
        let request = call.sign(&*self.signer().await?, now()?)?;
        self.inner.transport.collect(request).await
    }

    /// Signs and sends a request, once. The body of the answer is still to be read. An answer that is
    /// not 2xx is an error.
    pub async fn open(&self, call: Call) -> Result<Response<Incoming>, Error> {
        let request = call.sign(&*self.signer().await?, now()?)?;
        let answer = self.inner.transport.open(request).await?;
        if answer.status().is_success() { Ok(answer) } else { Err(Error::refused(collected(answer).await?)) }
    }
}

impl Display for Storage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.name)
    }
}

fn parts_of(server: &Server) -> Result<(Endpoint, Keys), Error> {
    let secret = SecretAccessKey::new(&server.secret_key);
    let credentials =
        Credentials::new(&server.access_key, secret).map_err(|error| Error::Keys(error.into()))?;
    Ok((Endpoint::parse(&server.endpoint())?, Keys::fixed(credentials)))
}

/// Returns the system's time. A program calls `Timestamp::now`, which needs the feature `std`; this
/// crate does not enable it, so that the library's tests can use this crate with any set of features.
pub fn now() -> Result<Timestamp, Error> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))?)
}
