//! The state that every route uses, and the start of the program.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bucket::cli::{Doing, Failure, print};
use bucket::{Client, Exit, Server};
use clap::Parser;
use countersign::Expires;
use countersign::s3::Endpoint;
use tokio::net::TcpListener;

use crate::options::Options;
use crate::{cors, origin, routes, sweep};

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
    if options.check {
        let app = App::new(&options, options.listen).await?;
        return Ok(if check_cors(&app, &options).await? { Exit::Ok } else { Exit::Unmet });
    }
    let listener = TcpListener::bind(options.listen).await.map_err(|error| {
        let failure = Failure::new(Exit::Failed, format!("the service cannot listen on {}", options.listen));
        failure.because(error).advice("use --listen with another address; port 0 is any free port")
    })?;
    let address = listener.local_addr().doing("the address of the service cannot be read")?;
    let app = Arc::new(App::new(&options, address).await?);
    check_cors(&app, &options).await?;
    print(format!("{} keeps its images in {} at {}", app.user, app.bucket.name(), app.bucket.storage()));
    if app.bucket.storage().server().is_some() {
        print("this bucket is inside the program, so the images are gone when it ends");
    }
    let stop = bucket::stop_signal().doing("signals cannot be caught")?;
    print(format!("open {}", app.origins[0]));

    let sweeping = tokio::spawn(sweep::run(app.clone()));
    let serving = axum::serve(listener, routes::router(app)).with_graceful_shutdown(stop);
    let outcome = serving.await.doing("the service ended");
    sweeping.abort();
    outcome.map(|()| Exit::Ok)
}

/// Returns true if the storage lets the page send and read. The service runs in any case: it can list
/// and show images.
async fn check_cors(app: &App, options: &Options) -> Result<bool, Failure> {
    let write = options.set_cors || app.bucket.storage().server().is_some();
    let missing = cors::ensure(&app.bucket, &app.origins, write).await;
    let missing =
        missing.doing(format!("the CORS rules of {} cannot be read or written", app.bucket.name()))?;
    if missing.is_empty() {
        print(format!("the CORS rules of {} allow {}", app.bucket.name(), app.origins.join(" and ")));
    } else {
        bucket::cli::note(format!(
            "gallery: the CORS rules of {} do not allow the page: {}\n  to do: start with --set-cors, or add the \
             rule of docs/gallery.md",
            app.bucket.name(),
            missing.join("; ")
        ));
    }
    Ok(missing.is_empty())
}

impl App {
    async fn new(options: &Options, address: SocketAddr) -> Result<Self, Failure> {
        let storage = options.connect.storage().await?;
        let name = match (&options.bucket, storage.server()) {
            (Some(name), Some(server)) if *name != server.bucket => {
                let message = format!("the server inside this program has no bucket {name}");
                return Err(Failure::usage(message).advice(
                    "leave out --bucket and S3_BUCKET; or configure credentials for AWS, as with --profile, or name \
                     another server with --endpoint",
                ));
            }
            (Some(name), _) => name.clone(),
            (None, Some(Server { bucket, .. })) => bucket.clone(),
            (None, None) => {
                let failure = Failure::usage("no bucket is given");
                return Err(failure.advice("use --bucket NAME; --local needs none"));
            }
        };
        let public = match &options.public_url {
            Some(url) => Endpoint::parse(url).map_err(|error| wrong("--public-url", url, error))?,
            None => storage.endpoint().clone(),
        };
        public.bucket_url(&name).map_err(|error| wrong("--bucket", &name, error))?;
        let origins = match options.origin.as_slice() {
            [] => origin::of(address),
            given => given.to_vec(),
        };
        Ok(Self {
            bucket: storage.bucket(&name),
            public,
            expires: Expires::try_from(options.expires).map_err(|error| {
                wrong("--expires", &humantime::format_duration(options.expires).to_string(), error)
            })?,
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

fn wrong(option: &str, value: &str, error: impl Into<bucket::AnyError>) -> Failure {
    Failure::usage(format!("{option} {value} is not valid")).because(error)
}
