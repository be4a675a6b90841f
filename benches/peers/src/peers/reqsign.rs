//! `reqsign-aws-v4`. It takes the clock's time, and the caller hashes bodies.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::{Context, SignRequest};
use sha2::{Digest, Sha256};

use crate::check::Answer;
use crate::measure::{Row, Sink};
use crate::work::{ACCESS_KEY, EXPIRES, Item, Kind, REGION, SECRET, SERVICE, Work};

pub fn rows(work: &'static Work) -> Vec<Row> {
    if !matches!(work.kind, Kind::Presign | Kind::Sign) {
        return Vec::new();
    }
    let presign = work.kind == Kind::Presign;
    let credential = Credential {
        access_key_id: ACCESS_KEY.into(),
        secret_access_key: SECRET.into(),
        session_token: work.token.map(Into::into),
        expires_in: None,
    };
    let shared = Arc::new((RequestSigner::new(SERVICE, REGION), Context::new(), credential));
    let expires = presign.then(|| Duration::from_secs(EXPIRES.into()));
    let row = Row::new("reqsign-aws-v4", "key derived", move || {
        let shared = Arc::clone(&shared);
        move |item: &'static Item, sink: Sink<'_>| {
            let (signer, context, credential) = &*shared;
            let mut parts = item.http.clone().into_parts().0;
            if item.hash_body {
                let value = http::HeaderValue::from_bytes(&super::hex(&Sha256::digest(item.body).into()))
                    .expect("hex");
                parts.headers.insert("x-amz-content-sha256", value);
            }
            let future = signer.sign_request(context, &mut parts, Some(credential), expires);
            let ready = pin!(future).poll(&mut std::task::Context::from_waker(Waker::noop()));
            let Poll::Ready(Ok(())) = ready else { panic!("not signed") };
            sink(&|| {
                if presign { Answer::Url(parts.uri.to_string()) } else { super::headers(&parts.headers) }
            });
        }
    });
    vec![row.with_own_clock()]
}
