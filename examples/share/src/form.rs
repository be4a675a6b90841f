//! A form with which a browser uploads.

use std::io::{self, Write};

use bucket::Exit;
use bucket::cli::{Connect, Doing, Failure};
use countersign::Timestamp;
use countersign::post_policy::{FormKey, PostForm, PostPolicy};
use serde_json::json;

use crate::arguments::Form;
use crate::ask::parse_metadata;
use crate::{curl, moment, signer, url};

pub async fn run(wanted: Form, connect: &Connect) -> Result<Exit, Failure> {
    let storage = url::open(connect).await?;
    let (object, endpoint) = url::locate(&storage, &wanted.object, &wanted.public, connect.style)?;
    let action = endpoint.bucket(&object.bucket);
    let action = action.map_err(|error| Failure::usage("the bucket has no address").because(error))?;
    let region = action.region().unwrap_or(storage.region()).to_owned();
    let place = url::Place { service: action.service(), url: action.into_url(), region };

    let policy = policy(&wanted, &object.bucket, &object.key)?;
    let signer = signer(storage.signer().await?.credentials(), &place)?;
    let now = Timestamp::now();
    let form = signer.sign_post_policy(&policy, now).doing("the form cannot be signed")?;

    let cut_short = now.checked_add(wanted.expires.as_duration()).is_some_and(|end| form.expiration() < end);
    if cut_short && wanted.strict {
        return Err(url::ended_early(Some(form.expiration())));
    }
    let warnings = warnings(&wanted, cut_short);
    let curl = curl(&wanted, &place.url, &form)?;
    print(&wanted, &place.url, &form, &curl, &warnings).doing("the form cannot be written")?;
    url::finish(&storage, wanted.serve).await
}

fn policy(wanted: &Form, bucket: &str, key: &str) -> Result<PostPolicy, Failure> {
    let key = match key {
        folder if folder.is_empty() || folder.ends_with('/') => FormKey::prefix_and_filename(folder),
        key => FormKey::exact(key),
    };
    let mut policy = PostPolicy::new(bucket, key, wanted.expires);
    policy = match &wanted.content_type {
        Some(kind) => match kind.strip_suffix('*') {
            Some(prefix) => policy.starts_with("Content-Type", prefix),
            None => policy.exact("Content-Type", kind),
        },
        None => policy.any("Content-Type"),
    };
    if let Some(max) = wanted.max_size {
        policy = policy.with_content_length_range(wanted.min_size.min(max)..=max);
    }
    for pair in &wanted.metadata {
        let (name, value) = parse_metadata(pair)?;
        policy = policy.exact(name, value);
    }
    Ok(policy)
}

fn warnings(wanted: &Form, cut_short: bool) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if wanted.max_size.is_none() {
        warnings.push("The upload may have any length, up to 5 GiB: bind it with --max-size.");
    }
    if wanted.content_type.is_none() {
        warnings.push("The upload may have any type, such as text/html: bind it with --content-type.");
    }
    if cut_short {
        warnings
            .push("The credentials end before the lifetime that was asked for, and the form ends with them.");
    }
    warnings
}

fn curl(wanted: &Form, action: &str, form: &PostForm) -> Result<String, Failure> {
    // A type that the page chooses is a field too; curl sends it here as the page would.
    let kind = wanted
        .content_type
        .as_deref()
        .and_then(|kind| kind.strip_suffix('*'))
        .map(|kind| format!("{kind}png"));
    let chosen = kind.as_deref().map(|kind| ("Content-Type", kind));
    curl::form(action, form.fields().chain(chosen), "FILE")
}

fn print(wanted: &Form, action: &str, form: &PostForm, curl: &str, warnings: &[&str]) -> io::Result<()> {
    if wanted.json {
        let fields: Vec<_> =
            form.fields().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let open: Vec<_> =
            form.user_fields().map(|(name, prefix)| json!({"name": name, "starts_with": prefix})).collect();
        let line = json!({
            "url": action, "fields": fields, "user_fields": open,
            "expires_at": moment::rfc3339(form.expiration()), "curl": curl, "warnings": warnings,
        });
        return writeln!(io::stdout(), "{line}");
    }
    writeln!(io::stdout(), "{action}")?;
    let mut text = format!("\n  works until  {}\n", moment::describe(form.expiration(), Timestamp::now()));
    text += "  allows       a browser to POST a form with these fields, then the file as the field `file`\n";
    for (name, value) in form.fields() {
        text += &format!("    {name}: {value}\n");
    }
    for (name, prefix) in form.user_fields() {
        text += &format!("    {name}: chosen by the page, begins with \"{prefix}\"\n");
    }
    for warning in warnings {
        text += &format!("  note         {warning}\n");
    }
    text += &format!("\n{curl}\n");
    io::stderr().write_all(text.as_bytes())
}
