//! [`CauseName`]: every cause, with its part of the request, who brings it about, why, and what
//! to change. A table.

use core::fmt;

use super::Part;

/// Declares [`CauseName`] and its table.
macro_rules! causes {
    ($($variant:ident $name:literal $part:ident, $likely:literal, $why:literal, $fix:literal;)*) => {
        /// The name of a cause. Names are stable.
        ///
        /// ```
        /// use countersign::diagnose::CauseName;
        ///
        /// assert_eq!(CauseName::HostRewritten.as_str(), "host-rewritten");
        /// assert_eq!(CauseName::parse("host-rewritten"), Some(CauseName::HostRewritten));
        /// println!("{}", CauseName::HostRewritten.fix());
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum CauseName {
            $(#[doc = $why] $variant,)*
        }

        impl CauseName {
            /// Every cause, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the stable name, in kebab-case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns the part of the request or of the signature that differs.
            #[must_use]
            pub const fn part(self) -> Part {
                match self { $(Self::$variant => Part::$part,)* }
            }

            /// Returns who brings this cause about most often.
            #[must_use]
            pub const fn likely(self) -> &'static str {
                match self { $(Self::$variant => $likely,)* }
            }

            /// Returns one sentence about why the request is refused.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $(Self::$variant => $why,)* }
            }

            /// Returns one change to make.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix,)* }
            }
        }
    };
}

causes! {
    // The answer is not about the signature.
    Redirect "redirect" Answer, "the configuration names another region or endpoint than the bucket's",
        "The bucket is at another endpoint, so the service sent a redirect and did not check the signature.",
        "Sign the request for the host and region that the answer names, and do not follow redirects automatically.";
    AccessDenied "access-denied" Answer, "a policy of the account, of the bucket or of the key",
        "The service accepted the signature, and a policy refuses the operation.",
        "Allow the operation in the policies of the identity and of the resource; the signature is correct.";
    Cors "cors" Answer, "the CORS configuration of the bucket, or a preflight without one",
        "The browser or the service refused a cross-origin request; the signature was not checked.",
        "Add the page's origin, the method and the headers to the CORS configuration of the bucket.";
    ExpiredUrl "expired-url" Time, "a URL that was stored, or credentials that ended before the URL did",
        "The presigned URL has expired.",
        "Create a new URL shortly before it is used, or with a longer lifetime.";
    ExpiredForm "expired-form" Time, "a page that was open for longer than the policy allows",
        "The policy of the form has expired.",
        "Create the form shortly before it is used, or with a later expiration.";
    ExpiredToken "expired-token" Answer, "credentials that were read once at start and never refreshed",
        "The temporary credentials have expired.",
        "Get new credentials, and read them again before each request.";
    NotYetValid "not-yet-valid" Time, "the clock of the signer",
        "The time of the signature is in the future.",
        "Set the clock of the machine that signs, and sign with UTC.";
    ClockSkew "clock-skew" Time, "the clock of the signer, or a queue that sends a stored signature again",
        "The time of the request differs too much from the time of the service.",
        "Synchronize the clock of the machine that signs (NTP); if it is right, sign at each attempt, directly before sending.";
    TimeZone "time-zone" Time, "a program that formats local time and appends Z",
        "The time of the request differs from the time of the service by a time zone.",
        "Format the time in UTC, not in local time.";
    UnknownAccessKey "unknown-access-key" Answer, "a deleted key, or the key of another account, partition or server",
        "The service does not know the access key id, so it did not compare signatures.",
        "Use an access key that exists and is active at this service.";
    NoSignature "no-signature" Answer, "a proxy or a redirect that removed the Authorization header, or a client without credentials",
        "The request that the service received has no signature.",
        "Find where the Authorization header is lost, or give the client its credentials.";
    InvalidToken "invalid-token" Answer, "a session token of other credentials",
        "The session token is not the one that belongs to the access key.",
        "Take access key, secret and session token from the same answer of STS.";
    Throttled "throttled" Answer, "more requests than the service allows",
        "The service refused the request because there were too many.",
        "Send the request again later, with a pause that grows.";
    NotFound "not-found" Answer, "a bucket or key that does not exist at this endpoint",
        "The service found no such bucket or key; the signature is not the problem.",
        "Correct the name of the bucket or of the key, or the endpoint.";
    OtherError "other-error" Answer, "the operation or its arguments",
        "The service reports an error that is not about the signature.",
        "Correct what the message of the service names.";
    NotAws "not-aws" Answer, "a proxy, a firewall or a login page",
        "The answer is not from a service that checks AWS signatures.",
        "Send the request directly to the service, and compare the answers.";
    MalformedRequest "malformed-request" Answer, "a client or proxy that writes the request by hand",
        "The request is malformed, so no signature was computed.",
        "Correct the part of the request that the message names.";

    // The form of the signature.
    SignatureVersion2 "signature-version-2" Algorithm, "an old SDK, or a configuration with signature version s3 or v2",
        "The request is signed with Signature Version 2, and the service expects Version 4.",
        "Configure the client for Signature Version 4 (s3v4).";
    Algorithm "algorithm" Algorithm, "a client that signs with SigV4a, or a misspelled algorithm",
        "The service does not accept the algorithm of the signature.",
        "Sign with AWS4-HMAC-SHA256.";
    TwoSignatures "two-signatures" Url, "a client that adds its own Authorization header to a presigned URL",
        "The request has two signatures: one in the Authorization header and one in the query.",
        "Send a presigned URL without an Authorization header.";
    AuthorizationMalformed "authorization-malformed" Algorithm, "a signer that writes the Authorization header by hand",
        "The Authorization header or the parameters of the signature are malformed.",
        "Correct the component that the message names.";
    UrlCutOff "url-cut-off" Url, "copying a URL that a terminal, mail or database column truncated",
        "The presigned URL ends before its signature is complete.",
        "Copy the whole URL; the signature has 64 hexadecimal digits.";
    UrlHtmlEscaped "url-html-escaped" Url, "copying a URL from HTML or XML source",
        "The presigned URL contains `&amp;` instead of `&`, so its parameters have other names.",
        "Decode the HTML entities of the URL before it is sent.";
    UrlEncodedAgain "url-encoded-again" Url, "a program that encodes a URL that is encoded already",
        "The presigned URL was percent-encoded a second time.",
        "Send the URL as the signer returned it.";
    StaleAnswer "stale-answer" Time, "a retry that was signed again, or a log of several requests",
        "The answer is about another request than the one that was signed: the times differ.",
        "Compare a request with its own answer.";

    // Method.
    Method "method" Method, "a URL that was signed for another operation, or a client that changes the method",
        "The request was sent with another method than the one that was signed.",
        "Sign the method that is sent: HEAD, GET and PUT need a URL each.";

    // Host.
    HostPort "host-port" Header, "an HTTP client, proxy or container that adds or removes the port",
        "The Host header that the service received has another port than the signed one.",
        "Sign the host exactly as it is sent, and let the proxy pass Host unchanged.";
    HostCase "host-case" Header, "an HTTP client that sends the host in lower case",
        "The signed host has upper-case letters, and the received one has not, or the reverse.",
        "Write the host in lower case before signing.";
    HostRewritten "host-rewritten" Header, "a reverse proxy or gateway that replaces Host, or a signer that uses an internal name",
        "The Host header that the service received is not the one that was signed.",
        "Let the proxy pass Host unchanged (nginx: proxy_set_header Host $http_host), or sign the name that the service receives.";
    AddressStyle "address-style" Header, "a client that is configured for path style, and a URL in virtual-hosted style, or the reverse",
        "The bucket is in the host on one side, and in the path on the other.",
        "Use one addressing style for signing and for sending.";

    // Path.
    PathPrefix "path-prefix" Path, "a reverse proxy or router that adds or removes a prefix",
        "The path that the service received has another prefix than the signed path.",
        "Let the proxy pass the path unchanged, or sign the path that the service receives.";
    PathParameters "path-parameters" Path, "a servlet container or proxy that reads `;` as the start of a path parameter",
        "A part of the path from a semicolon to the next slash was removed or added after signing.",
        "Let the proxy pass the raw path unchanged; in Spring: removeSemicolonContent=false; or rename keys with a semicolon.";
    PathPlus "path-plus" Path, "a library that encodes a path as if it were a form",
        "A space or a plus sign in the path is spelled differently on both sides.",
        "Write a space in a key as %20 and a plus sign as %2B.";
    PathDoubleEncoding "path-double-encoding" Path, "a signer with the rules of another service",
        "One side encoded the path once, and the other side twice.",
        "Encode the path once for S3, and twice for every other service.";
    PathReserved "path-reserved-characters" Path, "a URL library that leaves reserved characters unencoded",
        "A character of the path is percent-encoded on one side only.",
        "Encode every byte except letters, digits, `-`, `.`, `_`, `~` and the slashes between segments.";
    PathEncodedSlash "path-encoded-slash" Path, "a program that encodes a whole key as one segment",
        "A slash in the path is written as %2F on one side, and as / on the other.",
        "Encode the segments of the key, and keep the slashes between them.";
    PathNormalized "path-normalized" Path, "an HTTP client, URL library or proxy that cleans up paths",
        "One side removed `//`, `.` or `..` from the path.",
        "Send the path as it is signed: S3 keeps such segments, other services resolve them.";
    PathTrailingSlash "path-trailing-slash" Path, "a router or URL library that adds or removes the last slash",
        "The path ends with a slash on one side only.",
        "Sign the path that is sent.";
    PathBackslash "path-backslash" Path, "a program that joins keys as paths of Windows",
        "The key contains a backslash where the other side has a slash.",
        "Write the separators of a key as slashes.";
    PathUnicode "path-unicode" Path, "a file system or library with another character encoding or normal form",
        "A character that is not ASCII has other bytes on both sides.",
        "Normalize the name once, to NFC or to NFD (macOS returns NFD), and use the same UTF-8 string in the signer and in the URL.";
    PathCase "path-case" Path, "a proxy or program that changes letters",
        "The path differs only in upper and lower case.",
        "Sign the path that is sent.";
    PathChanged "path-changed" Path, "a URL for another object, or a proxy that rewrites the path",
        "The service received another path than the signed one.",
        "Sign the path that is sent.";
    BucketName "bucket-name" Path, "a setting that contains s3://, a folder or a URL instead of a bucket's name",
        "The name of the bucket contains `s3://` or a folder.",
        "Set the bucket to its plain name, and put the folder into the key.";
    PercentSpelling "percent-spelling" Url, "a library that writes lower-case hexadecimal digits or encodes unreserved characters",
        "Both sides mean the same characters, and spell them differently.",
        "Write percent-encoding in upper case, and do not encode letters, digits, `-`, `.`, `_` and `~`.";

    UrlParts "url-parts" Url, "a signer that was written by hand, or a URL library that returns more than the path",
        "The path or the query of the canonical request contains another part of the URL, or misses its first slash.",
        "Split the URL at its first question mark: the path begins with a slash, and the query does not contain the question mark.";
    ParametersMoved "parameters-moved" Query, "a client or proxy that moves the parameters of a form between query and body",
        "The parameters are in the query on one side, and in the body on the other.",
        "Send the parameters where they were signed.";

    // Query.
    QueryOrder "query-order" Query, "a signer that sorts `name=value` strings, sorts before it encodes, or does not sort",
        "Both sides have the same query parameters in another order.",
        "Sort the encoded parameters by name, then by value, as bytes.";
    QueryValueless "query-valueless" Query, "a signer that omits the = of a parameter without a value",
        "A parameter without a value is signed without its `=`.",
        "Write `name=` in the canonical query, also if the value is empty.";
    QueryPlus "query-plus" Query, "a library that encodes a query as a form",
        "A space in the query is written as + on one side, and as %20 on the other.",
        "Write a space in the query as %20.";
    QueryEncoding "query-encoding" Query, "a signer that does not encode, or encodes a second time",
        "A query parameter is encoded differently on both sides.",
        "Encode each name and each value once, with every byte except unreserved characters.";
    QueryRepeated "query-repeated" Query, "a map of parameters that keeps one value for each name",
        "A repeated query parameter is signed once and sent twice, or the reverse.",
        "Keep all values of a parameter, and sign all of them.";
    QueryNotSigned "query-not-signed" Query, "a signer that signs the path only",
        "The query was sent and not signed.",
        "Give the signer the whole URL with its query.";
    QueryParameter "query-parameter" Query, "a proxy, CDN or HTTP client that adds or removes parameters after signing",
        "A query parameter is on one side only.",
        "Add all parameters before signing, and add none afterwards.";
    QueryChanged "query-changed" Query, "a program that changes a URL after signing",
        "A query parameter has another value than the signed one.",
        "Sign the URL that is sent.";

    // Headers.
    ContentType "content-type" Header, "a browser or HTTP client that sets Content-Type or appends a charset",
        "The Content-Type that was sent is not the one that was signed.",
        "Set the header explicitly when the request is sent, or do not sign it.";
    ContentLength "content-length" Header, "a gateway or proxy that sends the body again in chunks, or an HTTP client that computes Content-Length itself",
        "The signed Content-Length is not the received one.",
        "Do not sign Content-Length, or let the gateway or proxy keep it instead of sending the body in chunks.";
    TransferEncoding "transfer-encoding" Header, "a client that streams a body of unknown length",
        "The request has both Content-Length and Transfer-Encoding, or one of them is signed and was replaced by the other.",
        "Send a body of known length with Content-Length only, and do not sign Transfer-Encoding.";
    Tracing "tracing-header" Header, "instrumentation of the HTTP client: OpenTelemetry, Datadog, Sentry, New Relic, X-Ray or Elastic",
        "A tracing header was signed, and was changed, repeated or removed afterwards.",
        "Do not sign tracing headers, or inject them once and before signing.";
    VolatileHeader "volatile-header" Header, "a proxy, load balancer, CDN or HTTP client that owns this header",
        "A header was signed that is changed on the way to the service.",
        "Remove the header from the signed headers.";
    HeaderWhitespace "header-whitespace" Header, "a signer that does not trim values or fold spaces",
        "A header value differs only in spaces.",
        "Remove spaces at both ends of the value, and replace runs of spaces by one.";
    HeaderValueCase "header-value-case" Header, "a client or store that changes upper and lower case",
        "A header value differs only in upper and lower case.",
        "Sign the value that is sent.";
    HeaderNonAscii "header-non-ascii" Header, "a client that writes header values in another character encoding",
        "A header value that is not ASCII has other bytes on both sides.",
        "Percent-encode or Base64-encode the value, so that it is ASCII.";
    HeaderRepeated "header-repeated" Header, "a client or proxy that joins or repeats headers",
        "A repeated header is joined in another order, with other spaces, or has another number of values.",
        "Send the header once, with its values joined by a comma.";
    HeaderMissing "header-missing" Header, "the sender of a presigned URL that does not know of the header, or a proxy that removes it",
        "A signed header was not in the request that the service received.",
        "Send every header that SignedHeaders names, with the signed value.";
    HeaderNotSigned "header-not-signed" SignedHeaders, "a program or proxy that adds headers after signing",
        "A header that must be signed is not signed.",
        "Add the header before signing.";
    HeaderChanged "header-changed" Header, "a program or proxy that changes headers after signing",
        "A signed header has another value than the signed one.",
        "Send the header with the signed value, or do not sign it.";
    HeaderContradicts "header-contradicts" Header, "a client that sends a header in addition to the parameter of a presigned URL",
        "A header of the request contradicts the signed parameter of the same name.",
        "Do not send the header, or send the value that the URL states.";
    SignedHeadersOrder "signed-headers-order" SignedHeaders, "a signer that sorts header names before it writes them in lower case, or not at all",
        "The signed headers are in another order or case.",
        "Write the names in lower case, then sort them as bytes.";
    SignedHeadersList "signed-headers-list" SignedHeaders, "a signer that lists other headers than it signs",
        "The list of signed headers is not the list of the headers that were signed.",
        "Write the same names into the canonical headers, the list, and the Authorization header.";
    DateHeader "date-header" Header, "a signer that reads the clock twice, or a client that sets its own date",
        "The date header that was sent is not the signed one.",
        "Read the clock once, and use that time in the header, in the string to sign and in the scope.";
    CanonicalLines "canonical-lines" SignedHeaders, "a signer that was written by hand",
        "The lines of the canonical request are joined in another way: the empty line after the headers is missing or repeated, the last line is missing or ends with a line feed, or line endings are CR LF.",
        "End every line except the last with a line feed, and write one empty line after the headers.";

    // Session token.
    TokenMissing "session-token-missing" Header, "a program that reads the access key and the secret, and not the token",
        "The credentials are temporary, and the request has no session token.",
        "Give the signer the session token that belongs to the access key.";
    TokenNotSigned "session-token-not-signed" Header, "a signer that adds the token after signing",
        "The session token was sent and not signed.",
        "Add the token before signing; only AWS IoT expects it afterwards.";
    TokenSigned "session-token-signed" Query, "a signer without the special rule of AWS IoT",
        "The session token was signed, and this service expects it to be added after signing.",
        "Sign without the token, and append it to the URL.";
    TokenChanged "session-token-changed" Header, "a program that mixes two sets of credentials, or encodes the token wrongly",
        "The session token that was sent is not the signed one.",
        "Take the token from the same credentials, and encode it once.";

    // Payload.
    PayloadEmpty "payload-empty-hash" Payload, "a signer that was called before the body was set, or a body that was read already",
        "The hash of an empty body was signed, and the request has a body.",
        "Sign the body that is sent.";
    PayloadLost "payload-lost" Payload, "a retry with a stream that was read already, or a proxy that dropped the body",
        "A body was signed, and the service received none.",
        "Rewind the body before a retry, and sign again.";
    PayloadNewline "payload-newline" Payload, "a program that converts line endings or trims the body",
        "The body differs from the signed one in its line endings, its last line feed, or spaces at its ends.",
        "Sign the bytes that are sent.";
    PayloadUnsigned "payload-unsigned" Payload, "a client that was configured for unsigned payloads, or for signed ones, on one side only",
        "One side used `UNSIGNED-PAYLOAD`, and the other the hash of the body.",
        "Send x-amz-content-sha256 with the value that was signed.";
    PayloadStreaming "payload-streaming" Payload, "an SDK that computes checksums by default, and an older server",
        "One side expects a body in chunks (`STREAMING-…`), and the other does not.",
        "Set the SDK's checksum calculation to WHEN_REQUIRED, or update the server.";
    ChunkSignature "chunk-signature" Payload, "a signer that does not chain the chunks, or a proxy that changes the body",
        "The headers are signed, and the signature of a chunk or of the trailer is wrong.",
        "Sign each chunk with the signature of the chunk before it, the first one with that of the headers, and send these bytes.";
    PayloadHashCase "payload-hash-case" Payload, "a signer that writes hexadecimal digits in upper case",
        "The hash of the body is written in upper case.",
        "Write the hash in lower case.";
    PayloadChanged "payload-changed" Payload, "a client, middleware or proxy that changes, compresses or serializes the body again",
        "The body that the service received is not the signed one.",
        "Sign the bytes that are sent, after compression and serialization.";
    PayloadHeader "payload-header" Header, "a signer without the rule of S3",
        "`x-amz-content-sha256` is missing or has a value that the service does not accept.",
        "Send x-amz-content-sha256 with the hash of the body or UNSIGNED-PAYLOAD, and sign it.";

    // Scope and string to sign.
    Region "region" Scope, "a default region",
        "The request is signed for another region than the service's.",
        "Sign for the region of the endpoint.";
    Service "service" Scope, "a signer with the endpoint's name instead of the signing name",
        "The request is signed for another service.",
        "Sign with the service's signing name.";
    ScopeDate "scope-date" Scope, "a signing key or scope that was cached past midnight UTC",
        "The day of the credential scope is not the day of the request.",
        "Take the day of the scope from the time of the request, in UTC.";
    StringToSignTime "string-to-sign-time" Time, "a signer that reads the clock twice",
        "The time in the string to sign is not the time that was sent.",
        "Read the clock once, and use that time everywhere.";
    StringToSign "string-to-sign" Scope, "a signer that was written by hand",
        "The string to sign has another form than four lines with the hash in lower case.",
        "Write algorithm, time, scope and the hash of the canonical request in lower-case hexadecimal, separated by line feeds.";
    CanonicalRequestUnknown "canonical-request" Answer, "the cause cannot be seen without the service's canonical request",
        "The canonical requests differ; the answer does not contain the service's.",
        "Get the service's canonical request, or compare your request with the one on the wire.";

    // Secret and key.
    SecretWhitespace "secret-whitespace" Key, "a file, environment variable or form field with a line ending or space",
        "The secret was used with a space or line ending at its start or end.",
        "Trim the secret where it is read.";
    SecretQuoted "secret-quoted" Key, "an environment file or template that keeps the quotation marks",
        "The secret was used with quotation marks.",
        "Remove the quotation marks where the secret is read.";
    SecretInvisible "secret-invisible-character" Key, "copying the secret from a document, or a file with a byte order mark",
        "The secret contains a character that is not visible.",
        "Type or copy the secret again as plain text.";
    SecretPercentEncoded "secret-percent-encoded" Key, "a connection URL that contains the secret",
        "The secret was used in its percent-encoded form, or was decoded although it was not encoded.",
        "Decode the secret once if it is from a URL, and never otherwise.";
    SecretPlusSpace "secret-plus-space" Key, "a form decoder or shell that turned + into a space",
        "The plus signs of the secret became spaces.",
        "Read the secret without form decoding.";
    SecretTruncated "secret-truncated" Key, "selecting the secret with a double click, or a field that is too short",
        "The secret was used without its first or last characters.",
        "Copy the whole secret; a secret of AWS has 40 characters.";
    SecretCase "secret-case" Key, "a store that changes upper and lower case",
        "The secret was used in another case.",
        "Store the secret unchanged.";
    SecretIsKeyId "secret-is-access-key" Key, "two settings that were swapped",
        "The access key id was used as the secret.",
        "Set the secret access key, and check that both settings are not swapped.";
    SecretTokenUsed "secret-is-session-token" Key, "two settings that were swapped",
        "The session token was used as the secret.",
        "Set the secret access key and the session token, each in its own setting.";
    SecretEmpty "secret-empty" Key, "a variable that is not set",
        "The signature was computed with an empty secret.",
        "Set the secret access key.";
    SecretWrong "secret-wrong" Key, "a secret of another access key, or a signer with a mistake in the key derivation",
        "The secret, the key derivation or a step that is not known is wrong, or a value was replaced by one that is not known here.",
        "Run the diagnosis with the right secret, and set access key id and secret again, from the same pair; then compare path, query and headers with those that were signed.";
    KeyPrefix "key-without-aws4" Key, "a signer that was written by hand",
        "The key was derived without the prefix `AWS4` of the secret, or with a second one.",
        "Begin the derivation with HMAC(\"AWS4\" + secret, date).";
    KeyHex "key-hex" Key, "a library whose HMAC function returns hexadecimal text by default",
        "A derived key was used as hexadecimal text instead of bytes.",
        "Use the raw bytes of each HMAC as the next key, and write only the signature in hexadecimal.";
    KeyOrder "key-order" Key, "a signer that was written by hand",
        "The key was derived from date, region and service in another order, or with key and message swapped.",
        "Derive in this order: date, region, service, aws4_request.";
    KeyDate "key-date" Key, "a signing key that was cached past midnight UTC",
        "The key was derived for another day.",
        "Derive the key for the day of the request, in UTC.";
    KeyRegion "key-region" Key, "a cached signing key, or a client with two regions",
        "The key was derived for another region than the scope names.",
        "Derive the key from the scope of the request.";
    KeyService "key-service" Key, "a cached signing key, or a client with two services",
        "The key was derived for another service than the scope names.",
        "Derive the key from the scope of the request.";
    KeyTerminator "key-terminator" Key, "a signer that was written by hand",
        "The last HMAC of the derivation, over `aws4_request`, is missing.",
        "Derive k_signing with HMAC(k_service, \"aws4_request\").";
    SignatureEncoding "signature-encoding" Key, "a signer that was written by hand",
        "The signature is not 64 hexadecimal digits in lower case: it is incomplete, too long, in upper case or in Base64.",
        "Copy the whole signature, and write it as 64 hexadecimal digits in lower case.";
    SignatureAltered "signature-altered" Key, "copying the request, or a program that rewrites the signature",
        "The signature that the service received is not the one that was computed.",
        "Send the signature unchanged.";

    // Forms.
    FormField "form-field" Form, "a page that adds fields after the policy was written",
        "The form has a field that its policy does not mention.",
        "Add a condition for the field to the policy, or remove the field; names that begin with x-ignore- are allowed.";
    FormCondition "form-condition" Form, "a page that changes a field after the policy was written",
        "A field of the form does not satisfy a condition of its policy.",
        "Send the value that the policy requires, or change the condition.";
    FormPolicy "form-policy" Form, "a program that serializes or encodes the policy again",
        "The policy that was sent is not the policy that was signed.",
        "Send the exact Base64 string that was signed.";
}

impl CauseName {
    /// Returns the cause with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.as_str() == name)
    }
}

/// Writes the stable name.
impl fmt::Display for CauseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
