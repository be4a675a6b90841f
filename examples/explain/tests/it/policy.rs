//! Forms: the policy of S3's documentation, "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)".

use std::process::Command;

use base64::prelude::{BASE64_STANDARD, Engine};

use crate::program::{SECRET, err, json, out, program, run, with_input};

/// The signature of the documentation.
pub const PUBLISHED: &str = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";

/// The policy of the documentation in Base64, as it prints it.
pub const POLICY: &str = include_str!("policy.txt");

pub fn form(policy: &str, key: &str, signature: &str) -> String {
    let fields = [
        ("key", key),
        ("acl", "public-read"),
        ("success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"),
        ("Content-Type", "image/jpeg"),
        ("x-amz-meta-uuid", "14365123651274"),
        ("x-amz-server-side-encryption", "AES256"),
        ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Date", "20151229T000000Z"),
        ("x-amz-meta-tag", ""),
        ("Policy", policy),
        ("X-Amz-Signature", signature),
    ];
    let part = |(name, value): (&str, &str)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    format!(
        "POST / HTTP/1.1\r\nHost: sigv4examplebucket.s3.amazonaws.com\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n{}\
         --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nbytes\r\n--x--\r\n",
        fields.map(part).concat()
    )
}

#[test]
fn the_form_of_the_documentation_matches() {
    let policy = POLICY.trim();
    let report = json(&[], form(policy, "user/user1/a.jpg", PUBLISHED).as_bytes(), 0);
    assert_eq!(report["verdict"]["name"], "matches");
    assert_eq!(report["signature"]["place"], "form");
    assert_eq!(report["steps"][0]["name"], "policy");
    assert_eq!(report["steps"][0]["lines"][0]["text"], "2015-12-30T12:00:00.000Z");
    assert_eq!(report["steps"][0]["lines"][1]["text"], "{\"bucket\":\"sigv4examplebucket\"}");
    assert_eq!(report["steps"][1]["lines"][0]["text"], policy);
    assert!(report["steps"][0]["lines"].as_array().unwrap().iter().skip(1).all(|line| line["met"] == true));
    assert_eq!(signatures(&report), [format!("{PUBLISHED} computed"), format!("{PUBLISHED} received")]);

    // An editor writes line feeds, and curl has each field in an argument.
    let message = form(policy, "user/user1/a.jpg", PUBLISHED).replace('\r', "");
    assert_eq!(json(&[], message.as_bytes(), 0)["verdict"]["name"], "matches");
    let fields = message.split("; name=\"").skip(1).filter_map(|part| part.split_once("\"\n\n"));
    let fields = fields.filter(|(name, _)| !name.starts_with("file"));
    let fields = fields.map(|(name, rest)| format!(" -F '{name}={}'", rest.split('\n').next().unwrap()));
    let command = format!(
        "curl{} -F file=@a.jpg https://sigv4examplebucket.s3.amazonaws.com/",
        fields.collect::<String>()
    );
    assert_eq!(json(&[], command.as_bytes(), 0)["verdict"]["name"], "matches");
}

/// Returns the lines of step 4.
fn signatures(report: &serde_json::Value) -> Vec<String> {
    let lines = report["steps"][3]["lines"].as_array().unwrap();
    lines.iter().map(|line| line["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_computed_signature_and_the_conditions_that_are_not_met_are_shown() {
    let zero = "0".repeat(64);
    let message = form(POLICY.trim(), "user/user2/a.jpg", &zero).replace("public-read", "private");
    let report = json(&[], message.as_bytes(), 5);
    assert_eq!(signatures(&report), [format!("{PUBLISHED} computed"), format!("{zero} received")]);
    let lines = report["steps"][0]["lines"].as_array().unwrap();
    let of = |is_met: bool| lines.iter().filter(move |line| line["met"] == is_met).map(|line| &line["text"]);
    assert_eq!(
        of(false).collect::<Vec<_>>(),
        [&r#"["starts-with","$key","user/user1/"]"#, &r#"{"acl":"public-read"}"#]
    );
    assert_eq!(of(true).count(), 9);
    let text = out(&run(&[], message.as_bytes()));
    assert!(text.contains("{\"acl\":\"public-read\"}  (not met)\n"), "{text}");
    assert!(text.contains("{\"bucket\":\"sigv4examplebucket\"}  (met)\n"), "{text}");
    let page = out(&run(&["--html"], message.as_bytes()));
    assert_eq!((page.matches("(not met)").count(), page.matches("(met)").count()), (2, 9));
    assert!(!text.contains(PUBLISHED) && !page.contains(PUBLISHED));

    // Without the secret.
    let output = with_input(program(), message.as_bytes());
    assert!(out(&output).contains("(needs the secret) computed"), "{}", out(&output));
}

#[test]
fn a_field_of_the_signature_that_is_missing_is_named() {
    let message = form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED);
    let part =
        format!("--x\r\nContent-Disposition: form-data; name=\"X-Amz-Signature\"\r\n\r\n{PUBLISHED}\r\n");
    assert!(message.contains(&part));
    let report = json(&[], message.replace(&part, "").as_bytes(), 5);
    assert_eq!(signatures(&report), [format!("{PUBLISHED} computed"), "(missing) received".to_owned()]);
    let text = report["verdict"]["text"].as_str().unwrap();
    assert!(text.contains("Bucket POST must contain a field named 'x-amz-signature'"), "{text}");
    let cause = &report["findings"][0]["causes"][0];
    assert_eq!((&cause["name"], &cause["header"]), (&"malformed-request".into(), &"x-amz-signature".into()));
}

#[test]
fn the_form_of_a_har_is_found_after_another_request() {
    let message = form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED);
    let (_, body) = message.split_once("\r\n\r\n").unwrap();
    let entry = |method: &str, content_type: &str, text: &str| {
        serde_json::json!({"request": {"method": method, "url": "https://sigv4examplebucket.s3.amazonaws.com/",
            "headers": [{"name": "Content-Type", "value": content_type}], "postData": {"text": text}}})
    };
    let har = serde_json::json!({"log": {"entries": [
        entry("GET", "text/plain", ""), entry("POST", "multipart/form-data; boundary=x", body)]}});
    let report = json(&[], har.to_string().as_bytes(), 0);
    assert_eq!(report["verdict"]["name"], "matches");
    assert!(report["notes"].to_string().contains("The policy has expired. The verdict is that of the time"));
    // The clock of the user decides.
    let report = json(&["--time", "now"], har.to_string().as_bytes(), 5);
    let cause = &report["findings"][0]["causes"][0];
    assert_eq!(
        (&cause["name"], &cause["why"]),
        (&"expired-form".into(), &"The policy of the form has expired.".into())
    );
    assert!(!report["notes"].to_string().contains("has expired"), "{}", report["notes"]);
}

/// A program can write the fields of a form as `params`.
#[test]
fn the_form_of_a_har_is_built_from_its_parameters() {
    let message = form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED);
    let fields = message.split("; name=\"").skip(1).filter_map(|part| part.split_once("\"\r\n\r\n"));
    let fields: Vec<_> = fields
        .filter(|(name, _)| !name.starts_with("file"))
        .map(|(name, rest)| serde_json::json!({"name": name, "value": rest.split("\r\n").next().unwrap()}))
        .chain([serde_json::json!({"name": "file", "fileName": "a.jpg", "contentType": "image/jpeg"})])
        .collect();
    let har = |content_type: &str, data: serde_json::Value| {
        let request = serde_json::json!({"method": "POST", "url": "https://sigv4examplebucket.s3.amazonaws.com/",
            "headers": [{"name": "Content-Type", "value": content_type}], "postData": data, "bodySize": 2000});
        serde_json::json!({"log": {"entries": [{"request": request}]}}).to_string()
    };
    for (content_type, data) in [
        (
            "multipart/form-data; boundary=x",
            serde_json::json!({"mimeType": "multipart/form-data", "params": fields}),
        ),
        (
            "multipart/form-data",
            serde_json::json!({"mimeType": "multipart/form-data", "params": fields, "text": ""}),
        ),
    ] {
        let report = json(&[], har(content_type, data).as_bytes(), 0);
        assert_eq!(
            (&report["signature"]["place"], &report["verdict"]["name"]),
            (&"form".into(), &"matches".into())
        );
        assert!(
            report["notes"].to_string().contains("built from the parameters of the HAR"),
            "{}",
            report["notes"]
        );
    }
    // Without a policy, the signature covers the bytes of the body, and the boundary is one of them.
    let data =
        serde_json::json!({"mimeType": "multipart/form-data", "params": [{"name": "a", "value": "1"}]});
    let report = json(&[], har("multipart/form-data; boundary=x", data).as_bytes(), 0);
    assert_eq!(report["request"]["body_bytes"], serde_json::Value::Null);

    // The body is that of Python's `urllib.parse.urlencode`.
    let data = serde_json::json!({"mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "Action", "value": "SendMessage"}, {"name": "MessageBody", "value": "a b&c=\u{fc}"}]});
    let asked = explain::read::request(har("application/x-www-form-urlencoded", data).as_bytes(), 0).unwrap();
    assert!(asked.body == explain::Body::Bytes(b"Action=SendMessage&MessageBody=a+b%26c%3D%C3%BC".to_vec()));
}

#[test]
fn the_commands_decode_the_policy_and_give_its_signature() {
    let script = out(&run(&["--commands"], form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED).as_bytes()));
    let mut shell = Command::new("sh");
    shell.env("AWS_SECRET_ACCESS_KEY", SECRET);
    let printed = out(&with_input(shell, script.as_bytes()));
    let lines: Vec<_> = printed.trim_end().lines().collect();
    assert!(printed.contains("\"expiration\": \"2015-12-30T12:00:00.000Z\""), "{printed}");
    assert_eq!(lines[lines.len() - 2..], [POLICY.trim(), PUBLISHED]);
}

#[test]
fn what_is_wrong_with_a_form_is_named() {
    let policy = POLICY.trim();
    let cause = |message: &str, code| {
        let report = json(&[], message.as_bytes(), code);
        let cause = &report["findings"][0]["causes"][0];
        (cause["name"].as_str().unwrap().to_owned(), cause["header"].as_str().unwrap_or_default().to_owned())
    };
    let named = |name: &str, field: &str| (name.to_owned(), field.to_owned());
    let right = form(policy, "user/user1/a.jpg", PUBLISHED);
    assert_eq!(cause(&form(policy, "user/user2/a.jpg", PUBLISHED), 5), named("form-condition", "key"));
    let extra = right.replace(
        "name=\"acl\"",
        "name=\"x-amz-meta-other\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"acl\"",
    );
    assert_eq!(cause(&extra, 5), named("form-field", "x-amz-meta-other"));
    let broken: String =
        policy.as_bytes().chunks(60).map(|line| format!("{}\r\n", str::from_utf8(line).unwrap())).collect();
    assert_eq!(cause(&form(&broken, "user/user1/a.jpg", PUBLISHED), 5), named("form-policy", ""));
    assert_eq!(cause(&form(policy, "user/user1/a.jpg", &"0".repeat(64)), 5), named("secret-wrong", ""));
}

/// The conditions, and so the Base64 text too, contain a session token and a customer key.
#[test]
fn secrets_in_a_policy_are_not_printed() {
    let policy = r#"{"expiration":"2015-12-30T12:00:00Z","conditions":[{"x-amz-security-token":"token-TOKEN"},
        ["eq","$x-amz-server-side-encryption-customer-key","key-KEY"]]}"#;
    let base64 = BASE64_STANDARD.encode(policy);
    let fields = "name=\"x-amz-security-token\"\r\n\r\ntoken-TOKEN\r\n--x\r\nContent-Disposition: form-data; \
                  name=\"x-amz-server-side-encryption-customer-key\"\r\n\r\nkey-KEY\r\n--x\r\nContent-Disposition: form-data; name=\"acl\"";
    for message in [
        form(&base64, "k", PUBLISHED).replace("name=\"acl\"", fields),
        // The fields are missing, and the policy has the values.
        form(&base64, "k", PUBLISHED),
        // The end of the policy is missing, so it is not JSON.
        form(&BASE64_STANDARD.encode(policy.trim_end_matches('}')), "k", PUBLISHED),
    ] {
        for arguments in [&["--json"][..], &["--html"], &["--commands"], &[]] {
            let printed = out(&run(arguments, message.as_bytes()));
            for secret in ["token-TOKEN", "key-KEY", base64.as_str()] {
                assert!(!printed.contains(secret), "{arguments:?}: {printed}");
            }
        }
    }
}

/// Returns the policy of the documentation with one more condition, so that its Base64 has `+`, `/` and padding.
fn with_all_digits() -> String {
    let document = String::from_utf8(BASE64_STANDARD.decode(POLICY.trim()).unwrap()).unwrap();
    let from = r#"["starts-with", "$x-amz-meta-tag", ""]"#;
    assert!(document.contains(from));
    BASE64_STANDARD.encode(document.replace(from, r#"["starts-with", "$x-amz-meta-tag", "~~?>?~?"]"#))
}

fn url_safe(base64: &str) -> String {
    base64.replace('+', "-").replace('/', "_")
}

/// Returns the text in lines of 60 characters, as Ruby's `Base64.encode64` does.
fn lines(base64: &str, line_break: &str) -> String {
    base64.as_bytes().chunks(60).map(|line| str::from_utf8(line).unwrap().to_owned() + line_break).collect()
}

/// Returns a form whose field `x-amz-meta-tag` meets the condition of [`with_all_digits`].
fn form_with_tag(policy: &str, signature: &str) -> String {
    let tag = "name=\"x-amz-meta-tag\"\r\n\r\n";
    form(policy, "user/user1/a.jpg", signature).replace(tag, &format!("{tag}~~?>?~?"))
}

/// The signatures were computed with Python's `base64` and `hmac`.
const LF: &str = "25d7c63d3cb2b2fd95c7861a566793a07abe6c8c40bdcce005e0c59647fe5700";
const CR_LF: &str = "73cc2d5293d1c2e5d516d64fe36d8b61f164eb649de7e42c820ac50ce6713019";
const LF_AFTER_76: &str = "84b8ac47e436c2dfcd25a04652d17627e61a8e7a32014b87cecaf1da0095d374";
const JSON: &str = "00e98ae3199cdbfeba701f9efa66510f23f0295ab6d6f4d14202f8ef2d11956c";
const ALL_DIGITS: &str = "7358b3400ed201140cb344bf326a6c9b99221b1adbdf0fcb37e30a900337547d";
const URL_SAFE: &str = "36b17d0846f10d31a535b06a77360bdd108595f2c5ab1a730dc1bd655beea99f";
const URL_SAFE_NO_PADDING: &str = "a2c283d3fea61b70eb921ad248a07dd8561b0bc3142e0837b18e05ab491180a3";
const NO_PADDING: &str = "73cc4aa5dd982dd1b1eddfe1c201a29cca23d6039df6cf70d43bfa81a592938f";

#[test]
fn the_spelling_of_the_policy_that_was_signed_is_named() {
    let (policy, digits) = (POLICY.trim(), &with_all_digits());
    let no_padding = digits.trim_end_matches('=');
    for (sent, signature, detail) in [
        (policy, LF, "signed with LF as line break, and the form was sent without line breaks"),
        (policy, CR_LF, "signed with CR LF as line break, and the form was sent without line breaks"),
        (policy, LF_AFTER_76, "signed with LF as line break, and the form was sent without line breaks"),
        (
            &lines(policy, "\r\n"),
            LF,
            "signed with LF as line break, and the form was sent with CR LF as line break",
        ),
        (
            &lines(policy, "\r\n"),
            PUBLISHED,
            "signed without line breaks, and the form was sent with CR LF as line break",
        ),
        (policy, JSON, "the JSON of the policy was signed, instead of its Base64 text"),
        (digits, URL_SAFE, "signed in the URL-safe alphabet, and the form was sent in the standard alphabet"),
        (digits, NO_PADDING, "signed without padding, and the form was sent with padding"),
        (
            digits,
            URL_SAFE_NO_PADDING,
            "in the URL-safe alphabet and without padding, and the form was sent in the standard",
        ),
        (
            &url_safe(digits),
            ALL_DIGITS,
            "signed in the standard alphabet, and the form was sent in the URL-safe alphabet",
        ),
        (no_padding, ALL_DIGITS, "signed with padding, and the form was sent without padding"),
    ] {
        let report = json(&[], form_with_tag(sent, signature).as_bytes(), 5);
        let cause = &report["findings"][0]["causes"][0];
        assert_eq!(cause["name"], "form-policy", "{detail}: {cause}");
        assert_eq!(cause["certainty"], "certain: the signature was reproduced with this mistake");
        assert!(cause["detail"].as_str().unwrap().contains(detail), "{cause}");
        // The conditions are read from each spelling.
        assert_eq!(report["steps"][0]["lines"][0]["text"], "2015-12-30T12:00:00.000Z", "{detail}");
    }
}

#[test]
fn the_commands_compute_the_signature_of_each_spelling() {
    let (policy, digits) = (POLICY.trim(), &with_all_digits());
    for (sent, signature) in [
        (&*lines(policy, "\r\n"), CR_LF),
        (digits, ALL_DIGITS),
        (digits.trim_end_matches('='), NO_PADDING),
        (&url_safe(digits), URL_SAFE),
        (url_safe(digits).trim_end_matches('='), URL_SAFE_NO_PADDING),
    ] {
        let script = out(&run(&["--commands"], form_with_tag(sent, signature).as_bytes()));
        let mut shell = Command::new("sh");
        shell.env("AWS_SECRET_ACCESS_KEY", SECRET);
        let output = with_input(shell, script.as_bytes());
        assert_eq!(err(&output), "", "{script}");
        let printed = out(&output);
        assert_eq!(printed.lines().last(), Some(signature), "{script}\n{printed}");
        assert!(
            printed.contains("\"expiration\": \"2015-12-30T12:00:00.000Z\"")
                && printed.contains("}\r\n  ]\r\n}\n"),
            "{printed}"
        );
    }
}

/// The page of the documentation, with its policy and its signature.
fn page(policy: &str, signature: &str) -> String {
    format!(
        r#"<html>
  <head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" /></head>
  <body>
  <form action="/search"><input name="q" value="1"></form>
  <form action="http://sigv4examplebucket.s3.amazonaws.com/" method="post" enctype="multipart/form-data">
    Key to upload: <input type="input"  name="key" value="user/user1/${{filename}}" /><br />
    <input type="hidden" name="acl" value="public-read" />
    <input type="hidden" name="success_action_redirect" value="http:&#x2f;/sigv4examplebucket.s3.amazonaws.com/successful_upload.html" />
    Content-Type: <INPUT TYPE=input NAME=Content-Type VALUE=image/jpeg><br />
    <input type="hidden" name="x-amz-meta-uuid" value="14365123651274" />
    <input type="hidden" name="x-amz-server-side-encryption" value="AES256" />
    <input type="text"   name="X-Amz-Credential" value="AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request" />
    <input type="text"   name="X-Amz-Algorithm" value="AWS4-HMAC-SHA256" />
    <input type="text"   name="X-Amz-Date" value="20151229T000000Z" />
    Tags for File: <input type="input"  name="x-amz-meta-tag" value="" /><br />
    <input type="hidden"   name="Policy" value='{policy}' />
    <input type="hidden" name="X-Amz-Signature" value="{signature}" />
    File: <input type="file"   name="file" /> <br />
    <!-- The elements below are ignored -->
    <input type="submit" name="submit" value="Upload to Amazon S3" />
  </form>
</html>
"#
    )
}

#[test]
fn the_form_of_a_page_in_html_is_read() {
    let page = page(POLICY.trim(), PUBLISHED);
    for input in [page.clone(), format!("<!DOCTYPE html>\r\n{page}"), page.replace("</form>\n</html>", "")] {
        let report = json(&[], input.as_bytes(), 0);
        assert_eq!((&report["input"], &report["verdict"]["name"]), (&"page".into(), &"matches".into()));
        assert_eq!(report["request"]["url"], "http://sigv4examplebucket.s3.amazonaws.com/");
        assert!(
            report["notes"].to_string().contains("before a user fills in the form"),
            "{}",
            report["notes"]
        );
    }
    let report = json(&[], page.replace("public-read", "private").as_bytes(), 5);
    assert_eq!(report["findings"][0]["causes"][0]["name"], "form-condition");
    assert_eq!(report["findings"][0]["causes"][0]["header"], "acl");
    assert!(
        out(&run(&[], page.as_bytes())).contains("\na page with a form, a form whose policy is signed\n")
    );
    // A browser sends a line break of a hidden field as CR LF.
    let report = json(&[], self::page(&lines(POLICY.trim(), "\n"), LF).as_bytes(), 5);
    let detail =
        "the policy was signed with LF as line break, and the form was sent with CR LF as line break";
    assert_eq!(report["findings"][0]["causes"][0]["detail"], detail);
    // A page without a form is a text.
    let output =
        run(&[], b"<html><body><form action=\"https://a.example/\"><input name=q></form></body></html>");
    assert_ne!(output.status.code(), Some(0), "{}", out(&output));
}
