//! Commands of public tools that compute each step. The secret and the session token are variables of the shell.

use countersign::steps::is_secret;

use crate::mask::scrubbed;
use crate::report::Report;

/// Returns all commands as one script.
pub(crate) fn script(report: &Report) -> String {
    let mut script = String::from(
        "# Computes the signature with sha256sum and openssl. AWS_SECRET_ACCESS_KEY is read from the environment.\n",
    );
    for step in &report.steps {
        script += &format!("\n# {}. {}\n", step.number, step.name);
        match &step.command {
            Some(command) => script += command,
            None => {
                script +=
                    "# There is no command: the value is a secret, needs the body, or differs each time.\n"
            }
        }
    }
    script
}

/// Returns the command that hashes the canonical request. Returns `None` if the canonical request contains a secret other
/// than the session token, or bytes that a terminal does not print.
pub(crate) fn canonical_request(canonical: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(canonical).ok()?;
    let is_plain = |character: char| character == '\n' || !character.is_control();
    if !text.chars().all(is_plain) {
        return None;
    }
    let (lines, last) = text.rsplit_once('\n')?;
    let mut command = String::new();
    let mut quoted = Vec::new();
    for (index, line) in lines.split('\n').enumerate() {
        let line = match index {
            2 => {
                let (line, has_token) = query(line)?;
                if has_token {
                    command += ENCODE_TOKEN;
                }
                line
            }
            1 if scrubbed(line, false) != line => return None,
            index if index > 2 && line.contains(':') => header(line)?,
            _ => quote(line),
        };
        quoted.push(line);
    }
    command += &format!(
        "canonical_request_hash=$({{\n  printf '%s\\n' \\\n    {}\n  printf '%s' {}\n}} | sha256sum | cut -d ' ' -f 1)\n\
         echo \"$canonical_request_hash\"\n",
        quoted.join(" \\\n    "),
        quote(last)
    );
    Some(command)
}

const ENCODE_TOKEN: &str =
    "token=$(printf '%s' \"$AWS_SESSION_TOKEN\" | sed 's/%/%25/g; s/+/%2B/g; s/\\//%2F/g; s/=/%3D/g')\n";

/// Quotes a query, with the session token as a variable.
fn query(query: &str) -> Option<(String, bool)> {
    let mut has_token = false;
    let mut pieces = Vec::new();
    for pair in query.split('&') {
        let name = pair.split('=').next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "x-amz-security-token" => {
                has_token = true;
                pieces.push(format!("{name}='\"$token\"'"));
            }
            lower if is_secret(lower) => return None,
            _ if scrubbed(pair, false) != pair => return None,
            _ => pieces.push(pair.replace('\'', "'\\''")),
        }
    }
    Some((format!("'{}'", pieces.join("&")), has_token))
}

/// Quotes a header line, with the session token as a variable.
fn header(line: &str) -> Option<String> {
    let name = line.split(':').next().unwrap_or_default();
    match name {
        "x-amz-security-token" => Some(format!("\"{name}:$AWS_SESSION_TOKEN\"")),
        name if is_secret(name) => None,
        _ => Some(quote(line)),
    }
}

/// Returns the command that builds the string to sign from the hash of the canonical request.
pub(crate) fn string_to_sign(text: &str) -> Option<String> {
    let mut lines = text.split('\n');
    let (algorithm, time, scope) = (lines.next()?, lines.next()?, lines.next()?);
    if text.chars().any(|character| character.is_control() && character != '\n') {
        return None;
    }
    Some(format!(
        "string_to_sign=$(printf '%s\\n' {} {} \\\n  {} \"$canonical_request_hash\")\necho \"$string_to_sign\"\n",
        quote(algorithm),
        quote(time),
        quote(scope)
    ))
}

/// Returns the commands that decode the Base64 text of a policy, which is the string to sign of a form. The text can have line
/// breaks and the URL-safe alphabet, and lack its padding.
pub(crate) fn policy(base64: &str) -> Option<String> {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_\r\n".contains(&byte);
    if base64.is_empty() || !base64.bytes().all(is_digit) {
        return None;
    }
    let breaks = base64.bytes().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    let string_to_sign = match breaks {
        0 => format!("string_to_sign={}\n", quote(base64)),
        // The shell removes line feeds at the end of what a command prints.
        _ => format!(
            "string_to_sign=$(printf '{}.')\nstring_to_sign=${{string_to_sign%.}}\n",
            base64.replace('\r', "\\r").replace('\n', "\\n")
        ),
    };
    let padding = "=".repeat((4 - (base64.len() - breaks) % 4) % 4);
    let mut text = format!("printf '%s{padding}' \"$string_to_sign\"");
    if breaks > 0 {
        text += " | tr -d '\\r\\n'";
    }
    if base64.contains(['-', '_']) {
        text += " | tr '_-' '/+'";
    }
    Some(format!("{string_to_sign}{text} | openssl base64 -d -A\necho\n"))
}

/// Returns the commands that derive the four keys. They are not printed.
pub(crate) fn signing_key(to_sign: &str) -> Option<String> {
    let scope = to_sign.split('\n').nth(2)?;
    let mut parts = scope.split('/').map(quote);
    let (date, region, service, last) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Some(format!(
        "hmac() {{ openssl dgst -sha256 -mac HMAC -macopt \"hexkey:$1\" | sed 's/^.*= *//'; }}\n\
         : \"${{AWS_SECRET_ACCESS_KEY?set it to the secret access key}}\"\n\
         k_secret=$(printf 'AWS4%s' \"$AWS_SECRET_ACCESS_KEY\" | od -A n -v -t x1 | tr -d ' \\n')\n\
         k_date=$(printf '%s' {date} | hmac \"$k_secret\")\n\
         k_region=$(printf '%s' {region} | hmac \"$k_date\")\n\
         k_service=$(printf '%s' {service} | hmac \"$k_region\")\n\
         k_signing=$(printf '%s' {last} | hmac \"$k_service\")\n"
    ))
}

/// Returns the command that computes the signature.
pub(crate) fn signature() -> Option<String> {
    Some(
        "signature=$(printf '%s' \"$string_to_sign\" | hmac \"$k_signing\")\necho \"$signature\"\n"
            .to_owned(),
    )
}

/// Returns the command that signs a chunk or the trailer. The signature before it is a variable, and the data are a hash.
pub(crate) fn chunk(to_sign: &str, is_first: bool) -> Option<String> {
    if to_sign.chars().any(|character| character.is_control() && character != '\n') {
        return None;
    }
    let first = if is_first { "previous=$signature\n" } else { "" };
    let lines: Vec<String> = to_sign
        .split('\n')
        .enumerate()
        .map(|(index, line)| if index == 3 { "\"$previous\"".to_owned() } else { quote(line) })
        .collect();
    Some(format!(
        "{first}string_to_sign=$(printf '%s\\n' \\\n  {})\n\
         previous=$(printf '%s' \"$string_to_sign\" | hmac \"$k_signing\")\necho \"$previous\"\n",
        lines.join(" \\\n  ")
    ))
}

/// Quotes a word for `sh`.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
