//! An S3 server that lives inside the process, for examples and tests.
//!
//! The signatures are checked by [s3s], which shares no code with countersign: when it accepts a
//! request, a second implementation has agreed. The rest is ours: [`access`] refuses what s3s lets
//! through, [`body`] checks the bytes against what the request said of them, [`store`] keeps the
//! objects, large ones in temporary files, and [`cors`] and [`form`] serve browsers.
//!
//! [s3s]: https://docs.rs/s3s

mod access;
mod body;
mod checksums;
mod content;
mod cors;
mod form;
mod keys;
mod store;

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::error_handling::HandleError;
use axum::middleware::{from_fn, from_fn_with_state};
use http::StatusCode;
use s3s::HttpError;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use access::StrictAccess;
use keys::AcceptedKeys;
use store::Store;

/// A running server with one bucket and one pair of keys. Dropping it stops it.
pub struct Server {
    pub access_key: String,
    pub secret_key: String,
    pub region: String,
    pub bucket: String,
    address: SocketAddr,
    accepted: AcceptedKeys,
    /// Dropped with the server, which is what tells it to stop.
    _running: oneshot::Sender<()>,
}

impl Server {
    /// Starts a server on a free port of 127.0.0.1.
    pub async fn start() -> std::io::Result<Self> {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts a server on an address. Port 0 is any free port.
    pub async fn start_on(address: SocketAddr) -> std::io::Result<Self> {
        // These keys open nothing but this server; they are the ones of AWS's own documentation.
        let access_key = "AKIAIOSFODNN7EXAMPLE".to_owned();
        let secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned();
        let region = "us-east-1".to_owned();
        let bucket = "examplebucket".to_owned();

        let accepted = AcceptedKeys::new(&access_key, &secret_key);
        let app = router(accepted.clone(), &region, &bucket)?;
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;

        let (running, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, app).with_graceful_shutdown(async move {
            // Ends with an error once the sender is dropped, and that is the signal.
            let _ = stopped.await;
        });
        tokio::spawn(server.into_future());

        Ok(Self { access_key, secret_key, region, bucket, address, accepted, _running: running })
    }

    /// Accepts these keys from now on, and refuses the ones before. The fields keep the first keys.
    pub fn change_keys(&self, access_key: &str, secret_key: &str) {
        self.accepted.change(access_key, secret_key);
    }

    /// Returns the URL that the server listens on, such as `http://127.0.0.1:41234`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn router(keys: AcceptedKeys, region: &str, bucket: &str) -> std::io::Result<Router> {
    let rules = cors::Rules::default();
    let mut service = S3ServiceBuilder::new(Store::with_bucket(bucket, region, rules.clone())?);
    service.set_auth(keys);
    service.set_access(StrictAccess { region: region.to_owned() });

    let service = HandleError::new(service.build(), broken_connection);
    Ok(Router::new()
        .fallback_service(service)
        .layer(from_fn(form::name_the_file))
        .layer(from_fn_with_state(rules, cors::apply)))
}

/// S3's own errors are answers already; what arrives here is a failure below them.
async fn broken_connection(_: HttpError) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}
