//! The name of a file, which is shown to people and is never a key.

use percent_encoding::percent_decode_str;

const LONGEST: usize = 120;

/// Returns a name without folders, control characters and excess length.
pub fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Marks that reorder text can disguise an extension.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = name.trim().chars().filter(|c| !hidden(*c)).take(LONGEST).collect();
    if name.is_empty() { "image".to_owned() } else { name }
}

/// Returns the disposition that an object is stored with: whoever opens it without one of our URLs
/// saves it to a file.
pub fn attachment(name: &str) -> String {
    disposition("attachment", name)
}

/// Returns the disposition of a view.
pub fn inline(name: &str) -> String {
    disposition("inline", name)
}

/// RFC 6266: a plain name for old clients, and the exact one in UTF-8.
fn disposition(kind: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || " ._-()".contains(c) { c } else { '_' };
    let plain: String = name.chars().map(plain).collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{}", countersign::uri::encode(name))
}

/// Reads the exact name back.
pub fn of_disposition(value: &str) -> Option<String> {
    let (_, encoded) = value.split_once("filename*=UTF-8''")?;
    let encoded = encoded.split(';').next()?.trim();
    Some(clean(&percent_decode_str(encoded).decode_utf8().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_the_disposition() {
        for name in ["cat.png", "Grüße aus Köln (1).jpeg", "a;b\"c'd%20.gif", "日本.webp"] {
            let value = attachment(name);
            assert!(value.is_ascii() && !value.contains(['\r', '\n']), "{value}");
            assert_eq!(of_disposition(&value).as_deref(), Some(name));
        }
        // The first example of RFC 6266, section 5, with both forms.
        assert_eq!(inline("€ rates"), "inline; filename=\"_ rates\"; filename*=UTF-8''%E2%82%AC%20rates");
    }

    #[test]
    fn a_name_has_no_folder_and_no_hidden_characters() {
        assert_eq!(clean("C:\\photos\\cat.png"), "cat.png");
        assert_eq!(clean("../../etc/passwd"), "passwd");
        assert_eq!(clean("cat\u{202e}gnp.exe\r\n"), "catgnp.exe");
        assert_eq!(clean(" / "), "image");
        assert_eq!(clean(&"é".repeat(500)).chars().count(), LONGEST);
    }
}
