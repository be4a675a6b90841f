use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;

pub fn get(
    id: &str,
    secret: &str,
    token: Option<&str>,
    time: SystemTime,
) -> crate::Result<http::Request<()>> {
    let url = "https://examplebucket.s3.amazonaws.com/test.txt";
    let mut request = http::Request::get(url).header("range", "bytes=0-9").body(())?;

    let identity = Credentials::new(id, secret, token.map(Into::into), None, "example").into();
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single; // for S3
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled; // for S3
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256; // for S3
    let params = SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("s3")
        .time(time)
        .settings(settings)
        .build()?
        .into();
    let headers = [("range", "bytes=0-9")].into_iter();
    let signable = SignableRequest::new("GET", url, headers, SignableBody::Bytes(b""))?;
    let (instructions, _) = sign(signable, &params)?.into_parts();
    instructions.apply_to_request_http1x(&mut request);
    Ok(request)
}
