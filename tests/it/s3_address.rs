//! URLs of S3 objects, and whether `url::Url` keeps them.

use countersign::s3::{AddressError, AddressingStyle, Endpoint};

/// Keys and their paths, encoded by Python's `urllib.parse.quote(key, safe="/~")`.
const KEYS: &[(&str, &str)] = &[
    ("photo.jpg", "photo.jpg"),
    ("a b  c", "a%20b%20%20c"),
    ("plus+plus", "plus%2Bplus"),
    ("100%25%20%zz", "100%2525%2520%25zz"),
    ("double//slash", "double//slash"),
    ("/leading", "/leading"),
    ("//two", "//two"),
    ("./dot", "./dot"),
    ("x/../y", "x/../y"),
    ("..", ".."),
    ("trailing/", "trailing/"),
    ("ünïcödé-日本語-😀", "%C3%BCn%C3%AFc%C3%B6d%C3%A9-%E6%97%A5%E6%9C%AC%E8%AA%9E-%F0%9F%98%80"),
    ("é-nfd", "%C3%A9-nfd"),
    ("tilde~x", "tilde~x"),
    ("!*'();:@&=$,[]", "%21%2A%27%28%29%3B%3A%40%26%3D%24%2C%5B%5D"),
    ("q?a=1&b=2#frag", "q%3Fa%3D1%26b%3D2%23frag"),
    ("<>\"{}|\\^`", "%3C%3E%22%7B%7D%7C%5C%5E%60"),
    ("tab\there", "tab%09here"),
    ("...", "..."),
    (" ", "%20"),
    ("%", "%25"),
    ("+", "%2B"),
    ("a;b=c,d", "a%3Bb%3Dc%2Cd"),
];

#[test]
fn encodes_each_key() {
    let path = Endpoint::parse("http://127.0.0.1:9000").unwrap();
    let hosted = Endpoint::aws("eu-central-1").unwrap();
    for (key, encoded) in KEYS {
        assert_eq!(
            path.object_url("bucket", key).unwrap(),
            format!("http://127.0.0.1:9000/bucket/{encoded}")
        );
        assert_eq!(
            hosted.object_url("bucket", key).unwrap(),
            format!("https://bucket.s3.eu-central-1.amazonaws.com/{encoded}"),
        );
    }
}

#[test]
fn a_key_has_1_to_1024_bytes() {
    let endpoint = Endpoint::parse("https://s3.example.com/").unwrap();
    assert!(endpoint.object_url("bucket", &"k".repeat(1024)).is_ok());
    assert_eq!(endpoint.object_url("bucket", &"k".repeat(1025)), Err(AddressError::InvalidKey));
    assert_eq!(endpoint.object_url("bucket", &"é".repeat(513)), Err(AddressError::InvalidKey));
    assert_eq!(endpoint.object_url("bucket", ""), Err(AddressError::InvalidKey));
}

#[test]
fn sgn_02_no_bucket_region_or_endpoint_rewrites_the_authority() {
    let hosted = Endpoint::aws("us-east-1").unwrap();
    let path = hosted.clone().with_style(AddressingStyle::Path);
    for bucket in ["a/b", "a@b", "a#b", "a?b", "a b", "a\\b", "a:b", "a%2fb", "ab\n", "", "ab", "...", ".."] {
        assert_eq!(hosted.bucket_url(bucket), Err(AddressError::InvalidBucket), "{bucket:?}");
        assert_eq!(path.bucket_url(bucket), Err(AddressError::InvalidBucket), "{bucket:?}");
    }
    for bucket in [".abc", "a..b", "abc.", "Abc", "a_bc"] {
        assert_eq!(hosted.bucket_url(bucket), Err(AddressError::InvalidBucket), "{bucket:?}");
    }
    for region in ["", "us/east", "a.b", "evil.com#", "a@b", "a b"] {
        assert_eq!(Endpoint::aws(region), Err(AddressError::InvalidRegion), "{region:?}");
    }
    for url in [
        "",
        "s3.example.com",
        "ftp://x",
        "https://",
        "https://a//b",
        "https://a/b c",
        "https://u@a",
        "https://a?b",
        "https://a#b",
    ] {
        assert_eq!(Endpoint::parse(url), Err(AddressError::InvalidEndpoint), "{url:?}");
    }
    assert_eq!(hosted.bucket_url("my-bucket.x").unwrap(), "https://s3.us-east-1.amazonaws.com/my-bucket.x");
    assert_eq!(path.bucket_url("Old_Bucket").unwrap(), "https://s3.us-east-1.amazonaws.com/Old_Bucket");
    assert_eq!(
        Endpoint::aws("cn-north-1").unwrap().bucket_url("abc").unwrap(),
        "https://abc.s3.cn-north-1.amazonaws.com.cn/"
    );
}

#[cfg(feature = "url")]
#[test]
fn rejects_what_url_would_rewrite() {
    use countersign::url::{UrlError, parse_exact, url::ParseError};

    let endpoint = Endpoint::parse("http://127.0.0.1:9000").unwrap();
    for (key, encoded) in KEYS {
        let text = endpoint.object_url("bucket", key).unwrap();
        let dots = encoded.split('/').any(|segment| segment == "." || segment == "..");
        match parse_exact(&text) {
            Ok(url) => assert!(!dots && url.as_str() == text, "{text}"),
            Err(error) => assert!(dots && matches!(error, UrlError::Rewritten { .. }), "{text}"),
        }
    }
    // URLs that countersign does not write, and that `Url` rewrites.
    for text in
        ["https://h/a/%2e%2e/b", "https://h/a b", "https://h/\u{e9}", "https://h/a\\b", "https://h/?q= "]
    {
        assert!(matches!(parse_exact(text), Err(UrlError::Rewritten { .. })), "{text}");
    }
    // WHATWG URL Standard, "port state": leading zeros are removed, then the default port.
    for (text, sent) in [
        ("https://h:0443/", "h"),
        ("https://h:08443/", "h:8443"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("https://[0::1]:9000/", "[::1]:9000"),
    ] {
        let error = parse_exact(text).unwrap_err();
        assert!(
            matches!(&error, UrlError::RewrittenAuthority { authority, .. } if authority == sent),
            "{text}"
        );
    }
    assert_eq!(parse_exact("no url"), Err(UrlError::Invalid(ParseError::RelativeUrlWithoutBase)));
    for text in [
        "https://Example.com",
        "https://example.com?x=1",
        "https://example.com/?x=%2F",
        "https://example.com:443/",
        "https://example.com:/",
        "https://EXAMPLE.com:8443/",
    ] {
        assert!(parse_exact(text).is_ok(), "{text}");
    }
}
