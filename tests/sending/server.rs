use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use countersign::tower::VerifyLayer;
use countersign::{Credentials, SecretAccessKey, Service, Verified, Verifier};

type Objects = Arc<Mutex<HashMap<Vec<u8>, Bytes>>>;

/// Receives only requests that are verified. `body` is whole, and what the client signed.
async fn handle(State(objects): State<Objects>, Extension(verified): Extension<Verified>, body: Bytes) -> Response {
    let mut objects = objects.lock().expect("no task has panicked");
    match verified.method() {
        "PUT" => {
            objects.insert(verified.path(), body);
            StatusCode::OK.into_response()
        }
        "GET" | "HEAD" => objects.get(&verified.path()).cloned().ok_or(StatusCode::NOT_FOUND).into_response(),
        _ => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}

fn app() -> Result<Router, Box<dyn Error>> {
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
    let keys = HashMap::from([("AKIAIOSFODNN7EXAMPLE".to_owned(), credentials)]); // or an async look-up
    let verify = VerifyLayer::new(Verifier::new("us-east-1", Service::S3)?, keys);
    let router = Router::new().fallback(handle).with_state(Objects::default());
    Ok(router.layer(DefaultBodyLimit::max(64 << 20)).layer(verify)) // axum's own limit is 2 MB
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:9000").await?;
    axum::serve(listener, app()?).await?;
    Ok(())
}
