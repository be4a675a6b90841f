//! Compares every fast path with the exact path that it replaces.
//!
//! Signer and verifier use the same paths, so a test that signs and then verifies cannot
//! find a difference between them. Each check here builds an input from arbitrary bytes,
//! and panics if the two paths have different results. The unit tests below pass
//! pseudo-random bytes, and the fuzz target `equivalence` passes the bytes of a fuzzer.

use alloc::string::String;
use alloc::vec::Vec;

use super::header_block::is_canonical_block;
use super::header_fields::Fields;
use super::header_value::fold;
use super::path::is_canonical_path;
use super::percent::{Component, push_canonical};
use super::{Name, Pairs};
use crate::bytes::{SortedIndices, decode_32, encode_32, prefix16_at};
use crate::crypto::{sha256, sha256_from, sha256_pair};

/// Runs the check that the first byte selects, with the other bytes.
#[cfg_attr(not(fuzzing), expect(dead_code, unreachable_pub, reason = "called only by the fuzz target"))]
pub fn check(data: &[u8]) {
    let Some((first, data)) = data.split_first() else { return };
    if let Some((_, check)) = CHECKS.get(usize::from(*first) % CHECKS.len()) {
        let _accepted_by_fast_path = check(data);
    }
}

/// A check builds an input from bytes, and returns true if the fast path accepted it.
type Check = fn(&[u8]) -> bool;

const CHECKS: [(&str, Check); 8] = [
    ("header_block", header_block),
    ("selection", selection),
    ("query", query),
    ("path", path),
    ("header_value", header_value),
    ("hashes", hashes),
    ("order", order),
    ("hex", hex_digits),
];

/// Checks that a block written as it is equals the block written byte by byte.
fn header_block(data: &[u8]) -> bool {
    let mut input = Input(data);
    let count = input.count(5, 40);
    let values: Vec<_> =
        (0..count).map(|_| (input.pick(&HEADER_NAMES), input.concat(&VALUE_PARTS, 3, 4))).collect();
    let mut fields = Fields::new();
    for (index, (name, value)) in values.iter().enumerate() {
        fields.push(Some(index), Name::new(name.as_bytes()), value);
    }
    fields.sort();
    let (mut verbatim, mut folded, mut block) = (Vec::new(), Vec::new(), Vec::new());
    let is_verbatim = fields.write_verbatim(&mut verbatim);
    let result = fields.write_folded(&mut folded);
    assert_eq!(fields.write_block(&mut block), result, "{values:?}");
    if result.is_ok() {
        assert_eq!(block, folded, "{values:?}");
    }
    if is_verbatim {
        assert_eq!((result, &verbatim), (Ok(()), &folded), "{values:?}");
    }
    is_verbatim
}

/// Checks that fields selected by hash equal fields selected by order.
fn selection(data: &[u8]) -> bool {
    let mut input = Input(data);
    let names: Vec<&str> = (0..input.below(33)).map(|_| input.pick(&SELECTED_NAMES)).collect();
    let mut list: Vec<String> =
        (0..input.below(6)).map(|_| input.pick(&SELECTED_NAMES).to_lowercase()).collect();
    if input.below(8) > 0 {
        list.sort_unstable();
        list.dedup();
    }
    let (list, values) = (list.join(";"), [b"a", b"b", b"c"]);
    let mut fields = [Fields::new(), Fields::new()];
    for fields in &mut fields {
        for (index, (name, value)) in names.iter().zip(values.iter().cycle()).enumerate() {
            fields.push(Some(index), Name::new(name.as_bytes()), *value);
        }
    }
    let [few, many] = &mut fields;
    let selected = few.select_of_few(list.as_bytes());
    assert_eq!(selected, many.select_of_many(list.as_bytes()), "{names:?} {list}");
    if selected.is_ok() {
        let written = fields.map(|fields| {
            let (mut block, mut names) = (Vec::new(), Vec::new());
            let result = fields.write_block(&mut block);
            fields.write_names(&mut names);
            (result, block, names, fields.unsigned().map(|field| field.index).collect::<Vec<_>>())
        });
        let [few, many] = written;
        assert_eq!(few, many, "{names:?} {list}");
    }
    true
}

/// Checks that a query read as it is equals the query decoded and encoded, also after a
/// parameter was removed.
fn query(data: &[u8]) -> bool {
    let mut input = Input(data);
    let parts = input.count(9, 60);
    let query: String = (0..parts).map(|_| input.pick_first(&QUERY_PARTS, 4)).collect();
    let is_removed = input.below(2) == 1;
    let mut scratch = Vec::new();
    let (mut fast, mut exact) = (Pairs::new(), Pairs::new());
    let result = exact.read_recoded(&query, &mut scratch);
    if !fast.read_canonical(query.as_bytes()) {
        return false;
    }
    assert_eq!(result, Ok(()), "{query}");
    let [fast, exact] = [fast, exact].map(|mut pairs| {
        let removed = is_removed.then(|| pairs.remove("X-Amz-Signature")).flatten();
        pairs.sort();
        let mut out = Vec::new();
        pairs.write(&mut out);
        let removed = removed.map(|pair| (pair.name.to_vec(), pair.value.to_vec()));
        let pairs: Vec<_> = pairs.iter().map(|pair| (pair.name.to_vec(), pair.value.to_vec())).collect();
        (removed, pairs, out)
    });
    assert_eq!(fast, exact, "{query}");
    true
}

/// Checks that a path is recognized as canonical if and only if canonicalizing it changes
/// nothing.
fn path(data: &[u8]) -> bool {
    let mut input = Input(data);
    let parts = input.count(9, 60);
    let path: String = (0..parts).map(|_| input.pick_first(&PATH_PARTS, 10)).collect();
    let [key, labels] = [Component::Key, Component::Labels].map(|component| {
        let mut canonical = Vec::new();
        let result = push_canonical(&mut canonical, path.as_bytes(), component);
        let is_canonical = is_canonical_path(path.as_bytes(), component);
        assert_eq!(is_canonical, result.is_ok() && canonical == path.as_bytes(), "{path}");
        is_canonical
    });
    key | labels
}

/// Checks that folding does not change a value that a block keeps.
fn header_value(data: &[u8]) -> bool {
    let block = [b"name:".as_slice(), data, b"\n"].concat();
    let is_kept = is_canonical_block(&block, 1);
    let mut folded = Vec::new();
    let result = fold(data, |byte| folded.push(byte));
    let is_unchanged = result.is_ok() && folded == data;
    // A value with a space after a colon needs no change, but is not recognized.
    let has_colon_and_space = data.windows(2).any(|two| two == b": ");
    assert_eq!(is_kept, is_unchanged && !has_colon_and_space, "{data:?}");
    is_kept
}

/// Checks that hashes computed in place, or as a pair, equal the hash of each.
fn hashes(data: &[u8]) -> bool {
    let mut input = Input(data);
    let start = usize::from(input.next());
    let (first, second) = input.0.split_at_checked(start).unwrap_or((input.0, b""));
    let mut buffer = data.to_vec();
    buffer.extend_from_slice(first);
    assert_eq!(sha256_from(&mut buffer, data.len()), sha256(first));
    assert_eq!(sha256_pair(&mut buffer, data.len(), second), (sha256(first), sha256(second)));
    assert_eq!(buffer, [data, first].concat(), "the padding is gone");
    true
}

/// Checks that strings sorted by their prefixes are in the order of slices.
fn order(data: &[u8]) -> bool {
    let mut input = Input(data);
    let count = input.count(10, 80);
    let strings: Vec<Vec<u8>> = (0..count).map(|_| input.concat(&STRING_PARTS, 4, 4)).collect();
    let string = |index: usize| strings.get(index).map(Vec::as_slice).unwrap_or_default();
    let mut sorted = SortedIndices::new();
    sorted.sort(count, |index, start| prefix16_at(string(index), start), |a, b| string(a).cmp(string(b)));
    let mut expected: Vec<usize> = (0..count).collect();
    expected.sort_by_key(|index| string(*index));
    assert_eq!(sorted.iter().collect::<Vec<_>>(), expected, "{strings:?}");
    let repeated = expected.windows(2).filter(|two| matches!(two, [a, b] if string(*a) == string(*b)));
    let ties = sorted.ties().filter(|(a, b)| string(*a) == string(*b));
    assert_eq!(ties.count(), repeated.count(), "{strings:?}");
    true
}

/// Checks that digits are those of the `hex` crate, and that only lower case is accepted.
fn hex_digits(data: &[u8]) -> bool {
    if let Some(bytes) = data.first_chunk() {
        assert_eq!(encode_32(bytes)[..], *hex::encode(bytes).as_bytes());
        assert_eq!(decode_32(&encode_32(bytes)), Some(*bytes));
    }
    // Mostly digits, so that some strings have nothing else.
    let digit = |byte: &u8| b"0123456789abcdef0123456789abcdefAg".get(usize::from(*byte) % 34).copied();
    let digits: Vec<u8> = data.iter().filter_map(digit).take(64).collect();
    let expected = hex::decode(&digits).ok().filter(|_| !digits.iter().any(u8::is_ascii_uppercase));
    let expected = expected.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let decoded = decode_32(&digits);
    assert_eq!(decoded, expected, "{digits:?}");
    decoded.is_some()
}

/// A source of bytes from which an input is built. After its end, it returns zeros.
struct Input<'d>(&'d [u8]);

impl Input<'_> {
    fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, limit: u8) -> usize {
        usize::from(self.next() % limit)
    }

    /// Returns a number below `few`, or in one of 20 cases below `many`.
    fn count(&mut self, few: u8, many: u8) -> usize {
        let limit = if self.below(20) == 19 { many } else { few };
        self.below(limit)
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        let index = usize::from(self.next()) % list.len();
        *list.get(index).expect("an index below the length")
    }

    /// Returns one of the first `usual` members, or in one of 12 cases any member.
    fn pick_first<T: Copy>(&mut self, list: &[T], usual: usize) -> T {
        let any = self.below(12) == 11;
        self.pick(list.get(..usual).filter(|_| !any).unwrap_or(list))
    }

    /// Returns the concatenation of fewer than `max` members.
    fn concat(&mut self, list: &[&[u8]], usual: usize, max: u8) -> Vec<u8> {
        (0..self.below(max)).flat_map(|_| self.pick_first(list, usual)).copied().collect()
    }
}

// The parts of which inputs consist; the usual ones first.

const HEADER_NAMES: [&str; 10] = [
    "host",
    "Host",
    "x-amz-date",
    "X-Amz-Meta-A-Very-Long-Header-Name-Indeed",
    "x-amz-meta-a-very-long-header-name-indeed",
    "a",
    "accept",
    "x-amz-acl",
    "x-b",
    "content-type",
];

const VALUE_PARTS: [&[u8]; 13] = [
    b"a",
    b"bc",
    b"0123456789abcdef",
    b" ",
    b"  ",
    b"\t",
    b"b: c",
    b"\r\n ",
    b"\n",
    b"\x01",
    b"\xff",
    b",",
    b"",
];

const SELECTED_NAMES: [&str; 10] = [
    "a",
    "A",
    "b",
    "host",
    "x-amz-date",
    "X-Amz-Date",
    "x-amz-meta-0123456789",
    "x-amz-meta-0123456780",
    "x-amz-meta-012345678",
    "zz",
];

const QUERY_PARTS: [&str; 20] = [
    "a",
    "b",
    "=",
    "&",
    "%20",
    "%2F",
    "%2f",
    "%41",
    "%",
    "+",
    "~",
    "-",
    "_",
    "0",
    "X-Amz-Signature",
    "0123456789abcdef",
    "%C3%A9",
    "/",
    "é",
    "==",
];

const PATH_PARTS: [&str; 20] = [
    "/",
    "a",
    "0123456789abcdef",
    "%20",
    "%D0",
    "%C3%A9",
    "%2F",
    "%2E",
    "%2D",
    "%5B",
    "%7E",
    "%2f",
    "%41",
    "%:0",
    "%2@",
    "%",
    "+",
    ":",
    "é",
    "~",
];

const STRING_PARTS: [&[u8]; 6] = [b"a", b"b", b"\0", b"aaaaaaaaaaaa", b"aaaaaaaaaaab", b"\xff"];

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::CHECKS;

    /// Runs a check on `times` inputs, and fails if the fast path accepts fewer than one of
    /// 20.
    fn holds(name: &str, times: u32) {
        let (_, check) = CHECKS.into_iter().find(|(found, _)| *found == name).expect("a check");
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 16).to_le_bytes()
        };
        let mut fast = 0;
        for _ in 0..times {
            let [length, bias, ..] = random();
            let mut data: Vec<u8> = (0..=length).step_by(8).flat_map(|_| random()).collect();
            if name == "header_value" {
                // Mostly visible, so that some values need no change.
                let visible = |byte: &mut u8| *byte = if *byte < 224 { b' ' + *byte % 96 } else { *byte };
                data.iter_mut().for_each(visible);
                data.truncate(usize::from(bias % 40));
            } else if name == "hex" && bias < 128 {
                data.iter_mut().for_each(|byte| *byte %= 32);
            }
            fast += u32::from(check(&data));
        }
        assert!(fast >= times / 20, "{name}: the fast path accepted {fast} of {times}");
    }

    #[test]
    fn a_block_written_as_it_is_equals_a_block_written_byte_by_byte() {
        holds("header_block", 40_000);
    }

    #[test]
    fn a_selection_by_hash_equals_a_selection_by_order() {
        holds("selection", 15_000);
    }

    #[test]
    fn a_query_read_as_it_is_equals_a_query_decoded_and_encoded() {
        holds("query", 50_000);
    }

    #[test]
    fn a_path_is_canonical_if_and_only_if_nothing_changes_it() {
        holds("path", 60_000);
    }

    #[test]
    fn a_value_that_is_kept_is_not_changed_by_folding() {
        holds("header_value", 50_000);
    }

    #[test]
    fn hashes_in_place_and_in_pairs_equal_the_hash_of_each() {
        holds("hashes", 8_000);
    }

    #[test]
    fn strings_are_sorted_as_slices_are() {
        holds("order", 30_000);
    }

    #[test]
    fn hex_equals_the_hex_crate() {
        holds("hex", 20_000);
    }
}
