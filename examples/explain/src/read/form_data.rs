//! Writes the body of a form whose fields are known: the body itself is not signed.

/// A field of a form. A file has a name, and is left empty.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) file_name: Option<String>,
}

/// The boundary of a form whose own boundary is not known.
pub(super) const BOUNDARY: &str = "------------------------form";

/// Returns true if a field is the policy of a signed form.
pub(super) fn has_policy(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.name.eq_ignore_ascii_case("policy"))
}

/// Writes the fields as `multipart/form-data`.
pub(super) fn multipart(fields: &[Field], boundary: &str) -> Vec<u8> {
    let mut body = String::new();
    for Field { name, value, file_name } in fields {
        let (value, file_name) = match file_name {
            Some(file_name) => ("", format!("; filename=\"{}\"", quoted(file_name))),
            None => (value.as_str(), String::new()),
        };
        let name = quoted(name);
        body += &format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file_name}\r\n\r\n{value}\r\n"
        );
    }
    (body + &format!("--{boundary}--\r\n")).into_bytes()
}

/// Escapes a name as browsers do.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
