//! A form: its policy, which is signed, and its fields.

mod posted;

pub use posted::PostedForm;

use countersign::Signer;
use explain::words::Part;
use serde_json::Value;

use crate::answer::{From, Kind, Line, Pane, Piece, Problem};
use crate::input::Input;
use crate::keys;
use crate::lines::{self, line, plain};
use crate::sent::problem;

/// A signed form.
pub struct Form {
    pub panes: Vec<Pane>,
    pub signature: String,
    pub fields: Vec<(String, String)>,
    pub scope: String,
    pub bucket: String,
}

/// Signs the policy of a question.
pub fn sign(input: &Input<'_>, signer: &Signer) -> Result<Form, Vec<Problem>> {
    let policy = &input.question.policy;
    let conditions = conditions(policy).map_err(|message| vec![Problem::new("policy", message)])?;
    let signed = signer.sign_policy_document(policy, input.time).map_err(problem)?;
    let (base64, signature) = (signed.base64().to_owned(), signed.signature().to_string());
    let mut fields: Vec<(String, String)> =
        conditions.iter().filter(|(name, _)| name != "bucket").cloned().collect();
    fields.push(("policy".into(), base64.clone()));
    fields.push(("x-amz-signature".into(), signature.clone()));
    let bucket = conditions.iter().find(|(name, _)| name == "bucket").map(|(_, value)| value.clone());
    let scope = format!(
        "{}/{}/{}/aws4_request",
        input.question.time.get(..8).unwrap_or_default(),
        input.question.region,
        input.question.service
    );
    let panes = vec![
        policy_pane("policy", policy, true),
        to_sign_pane("string_to_sign", &base64),
        keys::pane(input, &format!("\n\n{scope}")),
        keys::signature("signature", &signature, false),
        fields_pane("final", &fields),
    ];
    Ok(Form { panes, signature, fields, scope, bucket: bucket.unwrap_or_default() })
}

/// Returns a field for each condition of a policy, with the value that the condition allows.
fn conditions(policy: &str) -> Result<Vec<(String, String)>, String> {
    let document: Value =
        serde_json::from_str(policy).map_err(|error| format!("the policy is not JSON: {error}"))?;
    let list = document.get("conditions").and_then(Value::as_array);
    let list = list.ok_or("the policy has no list of conditions; add \"conditions\": []")?;
    let mut fields = Vec::new();
    for condition in list {
        match condition {
            Value::Object(members) => fields.extend(
                members.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))),
            ),
            Value::Array(parts) => {
                if let [Value::String(rule), Value::String(name), Value::String(value)] = parts.as_slice() {
                    let name = name.trim_start_matches('$');
                    let is_key = rule == "starts-with" && name == "key";
                    let value = if is_key { format!("{value}${{filename}}") } else { value.clone() };
                    fields.push((name.to_owned(), value));
                }
            }
            _ => {}
        }
    }
    Ok(fields)
}

/// Returns the pane of a policy. The one that was typed comes from the question.
fn policy_pane(id: &str, policy: &str, is_typed: bool) -> Pane {
    let mut start = 0;
    let mut policy_lines = Vec::new();
    for (index, text) in policy.split('\n').enumerate() {
        let shown = text.trim_end_matches('\r');
        let (kind, from) = match is_typed {
            true => (Kind::Copied, vec![From::bytes("policy", policy, start, start + shown.len())]),
            false => (Kind::Computed, Vec::new()),
        };
        let pieces = vec![Piece::new(shown, format!("policy.{index}"), kind, from)];
        start += text.len() + 1;
        let id = format!("{id}.{index}");
        policy_lines.push(if text.contains("\"expiration\"") {
            line(id, Part::PolicyExpiration, pieces)
        } else if text.contains("\"conditions\"") {
            line(id, Part::PolicyConditions, pieces)
        } else {
            plain(id, "", "A condition: what the form may contain.", pieces)
        });
    }
    lines::pane(
        id,
        "1. Policy",
        "What the form may contain, and until when. A form has no canonical request.",
        policy_lines,
    )
}

fn to_sign_pane(id: &str, base64: &str) -> Pane {
    let pieces = vec![Piece::new(base64, "policy.base64", Kind::Computed, vec![From::part("policy")])];
    let lines_ = vec![line(format!("{id}.policy"), Part::Policy, pieces)];
    lines::pane(id, "2. String to sign", "The policy in Base64.", lines_)
}

fn fields_pane(id: &str, fields: &[(String, String)]) -> Pane {
    let mut field_lines: Vec<Line> = Vec::new();
    for (name, value) in fields {
        let (part, from) = match name.as_str() {
            "policy" => ("policy.base64".to_owned(), "policy"),
            "x-amz-signature" => ("signature".to_owned(), "signature"),
            _ => (format!("field.{name}"), "policy"),
        };
        let pieces = vec![
            Piece::new(name.as_str(), format!("field.{name}.name"), Kind::Constant, Vec::new()),
            Piece::constant(": ", "separator"),
            Piece::new(value.as_str(), part, Kind::Computed, vec![From::part(from)]),
        ];
        let id = format!("{id}.field.{name}");
        field_lines.push(match Part::of_field(name) {
            Some(part) => line(id, part, pieces),
            None => plain(
                id,
                name.as_str(),
                "A field of the form, which a condition of the policy allows.",
                pieces,
            ),
        });
    }
    lines::pane(id, "5. Form", "The fields that the page puts before the file.", field_lines)
}
