//! Dependencies between the modules of `src/` point one way.
//!
//! Reads every `crate::…` path of `src/`, and fails if a module uses one that
//! follows it in [`ORDER`].
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The top-level modules. Each may use the modules before it, and no others.
const ORDER: [&str; 27] = [
    // Know neither AWS nor HTTP.
    "bytes",
    "crypto",
    // Inputs and errors.
    "time",
    "checksum",
    "payload",
    "error",
    "host",
    "partition",
    "expires",
    "region",
    "service",
    "credentials",
    "request",
    // The rules of step 1, then the steps. An S3 address needs only the rules.
    "canonical",
    "s3",
    "steps",
    // The signer and the verifier. Neither uses the other.
    "sign",
    "verify",
    // Protocols.
    "chunked",
    "event_stream",
    "post_policy",
    "tokens",
    // Reports why a request does not verify. Nothing else uses it.
    "diagnose",
    // Adapters.
    "http",
    "http_body",
    "tower",
    "url",
];

#[test]
fn every_module_uses_only_modules_before_it() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    let root = root_exports(&fs::read_to_string("src/lib.rs").unwrap());
    for file in rust_files(Path::new("src")) {
        let module = top_level_module(&file);
        if ["lib", "_guides"].contains(&module.as_str()) || file.ends_with("tests.rs") {
            continue;
        }
        let rank = rank(&module).unwrap_or_else(|| panic!("{module} is not in ORDER"));
        for used in used_modules(&fs::read_to_string(&file).unwrap(), &root) {
            checked += 1;
            let is_later = self::rank(&used).is_none_or(|used| used > rank);
            let verifier_uses_signer = module == "verify" && used == "sign";
            if is_later || verifier_uses_signer {
                wrong.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    assert!(checked > 200, "only {checked} paths were found");
    assert!(wrong.is_empty(), "dependencies that point back:\n{}", wrong.join("\n"));
}

#[test]
fn finds_the_modules_that_a_file_uses() {
    let root = root_exports(
        "pub use canonical::percent as uri;\n#[cfg(a)]\npub use request::Request;\npub use error::{SignError,\n  VerifyError};",
    );
    let source = "use crate::time::Timestamp;\n\
        use crate::{Request, error::{SignError, VerifyError}, steps};\n\
        // crate::sign\n\
        let x = crate::uri::encode(a);\n\
        #[cfg(all(test, feature = \"std\"))]\n\
        mod tests { use crate::Signer; }";
    assert_eq!(used_modules(source, &root), ["time", "request", "error", "steps", "canonical"]);
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == module)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Returns `verify` for `src/verify/claim.rs`, and `host` for `src/host.rs`.
fn top_level_module(file: &Path) -> String {
    let inside = file.strip_prefix("src").unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Returns the names that `lib.rs` re-exports, with the modules that define them.
fn root_exports(lib: &str) -> HashMap<String, String> {
    let mut exports = HashMap::new();
    for statement in lib.split("pub use ").skip(1) {
        let path = statement.split(';').next().unwrap();
        let (module, names) = path.split_once("::").unwrap();
        for name in names.split(['{', '}', ',']) {
            // `percent as uri` is used as `uri`.
            if let Some(name) = name.split_whitespace().last() {
                exports.insert(name.to_owned(), module.to_owned());
            }
        }
    }
    exports
}

/// Returns the modules with which the `crate::` paths of a source file begin.
///
/// Ignores comments, and unit tests at the end of the file.
fn used_modules(source: &str, root: &HashMap<String, String>) -> Vec<String> {
    let mut code = String::new();
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        let is_test = line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test,");
        if is_test && lines.peek().is_some_and(|next| next.starts_with("mod ")) {
            break;
        }
        code.push_str(line.split("//").next().unwrap());
        code.push('\n');
    }
    let module_of = |item: &str| {
        let end = item.find(|character: char| !character.is_alphanumeric() && character != '_');
        let name = &item[..end.unwrap_or(item.len())];
        root.get(name).map_or(name, String::as_str).to_owned()
    };
    let mut used = Vec::new();
    for path in code.split("crate::").skip(1) {
        match path.strip_prefix('{') {
            Some(group) => used.extend(group_items(group).into_iter().map(module_of)),
            None => used.push(module_of(path)),
        }
    }
    used
}

/// Returns the items of a `use` group, without those of the groups inside it.
fn group_items(group: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (index, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(group[start..index].trim());
                start = index + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}
