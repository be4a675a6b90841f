//! The operations of S3, each a few lines over the maps.

use std::collections::BTreeMap;

use bytes::Bytes;
use s3s::dto::*;
use s3s::{Body, S3, S3Request, S3Response, S3Result, s3_error};

use super::listing::{Page, Query, encode};
use super::object::{Description, Object};
use super::{Objects, Store};
use crate::server::body;

type Answer<T> = S3Result<S3Response<T>>;

fn answer<T>(output: T) -> Answer<T> {
    Ok(S3Response::new(output))
}

#[async_trait::async_trait]
impl S3 for Store {
    // ---- Buckets

    async fn create_bucket(&self, request: S3Request<CreateBucketInput>) -> Answer<CreateBucketOutput> {
        let bucket = request.input.bucket;
        let mut state = self.state();
        if state.buckets.contains_key(&bucket) {
            return Err(s3_error!(BucketAlreadyOwnedByYou));
        }
        let location = Some(format!("/{bucket}"));
        state.buckets.insert(bucket, Objects::new());
        answer(CreateBucketOutput { location })
    }

    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> Answer<HeadBucketOutput> {
        self.state().bucket(&request.input.bucket)?;
        answer(HeadBucketOutput { bucket_region: Some(self.region.clone()), ..Default::default() })
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> Answer<GetBucketLocationOutput> {
        self.state().bucket(&request.input.bucket)?;
        answer(GetBucketLocationOutput::default())
    }

    async fn delete_bucket(&self, request: S3Request<DeleteBucketInput>) -> Answer<DeleteBucketOutput> {
        let mut state = self.state();
        if !state.bucket(&request.input.bucket)?.is_empty() {
            return Err(s3_error!(BucketNotEmpty));
        }
        state.buckets.remove(&request.input.bucket);
        answer(DeleteBucketOutput::default())
    }

    async fn list_buckets(&self, _: S3Request<ListBucketsInput>) -> Answer<ListBucketsOutput> {
        let state = self.state();
        let buckets =
            state.buckets.keys().map(|name| Bucket { name: Some(name.clone()), ..Default::default() });
        answer(ListBucketsOutput { buckets: Some(buckets.collect()), ..Default::default() })
    }

    async fn list_objects(&self, request: S3Request<ListObjectsInput>) -> Answer<ListObjectsOutput> {
        let input = request.input;
        let page = Page::of(
            self.state().bucket(&input.bucket)?,
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

    async fn list_objects_v2(&self, request: S3Request<ListObjectsV2Input>) -> Answer<ListObjectsV2Output> {
        let input = request.input;
        // A token is the last key, encoded so that it survives XML and the query whatever the key is.
        let url = EncodingType::from_static(EncodingType::URL);
        let token = input.continuation_token.as_deref().map(decode).transpose()?;
        let page = Page::of(
            self.state().bucket(&input.bucket)?,
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

    // ---- Objects

    async fn put_object(&self, request: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
        let S3Request { input, headers, trailing_headers, .. } = request;
        if input.if_match.is_some() || input.if_none_match.is_some() {
            return Err(s3_error!(NotImplemented, "This server does not do conditional writes"));
        }
        self.state().bucket(&input.bucket)?;
        let bytes = body::receive(input.body, &headers, trailing_headers).await?;
        let object = Object::new(
            bytes,
            Description {
                content_type: input.content_type,
                content_encoding: input.content_encoding,
                content_disposition: input.content_disposition,
                content_language: input.content_language,
                cache_control: input.cache_control,
                metadata: input.metadata,
            },
        );
        let e_tag = object.etag();
        self.state().bucket(&input.bucket)?.insert(input.key, object);
        answer(PutObjectOutput { e_tag, ..Default::default() })
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> Answer<GetObjectOutput> {
        let input = request.input;
        let object = self.state().object(&input.bucket, &input.key)?.clone();
        let (bytes, content_range) = part_of(&object, input.range)?;
        let described = object.described.clone();
        answer(GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: i64::try_from(bytes.len()).ok(),
            content_range,
            body: Some(Body::from(bytes).into()),
            e_tag: object.etag(),
            last_modified: Some(object.modified),
            content_type: described.content_type,
            content_encoding: described.content_encoding,
            content_disposition: described.content_disposition,
            content_language: described.content_language,
            cache_control: described.cache_control,
            metadata: described.metadata,
            ..Default::default()
        })
    }

    async fn head_object(&self, request: S3Request<HeadObjectInput>) -> Answer<HeadObjectOutput> {
        let input = request.input;
        let object = self.state().object(&input.bucket, &input.key)?.clone();
        let described = object.described.clone();
        answer(HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: object.size(),
            e_tag: object.etag(),
            last_modified: Some(object.modified),
            content_type: described.content_type,
            content_encoding: described.content_encoding,
            content_disposition: described.content_disposition,
            content_language: described.content_language,
            cache_control: described.cache_control,
            metadata: described.metadata,
            ..Default::default()
        })
    }

    async fn copy_object(&self, request: S3Request<CopyObjectInput>) -> Answer<CopyObjectOutput> {
        let input = request.input;
        let CopySource::Bucket { bucket, key, version_id: None } = &input.copy_source else {
            return Err(s3_error!(NotImplemented, "Only a bucket and a key can be copied from"));
        };
        let mut state = self.state();
        let mut object = state.object(bucket, key)?.clone();
        if input.metadata_directive.is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE)
        {
            object.described = Description {
                content_type: input.content_type,
                content_encoding: input.content_encoding,
                content_disposition: input.content_disposition,
                content_language: input.content_language,
                cache_control: input.cache_control,
                metadata: input.metadata,
            };
        }
        let copied = Object::new(object.bytes, object.described);
        let copy_object_result = Some(CopyObjectResult {
            e_tag: copied.etag(),
            last_modified: Some(copied.modified.clone()),
            ..Default::default()
        });
        state.bucket(&input.bucket)?.insert(input.key, copied);
        answer(CopyObjectOutput { copy_object_result, ..Default::default() })
    }

    async fn delete_object(&self, request: S3Request<DeleteObjectInput>) -> Answer<DeleteObjectOutput> {
        // Deleting what is not there succeeds.
        self.state().bucket(&request.input.bucket)?.remove(&request.input.key);
        answer(DeleteObjectOutput::default())
    }

    async fn delete_objects(&self, request: S3Request<DeleteObjectsInput>) -> Answer<DeleteObjectsOutput> {
        let Delete { objects, quiet } = request.input.delete;
        let mut state = self.state();
        let bucket = state.bucket(&request.input.bucket)?;
        let mut deleted = Vec::new();
        for ObjectIdentifier { key, .. } in objects {
            bucket.remove(&key);
            deleted.push(DeletedObject { key: Some(key), ..Default::default() });
        }
        let deleted = Some(deleted).filter(|_| quiet != Some(true));
        answer(DeleteObjectsOutput { deleted, ..Default::default() })
    }

    // ---- Uploads in parts

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> Answer<CreateMultipartUploadOutput> {
        let input = request.input;
        let described = Description {
            content_type: input.content_type,
            content_encoding: input.content_encoding,
            content_disposition: input.content_disposition,
            content_language: input.content_language,
            cache_control: input.cache_control,
            metadata: input.metadata,
        };
        let upload_id = Some(self.begin_upload(&input.bucket, &input.key, described)?);
        answer(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id,
            ..Default::default()
        })
    }

    async fn upload_part(&self, request: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
        let S3Request { input, headers, trailing_headers, .. } = request;
        if !(1..=10_000).contains(&input.part_number) {
            return Err(s3_error!(
                InvalidArgument,
                "Part number must be an integer between 1 and 10000, inclusive"
            ));
        }
        self.state().upload(&input.upload_id, &input.bucket, &input.key)?;
        let bytes = body::receive(input.body, &headers, trailing_headers).await?;
        let part = Object::new(bytes, Description::default());
        let e_tag = part.etag();
        let mut state = self.state();
        state.upload(&input.upload_id, &input.bucket, &input.key)?.parts.insert(input.part_number, part);
        answer(UploadPartOutput { e_tag, ..Default::default() })
    }

    async fn list_parts(&self, request: S3Request<ListPartsInput>) -> Answer<ListPartsOutput> {
        let input = request.input;
        let mut state = self.state();
        let upload = state.upload(&input.upload_id, &input.bucket, &input.key)?;
        let parts = upload.parts.iter().map(|(number, part)| Part {
            part_number: Some(*number),
            size: part.size(),
            e_tag: part.etag(),
            last_modified: Some(part.modified.clone()),
            ..Default::default()
        });
        answer(ListPartsOutput {
            parts: Some(parts.collect()),
            is_truncated: Some(false),
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(input.upload_id),
            ..Default::default()
        })
    }

    async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> Answer<ListMultipartUploadsOutput> {
        let input = request.input;
        let mut state = self.state();
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

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> Answer<CompleteMultipartUploadOutput> {
        let input = request.input;
        let listed = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
        let mut state = self.state();
        let object = state.upload(&input.upload_id, &input.bucket, &input.key)?.complete(&listed)?;
        let e_tag = object.etag();
        state.bucket(&input.bucket)?.insert(input.key.clone(), object);
        state.uploads.remove(&input.upload_id);
        answer(CompleteMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag,
            ..Default::default()
        })
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> Answer<AbortMultipartUploadOutput> {
        let input = request.input;
        let mut state = self.state();
        state.upload(&input.upload_id, &input.bucket, &input.key)?;
        state.uploads.remove(&input.upload_id);
        answer(AbortMultipartUploadOutput::default())
    }
}

/// The bytes that a Range asks for, and the Content-Range that says which they are.
fn part_of(object: &Object, range: Option<Range>) -> S3Result<(Bytes, Option<String>)> {
    let Some(range) = range else { return Ok((object.bytes.clone(), None)) };
    let full = object.bytes.len();
    let wanted = range.check(full as u64)?;
    let content_range = format!("bytes {}-{}/{full}", wanted.start, wanted.end - 1);
    // Both ends are within the length, which is a usize.
    let bytes = object.bytes.slice(wanted.start as usize..wanted.end as usize);
    Ok((bytes, Some(content_range)))
}

fn decode(token: &str) -> S3Result<String> {
    let decoded = percent_encoding::percent_decode_str(token).decode_utf8();
    decoded
        .map(Into::into)
        .map_err(|_| s3_error!(InvalidArgument, "The continuation token provided is incorrect"))
}
