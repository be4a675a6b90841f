//! Buckets, their listings, and what a browser may do in them.

use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::listing::{Page, Query, encode};
use super::{Answer, Objects, Store, answer};

pub async fn create_bucket(
    store: &Store,
    request: S3Request<CreateBucketInput>,
) -> Answer<CreateBucketOutput> {
    let bucket = request.input.bucket;
    let mut state = store.state();
    if state.buckets.contains_key(&bucket) {
        return Err(s3_error!(BucketAlreadyOwnedByYou));
    }
    let location = Some(format!("/{bucket}"));
    state.buckets.insert(bucket, Objects::new());
    answer(CreateBucketOutput { location })
}

pub async fn head_bucket(store: &Store, request: S3Request<HeadBucketInput>) -> Answer<HeadBucketOutput> {
    store.state().bucket(&request.input.bucket)?;
    answer(HeadBucketOutput { bucket_region: Some(store.region.clone()), ..Default::default() })
}

pub async fn get_bucket_location(
    store: &Store,
    request: S3Request<GetBucketLocationInput>,
) -> Answer<GetBucketLocationOutput> {
    store.state().bucket(&request.input.bucket)?;
    answer(GetBucketLocationOutput::default())
}

pub async fn delete_bucket(
    store: &Store,
    request: S3Request<DeleteBucketInput>,
) -> Answer<DeleteBucketOutput> {
    let mut state = store.state();
    if !state.bucket(&request.input.bucket)?.is_empty() {
        return Err(s3_error!(BucketNotEmpty));
    }
    state.buckets.remove(&request.input.bucket);
    store.cors.set(&request.input.bucket, None);
    answer(DeleteBucketOutput::default())
}

pub async fn list_buckets(store: &Store, _: S3Request<ListBucketsInput>) -> Answer<ListBucketsOutput> {
    let state = store.state();
    let buckets = state.buckets.keys().map(|name| Bucket { name: Some(name.clone()), ..Default::default() });
    answer(ListBucketsOutput { buckets: Some(buckets.collect()), ..Default::default() })
}

pub async fn list_objects(store: &Store, request: S3Request<ListObjectsInput>) -> Answer<ListObjectsOutput> {
    let input = request.input;
    let page = Page::of(
        store.state().bucket(&input.bucket)?,
        &Query {
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref().unwrap_or_default(),
            after: input.marker.as_deref().unwrap_or_default(),
            max_keys: input.max_keys,
            encoding: input.encoding_type.as_ref(),
        },
    );
    answer(ListObjectsOutput {
        is_truncated: Some(page.next.is_some()),
        next_marker: page.next.map(|key| encode(&key, input.encoding_type.as_ref())),
        max_keys: Some(page.max_keys),
        contents: Some(page.contents),
        common_prefixes: Some(page.common_prefixes),
        name: Some(input.bucket),
        prefix: input.prefix,
        marker: input.marker,
        delimiter: input.delimiter,
        encoding_type: input.encoding_type,
        ..Default::default()
    })
}

pub async fn list_objects_v2(
    store: &Store,
    request: S3Request<ListObjectsV2Input>,
) -> Answer<ListObjectsV2Output> {
    let input = request.input;
    // A token is the last key, encoded so that it survives XML and the query whatever the key is.
    let url = EncodingType::from_static(EncodingType::URL);
    let token = input.continuation_token.as_deref().map(decode).transpose()?;
    let page = Page::of(
        store.state().bucket(&input.bucket)?,
        &Query {
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref().unwrap_or_default(),
            after: token.as_deref().or(input.start_after.as_deref()).unwrap_or_default(),
            max_keys: input.max_keys,
            encoding: input.encoding_type.as_ref(),
        },
    );
    answer(ListObjectsV2Output {
        key_count: Some(page.key_count()),
        is_truncated: Some(page.next.is_some()),
        next_continuation_token: page.next.map(|key| encode(&key, Some(&url))),
        max_keys: Some(page.max_keys),
        contents: Some(page.contents),
        common_prefixes: Some(page.common_prefixes),
        name: Some(input.bucket),
        prefix: input.prefix,
        delimiter: input.delimiter,
        encoding_type: input.encoding_type,
        continuation_token: input.continuation_token,
        start_after: input.start_after,
        ..Default::default()
    })
}

pub async fn put_bucket_cors(
    store: &Store,
    request: S3Request<PutBucketCorsInput>,
) -> Answer<PutBucketCorsOutput> {
    let PutBucketCorsInput { bucket, cors_configuration, .. } = request.input;
    store.state().bucket(&bucket)?;
    store.cors.set(&bucket, Some(cors_configuration.cors_rules));
    answer(PutBucketCorsOutput::default())
}

pub async fn get_bucket_cors(
    store: &Store,
    request: S3Request<GetBucketCorsInput>,
) -> Answer<GetBucketCorsOutput> {
    store.state().bucket(&request.input.bucket)?;
    let none = || s3_error!(NoSuchCORSConfiguration, "The CORS configuration does not exist");
    let rules = store.cors.get(&request.input.bucket).ok_or_else(none)?;
    answer(GetBucketCorsOutput { cors_rules: Some(rules) })
}

pub async fn delete_bucket_cors(
    store: &Store,
    request: S3Request<DeleteBucketCorsInput>,
) -> Answer<DeleteBucketCorsOutput> {
    store.state().bucket(&request.input.bucket)?;
    store.cors.set(&request.input.bucket, None);
    answer(DeleteBucketCorsOutput::default())
}

/// Versions are never kept, and this is how S3 says so.
pub async fn get_bucket_versioning(
    store: &Store,
    request: S3Request<GetBucketVersioningInput>,
) -> Answer<GetBucketVersioningOutput> {
    store.state().bucket(&request.input.bucket)?;
    answer(GetBucketVersioningOutput::default())
}

fn decode(token: &str) -> S3Result<String> {
    let decoded = percent_encoding::percent_decode_str(token).decode_utf8();
    decoded
        .map(Into::into)
        .map_err(|_| s3_error!(InvalidArgument, "The continuation token provided is incorrect"))
}
