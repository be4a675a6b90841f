//! The words for the parts.

use std::collections::BTreeSet;

use explain::words::{self, Part};

#[test]
fn each_part_has_an_identifier_of_its_own() {
    let ids: BTreeSet<_> = Part::ALL.iter().map(|part| part.id()).collect();
    assert_eq!(ids.len(), Part::ALL.len());
    assert!(
        ids.iter()
            .all(|id| id.bytes().all(|byte| byte.is_ascii_lowercase() || b"0123456789-".contains(&byte)))
    );
}

#[test]
fn each_part_has_two_sentences_and_a_document_of_aws() {
    for part in Part::ALL {
        let words = words::of(*part);
        for sentence in [words.what, words.why] {
            assert!(sentence.ends_with('.') && sentence.len() < 140, "{part:?}: {sentence}");
        }
        assert!(words.source.url.starts_with("https://docs.aws.amazon.com/"), "{part:?}");
    }
}

#[test]
fn the_part_of_a_name_does_not_depend_on_its_case() {
    assert_eq!(Part::of_header("HOST"), Part::HostHeader);
    assert_eq!(Part::of_header("x-amz-meta-a"), Part::OtherHeader);
    assert_eq!(Part::of_parameter("x-amz-signedheaders"), Some(Part::SignedHeadersParameter));
    assert_eq!(Part::of_parameter("prefix"), None);
    assert_eq!(Part::of_field("Policy"), Some(Part::Policy));
}
