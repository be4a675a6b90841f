//! The panes of SigV4a, which are shown in a second column.

use countersign::steps::SigningKeyPair;
use explain::words::Part;

use crate::answer::{From, Kind, Pane, Piece};
use crate::input::Input;
use crate::lines::{self, line, plain};
use crate::sent::Sent;
use crate::{canonical, final_request, keys, to_sign};

/// Returns the panes of a request that was signed with SigV4a.
pub fn panes(input: &Input<'_>, sent: &Sent) -> Vec<Pane> {
    vec![
        canonical::pane_of("sigv4a_canonical", &sent.layout, &sent.origins(input)),
        to_sign::pane("sigv4a_string_to_sign", input, sent),
        key_pair(input),
        keys::signature("sigv4a_signature", &sent.signature, true),
        final_request::pane("sigv4a_final", input, sent),
    ]
}

/// Returns the pane of the key pair, which depends neither on the day nor on a region.
fn key_pair(input: &Input<'_>) -> Pane {
    let mut key_lines = Vec::new();
    if let Ok(pair) = SigningKeyPair::derive(&input.credentials) {
        let question = input.question;
        let from = vec![
            From::whole("secret", &question.secret),
            From::whole("access_key_id", &question.access_key_id),
        ];
        let private = Piece::new(hex::encode(*pair.private_key()), "key.pair", Kind::Computed, from);
        key_lines.push(line("sigv4a_keys.private", Part::SigV4aKey, vec![private]));
        let public = pair.public_key();
        for (name, coordinate) in [("x", public.x()), ("y", public.y())] {
            let from = vec![From::part("key.pair")];
            let piece =
                Piece::new(hex::encode(coordinate), format!("key.public.{name}"), Kind::Computed, from);
            let what = "A coordinate of the public key, with which the service verifies the signature.";
            key_lines.push(plain(
                format!("sigv4a_keys.{name}"),
                format!("public key, {name}"),
                what,
                vec![piece],
            ));
        }
    }
    let note = "A key pair of the curve P-256. It is the same for every day, region and service.";
    lines::pane("sigv4a_keys", "3. Key pair", note, key_lines)
}
