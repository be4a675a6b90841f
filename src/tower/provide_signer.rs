//! [`ProvideSigner`], the source of a client's signer.

use alloc::sync::Arc;
use core::convert::Infallible;
use core::future::{Future, ready};

use super::BoxError;
use crate::sign::{RotatingSigner, Signer};

/// Provides the signer of each request, whose credentials may be renewed meanwhile.
///
/// It is implemented for [`Signer`] and [`RotatingSigner`] in an [`Arc`], and for async closures.
///
/// ```
/// use core::time::Duration;
/// use std::sync::Arc;
///
/// use countersign::tower::SignLayer;
/// use countersign::*;
///
/// # async fn fetch() -> Result<Credentials, CredentialsError> {
/// #     Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))
/// # }
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// // Renews the credentials five minutes before they expire.
/// let signer = Arc::new(RotatingSigner::new(Signer::new(credentials, "us-east-1", Service::S3)?));
/// let layer = SignLayer::new(move || {
///     let signer = Arc::clone(&signer);
///     async move {
///         if let Some(refresh) = signer.start_refresh(Timestamp::now(), Duration::from_secs(300)) {
///             refresh.finish(fetch().await?)?;
///         }
///         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(signer.current())
///     }
/// });
/// # let _ = layer;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ProvideSigner: Send + Sync + 'static {
    /// The error if there is no signer. The request is then not sent.
    type Error: Into<BoxError>;

    /// Returns the signer for the next request.
    fn signer(&self) -> impl Future<Output = Result<Arc<Signer>, Self::Error>> + Send;
}

impl ProvideSigner for Arc<Signer> {
    type Error = Infallible;

    fn signer(&self) -> impl Future<Output = Result<Self, Infallible>> + Send {
        ready(Ok(Self::clone(self)))
    }
}

impl ProvideSigner for Arc<RotatingSigner> {
    type Error = Infallible;

    fn signer(&self) -> impl Future<Output = Result<Arc<Signer>, Infallible>> + Send {
        ready(Ok(self.current()))
    }
}

impl<F, R, E> ProvideSigner for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<Arc<Signer>, E>> + Send,
    E: Into<BoxError>,
{
    type Error = E;

    fn signer(&self) -> impl Future<Output = Result<Arc<Signer>, E>> + Send {
        self()
    }
}
