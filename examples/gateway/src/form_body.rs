//! The body of a form. What precedes its file is not verified yet, and has a limit: `multer` would collect all of it.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bucket::AnyError;
use bytes::Bytes;
use http_body::{Body, Frame};
use pin_project_lite::pin_project;

use crate::received::Received;
use crate::refusal::Refusal;

/// The most that is read before the file begins. It is more than the fields may have, because `multer` reads
/// at each call, also if it has the field already.
const MAX_BEFORE_FILE: usize = 1 << 20;
/// The longest piece before the file.
const PIECE: usize = 1 << 10;

pin_project! {
    /// A body that ends with an error if its file does not begin.
    pub struct FormBody {
        #[pin]
        body: Received,
        rest: Bytes,
        read: usize,
        has_given: bool,
        file_begins: Arc<AtomicBool>,
    }
}

/// The reason to end a form whose file does not begin.
#[derive(Debug)]
pub struct TooMuchBeforeFile;

impl FormBody {
    /// Sets the limit for what precedes the file, until `file_begins`.
    pub fn new(body: Received, file_begins: Arc<AtomicBool>) -> Self {
        Self { body, rest: Bytes::new(), read: 0, has_given: false, file_begins }
    }
}

impl Body for FormBody {
    type Data = Bytes;
    type Error = AnyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, AnyError>>> {
        let this = self.project();
        // `multer` reads as long as there is something, and parses then.
        if std::mem::take(this.has_given) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.rest.is_empty() {
            match ready!(this.body.poll_frame(cx)) {
                Some(Ok(frame)) => *this.rest = frame.into_data().unwrap_or_default(),
                end => return Poll::Ready(end),
            }
        }
        *this.has_given = true;
        if this.file_begins.load(Ordering::Relaxed) {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(this.rest)))));
        }
        let piece = this.rest.split_to(this.rest.len().min(PIECE));
        *this.read = this.read.saturating_add(piece.len());
        if *this.read > MAX_BEFORE_FILE {
            return Poll::Ready(Some(Err(TooMuchBeforeFile.into())));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl fmt::Display for TooMuchBeforeFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the file of the form does not begin within {MAX_BEFORE_FILE} bytes")
    }
}

impl Error for TooMuchBeforeFile {}

/// Returns S3's error if a form broke off because its file did not begin.
pub fn too_much(error: &(dyn Error + 'static)) -> Option<Refusal> {
    let mut causes = std::iter::successors(Some(error), |error| (*error).source());
    let cause = causes.find(|error| error.is::<TooMuchBeforeFile>())?;
    Some(refusal().because(cause.to_string()))
}

/// Returns S3's error for a form with too much before its file.
pub fn refusal() -> Refusal {
    let message = "Your POST request fields preceding the upload file were too large.";
    Refusal::new(400, "MaxPostPreDataLengthExceeded", message)
}
