//! URLs in logs and messages.

use std::fmt::{self, Display, Formatter};

/// Shows a URL without what makes it a secret: the values of its signature, credential and token.
///
/// A presigned URL is a password for one object. Log no URL in another way.
pub fn redact(url: &str) -> impl Display + '_ {
    Redacted(url)
}

struct Redacted<'u>(&'u str);

impl Display for Redacted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (address, query) = self.0.split_once('?').unwrap_or((self.0, ""));
        f.write_str(without_userinfo(address).as_str())?;
        for (index, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let shown = if is_secret(name) { "…" } else { value };
            write!(f, "{}{name}={shown}", if index == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

/// Names may be percent-encoded, so an encoded name is a secret too.
fn is_secret(name: &str) -> bool {
    const KNOWN: [&str; 4] = ["awsaccesskeyid", "signature", "x-amz-credential", "x-amz-signature"];
    let name = name.to_ascii_lowercase();
    name.contains('%')
        || name.contains("token")
        || name.contains("customer")
        || KNOWN.contains(&name.as_str())
}

fn without_userinfo(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((userinfo, _)) => format!("{scheme}://…{}", &rest[userinfo.len()..]),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn masks_what_signs() {
        let url = "https://u:p@b.s3.amazonaws.com/k?X-Amz-Credential=AKID%2F2&X-Amz-Expires=60&x-amz-security-token=T\
                   &X-Amz-%53ignature=abc&X-Amz-Signature=def&partNumber=1";
        assert_eq!(
            redact(url).to_string(),
            "https://…@b.s3.amazonaws.com/k?X-Amz-Credential=…&X-Amz-Expires=60&x-amz-security-token=…\
             &X-Amz-%53ignature=…&X-Amz-Signature=…&partNumber=1"
        );
    }
}
