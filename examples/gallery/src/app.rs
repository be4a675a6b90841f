//! What every route needs, and the start of the program.

use std::sync::Arc;
use std::time::Duration;

use bucket::cli::{Doing, Failure};
use bucket::{Client, Exit, Server};
use clap::Parser;
use countersign::Expires;
use countersign::s3::Endpoint;
use tokio::net::TcpListener;

use crate::options::Options;
use crate::{cors, routes, sweep};

pub struct App {
    /// Where the images are. The credentials are renewed inside.
    pub bucket: Client,
    /// The storage's address as the browser knows it.
    pub public: Endpoint,
    pub expires: Expires,
    pub user: String,
    pub max_size: u64,
    pub relay: bool,
    pub unconfirmed: Duration,
    pub unfinished: Duration,
    /// The page's addresses in the browser.
    pub origins: Vec<String>,
}

pub async fn run() -> Result<Exit, Failure> {
    let options = Options::parse();
    options.log.start(&["gallery"]);
    let listener = TcpListener::bind(options.listen).await.doing(format!("listen on {}", options.listen))?;
    let address = listener.local_addr().doing("listen")?;
    let app = Arc::new(App::new(&options, address.port()).await?);

    let write = options.set_cors || app.bucket.storage().server().is_some();
    match cors::ensure(&app.bucket, &app.origins, write).await.doing("read the CORS rules of the bucket")? {
        missing if missing.is_empty() => tracing::info!("the bucket's CORS rules allow the page"),
        missing => eprintln!(
            "gallery: the bucket's CORS rules do not allow the page: {}\n  to do: start with --set-cors, or add \
             the rule of docs/gallery.md",
            missing.join("; ")
        ),
    }
    println!("{} keeps its images in {} at {}", app.user, app.bucket.name(), app.bucket.storage());
    println!("open {}", app.origins[0]);

    let sweeping = tokio::spawn(sweep::run(app.clone()));
    let serving = axum::serve(listener, routes::router(app)).with_graceful_shutdown(stopped());
    let outcome = serving.await.doing("serve");
    sweeping.abort();
    outcome.map(|()| Exit::Ok)
}

impl App {
    async fn new(options: &Options, port: u16) -> Result<Self, Failure> {
        let storage = options.connect.storage().await?;
        let name = match (&options.bucket, storage.server()) {
            (Some(name), _) => name.clone(),
            (None, Some(Server { bucket, .. })) => bucket.clone(),
            (None, None) => {
                let failure = Failure::usage("no bucket is given");
                return Err(failure.advice("use --bucket NAME; --local needs none"));
            }
        };
        let public = match &options.public_url {
            Some(url) => Endpoint::parse(url).doing(format!("use --public-url {url}"))?,
            None => storage.endpoint().clone(),
        };
        public.bucket_url(&name).doing(format!("use the bucket {name}"))?;
        let origins = match options.origin.as_slice() {
            [] => vec![format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}")],
            given => given.iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect(),
        };
        Ok(Self {
            bucket: storage.bucket(&name),
            public,
            expires: Expires::try_from(options.expires).doing("use --expires")?,
            user: options.user.clone(),
            max_size: options.max_mib << 20,
            relay: options.relay,
            unconfirmed: options.unconfirmed,
            unfinished: options.unfinished,
            origins,
        })
    }

    /// Returns the origin of the URLs that the browser is given.
    pub fn storage_origin(&self) -> String {
        let url = self.public.bucket_url(self.bucket.name()).unwrap_or_default();
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
        format!("{scheme}://{}", rest.split('/').next().unwrap_or_default())
    }
}

async fn stopped() {
    // Without a handler for Ctrl-C, the service runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
