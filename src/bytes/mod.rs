//! Byte strings, 16 bytes at a time: search, prefixes, bounded writes, sorting, hex.
//!
//! Strings in requests are short, and most of them contain no byte that needs to
//! change. The functions of this module find that out without a branch per byte. They
//! know neither AWS nor HTTP: callers pass a [set of bytes](ByteSet).
//!
//! Contract: the first doc line of a function is its naive equivalent. A table-driven
//! test compares the two at every length from 0 to 70 bytes.
//!
//! The SIMD type is [`wide::u8x16`], which needs no `unsafe` here and falls back
//! to plain arithmetic on processors without vectors. `#[inline(always)]` is used
//! only in this folder: a predicate that is not inlined into the loop is called
//! once per block, which costs more than the comparison.

mod block;
mod find;
mod hex;
mod prefix;
mod sort;
mod truncate;
mod writer;

pub(crate) use self::block::{Block, Mask};
pub(crate) use self::find::{
    all, all_in_prefix, any, any_window2, any_window3, count, count_if_all, find, find_in_prefix, find_iter,
    find_iter_not, find_not, rfind, split_once,
};
pub(crate) use self::hex::{decode_32, encode_32};
pub(crate) use self::prefix::{
    first_set, low_bytes_mask, lowercase16, lowercase16_const, prefix16, prefix16_at, prefix16_const,
};
pub(crate) use self::sort::SortedIndices;
pub(crate) use self::truncate::{truncated, truncated_lossy};
pub(crate) use self::writer::{SLACK, SliceWriter, cleared, extend_with};

/// A set of bytes, which can be tested for one byte or for 16 bytes at once.
pub(crate) trait ByteSet: Copy {
    /// Returns true if the set contains `byte`.
    #[cfg(test)]
    fn contains(self, byte: u8) -> bool;

    /// Returns the lanes of `block` whose bytes are in the set.
    fn lanes(self, block: Block) -> Mask;
}

/// A set of one byte.
impl ByteSet for u8 {
    #[cfg(test)]
    fn contains(self, byte: u8) -> bool {
        self == byte
    }

    #[inline(always)]
    fn lanes(self, block: Block) -> Mask {
        block.eq(self)
    }
}

/// Declares classes of bytes, as unions of inclusive ranges. One line is the only
/// definition of a class: the test of one byte and the predicate of 16 bytes are
/// both made from it.
macro_rules! byte_class {
    ($($(#[$doc:meta])* $name:ident = $($first:literal $(..= $last:literal)?)|+;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy)]
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "its only value is used like a constant")]
            pub(crate) struct $name;

            impl $name {
                /// Returns true if the class contains `byte`.
                #[allow(dead_code, reason = "most classes are used only for 16 bytes at once")]
                pub(crate) const fn contains(self, byte: u8) -> bool {
                    matches!(byte, $($first $(..= $last)?)|+)
                }
            }

            impl ByteSet for $name {
                #[cfg(test)]
                fn contains(self, byte: u8) -> bool {
                    Self::contains(self, byte)
                }

                #[inline(always)]
                fn lanes(self, block: Block) -> Mask {
                    Mask::NONE $(| byte_class!(@lanes block, $first $(, $last)?))+
                }
            }
        )*

        /// Every class: its name, its test of one byte, and its test of 16 bytes.
        #[cfg(test)]
        const CLASSES: &[(&str, fn(u8) -> bool, fn(&[u8; 16]) -> Mask)] = &[
            $((stringify!($name), |byte| $name.contains(byte), |block| $name.lanes(Block::load(block)))),*
        ];
    };
    (@lanes $block:ident, $byte:literal) => { $block.eq($byte) };
    (@lanes $block:ident, $first:literal, $last:literal) => { $block.in_range($first, $last) };
}

byte_class! {
    /// `0`–`9`.
    DIGIT = b'0'..=b'9';

    /// `A`–`Z`.
    UPPERCASE = b'A'..=b'Z';

    /// Visible ASCII: no space, no control character.
    VISIBLE = b'!'..=b'~';

    /// Letters, digits and `-`.
    WORD = b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z';

    /// Lower-case letters, digits, `-` and `;`.
    LOWERCASE_WORDS = b'-' | b'0'..=b'9' | b';' | b'a'..=b'z';

    /// *tchar* of RFC 9110, section 5.6.2.
    TOKEN = b'!' | b'#'..=b'\'' | b'*'..=b'+' | b'-'..=b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'^'..=b'z' | b'|' | b'~';

    /// Control characters except tab: *field-value* of RFC 9110, section 5.5, has none.
    CONTROL_EXCEPT_TAB = 0..=0x08 | 0x0a..=0x1f | 0x7f;

    /// Control characters except the line feed.
    CONTROL_EXCEPT_LF = 0..=0x09 | 0x0b..=0x1f | 0x7f;

    /// Everything except spaces and control characters; the line feed is included.
    VISIBLE_OR_LF = b'\n' | b'!'..=b'~' | 0x80..=0xff;

    /// Space and colon.
    SPACE_OR_COLON = b' ' | b':';

    /// *unreserved* of RFC 3986, section 2.3.
    UNRESERVED = b'-'..=b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'_' | b'a'..=b'z' | b'~';

    /// *unreserved* of RFC 3986, section 2.3, and `/`.
    UNRESERVED_OR_SLASH = b'-'..=b'9' | b'A'..=b'Z' | b'_' | b'a'..=b'z' | b'~';

    /// High digits of the triplets `%80`–`%FF`, and `:`–`@`.
    HIGH_DIGIT_BEYOND_ASCII = b'8'..=b'F';

    /// Upper-case hex digits, and `:`–`@`.
    HEX_DIGIT_OR_BETWEEN = b'0'..=b'F';

    /// `D`, `E` and `F`: the low digits of `%2D` and `%2E`, which are unreserved, and of `%2F`, which is
    /// a slash in the path of an object.
    D_TO_F = b'D'..=b'F';

    /// A URI without a fragment, which a client has not encoded yet: no control
    /// character, no `#`.
    URI_TO_SEND = b' '..=b'"' | b'$'..=b'~' | 0x80..=0xff;

    /// [`URI_TO_SEND`] without `?`.
    PATH_TO_SEND = b' '..=b'"' | b'$'..=b'>' | b'@'..=b'~' | 0x80..=0xff;

    /// A URI without a fragment, as it can be received: visible ASCII, no `#`.
    URI_RECEIVED = b'!'..=b'"' | b'$'..=b'~';

    /// [`URI_RECEIVED`] without `?`.
    PATH_RECEIVED = b'!'..=b'"' | b'$'..=b'>' | b'@'..=b'~';

    /// `/` and `?`, which end an authority.
    SLASH_OR_QUESTION_MARK = b'/' | b'?';

    /// Lower-case letters, digits, `-` and `.`: most hosts.
    LOWERCASE_HOST = b'-'..=b'.' | b'0'..=b'9' | b'a'..=b'z';

    /// `host` or `host:port` of RFC 3986, section 3.2: visible ASCII without
    /// ``" # , / < > ? @ \ ^ ` { | }``.
    AUTHORITY = b'!' | b'$'..=b'+' | b'-'..=b'.' | b'0'..=b';' | b'=' | b'A'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~';
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_contains_in_every_lane_the_bytes_it_contains_alone() {
        for (name, contains, lanes) in CLASSES {
            for byte in 0..=255u8 {
                for lane in 0..16 {
                    for others in [0, b'a', 0xff] {
                        let mut block = [others; 16];
                        *block.get_mut(lane).expect("a lane") = byte;
                        let expected = block.iter().enumerate();
                        let expected: u32 =
                            expected.map(|(lane, byte)| u32::from(contains(*byte)) << lane).sum();
                        assert_eq!(lanes(&block).bits(), expected, "{name}: {byte} in lane {lane}");
                    }
                }
            }
        }
    }

    /// Compares each class with the same class written with the functions of `core`.
    #[test]
    fn each_class_contains_what_its_name_says() {
        let only = |bytes: &'static [u8]| move |byte: u8| bytes.contains(&byte);
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || only(b"-._~")(byte);
        let lowercase_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let not_in_authority = only(b"\"#,/<>?@\\^`{|}");
        for byte in 0..=255u8 {
            let (control, visible) = (byte.is_ascii_control(), byte.is_ascii_graphic());
            let expected = [
                (DIGIT.contains(byte), byte.is_ascii_digit()),
                (UPPERCASE.contains(byte), byte.is_ascii_uppercase()),
                (VISIBLE.contains(byte), visible),
                (WORD.contains(byte), byte.is_ascii_alphanumeric() || byte == b'-'),
                (LOWERCASE_WORDS.contains(byte), lowercase_word(byte) || byte == b';'),
                (TOKEN.contains(byte), byte.is_ascii_alphanumeric() || only(b"!#$%&'*+-.^_`|~")(byte)),
                (CONTROL_EXCEPT_TAB.contains(byte), control && byte != b'\t'),
                (CONTROL_EXCEPT_LF.contains(byte), control && byte != b'\n'),
                (VISIBLE_OR_LF.contains(byte), !control && byte != b' ' || byte == b'\n'),
                (SPACE_OR_COLON.contains(byte), only(b" :")(byte)),
                (UNRESERVED.contains(byte), unreserved(byte)),
                (UNRESERVED_OR_SLASH.contains(byte), unreserved(byte) || byte == b'/'),
                (URI_TO_SEND.contains(byte), !control && byte != b'#'),
                (PATH_TO_SEND.contains(byte), !control && !only(b"#?")(byte)),
                (URI_RECEIVED.contains(byte), visible && byte != b'#'),
                (PATH_RECEIVED.contains(byte), visible && !only(b"#?")(byte)),
                (SLASH_OR_QUESTION_MARK.contains(byte), only(b"/?")(byte)),
                (LOWERCASE_HOST.contains(byte), lowercase_word(byte) || byte == b'.'),
                (AUTHORITY.contains(byte), visible && !not_in_authority(byte)),
                (HIGH_DIGIT_BEYOND_ASCII.contains(byte), only(b"89:;<=>?@ABCDEF")(byte)),
                (HEX_DIGIT_OR_BETWEEN.contains(byte), only(b"0123456789:;<=>?@ABCDEF")(byte)),
                (D_TO_F.contains(byte), only(b"DEF")(byte)),
            ];
            assert_eq!(expected.len(), CLASSES.len());
            for (index, (contains, expected)) in expected.into_iter().enumerate() {
                assert_eq!(contains, expected, "{byte} in the class that is row {index} of this test");
            }
        }
    }
}
