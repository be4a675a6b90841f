//! Uploads in parts.

use std::collections::BTreeMap;

use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::listing::encode;
use super::multipart::Upload;
use super::object::{Description, Object, check_write, described};
use super::objects::source;
use super::{Answer, Store, answer};
use crate::server::body::{self, Claims};
use crate::server::checksums::{ALGORITHMS, checksum_of, value, with_checksum};

pub async fn create_multipart_upload(
    store: &Store,
    request: S3Request<CreateMultipartUploadInput>,
) -> Answer<CreateMultipartUploadOutput> {
    let input = request.input;
    let named = |name: &ChecksumAlgorithm| {
        let name = name.as_str().to_ascii_lowercase();
        let known = ALGORITHMS.into_iter().find(|known| *known == name);
        known.ok_or_else(|| s3_error!(InvalidRequest, "Checksum algorithm provided is unsupported."))
    };
    let algorithm = input.checksum_algorithm.as_ref().map(named).transpose()?;
    let upload = Upload {
        algorithm,
        // CRC-64/NVME is always over the whole object, the others by default are not.
        full_object: match &input.checksum_type {
            Some(kind) => kind.as_str() == ChecksumType::FULL_OBJECT,
            None => algorithm == Some("crc64nvme"),
        },
        ..Upload::new(&input.bucket, &input.key, described!(input))
    };
    answer(CreateMultipartUploadOutput {
        upload_id: Some(store.begin_upload(upload)?),
        bucket: Some(input.bucket),
        key: Some(input.key),
        checksum_algorithm: input.checksum_algorithm,
        checksum_type: input.checksum_type,
        ..Default::default()
    })
}

pub async fn upload_part(store: &Store, request: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
    let S3Request { mut input, headers, trailing_headers, .. } = request;
    check_number(input.part_number)?;
    let algorithm = store.state().upload(&input.upload_id, &input.bucket, &input.key)?.algorithm;
    let checksum = checksum_of!(input);
    if let Some(algorithm) = algorithm
        && ALGORITHMS.into_iter().any(|other| other != algorithm && value(&checksum, other).is_some())
    {
        let message = "Checksum Type mismatch occurred: the part has another algorithm than the upload";
        return Err(s3_error!(InvalidRequest, "{message}"));
    }
    let claims = Claims { md5: input.content_md5.clone(), checksum, compute: algorithm };
    let body = input.body.take();
    let received = body::receive(body, &headers, trailing_headers, claims, store.folder.path()).await?;
    let part = Object::new(received, Description::default());
    let output = UploadPartOutput { e_tag: part.etag(), ..Default::default() };
    let output = with_checksum!(output, part.checksum.clone());
    let mut state = store.state();
    state.upload(&input.upload_id, &input.bucket, &input.key)?.parts.insert(input.part_number, part);
    answer(output)
}

pub async fn upload_part_copy(
    store: &Store,
    request: S3Request<UploadPartCopyInput>,
) -> Answer<UploadPartCopyOutput> {
    let input = request.input;
    check_number(input.part_number)?;
    let algorithm = store.state().upload(&input.upload_id, &input.bucket, &input.key)?.algorithm;
    let (wanted, unwanted) = (&input.copy_source_if_match, &input.copy_source_if_none_match);
    let object = source(store, &input.copy_source, wanted.as_ref(), unwanted.as_ref())?;
    let range = match &input.copy_source_range {
        Some(range) => {
            let range =
                Range::parse(range).map_err(|_| s3_error!(InvalidArgument, "The range is not valid"))?;
            range.check(object.content.len())?
        }
        None => 0..object.content.len(),
    };
    let body = Some(StreamingBlob::wrap(object.content.stream(range)));
    let claims = Claims { compute: algorithm, ..Claims::default() };
    let received = body::receive(body, &Default::default(), None, claims, store.folder.path()).await?;
    let part = Object::new(received, Description::default());
    let result = CopyPartResult {
        e_tag: part.etag(),
        last_modified: Some(part.modified.clone()),
        ..Default::default()
    };
    let copy_part_result = Some(with_checksum!(result, part.checksum.clone()));
    let mut state = store.state();
    state.upload(&input.upload_id, &input.bucket, &input.key)?.parts.insert(input.part_number, part);
    answer(UploadPartCopyOutput { copy_part_result, ..Default::default() })
}

pub async fn list_parts(store: &Store, request: S3Request<ListPartsInput>) -> Answer<ListPartsOutput> {
    let input = request.input;
    let mut state = store.state();
    let upload = state.upload(&input.upload_id, &input.bucket, &input.key)?;
    let after = input.part_number_marker.unwrap_or_default();
    let max = input.max_parts.unwrap_or(1000).clamp(1, 1000);
    let mut rest = upload.parts.range(after.saturating_add(1)..);
    let parts: Vec<_> = rest
        .by_ref()
        .take(max as usize)
        .map(|(number, part)| {
            let listed = Part {
                part_number: Some(*number),
                size: part.size(),
                e_tag: part.etag(),
                last_modified: Some(part.modified.clone()),
                ..Default::default()
            };
            with_checksum!(listed, part.checksum.clone())
        })
        .collect();
    let is_truncated = rest.next().is_some();
    let algorithm = upload.algorithm.map(|name| ChecksumAlgorithm::from(name.to_ascii_uppercase()));
    answer(ListPartsOutput {
        checksum_algorithm: algorithm,
        next_part_number_marker: parts.last().and_then(|part| part.part_number).filter(|_| is_truncated),
        parts: Some(parts),
        is_truncated: Some(is_truncated),
        max_parts: Some(max),
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        ..Default::default()
    })
}

pub async fn list_multipart_uploads(
    store: &Store,
    request: S3Request<ListMultipartUploadsInput>,
) -> Answer<ListMultipartUploadsOutput> {
    let input = request.input;
    let mut state = store.state();
    state.bucket(&input.bucket)?;
    let prefix = input.prefix.as_deref().unwrap_or_default();
    // S3 lists by key; a map puts them in that order.
    let ours = state.uploads.iter().filter(|(_, upload)| upload.bucket == input.bucket);
    let ours = ours.filter(|(_, upload)| upload.key.starts_with(prefix));
    let sorted: BTreeMap<_, _> = ours.map(|(id, upload)| ((&upload.key, id), upload)).collect();
    let uploads = sorted.into_iter().map(|((key, id), upload)| MultipartUpload {
        key: Some(encode(key, input.encoding_type.as_ref())),
        upload_id: Some(id.clone()),
        initiated: Some(upload.begun.clone()),
        ..Default::default()
    });
    answer(ListMultipartUploadsOutput {
        uploads: Some(uploads.collect()),
        is_truncated: Some(false),
        encoding_type: input.encoding_type.clone(),
        bucket: Some(input.bucket.clone()),
        ..Default::default()
    })
}

pub async fn complete_multipart_upload(
    store: &Store,
    request: S3Request<CompleteMultipartUploadInput>,
) -> Answer<CompleteMultipartUploadOutput> {
    let input = request.input;
    let claimed = checksum_of!(input);
    let listed = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
    // A copy shares the bytes, so that the lock is not held while they are read.
    let upload = store.state().upload(&input.upload_id, &input.bucket, &input.key)?.clone();
    let object = upload.complete(&listed, claimed).await?;
    if input.mpu_object_size.is_some_and(|size| Some(size) != object.size()) {
        return Err(s3_error!(InvalidRequest, "The object's size is not the one in x-amz-mp-object-size"));
    }
    let output = CompleteMultipartUploadOutput {
        // minio's client for JavaScript takes an answer without it for an error.
        location: Some(format!("/{}/{}", input.bucket, input.key)),
        bucket: Some(input.bucket.clone()),
        key: Some(input.key.clone()),
        e_tag: object.etag(),
        checksum_type: object.checksum.checksum_type.clone(),
        ..Default::default()
    };
    let output = with_checksum!(output, object.checksum.clone());
    let mut state = store.state();
    let objects = state.bucket(&input.bucket)?;
    check_write(objects.get(&input.key), input.if_match.as_ref(), input.if_none_match.as_ref())?;
    objects.insert(input.key, object);
    state.uploads.remove(&input.upload_id);
    answer(output)
}

pub async fn abort_multipart_upload(
    store: &Store,
    request: S3Request<AbortMultipartUploadInput>,
) -> Answer<AbortMultipartUploadOutput> {
    let input = request.input;
    let mut state = store.state();
    state.upload(&input.upload_id, &input.bucket, &input.key)?;
    state.uploads.remove(&input.upload_id);
    answer(AbortMultipartUploadOutput::default())
}

fn check_number(number: i32) -> S3Result<()> {
    if (1..=10_000).contains(&number) {
        return Ok(());
    }
    Err(s3_error!(InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive"))
}
