//! The keys that the server accepts.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Result, s3_error};

/// One pair of keys, which can change while the server runs. Clones share it.
#[derive(Clone)]
pub struct AcceptedKeys(Arc<Mutex<(String, SecretKey)>>);

impl AcceptedKeys {
    pub fn new(access_key: &str, secret_key: &str) -> Self {
        Self(Arc::new(Mutex::new((access_key.to_owned(), secret_key.into()))))
    }

    pub fn change(&self, access_key: &str, secret_key: &str) {
        *self.pair() = (access_key.to_owned(), secret_key.into());
    }

    fn pair(&self) -> MutexGuard<'_, (String, SecretKey)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl S3Auth for AcceptedKeys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        let pair = self.pair();
        let (accepted, secret_key) = &*pair;
        if accepted != access_key {
            return Err(s3_error!(
                InvalidAccessKeyId,
                "The AWS Access Key Id you provided does not exist in our records."
            ));
        }
        Ok(secret_key.clone())
    }
}
