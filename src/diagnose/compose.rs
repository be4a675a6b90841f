//! Composed and decomposed spellings of Latin letters: a table.
//!
//! File systems of macOS decompose names. The table has the letters of Western and Central Europe,
//! which is enough to name the cause, without a crate for all of Unicode.

use alloc::string::String;

/// Composed letters, their base letters and their combining marks.
const LETTERS: &[(char, [char; 2])] = &[
    ('À', ['A', '\u{300}']),
    ('Á', ['A', '\u{301}']),
    ('Â', ['A', '\u{302}']),
    ('Ã', ['A', '\u{303}']),
    ('Ä', ['A', '\u{308}']),
    ('Å', ['A', '\u{30a}']),
    ('Ç', ['C', '\u{327}']),
    ('È', ['E', '\u{300}']),
    ('É', ['E', '\u{301}']),
    ('Ê', ['E', '\u{302}']),
    ('Ë', ['E', '\u{308}']),
    ('Í', ['I', '\u{301}']),
    ('Î', ['I', '\u{302}']),
    ('Ï', ['I', '\u{308}']),
    ('Ñ', ['N', '\u{303}']),
    ('Ó', ['O', '\u{301}']),
    ('Ô', ['O', '\u{302}']),
    ('Õ', ['O', '\u{303}']),
    ('Ö', ['O', '\u{308}']),
    ('Ù', ['U', '\u{300}']),
    ('Ú', ['U', '\u{301}']),
    ('Û', ['U', '\u{302}']),
    ('Ü', ['U', '\u{308}']),
    ('à', ['a', '\u{300}']),
    ('á', ['a', '\u{301}']),
    ('â', ['a', '\u{302}']),
    ('ã', ['a', '\u{303}']),
    ('ä', ['a', '\u{308}']),
    ('å', ['a', '\u{30a}']),
    ('ç', ['c', '\u{327}']),
    ('è', ['e', '\u{300}']),
    ('é', ['e', '\u{301}']),
    ('ê', ['e', '\u{302}']),
    ('ë', ['e', '\u{308}']),
    ('ì', ['i', '\u{300}']),
    ('í', ['i', '\u{301}']),
    ('î', ['i', '\u{302}']),
    ('ï', ['i', '\u{308}']),
    ('ñ', ['n', '\u{303}']),
    ('ò', ['o', '\u{300}']),
    ('ó', ['o', '\u{301}']),
    ('ô', ['o', '\u{302}']),
    ('õ', ['o', '\u{303}']),
    ('ö', ['o', '\u{308}']),
    ('ù', ['u', '\u{300}']),
    ('ú', ['u', '\u{301}']),
    ('û', ['u', '\u{302}']),
    ('ü', ['u', '\u{308}']),
    ('ý', ['y', '\u{301}']),
    ('č', ['c', '\u{30c}']),
    ('ě', ['e', '\u{30c}']),
    ('ř', ['r', '\u{30c}']),
    ('š', ['s', '\u{30c}']),
    ('ž', ['z', '\u{30c}']),
    ('ń', ['n', '\u{301}']),
    ('ś', ['s', '\u{301}']),
    ('ć', ['c', '\u{301}']),
    ('ź', ['z', '\u{301}']),
    ('ő', ['o', '\u{30b}']),
    ('ű', ['u', '\u{30b}']),
    ('ă', ['a', '\u{306}']),
    ('ğ', ['g', '\u{306}']),
    ('ş', ['s', '\u{327}']),
    ('ţ', ['t', '\u{327}']),
];

/// Returns the text with its letters composed.
pub(super) fn composed(text: &str) -> String {
    LETTERS.iter().fold(text.into(), |text: String, (composed, parts)| {
        text.replace(&String::from_iter(parts), composed.encode_utf8(&mut [0; 4]))
    })
}

/// Returns the text with its letters decomposed.
pub(super) fn decomposed(text: &str) -> String {
    LETTERS.iter().fold(text.into(), |text: String, (composed, parts)| {
        text.replace(*composed, &String::from_iter(parts))
    })
}
