//! The commands that make a URL.

use std::io::{self, IsTerminal, Write};

use bucket::cli::{Connect, Doing, Failure, Style};
use bucket::{Exit, Object, Storage};
use countersign::s3::{AddressError, AddressingStyle, Endpoint};
use countersign::{Service, uri};

use crate::arguments::Public;
use crate::ask::Ask;
use crate::report::Report;
use crate::{batch, presign, signer, warnings};

pub async fn run(ask: Ask, connect: &Connect) -> Result<Exit, Failure> {
    let storage = open(connect).await?;
    let (object, endpoint) = locate(&storage, &ask.common.object, &ask.common.public, connect.style)?;
    if ask.common.stdin {
        return batch::run(&ask, &storage, &endpoint, &object).await;
    }
    if object.key.is_empty() && !ask.lists {
        return Err(Failure::usage(format!("\"{}\" names no object", ask.common.object))
            .advice("add a key: s3://BUCKET/KEY"));
    }
    let credentials = storage.signer().await?.credentials().clone();
    let place = Place::of(&ask, &storage, &endpoint, &object)?;
    let url = presign(&signer(&credentials, &place)?, &ask, &place.url, &mut Vec::new())?;

    let cut_short = url.expires() < ask.expires.as_duration();
    if cut_short && ask.common.strict {
        return Err(ended_early(url.expires_at()));
    }
    let warnings = warnings::of(&ask, &place.url, &object.key, &credentials, cut_short);
    let report = Report::new(&ask, &url, (&object.bucket, &object.key), warnings, cut_short)?;
    let written = if ask.common.json {
        let line = serde_json::to_string(&report).doing("the report cannot be written")?;
        writeln!(io::stdout(), "{line}")
    } else if ask.common.quiet {
        writeln!(io::stdout(), "{}", report.url)
    } else {
        report.print(url.expires_at())
    };
    written.doing("the URL cannot be written")?;
    finish(&storage, ask.common.serve).await
}

pub fn ended_early(end: Option<countersign::Timestamp>) -> Failure {
    let end = end.and_then(crate::moment::rfc3339).unwrap_or_default();
    Failure::new(Exit::Unmet, format!("the credentials end at {end}, before the lifetime that was asked for"))
        .advice("use a shorter --expires, credentials that last longer, or leave out --strict")
}

/// Opens the service. The server inside the program gets an object to try.
pub async fn open(connect: &Connect) -> Result<Storage, Failure> {
    let storage = connect.storage().await?;
    if let Some(server) = storage.server() {
        let client = storage.bucket(&server.bucket);
        client.put("hello.txt", b"Hello, bucket.\n", &[("content-type", "text/plain")]).await?;
    }
    Ok(storage)
}

/// Finds the object, and the endpoint that its URL is signed for: by which the receiver reaches it.
pub fn locate(
    storage: &Storage,
    text: &str,
    public: &Public,
    style: Option<Style>,
) -> Result<(Object, Endpoint), Failure> {
    let parsed = Object::parse(text, storage.endpoint());
    let Some(url) = &public.public_url else {
        return Ok((parsed.map_err(wrong_object)?, storage.endpoint().clone()));
    };
    let wrong = |error: AddressError| Failure::usage("--public-url is not usable").because(error);
    let endpoint = Endpoint::parse(url).map_err(wrong)?;
    let object =
        parsed.or_else(|error| Object::parse(text, &endpoint).map_err(|_| error)).map_err(wrong_object)?;
    let endpoint = match style {
        _ if public.own_domain => Endpoint::parse_bucket_domain(url, &object.bucket).map_err(wrong)?,
        Some(Style::Virtual) => endpoint.with_style(AddressingStyle::VirtualHosted),
        _ => endpoint,
    };
    Ok((object, endpoint))
}

fn wrong_object(error: bucket::InvalidObject) -> Failure {
    Failure::usage(error.to_string()).advice("write s3://BUCKET/KEY")
}

/// The scope of a URL. Access points and directory buckets name a region and a service of their own.
pub struct Place {
    pub url: String,
    pub region: String,
    pub service: Service,
}

impl Place {
    /// Writes the URL that is signed. The query is encoded; the signer encodes nothing again.
    pub fn of(ask: &Ask, storage: &Storage, endpoint: &Endpoint, object: &Object) -> Result<Self, Failure> {
        let address = match ask.lists {
            true => endpoint.bucket(&object.bucket),
            false => endpoint.object(&object.bucket, &object.key),
        };
        let address = address.map_err(|error| Failure::usage("the object has no address").because(error))?;
        let region = address.region().unwrap_or(storage.region()).to_owned();
        let service = address.service();
        let mut url = address.into_url();
        let prefix = ask.lists.then(|| ("prefix", object.key.clone()));
        for (index, (name, value)) in ask.query.iter().cloned().chain(prefix).enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url += &format!("{}={}", uri::encode(name), uri::encode(&value));
        }
        Ok(Self { url, region, service })
    }
}

/// The server inside the program ends with it, and its URLs lead nowhere then. A person at a terminal
/// wants to try them first; a script does not want to wait.
pub async fn finish(storage: &Storage, serve: bool) -> Result<Exit, Failure> {
    if storage.server().is_none() {
        return Ok(Exit::Ok);
    }
    if serve || (io::stdin().is_terminal() && io::stdout().is_terminal()) {
        let stop = bucket::stop_signal().doing("signals cannot be caught")?;
        bucket::cli::note(format!(
            "\nNo S3 service is configured. This program serves one at {storage} until Ctrl-C."
        ));
        // The server deletes its temporary folder when it is dropped.
        stop.await;
    } else {
        bucket::cli::note(
            "\nNo S3 service is configured: the URL led to a server inside this program, which has ended.\n\
             Keep it with --serve, or run `cargo run -p bucket` and set the variables that it prints.",
        );
    }
    Ok(Exit::Ok)
}
