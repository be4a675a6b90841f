//! `rusty-s3`: presigns only.

use std::sync::Arc;
use std::time::Duration;

use rusty_s3::actions::{GetObject, S3Action};
use rusty_s3::{Bucket, Credentials, UrlStyle};

use crate::check::Answer;
use crate::measure::{Row, Sink};
use crate::work::{ACCESS_KEY, BUCKET, ENDPOINT, EXPIRES, Item, Kind, REGION, SECRET, TIME_UNIX, Work};

pub fn rows(work: &'static Work) -> Vec<Row> {
    if work.kind != Kind::Presign {
        return Vec::new();
    }
    let endpoint = ENDPOINT.parse().expect("a URL");
    let bucket = Bucket::new(endpoint, UrlStyle::VirtualHost, BUCKET, REGION).expect("a bucket");
    let credentials = match work.token {
        Some(token) => Credentials::new_with_token(ACCESS_KEY, SECRET, token),
        None => Credentials::new(ACCESS_KEY, SECRET),
    };
    let shared = Arc::new((bucket, credentials));
    let time = jiff::Timestamp::from_second(TIME_UNIX).expect("a time");
    vec![Row::new("rusty-s3", "key derived", move || {
        let shared = Arc::clone(&shared);
        move |item: &'static Item, sink: Sink<'_>| {
            let action = GetObject::new(&shared.0, Some(&shared.1), item.key);
            let url = action.sign_with_time(Duration::from_secs(EXPIRES.into()), &time);
            sink(&|| Answer::Url(url.to_string()));
        }
    })]
}
