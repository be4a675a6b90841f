//! Requests that AWS publishes with their signatures.

use crate::question::{Mode, Question};

/// Returns "Example: GET Object" of the S3 API Reference.
pub fn get_object() -> Question {
    Question {
        mode: Mode::Header,
        method: "GET".into(),
        url: "https://examplebucket.s3.amazonaws.com/test.txt".into(),
        headers: "Range: bytes=0-9".into(),
        body: String::new(),
        payload: "signed".into(),
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
        session_token: String::new(),
        region: "us-east-1".into(),
        service: "s3".into(),
        time: "20130524T000000Z".into(),
        expires: 86_400,
        chunk_size: 65_536,
        trailer: String::new(),
        policy: String::new(),
        broken_by: String::new(),
        service_answer: String::new(),
    }
}
