//! Each mistake of the corpus is named.

use std::collections::BTreeSet;

use confusion::{BREAKS, Matrix, TEXTS};
use countersign::diagnose::CauseName;

/// Causes that are not in the corpus, with the test that has them.
const ELSEWHERE: &[(CauseName, &str)] = &[
    (CauseName::Algorithm, "report::names_an_algorithm_that_the_verifier_does_not_accept"),
    (CauseName::AuthorizationMalformed, "report::names_a_malformed_authorization"),
    (CauseName::CanonicalRequestUnknown, "report::says_when_the_canonical_request_is_missing"),
    (CauseName::ChunkSignature, "logs::a_chunk_is_suspected_if_the_headers_verify"),
    (CauseName::FormPolicy, "forms::the_spelling_of_a_policy_that_was_signed_is_found"),
    (CauseName::MalformedRequest, "report::names_a_malformed_request"),
    (CauseName::OtherError, "report::names_errors_that_are_not_about_the_signature"),
    (CauseName::PayloadHeader, "report::names_a_missing_payload_hash"),
    (CauseName::SignatureAltered, "report::names_a_signature_that_was_altered"),
    (CauseName::StaleAnswer, "report::names_an_answer_to_another_request"),
];

#[test]
fn names_each_mistake_first_in_95_of_100_cases_and_the_page_has_the_table() {
    let matrix = Matrix::run();
    for row in &matrix.0 {
        assert!(row.cases >= 20, "{} ({}): only {} cases", row.cause, row.side, row.cases);
        assert!(row.first * 100 >= row.cases * 95, "{} ({}): {:?}", row.cause, row.side, row.others);
    }
    assert!(confusion::check(&matrix).unwrap(), "cargo run -p confusion updates docs/diagnosing.md");
}

#[test]
fn every_cause_is_in_the_corpus_or_has_a_test() {
    let in_corpus = BREAKS.iter().map(|mistake| mistake.cause).chain(TEXTS.iter().map(|text| text.cause));
    let known: BTreeSet<CauseName> = in_corpus.chain(ELSEWHERE.iter().map(|(cause, _)| *cause)).collect();
    let missing: Vec<&CauseName> = CauseName::ALL.iter().filter(|cause| !known.contains(cause)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn names_are_unique_kebab_case_and_parse() {
    let names: BTreeSet<&str> = CauseName::ALL.iter().map(|cause| cause.as_str()).collect();
    assert_eq!(names.len(), CauseName::ALL.len());
    for cause in CauseName::ALL {
        let is_kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(cause.as_str().bytes().all(is_kebab), "{cause}");
        assert_eq!(CauseName::parse(cause.as_str()), Some(*cause));
        for sentence in [cause.why(), cause.fix()] {
            assert!(sentence.ends_with('.'), "{cause}: {sentence}");
        }
    }
}
