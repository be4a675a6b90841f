//! Programs in Python, which need the standard library only.

use std::fmt::Write;

use crate::question::Question;

/// Returns a program that takes the steps from the canonical request on.
pub fn of_request(canonical: &str, to_sign: &str) -> String {
    let mut lines = to_sign.lines();
    let (algorithm, time, scope) = (
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
    );
    let mut text = "import hashlib, hmac, os\n\ncanonical_request = \"\\n\".join([\n".to_owned();
    for line in canonical.split('\n') {
        let _ = writeln!(text, "    {},", literal(line));
    }
    let _ = write!(
        text,
        "])\nhashed_request = hashlib.sha256(canonical_request.encode()).hexdigest()\n\
         string_to_sign = \"\\n\".join([{}, {}, {}, hashed_request])\n",
        literal(algorithm),
        literal(time),
        literal(scope)
    );
    text + &signature(scope)
}

/// Returns a program that signs the policy of a form.
pub fn of_form(question: &Question) -> String {
    let day = question.time.get(..8).unwrap_or_default();
    let scope = format!("{day}/{}/{}/aws4_request", question.region, question.service);
    format!(
        "import base64, hashlib, hmac, os\n\npolicy = {}\nstring_to_sign = base64.b64encode(policy.encode()).decode()\n{}",
        literal(&question.policy),
        signature(&scope)
    )
}

fn signature(scope: &str) -> String {
    format!(
        "\nkey = b\"AWS4\" + os.environ[\"AWS_SECRET_ACCESS_KEY\"].encode()\n\
         for part in {}.split(\"/\"):\n    key = hmac.new(key, part.encode(), hashlib.sha256).digest()\n\
         print(hmac.new(key, string_to_sign.encode(), hashlib.sha256).hexdigest())\n",
        literal(scope)
    )
}

/// Returns a literal of Python. A literal of JSON is one, because all characters after ASCII are kept.
fn literal(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
