//! The bucket's CORS rule: what pages of other origins may send and read.

use bucket::xml::{self, Element};
use bucket::{Body, Client, Error};
use countersign::{Checksum, ChecksumValue};

const ID: &str = "countersign-gallery";
const METHODS: [&str; 3] = ["GET", "POST", "PUT"];
const SENT: [&str; 4] = ["content-disposition", "content-type", "if-none-match", "x-amz-checksum-sha256"];
const EXPOSED: [&str; 3] = ["ETag", "x-amz-checksum-sha256", "x-amz-request-id"];

/// Writes the rule if asked to, and reads the rules back. Returns what they lack, in words.
pub async fn ensure(bucket: &Client, origins: &[String], write: bool) -> Result<Vec<String>, Error> {
    let rules = read(bucket).await?;
    let lacking = lacking(&rules, origins);
    if lacking.is_empty() || !write {
        return Ok(lacking);
    }
    let mut written: String =
        rules.iter().filter(|rule| rule.text_of("ID") != Some(ID)).map(to_xml).collect();
    written += &own_rule(origins);
    let body = format!("<CORSConfiguration>{written}</CORSConfiguration>");
    let md5 = ChecksumValue::of(Checksum::Md5, body.as_bytes()).to_string();
    let call = bucket.call("PUT", "", &[("cors", "")])?;
    let call = call.headers(&[("content-md5", &md5), ("content-type", "application/xml")]);
    bucket.storage().send(call.body(Body::bytes(body))).await?;
    Ok(self::lacking(&read(bucket).await?, origins))
}

async fn read(bucket: &Client) -> Result<Vec<Element>, Error> {
    match bucket.storage().send(bucket.call("GET", "", &[("cors", "")])?).await {
        Ok(answer) => Ok(xml::parse(answer.body())?.children.into_iter().filter(is_rule).collect()),
        Err(Error::Refused(refusal)) if refusal.status == 404 && refusal.code != "NoSuchBucket" => {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn is_rule(element: &Element) -> bool {
    element.name == "CORSRule"
}

fn own_rule(origins: &[String]) -> String {
    let each = |name: &str, values: &[&str]| -> String {
        values.iter().map(|value| format!("<{name}>{}</{name}>", xml::escape(value))).collect()
    };
    let origins: Vec<_> = origins.iter().map(String::as_str).collect();
    let [origins, methods, sent, exposed] = [
        each("AllowedOrigin", &origins),
        each("AllowedMethod", &METHODS),
        each("AllowedHeader", &SENT),
        each("ExposeHeader", &EXPOSED),
    ];
    format!(
        "<CORSRule><ID>{ID}</ID>{origins}{methods}{sent}{exposed}<MaxAgeSeconds>3000</MaxAgeSeconds></CORSRule>"
    )
}

/// Writes another program's rule back as it was.
fn to_xml(element: &Element) -> String {
    let children: String = element.children.iter().map(to_xml).collect();
    let text = if children.is_empty() { xml::escape(&element.text) } else { String::new() };
    format!("<{0}>{text}{children}</{0}>", element.name)
}

fn lacking(rules: &[Element], origins: &[String]) -> Vec<String> {
    let mut lacking = Vec::new();
    for origin in origins {
        let rule =
            rules.iter().find(|rule| has(rule, "AllowedOrigin", origin) && has(rule, "AllowedMethod", "PUT"));
        let Some(rule) = rule else {
            lacking.push(format!("{origin} may not PUT"));
            continue;
        };
        let wanted = METHODS.map(|name| ("AllowedMethod", name)).into_iter();
        let wanted = wanted.chain(SENT.map(|name| ("AllowedHeader", name)));
        let wanted = wanted.chain([("ExposeHeader", "ETag"), ("ExposeHeader", "x-amz-checksum-sha256")]);
        let missing = wanted.filter(|(element, value)| !has(rule, element, value));
        lacking.extend(missing.map(|(element, value)| format!("{origin} lacks {element} {value}")));
    }
    lacking
}

fn has(rule: &Element, name: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    rule.all(name).any(|element| {
        let pattern = element.text.to_ascii_lowercase();
        match pattern.split_once('*') {
            Some((start, end)) => {
                value.len() >= start.len() + end.len() && value.starts_with(start) && value.ends_with(end)
            }
            None => pattern == value,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_rule_lacks_nothing() {
        let origins = ["http://127.0.0.1:3000".to_owned(), "https://a.example".to_owned()];
        let rule = xml::parse(own_rule(&origins).as_bytes()).unwrap();
        assert_eq!(lacking(std::slice::from_ref(&rule), &origins), Vec::<String>::new());
        assert_eq!(xml::parse(to_xml(&rule).as_bytes()).unwrap(), rule);
        let other = ["https://b.example".to_owned()];
        assert_eq!(lacking(&[rule], &other), ["https://b.example may not PUT"]);
    }
}
