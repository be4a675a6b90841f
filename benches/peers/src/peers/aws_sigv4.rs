//! `aws-sigv4`, of the AWS SDK for Rust. Two forms: the instructions alone, and
//! applied to a request as its clients do.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningParams, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;

use crate::check::Answer;
use crate::measure::{Row, Sink};
use crate::work::{ACCESS_KEY, EXPIRES, Item, Kind, PROBE, REGION, SECRET, SERVICE, TIME_UNIX, Work};
use testkit::reference;

const NAME: &str = "aws-sigv4";

pub fn rows(work: &'static Work) -> Vec<Row> {
    match work.kind {
        Kind::Presign | Kind::Sign => signing(work),
        Kind::Derive => vec![derivation()],
        Kind::Verify => Vec::new(),
    }
}

fn signing(work: &'static Work) -> Vec<Row> {
    let presign = work.kind == Kind::Presign;
    let token = work.token.map(Into::into);
    let identity = Identity::from(Credentials::new(ACCESS_KEY, SECRET, token, None, "bench"));
    let applied = identity.clone();
    vec![
        Row::new(NAME, "key derived, applied to a request", move || {
            let identity = applied.clone();
            move |item: &'static Item, sink: Sink<'_>| {
                let mut request = item.http.clone();
                instructions(item, presign, &identity).apply_to_request_http1x(&mut request);
                sink(&|| {
                    if presign {
                        Answer::Url(request.uri().to_string())
                    } else {
                        super::headers(request.headers())
                    }
                });
            }
        }),
        Row::new(NAME, "key derived, instructions alone", move || {
            let identity = identity.clone();
            move |item: &'static Item, sink: Sink<'_>| {
                let instructions = instructions(item, presign, &identity);
                sink(&|| if presign { url(item, &instructions) } else { headers(&instructions) });
            }
        }),
    ]
}

fn instructions(item: &Item, presign: bool, identity: &Identity) -> SigningInstructions {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    if presign {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(EXPIRES.into()));
    } else {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let params = v4::SigningParams::builder()
        .identity(identity)
        .region(REGION)
        .name(SERVICE)
        .time(time())
        .settings(settings)
        .build();
    let params = SigningParams::from(params.expect("complete"));
    let body = if item.hash_body { SignableBody::Bytes(item.body) } else { SignableBody::UnsignedPayload };
    let headers = item.headers.iter().copied();
    let request = SignableRequest::new(item.method, item.uri, headers, body).expect("a request");
    sign(request, &params).expect("signed").into_parts().0
}

fn url(item: &Item, instructions: &SigningInstructions) -> Answer {
    let pair = |(name, value): &(&str, _)| {
        let value: &std::borrow::Cow<'_, str> = value;
        format!("{name}={}", reference::encode(value.as_bytes()))
    };
    let pairs: Vec<String> = instructions.params().iter().map(pair).collect();
    Answer::Url(format!("{}?{}", item.uri, pairs.join("&")))
}

fn headers(instructions: &SigningInstructions) -> Answer {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Answer::Headers(instructions.headers().map(owned).collect())
}

fn time() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(TIME_UNIX.unsigned_abs())
}

fn derivation() -> Row {
    Row::new(NAME, "derivation alone", || {
        |_: &'static Item, sink: Sink<'_>| {
            let key = v4::generate_signing_key(SECRET, time(), REGION, SERVICE);
            sink(&|| Answer::Mac(reference::hmac(key.as_ref(), PROBE)));
        }
    })
}
