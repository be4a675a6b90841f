//! The rights of a key on other services than S3, for `--egress`.

use serde::Deserialize;

/// One line of `services` in the file of keys. A text that ends with `*` matches every text with that beginning.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceGrant {
    /// The signing name of the service, such as `sqs`.
    pub service: String,
    #[serde(default = "any")]
    pub region: String,
    /// The names of operations (`SendMessage`), or methods and paths (`GET /functions/*`).
    #[serde(default = "any_action")]
    pub actions: Vec<String>,
}

/// The address of a service, where it is not `https://SERVICE.REGION.amazonaws.com`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    pub service: String,
    #[serde(default = "any")]
    pub region: String,
    pub url: String,
}

impl Upstream {
    pub fn is_for(&self, service: &str, region: &str) -> bool {
        self.service == service && matches(&self.region, region)
    }
}

/// Returns true if one grant allows every reading of what the request does.
pub fn covers(grants: &[ServiceGrant], service: &str, region: &str, actions: &[String]) -> bool {
    let of_service =
        || grants.iter().filter(|grant| matches(&grant.service, service) && matches(&grant.region, region));
    let is_allowed = |action: &String| {
        of_service().any(|grant| grant.actions.iter().any(|allowed| matches(allowed, action)))
    };
    !actions.is_empty() && actions.iter().all(is_allowed)
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => text.starts_with(beginning),
        None => pattern == text,
    }
}

/// The parts of a verified request in which a service could read its operation.
pub struct Reading<'r> {
    pub method: &'r str,
    pub path: &'r str,
    pub query: &'r str,
    /// `x-amz-target`.
    pub target: Option<&'r str>,
    /// The body, if it can be a form.
    pub form: Option<&'r [u8]>,
    /// The form is compressed or in another character set, so that a service reads other names in it.
    pub is_encoded: bool,
}

impl Reading<'_> {
    /// Returns each operation that a service could read in the request. A client needs the right to all
    /// of them: the gateway does not know which protocol the service speaks.
    pub fn actions(&self) -> Vec<String> {
        let mut actions = Vec::new();
        let target = self.target.filter(|_| self.method == "POST");
        actions.extend(target.map(|target| target.rsplit('.').next().unwrap_or(target).to_owned()));
        actions.extend(named(self.query.as_bytes()));
        let form = self.form.filter(|form| !form.is_empty());
        let in_form: Vec<_> = form.into_iter().flat_map(named).collect();
        let is_unreadable = form.is_some() && (self.is_encoded || in_form.is_empty());
        actions.extend(in_form);
        // Services whose operation has a name answer at `/`. All others read the path.
        if actions.is_empty() || is_unreadable || self.path != "/" {
            actions.push(format!("{} {}", self.method, self.path));
        }
        actions
    }
}

/// Returns true for the types of bodies in which no service reads a form. A service could read one in every other
/// type, whatever its spelling.
pub fn is_other_than_form(kind: &str) -> bool {
    const TYPES: [&str; 5] = [
        "application/cbor",
        "application/json",
        "application/x-amz-cbor-1.1",
        "application/x-amz-json-1.0",
        "application/x-amz-json-1.1",
    ];
    TYPES.contains(&kind.split(';').next().unwrap_or_default().trim())
}

/// Returns true for a type with a character set in which the names of a form have other bytes.
pub fn has_other_charset(kind: &str) -> bool {
    let lower = kind.to_ascii_lowercase();
    let charset =
        lower.split_once("charset").map(|(_, rest)| rest.trim_matches(|c: char| "=\"; ".contains(c)));
    charset.is_some_and(|charset| !matches!(charset, "utf-8" | "us-ascii" | "iso-8859-1"))
}

/// Returns the values of `Action` in a query or a form.
fn named(pairs: &[u8]) -> Vec<String> {
    let decode = |text: &[u8]| {
        let text: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        percent_encoding::percent_decode(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = pairs.split(|byte| matches!(byte, b'&' | b';'));
    let pairs = pairs.map(|pair| {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        (decode(parts.next().unwrap_or_default()), decode(parts.next().unwrap_or_default()))
    });
    pairs.filter(|(name, _)| name.eq_ignore_ascii_case("Action")).map(|(_, value)| value).collect()
}

fn any() -> String {
    "*".to_owned()
}

fn any_action() -> Vec<String> {
    vec![any()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> Reading<'static> {
        Reading { method: "POST", path: "/", query: "", target: None, form: None, is_encoded: false }
    }

    #[test]
    fn every_reading_of_the_operation_is_checked() {
        let target = Some("AmazonSQS.SendMessage");
        assert_eq!(Reading { target, ..reading() }.actions(), ["SendMessage"]);
        let form = Some(&b"QueueUrl=x&Action=DeleteQueue"[..]);
        assert_eq!(Reading { form, ..reading() }.actions(), ["DeleteQueue"]);
        assert_eq!(Reading { form, target, ..reading() }.actions(), ["SendMessage", "DeleteQueue"]);
        assert_eq!(Reading { form, is_encoded: true, ..reading() }.actions(), ["DeleteQueue", "POST /"]);
        let form = Some(&b"\x1f\x8b"[..]);
        assert_eq!(Reading { form, target, ..reading() }.actions(), ["SendMessage", "POST /"]);
        assert_eq!(Reading { form: Some(b""), target, ..reading() }.actions(), ["SendMessage"]);
        // A service that reads the path must not be reached under the name of another operation.
        let rest = Reading { target, path: "/functions/f", ..reading() };
        assert_eq!(rest.actions(), ["SendMessage", "POST /functions/f"]);
        assert_eq!(reading().actions(), ["POST /"]);
        assert_eq!(Reading { query: "%41ction=A&action=b", ..reading() }.actions(), ["A", "b"]);
    }

    #[test]
    fn a_body_of_every_type_but_json_and_cbor_can_be_a_form() {
        assert!(
            is_other_than_form("application/x-amz-json-1.0")
                && is_other_than_form("application/json; charset=utf-8")
        );
        for kind in
            ["application/x-www-form-urlencoded", "Application/X-WWW-form-urlencoded", "text/plain", ""]
        {
            assert!(!is_other_than_form(kind), "{kind}");
        }
        for (kind, expected) in [
            ("application/x-www-form-urlencoded", false),
            ("application/x-www-form-urlencoded; charset=utf-8", false),
            ("a/b;Charset=\"UTF-8\"", false),
            ("a/b; charset=ibm037", true),
            ("a/b; charset=utf-8; charset=utf-16", true),
        ] {
            assert_eq!(has_other_charset(kind), expected, "{kind}");
        }
    }

    #[test]
    fn a_grant_covers_its_service_region_and_actions_only() {
        let grants = [ServiceGrant {
            service: "sqs".into(),
            region: "eu-*".into(),
            actions: vec!["Send*".into(), "GET /queues".into()],
        }];
        let covers = |service, region, action: &str| covers(&grants, service, region, &[action.to_owned()]);
        assert!(covers("sqs", "eu-west-1", "SendMessage") && covers("sqs", "eu-west-1", "GET /queues"));
        assert!(!covers("sqs", "us-east-1", "SendMessage") && !covers("sns", "eu-west-1", "SendMessage"));
        assert!(!covers("sqs", "eu-west-1", "DeleteQueue") && !covers("sqs", "eu-west-1", "GET /queues/a"));
        assert!(!super::covers(&grants, "sqs", "eu-west-1", &[]));
    }
}
