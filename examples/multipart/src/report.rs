//! The result of a transfer: lines for a person, or a line of JSON.

use std::path::Path;
use std::sync::atomic::Ordering;

use bucket::Object;
use indicatif::BinaryBytes;
use multipart::{Downloaded, Proof, Uploaded};
use serde_json::{Value, json};

use crate::files::Wanted;
use crate::screen::Screen;

pub fn uploaded(screen: &Screen, bucket: &str, file: &Wanted, uploaded: &Uploaded, count: usize) {
    let Uploaded { size, part_size, sent, found, proof } = uploaded;
    screen.bytes.fetch_add(*size, Ordering::Relaxed);
    if screen.json {
        screen.print(&line(screen, json!({
            "source": file.name(), "bucket": bucket, "key": file.key, "size": size, "part_size": part_size,
            "sent": sent, "already_there": found, "proof": self::proof(proof),
        })));
    } else if count == 1 {
        let there = there(*found);
        screen.print(&format!(
            "uploaded {} to s3://{bucket}/{}: {}{there}\nproven by {proof}",
            file.name(),
            file.key,
            rate(screen, *size, *sent),
        ));
    }
}

/// The last line of an upload of several files.
pub fn all(screen: &Screen, done: usize, count: usize) {
    if !screen.json && count != 1 {
        let bytes = screen.bytes.load(Ordering::Relaxed);
        screen.print(&format!("uploaded {done} of {count} files: {}", rate(screen, bytes, bytes)));
    }
}

pub fn downloaded(screen: &Screen, object: &Object, file: &Path, downloaded: &Downloaded) {
    let Downloaded { size, part_size, received, found, proof } = downloaded;
    if screen.json {
        screen.print(&line(screen, json!({
            "file": file.display().to_string(), "bucket": object.bucket, "key": object.key, "size": size,
            "part_size": part_size, "received": received, "already_there": found, "proof": self::proof(proof),
        })));
    } else {
        let there = there(*found);
        screen.print(&format!(
            "downloaded s3://{}/{} to {}: {}{there}\nproven by {proof}",
            object.bucket,
            object.key,
            file.display(),
            rate(screen, *size, *received),
        ));
    }
}

fn there(found: u64) -> String {
    match found {
        0 => String::new(),
        found => format!(", {} were there already", BinaryBytes(found)),
    }
}

fn rate(screen: &Screen, size: u64, moved: u64) -> String {
    let seconds = screen.began.elapsed().as_secs_f64();
    let rate = match moved {
        0 => String::new(),
        moved => format!(", {}/s", BinaryBytes((moved as f64 / seconds) as u64)),
    };
    let retries = match screen.retries.load(Ordering::Relaxed) {
        0 => String::new(),
        retries => format!(", {retries} requests were repeated"),
    };
    format!("{} in {seconds:.1} s{rate}{retries}", BinaryBytes(size))
}

fn line(screen: &Screen, mut value: Value) -> String {
    value["retries"] = screen.retries.load(Ordering::Relaxed).into();
    value["seconds"] = screen.began.elapsed().as_secs_f64().into();
    value.to_string()
}

fn proof(proof: &Proof) -> Value {
    match proof {
        Proof::Object(sum) => {
            json!({"of": "object", "algorithm": sum.checksum().algorithm(), "value": sum.to_string()})
        }
        Proof::Parts(sum) => {
            json!({"of": "parts", "algorithm": sum.value().checksum().algorithm(), "value": sum.to_string()})
        }
        Proof::EachPart => json!({"of": "each part"}),
        _ => json!({"of": "length"}),
    }
}
