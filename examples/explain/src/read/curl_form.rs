//! The form of curl's `-F`.

use super::form_data::Field;

/// Returns the fields of `name=value` and `file=@path`.
pub(super) fn fields(form: &[Vec<u8>]) -> Vec<Field> {
    form.iter().map(|field| of(&String::from_utf8_lossy(field))).collect()
}

fn of(field: &str) -> Field {
    let (name, value) = field.split_once('=').unwrap_or((field, ""));
    let path = value.strip_prefix(['@', '<']).filter(|_| name == "file");
    let path = path.map(|path| path.split(';').next().unwrap_or_default());
    let file_name = path.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned());
    Field { name: name.to_owned(), value: value.to_owned(), file_name }
}
