//! Breaks of a form whose policy is signed.

use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use countersign::diagnose::CauseName;

use super::{Break, Change};
use crate::question::Mode;

const FORM: &[Mode] = &[Mode::Form];

pub static BREAKS: [Break; 5] = [
    Break {
        name: "policy-line-breaks",
        title: "Line breaks in the policy",
        sentence: "A Base64 encoder broke the policy into lines of 76 characters after it was signed.",
        modes: FORM,
        change: Change::Form(|form| {
            let policy = form.field("policy").unwrap_or_default();
            let lines: Vec<_> = policy.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
            let broken = lines.join("\n");
            let is_changed = broken != policy;
            form.set("policy", broken);
            is_changed
        }),
    },
    Break {
        name: "policy-expired",
        title: "An expired policy",
        sentence: "The form is sent eight days after its policy was signed.",
        modes: FORM,
        change: Change::Later(Duration::from_secs(8 * 86_400)),
    },
    Break {
        name: CauseName::FormField.as_str(),
        title: "A field that is not in the policy",
        sentence: "The page sends a field that the policy does not name.",
        modes: FORM,
        change: Change::Form(|form| {
            form.set("x-amz-meta-note", "added later".into());
            true
        }),
    },
    Break {
        name: CauseName::FormCondition.as_str(),
        title: "Another key",
        sentence: "The page sends a key that the policy does not allow.",
        modes: FORM,
        change: Change::Form(|form| {
            // A condition without a prefix allows every key.
            let key = form.field("key").filter(|key| *key != "${filename}");
            let other = key.map(|key| format!("other/{key}"));
            other.map(|other| form.set("key", other)).is_some()
        }),
    },
    Break {
        name: "policy-decoded",
        title: "A signature of the decoded policy",
        sentence: "The client signed the JSON text of the policy instead of its Base64.",
        modes: FORM,
        change: Change::ToSign(|policy| String::from_utf8(BASE64_STANDARD.decode(policy).ok()?).ok()),
    },
];
