//! Browser forms with a signed policy.

use std::time::Duration;

use countersign::post_policy::{FormKey, PostPolicy};
use countersign::{Expires, Signer, Timestamp};

use crate::cases::{Cases, other_secret, same};
use crate::server::{Draft, Live, Outcome, differs};
use crate::wire::{Reply, Wire};

/// A browser's form: the fields, then the file.
#[derive(Clone)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    file_name: &'static str,
    file: Vec<u8>,
}

const BOUNDARY: &str = "----a-browser-made-this-up-7f3a9c";

impl Form {
    pub(crate) fn new(signer: &Signer, policy: &PostPolicy, file: &[u8]) -> Self {
        Self::signed_at(signer, policy, file, Timestamp::now())
    }

    fn signed_at(signer: &Signer, policy: &PostPolicy, file: &[u8], time: Timestamp) -> Self {
        let form = signer.sign_post_policy(policy, time).expect("a form");
        let fields = form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { fields, file_name: "cat.txt", file: file.to_owned() }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    fn field(&mut self, name: &str) -> &mut String {
        let found = self.fields.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name));
        &mut found.unwrap_or_else(|| panic!("no field {name} in this form")).1
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        let before = self.fields.len();
        self.fields.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        assert_eq!(self.fields.len() + 1, before, "no field {name} in this form");
        self
    }

    fn file(mut self, length: usize) -> Self {
        self.file = vec![b'x'; length];
        self
    }

    fn named(mut self, file_name: &'static str) -> Self {
        self.file_name = file_name;
        self
    }

    /// Returns the request, which has no signature outside of the form.
    pub(crate) fn wire(&self, live: &Live) -> Wire {
        let bucket = live.endpoint.bucket_url(&live.bucket).expect("a bucket's URL");
        let mut wire = Draft::new("POST", bucket.clone()).wire(&bucket);
        for (name, value) in &self.fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            wire.body.extend_from_slice(part.as_bytes());
        }
        let file = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            self.file_name
        );
        wire.body.extend_from_slice(file.as_bytes());
        wire.body.extend_from_slice(&self.file);
        wire.body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        wire.with("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"))
    }
}

fn policy(live: &Live, key: FormKey) -> PostPolicy {
    PostPolicy::new(live.bucket.clone(), key, Expires::HOUR)
}

fn get(live: &Live, key: &str) -> Result<Reply, crate::server::Failure> {
    live.accepted(&Draft::new("GET", live.url(key)).sign(&live.signer))
}

fn stored(live: &Live, key: &str, file: &[u8]) -> Outcome {
    same("the object's bytes", &get(live, key)?.body, file)
}

pub(crate) fn uploads(cases: &mut Cases) {
    cases.add("form: one key", |live| {
        let form = Form::new(&live.signer, &policy(live, FormKey::exact("form/one key+ü")), b"by a form");
        let reply = live.accepted(&form.wire(live))?;
        stored(live, "form/one key+ü", b"by a form")?;
        same("status", reply.status.to_string().as_bytes(), b"204")
    });
    cases.add("form: the file's name in the key", |live| {
        let form =
            Form::new(&live.signer, &policy(live, FormKey::prefix_and_filename("form/named/")), b"named");
        live.accepted(&form.named("a cat+dog.txt").wire(live))?;
        stored(live, "form/named/a cat+dog.txt", b"named")
    });
    cases.add("form: a key of the page's, under a prefix", |live| {
        let form = Form::new(&live.signer, &policy(live, FormKey::starts_with("form/open/")), b"open");
        live.accepted(&form.with("key", "form/open/chosen").wire(live))?;
        stored(live, "form/open/chosen", b"open")
    });
    cases.add("form: any key", |live| {
        let form = Form::new(&live.signer, &policy(live, FormKey::any()), b"any");
        live.accepted(&form.with("key", "form-anywhere").wire(live))?;
        stored(live, "form-anywhere", b"any")
    });
    cases.add("form: content type and metadata", |live| {
        let policy = policy(live, FormKey::exact("form/fields"))
            .exact("x-amz-meta-note", "as printed")
            .starts_with("Content-Type", "image/")
            .any("x-amz-meta-own");
        let form = Form::new(&live.signer, &policy, b"fields");
        live.accepted(&form.with("Content-Type", "image/x-cat").with("x-amz-meta-own", "mine").wire(live))?;
        let reply = get(live, "form/fields")?;
        for (name, value) in
            [("x-amz-meta-note", "as printed"), ("x-amz-meta-own", "mine"), ("content-type", "image/x-cat")]
        {
            same(name, reply.header(name).unwrap_or_default().as_bytes(), value.as_bytes())?;
        }
        Ok(())
    });
    cases.add("form: answered with 201 and XML", |live| {
        let policy = policy(live, FormKey::exact("form/created")).exact("success_action_status", "201");
        let reply = live.accepted(&Form::new(&live.signer, &policy, b"created").wire(live))?;
        same("status", reply.status.to_string().as_bytes(), b"201")?;
        same("its key", reply.element("Key").unwrap_or_default().as_bytes(), b"form/created")?;
        stored(live, "form/created", b"created")
    });
    cases.add("form: answered with a redirect", |live| {
        let page = "http://127.0.0.1/thanks";
        let policy = policy(live, FormKey::exact("form/away")).exact("success_action_redirect", page);
        let reply = live.send(&Form::new(&live.signer, &policy, b"away").wire(live))?;
        same("status", reply.status.to_string().as_bytes(), b"303")?;
        let location = reply.header("location").unwrap_or_default();
        if !location.starts_with(page) || !location.replace("%2F", "/").contains("key=form/away") {
            return Err(differs(format!("the redirect goes to {location}")));
        }
        stored(live, "form/away", b"away")
    });
    for length in [3, 5] {
        cases.add(format!("form: a file of {length} bytes, where 3 to 5 are allowed"), move |live| {
            let policy = policy(live, FormKey::exact("form/range")).with_content_length_range(3..=5);
            live.accepted(&Form::new(&live.signer, &policy, b"").file(length).wire(live))?;
            stored(live, "form/range", &vec![b'x'; length])
        });
    }
    cases.add("form: a field that is ignored", |live| {
        let form = Form::new(&live.signer, &policy(live, FormKey::exact("form/ignored")), b"ignored");
        live.accepted(&form.with("x-ignore-this", "whatever").wire(live))?;
        stored(live, "form/ignored", b"ignored")
    });
}

/// Returns a policy with a key prefix, an exact field, a type prefix and a range of lengths.
fn guarded(live: &Live) -> PostPolicy {
    policy(live, FormKey::starts_with("form/guarded/"))
        .exact("x-amz-meta-note", "as printed")
        .starts_with("Content-Type", "image/")
        .with_content_length_range(3..=9)
}

const KEY: &str = "form/guarded/object";

fn filled(form: Form) -> Form {
    form.with("Content-Type", "image/x-cat").with("key", KEY)
}

const AGAINST_POLICY: &[&str] = &["AccessDenied"];
const UNSIGNED: &[&str] = &["AccessDenied", "InvalidArgument"];
const WRONG: &[&str] = &["SignatureDoesNotMatch"];

pub(crate) fn refusals(cases: &mut Cases) {
    let mut add = |name: &str, codes: &'static [&'static str], change: fn(Form, &Live) -> Form| {
        cases.add(format!("refused, form: {name}"), move |live| {
            let genuine = filled(Form::new(&live.signer, &guarded(live), b"genuine"));
            let changed = filled(Form::new(&live.signer, &guarded(live), b"planted"));
            let changed = change(changed, live).wire(live);
            live.not_stored(&live.url(KEY), &genuine.wire(live), &changed, codes)
        });
    };
    add("a field changed", AGAINST_POLICY, |mut form, _| {
        *form.field("x-amz-meta-note") = "as planted".into();
        form
    });
    add("a field that has to be there left out", AGAINST_POLICY, |form, _| form.without("x-amz-meta-note"));
    add("a field that no condition names", AGAINST_POLICY, |form, _| form.with("x-amz-meta-planted", "1"));
    add("another type", AGAINST_POLICY, |mut form, _| {
        *form.field("content-type") = "text/html".into();
        form
    });
    add("a key outside of its prefix", AGAINST_POLICY, |mut form, _| {
        *form.field("key") = "form/elsewhere".into();
        form
    });
    add("a file too small", &["EntityTooSmall"], |form, _| form.file(2));
    add("a file too large", &["EntityTooLarge"], |form, _| form.file(10));
    add("the signature changed", WRONG, |mut form, _| {
        let last = form.field("x-amz-signature").pop().expect("a signature");
        form.field("x-amz-signature").push(if last == '0' { '1' } else { '0' });
        form
    });
    add("the signature left out", UNSIGNED, |form, _| form.without("x-amz-signature"));
    add("policy and signature left out", UNSIGNED, |form, _| {
        form.without("policy").without("x-amz-signature")
    });
    add("a wider policy under the same signature", WRONG, |mut form, live| {
        let wider = policy(live, FormKey::any()).any("x-amz-meta-note").any("Content-Type");
        let mut other = Form::new(&live.signer, &wider, b"");
        form.field("policy").clone_from(other.field("policy"));
        form
    });
    add("wrong secret", WRONG, |_, live| filled(Form::new(&other_secret(live), &guarded(live), b"planted")));
    add("another date than its condition's", AGAINST_POLICY, |mut form, _| {
        let earlier = Timestamp::now().checked_sub(Duration::from_secs(300)).expect("a time of this century");
        earlier.as_str().clone_into(form.field("x-amz-date"));
        form
    });
    add("another bucket's policy", AGAINST_POLICY, |_, live| {
        let elsewhere =
            PostPolicy::new("another-bucket", FormKey::starts_with("form/guarded/"), Expires::HOUR);
        Form::new(&live.signer, &elsewhere, b"planted").with("key", KEY)
    });
    add("expired", AGAINST_POLICY, |_, live| {
        let hours_ago =
            Timestamp::now().checked_sub(Duration::from_secs(7200)).expect("a time of this century");
        filled(Form::signed_at(&live.signer, &guarded(live), b"planted", hours_ago))
    });
}
