//! No report contains a secret, a session token or a signature.

use confusion::{BREAKS, Broken, TEXTS, broken};
use countersign::diagnose::{self, Diagnosis, Evidence, Signed};
use countersign::{SecretAccessKey, Timestamp};
use testkit::reference::{encode, hmac};
use testkit::{SECRET, TOKEN};

/// Returns the strings that must not be printed.
fn secrets(case: &Broken) -> Vec<String> {
    let key = case
        .draft
        .stated_scope
        .split('/')
        .fold(format!("AWS4{}", case.draft.secret).into_bytes(), |key, part| hmac(&key, part).to_vec());
    let right = hex::encode(hmac(&key, &case.computed_to_sign));
    let mut all = vec![
        case.draft.secret.clone(),
        SECRET[..20].into(),
        TOKEN.into(),
        encode(TOKEN),
        TOKEN[..16].into(),
        right,
    ];
    all.push(case.draft.signature.clone());
    let used = case.draft.used_secret.clone();
    // An access key id is no secret.
    all.extend(Some(used).filter(|used| used.len() > 30 && *used != case.draft.id));
    all
}

#[track_caller]
fn assert_absent(diagnosis: &Diagnosis, secrets: &[String]) {
    for printed in [diagnosis.to_string(), format!("{diagnosis:?}"), format!("{diagnosis:#?}")] {
        for secret in secrets {
            assert!(!printed.contains(secret.as_str()), "{secret} in {printed}");
        }
    }
}

#[test]
fn sec_03_reports_contain_no_secret_token_or_signature() {
    for mistake in BREAKS {
        for case in (0..400).filter_map(|seed| broken(mistake, seed)).take(3) {
            let secrets = secrets(&case);
            assert_absent(&case.diagnose_answer(), &secrets);
            assert_absent(&case.diagnose_received(), &secrets);
            let text = format!("{}\n{}", case.answer(), case.wire.target);
            let secret = SecretAccessKey::new(case.draft.used_secret.clone());
            assert_absent(&diagnose::text_with_secret(&Evidence::read(&text), &secret), &secrets);
        }
    }
}

#[test]
fn inputs_print_no_secret() {
    let case = broken(&BREAKS[0], 3).unwrap();
    for printed in [format!("{:?}", case.signed()), format!("{:?}", Evidence::read(&case.answer()))] {
        assert!(!printed.contains(&case.draft.signature) && !printed.contains(SECRET), "{printed}");
    }
    for text in TEXTS {
        let _ = format!("{:?}", Evidence::read(&text.text(1)));
    }
    assert_eq!(format!("{:?}", Signed::from_text("", "")), "Signed(..)");
    assert!(Timestamp::parse(&case.draft.time).is_ok());
}
