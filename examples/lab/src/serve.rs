//! The routes: the files of the page, and `POST /answer`.

use std::future::ready;
use std::io::{self, Write};
use std::net::Ipv4Addr;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::{guard, page};

/// The maximum length of a question.
const MAX_QUESTION: usize = 4 << 20;

/// Serves the page on a port of the loopback address, and prints its address.
pub async fn serve(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = listener.local_addr()?.port();
    // If nothing reads the address, as before `| head -0`, the server goes on.
    let _ = writeln!(io::stdout(), "Open http://127.0.0.1:{port}");
    axum::serve(listener, router(port)).await
}

/// Returns the routes of a server that listens on this port.
pub fn router(port: u16) -> Router {
    let files = page::FILES.iter().fold(Router::new(), |router, (name, text)| {
        let answer = ([("content-type", page::mime(name))], *text);
        router.route(&page::path(name), get(move || ready(answer)))
    });
    files
        .route("/answer", post(answer).layer(DefaultBodyLimit::max(MAX_QUESTION)))
        .layer(from_fn_with_state(port, guard::guard))
}

async fn answer(question: String) -> ([(&'static str, &'static str); 1], String) {
    ([("content-type", "application/json")], lab_logic::answer(&question))
}
