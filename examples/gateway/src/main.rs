//! A proxy in front of an S3 bucket. Clients have keys of the gateway's own; the bucket's keys stay here.
//!
//! ```sh
//! cargo run -p gateway                       # in front of a bucket inside the program, with a new key
//! cargo run -p gateway -- --keys keys.toml   # in front of the bucket that AWS's configuration names
//! ```
//!
//! It verifies each request, checks the rights of its key, and builds a new request out of what was
//! verified, and of nothing else. `docs/gateway.md` says how to run it.

mod admin;
mod answer;
mod arguments;
mod bodies;
mod cors;
mod delete;
mod delivered;
mod diagnosis;
mod egress;
mod egress_address;
mod egress_answer;
mod egress_headers;
mod egress_rights;
mod error_document;
mod form;
mod form_body;
mod form_fields;
mod form_upload;
mod gateway;
mod greeting;
mod headers;
mod key_file;
mod local;
mod location;
mod metrics;
mod operation;
mod pace;
mod query;
mod received;
mod refusal;
mod request_id;
mod rights;
mod serve;
mod sources;
mod streams;
mod tracked;
mod unsigned;
mod upstream;
mod verify;

use std::process::ExitCode;
use std::sync::Arc;

use bucket::cli::{Doing, Failure};
use bucket::{BoxBody, Exit};
use clap::Parser;
use http::{Request, Response};
use hyper::body::Incoming;

use crate::arguments::Arguments;
use crate::gateway::Gateway;
use crate::operation::Operation;
use crate::refusal::Refusal;

/// Answers one request to the bucket.
async fn answer(gateway: &Gateway, request: Request<Incoming>, log: &mut Log) -> Result<Answer, Refusal> {
    let (head, body) = request.into_parts();
    if form::is_form(&head) {
        return form::upload(gateway, &head, body, log).await;
    }
    // 1. Who signed what? The body is not read yet.
    let (key, verified) = verify::verify(gateway, &head, &log.id)?;
    log.key = Some(key.name.clone());

    // 2. What does the request do, and does the key have the rights? Unknown operations are refused.
    let operation = Operation::of(&verified, &gateway.names)?;
    operation.check(&key)?;

    match operation {
        Operation::Forward(forward) => {
            // 3. A new request, out of what was verified, signed with the bucket's keys. Its body ends
            //    before its last byte unless the received body is proven.
            let forward = forward.with_unsigned(&verified, &head, &gateway.pass_unsigned)?;
            let request = upstream::sign(gateway, forward, &verified, body).await?;
            // 4. The answer streams back.
            upstream::send(gateway, request).await
        }
        Operation::DeleteObjects(bucket, headers) => {
            delete::objects(gateway, &key, (&bucket, &headers), &verified, body).await
        }
        operation => local::answer(gateway, &key, &operation),
    }
}

type Answer = Response<BoxBody>;

/// The facts about a request that its log line contains.
struct Log {
    id: String,
    key: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.log.start(&["gateway"]);
    bucket::cli::run("gateway", || run(arguments))
}

async fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let gateway = Arc::new(Gateway::new(&arguments).await?);
    let listener = tokio::net::TcpListener::bind(arguments.listen).await;
    let listener = listener
        .doing(format!("cannot listen on {}", arguments.listen))
        .map_err(|failure| failure.advice("use --listen with another address"))?;
    let admin = tokio::net::TcpListener::bind(arguments.admin).await;
    let admin = admin
        .doing(format!("cannot listen on {}", arguments.admin))
        .map_err(|failure| failure.advice("use --admin with another address"))?;
    let stop = bucket::stop_signal().doing("signals cannot be caught")?;
    gateway.announce(&listener, &admin).doing("the addresses are unknown")?;

    tokio::spawn(check_credentials(Arc::clone(&gateway)));
    tokio::spawn(admin::serve(admin, Arc::clone(&gateway)));
    tokio::spawn(key_file::watch(Arc::clone(&gateway)));
    serve::serve(listener, gateway, stop).await;
    Ok(Exit::Ok)
}

/// Logs if there are no credentials. The gateway goes on, because they can be there later.
async fn check_credentials(gateway: Arc<Gateway>) {
    if let Err(error) = gateway.storage.signer().await {
        let to_do = error.advice();
        tracing::error!(%error, to_do, "every request is answered with 500 until there are credentials");
    }
}
