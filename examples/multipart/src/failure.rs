//! The engine's errors in words, with the next step and the exit code.

use bucket::Exit;
use bucket::cli::Failure;
use multipart::Error;

const AGAIN: &str = "run the same command again: what is there already is not sent again";

const TEMPORARY: &str = "set TMPDIR to a folder with room for the parts that are sent at the same time, \
    or use a smaller --part-size or --concurrency";

const CLOBBER: &str = "name another file, or leave out --no-clobber to replace this one: what was received is not \
    fetched again";

/// Returns advice for refusals that mean something else for a transfer than for one request.
fn refused(error: &bucket::Error) -> Option<String> {
    Some(match error.code()? {
        "NotFound" | "NoSuchKey" => "there is no such object: check the bucket and the key".to_owned(),
        // The answer to HEAD has no body, and so no code but the words of its status.
        "AccessDenied" | "Forbidden" => RIGHTS.to_owned(),
        "InvalidPart" => format!("the server has lost a part: {AGAIN}"),
        _ => return None,
    })
}

const RIGHTS: &str = "the credentials need s3:PutObject and s3:AbortMultipartUpload to upload, s3:GetObject to \
    download, and s3:ListBucketMultipartUploads and s3:ListMultipartUploadParts to continue an upload";

/// Returns the failure of the task that `what` names.
pub fn of(error: Error, what: &str) -> Failure {
    let (exit, advice) = match &error {
        Error::Storage(source) => (source.exit(), refused(source).or_else(|| source.advice())),
        Error::GaveUp { source, .. } | Error::Budget { source } => {
            let first = source.advice().map(|advice| format!("{advice}; then "));
            (Exit::Failed, Some(first.unwrap_or_default() + AGAIN))
        }
        Error::File { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
            (Exit::Failed, Some(format!("free space on the disk; then {AGAIN}")))
        }
        Error::Exists { .. } => {
            (Exit::Unmet, Some("leave out --if-none-match to replace the object".to_owned()))
        }
        Error::FileExists { .. } => (Exit::Unmet, Some(CLOBBER.to_owned())),
        Error::Changed { .. } | Error::ObjectChanged => {
            (Exit::Failed, Some("run the same command again when no program writes to it".to_owned()))
        }
        Error::Unproven => {
            (Exit::Unmet, Some("use --unproven to accept it; the bytes are not fetched again".to_owned()))
        }
        Error::Differs { .. } => (Exit::Failed, Some("run the same command again".to_owned())),
        Error::Plan(_) => (Exit::Usage, None),
        Error::NotAFile { .. } => (Exit::Usage, Some("name another file".to_owned())),
        Error::Temporary { .. } => (Exit::Failed, Some(TEMPORARY.to_owned())),
        _ => (Exit::Failed, None),
    };
    let failure = Failure::new(exit, what).because(error);
    match advice {
        Some(advice) => failure.advice(advice),
        None => failure,
    }
}
