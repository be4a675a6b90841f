//! Layers that verify requests on a server and sign them in a client (feature `tower`).
//!
//! # A server
//!
//! [`VerifyLayer`] passes on a request whose signature it has verified, with [`Verified`](crate::Verified)
//! among its extensions and a [`ProvenBody`](crate::http_body::ProvenBody). It answers every other request
//! with S3's error.
//!
//! ```no_run
//! use std::collections::HashMap;
//!
//! use axum::{Extension, Router, body::Bytes, routing::put};
//! use countersign::tower::VerifyLayer;
//! use countersign::{Credentials, SecretAccessKey, Service, Verified, Verifier};
//!
//! async fn store(Extension(verified): Extension<Verified>, body: Bytes) -> String {
//!     format!("{} stored {} bytes", verified.access_key_id(), body.len()) // `body` is proven
//! }
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! let keys = HashMap::from([("AKIDEXAMPLE".to_owned(), credentials)]);
//! let verify = VerifyLayer::new(Verifier::new("us-east-1", Service::S3)?, keys);
//! let app = Router::new().route("/{bucket}/{*key}", put(store)).layer(verify);
//! axum::serve(tokio::net::TcpListener::bind("127.0.0.1:9000").await?, app).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The SDKs send checksums in trailers and headers: a server for them needs the feature `checksums`.
//!
//! **Put the layer outside of everything that changes the request**, such as `Router::nest`,
//! normalization of paths, and decompression. Inside of `nest` the path lacks its prefix;
//! [`VerifyLayer::with_uri`] reads the one that was received.
//!
//! The layer does not read the body before the head is verified, so a client that sends
//! `Expect: 100-continue` does not send the body of a request that is refused.
//!
//! # A client
//!
//! [`SignLayer`] signs each request. **Make it the innermost layer**: a retry outside of it is signed
//! again, and no header is added after the signature.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use bytes::Bytes;
//! use countersign::tower::{SignLayer, Streams};
//! use countersign::{Checksum, Credentials, RotatingSigner, SecretAccessKey, Service, Signer};
//! use http_body_util::Full;
//! use hyper_util::{client::legacy::Client, rt::TokioExecutor};
//! use tower::{Service as _, ServiceBuilder, ServiceExt};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! let signer = Arc::new(RotatingSigner::new(Signer::new(credentials, "us-east-1", Service::S3)?));
//! let sign = SignLayer::new(signer).with_streams(Streams::UnsignedTrailer(Checksum::Crc64Nvme));
//! let client = Client::builder(TokioExecutor::new()).build_http();
//! let mut client = ServiceBuilder::new().layer(sign).service(client);
//!
//! let request = http::Request::put("http://localhost:9000/bucket/key").body(Full::<Bytes>::from("hello"))?;
//! let response = client.ready().await?.call(request).await?;
//! # let _ = response;
//! # Ok(())
//! # }
//! ```

mod clock;
mod find_key;
mod provide_signer;
mod rejected_request;
mod request_id;
mod response_body;
mod server_clock;
mod sign_layer;
mod sign_service;
mod signed_body;
mod verify_config;
mod verify_layer;
mod verify_service;

use alloc::boxed::Box;

pub use self::find_key::{FindKey, FoundKey};
pub use self::provide_signer::ProvideSigner;
pub use self::rejected_request::{RejectedRequest, Rejection};
pub use self::request_id::RequestId;
pub use self::response_body::ResponseBody;
pub use self::sign_layer::{SignLayer, Streams};
pub use self::sign_service::{SignService, SignServiceError};
pub use self::signed_body::SignedBody;
pub use self::verify_config::{Anonymous, Preflights};
pub use self::verify_layer::VerifyLayer;
pub use self::verify_service::VerifyService;

/// An error of any type.
type BoxError = Box<dyn core::error::Error + Send + Sync>;
