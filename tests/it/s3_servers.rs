//! For servers: hosts and paths to buckets and keys, and `x-amz-copy-source`. For clients:
//! `x-amz-copy-source`, queries and `s3://` URIs.

use countersign::s3::{
    AddressError, AddressingStyle, CopySource, Endpoint, HostNames, LocateError, Location, ObjectUri,
    copy_source,
};

fn names() -> HostNames {
    let names = HostNames::new().with_domain("s3.example.com").unwrap().with_domain("example.com").unwrap();
    let names = names.with_domain("127.0.0.1").unwrap().with_domain("[::1]").unwrap();
    names.with_bucket_domain("CDN.example.org", "photos").unwrap()
}

fn object(bucket: &'static str, key: &'static str) -> Result<Location<'static>, LocateError> {
    Ok(Location::Object { bucket: bucket.into(), key: key.as_bytes() })
}

fn bucket(bucket: &'static str) -> Result<Location<'static>, LocateError> {
    Ok(Location::Bucket { bucket: bucket.into() })
}

#[test]
fn a_host_and_a_path_name_one_bucket() {
    for (host, path, expected) in [
        ("s3.example.com", "/", Ok(Location::Service)),
        ("s3.example.com", "/photos", bucket("photos")),
        ("s3.example.com", "/photos/", bucket("photos")),
        ("s3.example.com:9000", "/photos/a/b", object("photos", "a/b")),
        ("S3.Example.COM", "/Old_Photos/a", object("Old_Photos", "a")),
        ("s3.example.com", "/photos//a", object("photos", "/a")),
        ("s3.example.com", "/photos/../b", object("photos", "../b")),
        ("s3.example.com", "/photos/%2F", object("photos", "%2F")),
        ("photos.s3.example.com", "/", bucket("photos")),
        ("photos.s3.example.com", "/a/b", object("photos", "a/b")),
        ("photos.s3.example.com", "//a", object("photos", "/a")),
        ("Photos.S3.example.com:443", "/a", object("photos", "a")),
        ("my.photos.s3.example.com", "/a", object("my.photos", "a")),
        ("photos.example.com", "/a", object("photos", "a")),
        ("example.com", "/photos/a", object("photos", "a")),
        ("cdn.example.org:8443", "/photos/a", object("photos", "photos/a")),
        ("cdn.example.org", "/", bucket("photos")),
        ("127.0.0.1:9000", "/photos/a", object("photos", "a")),
        ("[::1]:9000", "/photos/a", object("photos", "a")),
    ] {
        assert_eq!(names().locate(host, path.as_bytes()), expected, "{host} {path}");
    }
}

#[test]
fn no_host_or_path_names_another_bucket() {
    for (host, path, error) in [
        ("", "/photos/a", LocateError::UnknownHost),
        ("example.org", "/photos/a", LocateError::UnknownHost),
        ("evil-s3.example.net", "/photos/a", LocateError::UnknownHost),
        ("xexample.com", "/photos/a", LocateError::UnknownHost),
        ("s3.example.com.", "/photos/a", LocateError::UnknownHost),
        ("s3.example.com.evil.net", "/photos/a", LocateError::UnknownHost),
        ("photos.127.0.0.1", "/a", LocateError::UnknownHost),
        ("photos.[::1]", "/a", LocateError::UnknownHost),
        ("x.cdn.example.org", "/a", LocateError::UnknownHost),
        ("s3.example.com:80:80", "/photos/a", LocateError::UnknownHost),
        ("user@s3.example.com", "/photos/a", LocateError::InvalidBucket),
        (".s3.example.com", "/a", LocateError::InvalidBucket),
        ("..s3.example.com", "/a", LocateError::InvalidBucket),
        ("a..b.s3.example.com", "/a", LocateError::InvalidBucket),
        ("a_b.s3.example.com", "/a", LocateError::InvalidBucket),
        ("photos/x.s3.example.com", "/a", LocateError::InvalidBucket),
        ("user@photos.s3.example.com", "/a", LocateError::InvalidBucket),
        ("ab.s3.example.com", "/a", LocateError::InvalidBucket),
        ("s3.example.com", "//a", LocateError::InvalidBucket),
        ("s3.example.com", "/..", LocateError::InvalidBucket),
        ("s3.example.com", "/../photos/a", LocateError::InvalidBucket),
        ("s3.example.com", "/.../a", LocateError::InvalidBucket),
        ("s3.example.com", "/ph otos/a", LocateError::InvalidBucket),
        ("s3.example.com", "/photos%2Fa", LocateError::InvalidBucket),
        ("s3.example.com", "/phötos/a", LocateError::InvalidBucket),
        ("s3.example.com", "/photos\0/a", LocateError::InvalidBucket),
        ("s3.example.com", "", LocateError::InvalidPath),
        ("s3.example.com", "*", LocateError::InvalidPath),
        ("s3.example.com", "photos/a", LocateError::InvalidPath),
        ("cdn.example.org", "", LocateError::InvalidPath),
    ] {
        assert_eq!(names().locate(host, path.as_bytes()), Err(error), "{host:?} {path:?}");
    }
    assert_eq!(names().locate("s3.example.com", b"/\xff\xff\xff/a"), Err(LocateError::InvalidBucket));
    assert_eq!(HostNames::new().locate("s3.example.com", b"/photos"), Err(LocateError::UnknownHost));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// The bucket is a label before the domain or the first segment of the path, and the key is the rest.
    #[test]
    fn every_host_and_path_has_one_reading(
        front in "[a-zA-Z0-9._@:/%-]{0,12}",
        domain in proptest::sample::select(vec!["s3.example.com", "example.com", "cdn.example.org", "127.0.0.1", "x"]),
        path in "[a-c/.%2F ]{0,12}",
    ) {
        let (host, names) = (format!("{front}{domain}"), names());
        let (bucket, key) = match names.locate(&host, path.as_bytes()) {
            Ok(Location::Object { bucket, key }) => (bucket, key),
            Ok(Location::Bucket { bucket }) => (bucket, &b""[..]),
            _ => return Ok(()),
        };
        let rest = path.strip_prefix('/').unwrap();
        let key = std::str::from_utf8(key).unwrap();
        if ["s3.example.com", "example.com", "127.0.0.1"].contains(&host.to_lowercase().as_str()) {
            let after = rest.strip_prefix(&*bucket).unwrap();
            proptest::prop_assert_eq!(after.strip_prefix('/').unwrap_or(after), key);
        } else {
            proptest::prop_assert_eq!(rest, key);
            let is_own = bucket == "photos" && host == "cdn.example.org";
            let is_below = host.to_lowercase().starts_with(&format!("{bucket}."));
            proptest::prop_assert!(is_own || is_below, "{} {}", host, bucket);
        }
    }

    /// What is read as a copy source is written, and read again, as the same source.
    #[test]
    fn a_copy_source_is_read_as_it_is_written(value in "/?[a-c]{3}(/|%2F)[a-c%2F/?é ]{0,9}(\\?versionId=[a-c%2F]{0,6})?") {
        if let Ok(source) = CopySource::parse(&value) {
            proptest::prop_assert_eq!(CopySource::parse(&source.to_string()), Ok(source));
        }
    }
}

#[test]
fn a_base_path_precedes_the_bucket() {
    let names = names().with_base_path("/storage/v1/s3").unwrap();
    for (host, path, expected) in [
        ("s3.example.com", "/storage/v1/s3", Ok(Location::Service)),
        ("s3.example.com", "/storage/v1/s3/", Ok(Location::Service)),
        ("s3.example.com", "/storage/v1/s3/photos/a", object("photos", "a")),
        ("photos.s3.example.com", "/storage/v1/s3/a", object("photos", "a")),
        ("photos.s3.example.com", "/storage/v1/s3", bucket("photos")),
        ("cdn.example.org", "/a", object("photos", "a")),
        ("s3.example.com", "/photos/a", Err(LocateError::InvalidPath)),
        ("s3.example.com", "/storage/v1/s3x/photos/a", Err(LocateError::InvalidPath)),
        ("s3.example.com", "/storage//v1/s3/photos/a", Err(LocateError::InvalidPath)),
    ] {
        assert_eq!(names.locate(host, path.as_bytes()), expected, "{host} {path}");
    }
    for base_path in ["/", "a", "/a/", "//a", "/a b", "/a%20b", "/..", "/a/./b", "/é"] {
        let refused = HostNames::new().with_base_path(base_path);
        assert_eq!(refused, Err(AddressError::InvalidEndpoint), "{base_path:?}");
        let url = format!("https://s3.example.com/x{base_path}");
        let is_slash = matches!(base_path, "/" | "/a/" | "a");
        assert_eq!(Endpoint::parse(&url).is_ok(), is_slash, "{url}");
    }
}

#[test]
fn a_domain_is_a_host_and_is_not_repeated() {
    for domain in
        ["", "s3.example.com", "S3.EXAMPLE.COM", "cdn.example.org", "a:80", "a/b", "a@b", ".a", "a b"]
    {
        assert_eq!(names().with_domain(domain), Err(AddressError::InvalidEndpoint), "{domain:?}");
        let refused = names().with_bucket_domain(domain, "photos");
        assert_eq!(refused, Err(AddressError::InvalidEndpoint), "{domain:?}");
    }
    assert_eq!(names().with_bucket_domain("a.com", "a/b"), Err(AddressError::InvalidBucket));
}

/// A server reads each URL that an endpoint writes as the same bucket and key.
#[test]
fn a_server_finds_the_bucket_and_the_key_of_each_url() {
    let names = HostNames::new().with_domain("s3.example.com").unwrap().with_domain("127.0.0.1").unwrap();
    let names = names.with_base_path("/base").unwrap();
    for style in [AddressingStyle::Path, AddressingStyle::VirtualHosted] {
        for server in
            ["http://s3.example.com/base", "https://s3.example.com/base/", "http://127.0.0.1:9000/base"]
        {
            let endpoint = Endpoint::parse(server).unwrap().with_style(style);
            for bucket in ["photos", "my.photos", "xn--a"] {
                for key in ["a", "/a", "a//b/", "../x", "a b+c%2F?#é", "base/photos/a"] {
                    let url = endpoint.object_url(bucket, key).unwrap();
                    let (host, path) = url.split_once("://").unwrap().1.split_once('/').unwrap();
                    let path: Vec<u8> = percent_decode(&format!("/{path}"));
                    let expected = Location::Object { bucket: bucket.into(), key: key.as_bytes() };
                    assert_eq!(names.locate(host, &path), Ok(expected), "{url}");
                }
            }
        }
    }
}

fn percent_decode(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        let mut digit = || char::from(bytes.next().unwrap()).to_digit(16).unwrap() as u8;
        decoded.push(if byte == b'%' { digit() * 16 + digit() } else { byte });
    }
    decoded
}

/// The host of an endpoint that is an IP address, or does not have a certificate for the bucket, has
/// no bucket in it. Source: botocore 1.43.106, `Endpoint` set; the bucket's dots over `https`.
#[test]
fn a_bucket_that_cannot_be_in_the_host_is_in_the_path() {
    for (server, bucket, url) in [
        ("http://127.0.0.1:9000", "photos", "http://127.0.0.1:9000/photos"),
        ("http://127.0.0.1:9000", "my.photos", "http://127.0.0.1:9000/my.photos"),
        ("http://[::1]:9000", "photos", "http://[::1]:9000/photos"),
        ("https://s3.example.com", "photos", "https://photos.s3.example.com/"),
        ("https://s3.example.com", "my.photos", "https://s3.example.com/my.photos"),
        ("http://s3.example.com", "my.photos", "http://my.photos.s3.example.com/"),
        ("https://ref.supabase.co/storage/v1/s3", "photos", "https://photos.ref.supabase.co/storage/v1/s3/"),
        (
            "https://ref.supabase.co/storage/v1/s3/",
            "my.photos",
            "https://ref.supabase.co/storage/v1/s3/my.photos",
        ),
    ] {
        let endpoint = Endpoint::parse(server).unwrap().with_style(AddressingStyle::VirtualHosted);
        assert_eq!(endpoint.bucket_url(bucket).unwrap(), url, "{server} {bucket}");
    }
}

#[test]
fn an_endpoint_that_is_not_of_aws_has_no_variants_and_no_arns() {
    use countersign::s3::Variant;
    let server = Endpoint::parse("https://s3.example.com").unwrap();
    assert_eq!(server.clone().with_variant(Variant::Fips), Err(AddressError::UnsupportedVariant));
    assert!(server.clone().with_variant(Variant::Standard).is_ok());
    let arn = "arn:aws:s3:us-west-2:123456789012:accesspoint/reports";
    assert_eq!(server.bucket(arn), Err(AddressError::ArnNeedsAws));
    let address = server.object("photos", "a").unwrap();
    assert_eq!((address.region(), address.service().name()), (None, "s3"));
}

/// botocore 1.43.106, `handlers.handle_copy_source_param`; it does not encode the version.
#[test]
fn writes_copy_sources_as_botocore() {
    for (bucket, key, version, value) in [
        ("photos", "a/b.jpg", None, "photos/a/b.jpg"),
        ("photos", "a b+c%2F?é~.jpg", None, "photos/a%20b%2Bc%252F%3F%C3%A9~.jpg"),
        ("photos", "/a//b", None, "photos//a//b"),
        ("photos", "k", Some("3HL4kqtJvjVBH40Nrjfkd"), "photos/k?versionId=3HL4kqtJvjVBH40Nrjfkd"),
        (
            "arn:aws:s3:us-west-2:123456789012:accesspoint/reports",
            "q 1.pdf",
            Some("v"),
            "arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint/reports/object/q%201.pdf?versionId=v",
        ),
    ] {
        assert_eq!(copy_source(bucket, key, version).unwrap(), value);
        let source = CopySource::parse(value).unwrap();
        assert_eq!((source.bucket(), source.key(), source.version()), (bucket, key, version), "{value}");
        assert_eq!(source.to_string(), value);
    }
    assert_eq!(copy_source("photos", "k", Some("a&b")).unwrap(), "photos/k?versionId=a%26b");
    for (bucket, key, version, error) in [
        ("", "k", None, AddressError::InvalidBucket),
        ("a/b", "k", None, AddressError::InvalidBucket),
        ("photos", "", None, AddressError::InvalidKey),
        ("photos", "k", Some(""), AddressError::InvalidVersion),
        ("arn:aws:sqs:us-west-2:123456789012:queue", "k", None, AddressError::InvalidArn),
    ] {
        assert_eq!(copy_source(bucket, key, version), Err(error), "{bucket} {key}");
    }
}

#[test]
fn reads_copy_sources_in_one_way() {
    for (value, bucket, key, version) in [
        ("/photos/a.jpg", "photos", "a.jpg", None),
        ("photos/a.jpg", "photos", "a.jpg", None),
        ("photos%2Fa.jpg", "photos", "a.jpg", None),
        ("%2Fphotos%2Fa%2Fb", "photos", "a/b", None),
        ("photos/a%252Fb", "photos", "a%2Fb", None),
        ("photos/a%3FversionId=x", "photos", "a?versionId=x", None),
        ("photos/a?versionId=x%2Fy", "photos", "a", Some("x/y")),
        ("/photos//a", "photos", "/a", None),
        ("photos/../private/a", "photos", "../private/a", None),
        ("photos/é", "photos", "é", None),
        ("photos/a b%20%20c%20", "photos", "a b  c ", None),
    ] {
        let source = CopySource::parse(value).unwrap();
        assert_eq!((source.bucket(), source.key(), source.version()), (bucket, key, version), "{value}");
    }
    for (value, error) in [
        ("", AddressError::InvalidCopySource),
        ("/", AddressError::InvalidCopySource),
        ("photos", AddressError::InvalidCopySource),
        ("photos/", AddressError::InvalidKey),
        ("//photos/a", AddressError::InvalidBucket),
        ("../private/a", AddressError::InvalidBucket),
        ("photos/a+b", AddressError::AmbiguousPlus),
        ("photos/a?versionId=a+b", AddressError::AmbiguousPlus),
        ("photos/a%", AddressError::InvalidCopySource),
        ("photos/a%2", AddressError::InvalidCopySource),
        ("photos/%ff", AddressError::InvalidCopySource),
        ("photos/a\nb", AddressError::InvalidCopySource),
        // A signature covers one space for each of these, and none at the end.
        ("photos/a  b", AddressError::InvalidCopySource),
        ("photos/a ", AddressError::InvalidCopySource),
        (" photos/a", AddressError::InvalidCopySource),
        ("photos/a?versionId=", AddressError::InvalidVersion),
        ("photos/a?versionid=x", AddressError::InvalidCopySource),
        ("photos/a?x=1", AddressError::InvalidCopySource),
        ("photos/a?versionId=x&versionId=y", AddressError::InvalidCopySource),
        ("photos/a?", AddressError::InvalidCopySource),
        ("photos/a?b?versionId=x", AddressError::InvalidCopySource),
        ("arn:aws:s3:us-west-2:123456789012:accesspoint/reports/a", AddressError::InvalidCopySource),
        ("arn:aws:s3:us-west-2:123456789012:accesspoint/a/b/object/c", AddressError::InvalidArn),
    ] {
        assert_eq!(CopySource::parse(value), Err(error), "{value:?}");
    }
}

/// AWS CLI Command Reference, "s3", *Path argument type*.
#[test]
fn reads_s3_uris() {
    let arn = "arn:aws:s3:us-west-2:123456789012:accesspoint/reports";
    let outpost = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/reports";
    for (uri, bucket, key) in [
        ("s3://photos".to_owned(), "photos", ""),
        ("s3://photos/".to_owned(), "photos", ""),
        ("s3://photos/a/b".to_owned(), "photos", "a/b"),
        ("s3://photos//a".to_owned(), "photos", "/a"),
        ("s3://photos/a%20b?c#d".to_owned(), "photos", "a%20b?c#d"),
        (format!("s3://{arn}"), arn, ""),
        (format!("s3://{arn}/a/b"), arn, "a/b"),
        (format!("s3://{outpost}/a/b"), outpost, "a/b"),
    ] {
        let parsed = ObjectUri::parse(&uri).unwrap();
        assert_eq!((parsed.bucket(), parsed.key()), (bucket, key), "{uri}");
    }
    for (uri, error) in [
        ("", AddressError::InvalidUri),
        ("photos/a", AddressError::InvalidUri),
        ("S3://photos/a", AddressError::InvalidUri),
        ("https://photos/a", AddressError::InvalidUri),
        ("s3://", AddressError::InvalidBucket),
        ("s3:///a", AddressError::InvalidBucket),
        ("s3://ph otos/a", AddressError::InvalidBucket),
        ("s3://../a", AddressError::InvalidBucket),
        ("s3://arn:aws:s3:us-west-2:123456789012:bucket/a", AddressError::InvalidArn),
    ] {
        assert_eq!(ObjectUri::parse(uri), Err(error), "{uri:?}");
    }
    let long = format!("s3://photos/{}", "k".repeat(1025));
    assert_eq!(ObjectUri::parse(&long), Err(AddressError::InvalidKey));
}

#[test]
fn writes_queries() {
    use countersign::uri;
    assert_eq!(uri::query(&[]), "");
    assert_eq!(uri::query(&[("uploads", "")]), "uploads=");
    assert_eq!(uri::query(&[("prefix", "a b&c=d+é"), ("a/b", "~")]), "prefix=a%20b%26c%3Dd%2B%C3%A9&a%2Fb=~");
}
