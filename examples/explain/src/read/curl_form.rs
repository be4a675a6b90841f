//! The form of curl's `-F`, with a boundary of our own: the boundary is not signed.

pub(super) const CONTENT_TYPE: &str = "multipart/form-data; boundary=------------------------form";

/// Returns true if a field is the policy of a signed form.
pub(super) fn has_policy(form: &[Vec<u8>]) -> bool {
    form.iter().any(|field| field.to_ascii_lowercase().starts_with(b"policy="))
}

/// Writes the fields up to the first file, which is left empty: its bytes are not signed.
pub(super) fn body(form: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    for field in form {
        let field = String::from_utf8_lossy(field);
        let (name, value) = field.split_once('=').unwrap_or((&field, ""));
        let file = value.strip_prefix(['@', '<']).filter(|_| name == "file");
        let file_name = file.map(|path| {
            let path = path.split(';').next().unwrap_or_default();
            format!("; filename=\"{}\"", path.rsplit('/').next().unwrap_or_default())
        });
        let value = if file.is_some() { "" } else { value };
        body.extend_from_slice(
            format!(
                "--------------------------form\r\nContent-Disposition: form-data; name=\"{name}\"{}\r\n\r\n{value}\r\n",
                file_name.unwrap_or_default()
            )
            .as_bytes(),
        );
    }
    body.extend_from_slice(b"--------------------------form--\r\n");
    body
}
