//! [`ParameterNames`]: the parameters of a presigned URL that an error names.

use core::fmt;

/// Names of some of the six parameters that every presigned URL has.
///
/// ```
/// use countersign::*;
///
/// let url = "/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20130524T000000Z&X-Amz-Signature=00\
///            &X-Amz-SignedHeaders=host&X-Amz-Credential=AKIDEXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request";
/// let headers = [("host", "examplebucket.s3.amazonaws.com")];
/// let request = Request::new("GET", url, &headers);
/// let verifier = Verifier::new("us-east-1", Service::S3)?;
///
/// match verifier.claim(&request, ReceivedBody::Unread, Timestamp::now()) {
///     Err(VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::MissingParameters {
///         names, ..
///     })) => assert_eq!(names.to_string(), "X-Amz-Expires"),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ParameterNames(u8);

/// The six parameters, in the order of S3's message. The index of a name is the index of its bit.
const NAMES: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
];

impl ParameterNames {
    /// Returns those of the six names that `is_named` selects.
    pub(crate) fn select(is_named: impl Fn(&str) -> bool) -> Self {
        let bits = NAMES.iter().zip(0..).map(|(name, index)| u8::from(is_named(name)) << index);
        Self(bits.fold(0, |all, bit| all | bit))
    }

    /// Returns the names, in the order of S3's message: algorithm, credential, signature, date, signed headers, lifetime.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        let bits = self.0;
        NAMES.into_iter().zip(0..).filter(move |(_, index)| bits >> index & 1 == 1).map(|(name, _)| name)
    }
}

/// Compares the names with a list in the order of [`iter`](Self::iter).
impl<const N: usize> PartialEq<[&str; N]> for ParameterNames {
    fn eq(&self, names: &[&str; N]) -> bool {
        self.iter().eq(names.iter().copied())
    }
}

/// Prints the names, separated by commas.
impl fmt::Display for ParameterNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl fmt::Debug for ParameterNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
