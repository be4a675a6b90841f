//! The smallest server that validates a signed request.
//!
//! ```sh
//! cargo run -p verify_server
//! curl --aws-sigv4 aws:amz:us-east-1:s3 -d hello http://127.0.0.1:8000/validate \
//!     --user AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'
//! ```

use std::{collections::HashMap, io::Write, net::SocketAddr};

use anyhow::Context;
use axum::{Extension, Json, Router, body::Bytes, extract::DefaultBodyLimit, routing};
use clap::{CommandFactory, Parser, error::ErrorKind};
use countersign::tower::{RejectedRequest, RequestId, VerifyLayer};
use countersign::{Credentials, Region, SecretAccessKey, Service, Verified, Verifier};
use serde_json::{Value, json};

/// Validates signed requests: POST /validate answers who signed what, or S3's error.
#[derive(Parser)]
struct Arguments {
    /// Listen on this IP address and port; port 0 is any free port
    #[arg(long, default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// The region that requests must be signed for
    #[arg(long, value_name = "NAME", default_value = "us-east-1")]
    region: Region,
    /// The access key id of the only client
    #[arg(long, value_name = "ID", default_value = "AKIAIOSFODNN7EXAMPLE")]
    access_key: String,
    /// The client's secret; prefer the environment variable, because other users see arguments
    #[arg(long, env = "VERIFY_SERVER_SECRET", hide_env_values = true)]
    #[arg(default_value = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    secret: String,
    /// Log the canonical request of each refusal
    #[arg(long)]
    explain: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let credentials = Credentials::new(&*arguments.access_key, SecretAccessKey::new(arguments.secret))
        .unwrap_or_else(|error| Arguments::command().error(ErrorKind::ValueValidation, error).exit());
    let keys = HashMap::from([(arguments.access_key, credentials)]); // or your database
    let verify = VerifyLayer::new(Verifier::new(arguments.region, Service::S3)?, keys)
        .on_rejected(move |rejected| log(rejected, arguments.explain));

    // Both run only for a verified request, and have the body only when it is proven. Nothing is stored.
    let app = Router::new()
        .route("/validate", routing::post(validate))
        .route("/{bucket}/{*key}", routing::put(|_: Bytes| async {}))
        .layer(DefaultBodyLimit::max(64 << 20))
        .layer(verify);
    let failed = || format!("cannot listen on {}; choose another address with --listen", arguments.listen);
    let listener = tokio::net::TcpListener::bind(arguments.listen).await.with_context(failed)?;
    let _ = writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

async fn validate(verified: Extension<Verified>, id: Extension<RequestId>, body: Bytes) -> Json<Value> {
    Json(json!({
        "signed_by": verified.access_key_id(),
        "signed_at": verified.signed_at().to_string(),
        "scope": verified.scope().to_string(),
        "algorithm": verified.algorithm(),
        "signed_headers": verified.signed_headers(),
        "payload": verified.payload_hash(),
        "bytes": body.len(),
        "request_id": id.as_str(),
    }))
}

fn log(rejected: &RejectedRequest, explain: bool) {
    let (id, why, mut log) = (rejected.request_id(), rejected.rejection(), std::io::stderr());
    let _ = writeln!(log, "{id} refused {} {}: {}: {why}", rejected.method(), rejected.path(), why.code());
    if let Some(claim) = rejected.claim().filter(|_| explain) {
        let _ = writeln!(log, "{}", claim.explain()); // compare it, line by line, with the client's
    }
}
