//! Each answer has the form that `openapi.json` describes.

use serde_json::{Value, json};

use crate::harness::{Answer, Gallery, png, sha256};
use crate::small::{asked, uploaded};

/// Checks an answer against the schema that the description has for its route and status.
#[track_caller]
fn check(description: &Value, method: &str, path: &str, answer: &Answer) -> Value {
    let responses = &description["paths"][path][method]["responses"];
    let schema = &responses[answer.status.to_string()]["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path} has no answer {}", answer.status);
    conforms(description, schema, &answer.json(), path);
    answer.json()
}

/// The part of JSON Schema that the description uses.
fn conforms(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).expect(reference);
        return conforms(root, target, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choice = choices.iter().find(|choice| (choice["type"] == "null") == value.is_null()).expect(at);
        if !value.is_null() {
            conforms(root, choice, value, at);
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let names = schema["enum"].as_array();
    assert!(names.is_none_or(|names| names.contains(value)), "{at} is {value}");
    let types = &schema["type"];
    assert!(
        types == kind || types.as_array().is_some_and(|types| types.contains(&json!(kind))),
        "{at} is {value}"
    );
    for item in value.as_array().into_iter().flatten() {
        conforms(root, &schema["items"], item, &format!("{at}[]"));
    }
    let Some(object) = value.as_object() else { return };
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(object.contains_key(required.as_str().unwrap()), "{at} lacks {required}");
    }
    for (name, value) in object {
        let known = &schema["properties"][name];
        let schema = if known.is_null() { &schema["additionalProperties"] } else { known };
        assert!(schema.is_object(), "{at}.{name} is not described");
        conforms(root, schema, value, &format!("{at}.{name}"));
    }
}

#[tokio::test]
async fn each_route_answers_as_described() {
    let gallery = Gallery::start(&["--relay"]).await;
    let description = gallery.get("/openapi.json").await.ok();
    let post =
        async |path: &str, body: Value| check(&description, "post", path, &gallery.post(path, &body).await);
    let get = async |path: &str, query: &str| {
        check(&description, "get", path, &gallery.get(&format!("{path}{query}")).await)
    };
    let png = png();

    get("/api/settings", "").await;
    let mut wanted = asked(&png);
    wanted["thumbnail"] = json!({ "size": 10, "sha256": sha256(b"x") });
    post("/api/upload-form", wanted.clone()).await;
    let ticket = post("/api/generate-upload-url", wanted).await;
    gallery.put(&ticket, &png).await;
    let image = post("/api/confirm", uploaded(&ticket, &png)).await;
    get("/api/images", "").await;
    get("/presigned-url", &format!("?file_name={}", image["file_name"].as_str().unwrap())).await;

    let size = 17 << 20;
    let start = json!({ "filename": "l.png", "content_type": "image/png", "size": size, "first_sha256": sha256(b"") });
    let upload = post("/api/multipart/start", start.clone()).await;
    let part = json!({ "number": 3, "size": 1 << 20, "sha256": sha256(&vec![0; 1 << 20]) });
    let with =
        |parts: Value| json!({ "key": upload["key"], "upload_id": upload["upload_id"], "parts": parts });
    let urls = post("/api/multipart/urls", with(json!([part]))).await;
    gallery.put(&urls["parts"][0], &vec![0; 1 << 20]).await;
    assert_eq!(post("/api/multipart/start", start).await["parts"].as_array().unwrap().len(), 1);
    post("/api/multipart/complete", with(json!([]))).await;
    post("/api/multipart/abort", json!({ "key": upload["key"], "upload_id": upload["upload_id"] })).await;

    // The refusals.
    post("/api/generate-upload-url", json!({})).await;
    post("/api/generate-upload-url", asked(b"")).await;
    post("/api/upload-form", json!({})).await;
    post("/api/confirm", json!({ "key": "", "size": 1, "sha256": sha256(b"") })).await;
    get("/presigned-url", "").await;
    post("/api/relay", json!({})).await;
}
