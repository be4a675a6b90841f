use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub fn upload(id: &str, secret: &str, time: &str, body: &[u8]) -> crate::Result<Vec<(String, String)>> {
    let payload = hex::encode(Sha256::digest(body));
    let names = "host;x-amz-content-sha256;x-amz-date";
    let request = format!(
        "PUT\n/hello.txt\n\nhost:examplebucket.s3.amazonaws.com\nx-amz-content-sha256:{payload}\n\
         x-amz-date:{time}\n\n{names}\n{payload}"
    );
    let day = time.get(..8).ok_or("the time is too short")?;
    let scope = format!("{day}/us-east-1/s3/aws4_request");
    let hash = hex::encode(Sha256::digest(request));
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hash}");

    let mut key = hmac(format!("AWS4{secret}").as_bytes(), day)?;
    for part in ["us-east-1", "s3", "aws4_request"] {
        key = hmac(&key, part)?;
    }
    let signature = hex::encode(hmac(&key, &to_sign)?);
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
    Ok(vec![
        ("x-amz-date".into(), time.into()),
        ("x-amz-content-sha256".into(), payload),
        ("authorization".into(), authorization),
    ])
}

fn hmac(key: &[u8], message: &str) -> crate::Result<Vec<u8>> {
    let mac = Hmac::<Sha256>::new_from_slice(key)?.chain_update(message);
    Ok(mac.finalize().into_bytes().to_vec())
}
