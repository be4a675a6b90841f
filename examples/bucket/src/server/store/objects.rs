//! Objects: write, read, describe, copy, delete.

use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::object::{Description, Object, check_read, check_write, described};
use super::{Answer, Store, answer};
use crate::server::body::{self, Claims};
use crate::server::checksums::{checksum_of, named, with_checksum};

pub async fn put_object(store: &Store, request: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
    let S3Request { mut input, headers, trailing_headers, .. } = request;
    let checksum = checksum_of!(input);
    // S3 adds a CRC-64/NVME to an object that came with no checksum.
    let compute = if named(&checksum).is_none() && !headers.contains_key("x-amz-trailer") {
        Some("crc64nvme")
    } else {
        None
    };
    let claims = Claims { md5: input.content_md5.clone(), checksum, compute };
    let check = |input: &PutObjectInput| {
        let mut state = store.state();
        let existing = state.bucket(&input.bucket)?.get(&input.key);
        check_write(existing, input.if_match.as_ref(), input.if_none_match.as_ref())
    };
    check(&input)?;
    let body = input.body.take();
    let received = body::receive(body, &headers, trailing_headers, claims, store.folder.path()).await?;
    let object = Object::new(received, described!(input));
    let output = PutObjectOutput {
        e_tag: object.etag(),
        checksum_type: object.checksum.checksum_type.clone(),
        ..Default::default()
    };
    let output = with_checksum!(output, object.checksum.clone());

    let mut state = store.state();
    let objects = state.bucket(&input.bucket)?;
    // The first check saved reading the body; this one is the one that counts.
    check_write(objects.get(&input.key), input.if_match.as_ref(), input.if_none_match.as_ref())?;
    objects.insert(input.key, object);
    answer(output)
}

pub async fn get_object(store: &Store, request: S3Request<GetObjectInput>) -> Answer<GetObjectOutput> {
    let input = request.input;
    let object = store.state().object(&input.bucket, &input.key)?.clone();
    check_version(input.version_id.as_deref())?;
    object.check_customer_key(input.sse_customer_key_md5.as_ref())?;
    check_read(&object, input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let size = object.content.len();
    let (range, content_range) = match input.range {
        Some(range) => {
            let range = range.check(size)?;
            let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            (range, Some(text))
        }
        None => (0..size, None),
    };
    let described = object.described.clone();
    let output = GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        content_length: i64::try_from(range.end - range.start).ok(),
        body: Some(StreamingBlob::wrap(object.content.stream(range))),
        e_tag: object.etag(),
        last_modified: Some(object.modified),
        content_type: input.response_content_type.or(described.content_type),
        content_encoding: input.response_content_encoding.or(described.content_encoding),
        content_disposition: input.response_content_disposition.or(described.content_disposition),
        content_language: input.response_content_language.or(described.content_language),
        cache_control: input.response_cache_control.or(described.cache_control),
        metadata: described.metadata,
        sse_customer_key_md5: described.customer_key_md5,
        ..Default::default()
    };
    // A checksum of the whole object says nothing about a part of it.
    let sums = object.checksum;
    let shown = is_enabled(input.checksum_mode.as_ref()) && content_range.is_none();
    let output = GetObjectOutput { content_range, ..output };
    answer(if shown {
        with_checksum!(GetObjectOutput { checksum_type: sums.checksum_type.clone(), ..output }, sums)
    } else {
        output
    })
}

pub async fn head_object(store: &Store, request: S3Request<HeadObjectInput>) -> Answer<HeadObjectOutput> {
    let input = request.input;
    let object = store.state().object(&input.bucket, &input.key)?.clone();
    check_version(input.version_id.as_deref())?;
    object.check_customer_key(input.sse_customer_key_md5.as_ref())?;
    check_read(&object, input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let described = object.described.clone();
    let output = HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        content_length: object.size(),
        e_tag: object.etag(),
        last_modified: Some(object.modified),
        content_type: input.response_content_type.or(described.content_type),
        content_encoding: input.response_content_encoding.or(described.content_encoding),
        content_disposition: input.response_content_disposition.or(described.content_disposition),
        content_language: input.response_content_language.or(described.content_language),
        cache_control: input.response_cache_control.or(described.cache_control),
        metadata: described.metadata,
        sse_customer_key_md5: described.customer_key_md5,
        ..Default::default()
    };
    let sums = object.checksum;
    answer(if is_enabled(input.checksum_mode.as_ref()) {
        with_checksum!(HeadObjectOutput { checksum_type: sums.checksum_type.clone(), ..output }, sums)
    } else {
        output
    })
}

pub async fn copy_object(store: &Store, request: S3Request<CopyObjectInput>) -> Answer<CopyObjectOutput> {
    let input = request.input;
    let (wanted, unwanted) = (&input.copy_source_if_match, &input.copy_source_if_none_match);
    let mut object = source(store, &input.copy_source, wanted.as_ref(), unwanted.as_ref())?;
    if input
        .metadata_directive
        .as_ref()
        .is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE)
    {
        object.described = described!(input);
    }
    object.modified = super::object::now();
    let copy_object_result = Some(with_checksum!(
        CopyObjectResult {
            e_tag: object.etag(),
            last_modified: Some(object.modified.clone()),
            ..Default::default()
        },
        object.checksum.clone()
    ));
    store.state().bucket(&input.bucket)?.insert(input.key, object);
    answer(CopyObjectOutput { copy_object_result, ..Default::default() })
}

/// Returns the object to copy from, if it fulfils the conditions `x-amz-copy-source-if-…`.
pub fn source(
    store: &Store,
    source: &CopySource,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<Object> {
    let CopySource::Bucket { bucket, key, version_id } = source else {
        return Err(s3_error!(NotImplemented, "Only a bucket and a key can be copied from"));
    };
    check_version(version_id.as_deref())?;
    let object = store.state().object(bucket, key)?.clone();
    // Both conditions are answered with 412, as those of a write.
    check_write(Some(&object), if_match, if_none_match)?;
    Ok(object)
}

pub async fn delete_object(
    store: &Store,
    request: S3Request<DeleteObjectInput>,
) -> Answer<DeleteObjectOutput> {
    let input = request.input;
    check_version(input.version_id.as_deref())?;
    // Deleting what is not there succeeds.
    store.state().bucket(&input.bucket)?.remove(&input.key);
    answer(DeleteObjectOutput::default())
}

pub async fn delete_objects(
    store: &Store,
    request: S3Request<DeleteObjectsInput>,
) -> Answer<DeleteObjectsOutput> {
    let Delete { objects, quiet } = request.input.delete;
    let mut state = store.state();
    let bucket = state.bucket(&request.input.bucket)?;
    let mut deleted = Vec::new();
    for ObjectIdentifier { key, .. } in objects {
        bucket.remove(&key);
        deleted.push(DeletedObject { key: Some(key), ..Default::default() });
    }
    let deleted = Some(deleted).filter(|_| quiet != Some(true));
    answer(DeleteObjectsOutput { deleted, ..Default::default() })
}

/// Tags are not kept; tools that copy an object ask for them.
pub async fn get_object_tagging(
    store: &Store,
    request: S3Request<GetObjectTaggingInput>,
) -> Answer<GetObjectTaggingOutput> {
    store.state().object(&request.input.bucket, &request.input.key)?;
    answer(GetObjectTaggingOutput::default())
}

/// A bucket without versions knows one version of each object, `null`.
fn check_version(id: Option<&str>) -> S3Result<()> {
    match id {
        None | Some("null") => Ok(()),
        Some(_) => Err(s3_error!(InvalidArgument, "Invalid version id specified")),
    }
}

fn is_enabled(mode: Option<&ChecksumMode>) -> bool {
    mode.is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED)
}
