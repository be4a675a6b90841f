//! Origins: the addresses of the page in the browser, as browsers send them.

use std::net::SocketAddr;

use url::Url;

/// Parses an origin. A default port and a slash at the end are removed, as browsers do.
pub fn parse(text: &str) -> Result<String, &'static str> {
    let origin = || {
        let url = Url::parse(text).ok()?;
        let origin = url.origin().ascii_serialization();
        let is_all = url.as_str().strip_suffix('/') == Some(&*origin);
        (matches!(url.scheme(), "http" | "https") && is_all).then_some(origin)
    };
    origin().ok_or("write a scheme and a host, such as https://gallery.example, and no path")
}

/// Returns the origins of a page that a server at this address serves.
pub fn of(address: SocketAddr) -> Vec<String> {
    let ip = address.ip();
    let hosts = match ip {
        _ if ip.is_unspecified() => vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
        _ if ip.is_loopback() => vec![host(address), "localhost".to_owned()],
        _ => vec![host(address)],
    };
    let origin = |host: &String| parse(&format!("http://{host}:{}", address.port())).ok();
    hosts.iter().filter_map(origin).collect()
}

/// Returns the host of an address, an IPv6 address in brackets.
fn host(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6454, section 6: the serialization of an origin.
    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for (text, origin) in [
            ("https://gallery.example", "https://gallery.example"),
            ("https://Gallery.example:443/", "https://gallery.example"),
            ("http://gallery.example:80", "http://gallery.example"),
            ("http://[::1]:3000/", "http://[::1]:3000"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(origin));
        }
        for text in
            ["gallery.example", "https://a.example/b", "https://u@a.example", "https://a.example?b", "*", ""]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_default_port_is_not_in_the_origin_of_an_address() {
        for (address, origins) in [
            ("127.0.0.1:3000", &["http://127.0.0.1:3000", "http://localhost:3000"][..]),
            ("0.0.0.0:80", &["http://127.0.0.1", "http://localhost"]),
            ("[::1]:3000", &["http://[::1]:3000", "http://localhost:3000"]),
            ("192.0.2.1:80", &["http://192.0.2.1"]),
        ] {
            assert_eq!(of(address.parse().unwrap()), origins);
        }
    }
}
