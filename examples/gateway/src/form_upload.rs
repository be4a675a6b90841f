//! Stores the file of a form. Its length is not known before its end, so a large one becomes a multipart
//! upload, which is completed only if the whole file is what the policy allows.

use bucket::client::CompletedPart;
use bucket::{Body, Client};
use bytes::{Bytes, BytesMut};
use countersign::ChecksumChecker;
use countersign::post_policy::VerifiedForm;
use http::HeaderMap;
use multer::Field;

use crate::answer;
use crate::form::{FileCheck, Stored, malformed};
use crate::form_fields;
use crate::gateway::Gateway;
use crate::refusal::Refusal;

/// The size of a part, and of the largest file that is sent in one piece. S3's minimum is 5 MiB.
const PART: usize = 8 << 20;

pub async fn store(
    gateway: &Gateway,
    form: &VerifiedForm,
    headers: HeaderMap,
    checksums: ChecksumChecker,
    mut file: Field<'static>,
) -> Result<Stored, Refusal> {
    let mut check = FileCheck::new(form, checksums);
    let client = gateway.storage.bucket(form.bucket());
    let headers = headers.iter().map(|(name, value)| {
        let value = value.to_str();
        let value = value.map_err(|_| Refusal::invalid_argument(format!("The field {name} is not ASCII")));
        Ok((name.as_str(), value?))
    });
    let headers: Vec<(&str, &str)> = headers.collect::<Result<_, Refusal>>()?;
    let mut buffer = BytesMut::new();
    let mut upload: Option<Upload> = None;
    while let Some(piece) = file.chunk().await.map_err(malformed)? {
        check.update(&piece)?;
        buffer.extend_from_slice(&piece);
        // More than a part: the last one is never empty, and is sent only after the check.
        if buffer.len() > PART {
            let part = buffer.split_to(PART).freeze();
            let upload = match &mut upload {
                Some(upload) => upload,
                None => upload.insert(Upload::create(client.clone(), form.key(), &headers).await?),
            };
            upload.part(part).await?;
        }
    }
    check.finish()?;
    let last = buffer.freeze();
    let etag = match upload {
        None => put(&client, form, &headers, last).await?,
        Some(mut upload) => {
            upload.part(last).await?;
            upload.complete().await?
        }
    };
    Ok(Stored { etag })
}

async fn put(
    client: &Client,
    form: &VerifiedForm,
    headers: &[(&str, &str)],
    file: Bytes,
) -> Result<String, Refusal> {
    let call = client.call("PUT", form.key(), &[]).map_err(of_server)?.headers(headers);
    let call = form_fields::declared(form).fold(call, |call, (name, value)| call.header(name, value));
    let answer = client.storage().send(call.body(Body::bytes(file))).await.map_err(of_server)?;
    let etag = answer.headers().get("etag").and_then(|etag| etag.to_str().ok());
    Ok(etag.unwrap_or_default().to_owned())
}

/// A multipart upload that is aborted unless it is completed, also if the client goes away.
struct Upload {
    client: Client,
    key: String,
    id: Option<String>,
    parts: Vec<CompletedPart>,
}

impl Upload {
    async fn create(client: Client, key: &str, headers: &[(&str, &str)]) -> Result<Self, Refusal> {
        let id = client.create_upload(key, headers).await.map_err(of_server)?;
        Ok(Self { client, key: key.to_owned(), id: Some(id), parts: Vec::new() })
    }

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    async fn part(&mut self, part: Bytes) -> Result<(), Refusal> {
        let number = u32::try_from(self.parts.len()).unwrap_or(u32::MAX).saturating_add(1);
        let sent = self.client.upload_part(&self.key, self.id(), number, Body::bytes(part), &[]).await;
        let etag = sent.map_err(of_server)?.etag;
        self.parts.push(CompletedPart { number, etag, checksum: None });
        Ok(())
    }

    async fn complete(mut self) -> Result<String, Refusal> {
        let done = self.client.complete_upload(&self.key, self.id(), &self.parts, &[]).await;
        let etag = done.map_err(of_server)?;
        self.id = None;
        Ok(etag)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let (client, key) = (self.client.clone(), std::mem::take(&mut self.key));
        tokio::spawn(async move {
            if let Err(error) = client.abort_upload(&key, &id).await {
                tracing::warn!(%error, key, "an upload of a form was not aborted");
            }
        });
    }
}

fn of_server(error: bucket::Error) -> Refusal {
    match error {
        bucket::Error::Refused(refusal) => {
            let status = http::StatusCode::from_u16(refusal.status).unwrap_or_default();
            answer::error(status, &refusal.answer)
        }
        error => error.into(),
    }
}
