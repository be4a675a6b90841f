//! Dependencies between the modules of `src/` point one way.
//!
//! Reads every `crate::…` path of `src/`, and fails if a module uses one that
//! comes after it in [`ORDER`].

use std::fs;
use std::path::{Path, PathBuf};

/// The top-level modules. Each may use those before it, and nothing else.
const ORDER: [&str; 23] = [
    // Know neither AWS nor HTTP.
    "bytes",
    "crypto",
    // Inputs and errors.
    "time",
    "error",
    "host",
    "expires",
    "checksum",
    "region",
    "service",
    "credentials",
    "payload",
    "request",
    // Step 1's rules, then the steps.
    "canonical",
    "steps",
    // Signer and verifier, neither of which uses the other.
    "sign",
    "verify",
    // Protocols.
    "chunked",
    "event_stream",
    "post_policy",
    "tokens",
    // Addresses and adapters.
    "s3",
    "http",
    "url",
];

#[test]
fn every_module_uses_only_modules_before_it() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for file in rust_files(Path::new("src")) {
        let module = top_level_module(&file);
        if module == "lib" {
            continue;
        }
        let rank = rank(&module).unwrap_or_else(|| panic!("{module} is not in ORDER"));
        for used in used_modules(&fs::read_to_string(&file).unwrap()) {
            checked += 1;
            let later = self::rank(&used).is_none_or(|used| used > rank);
            let verifier_uses_signer = module == "verify" && used == "sign";
            if later || verifier_uses_signer {
                wrong.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    assert!(checked > 200, "only {checked} paths were found");
    assert!(wrong.is_empty(), "dependencies that point back:\n{}", wrong.join("\n"));
}

#[test]
fn finds_the_modules_that_a_file_uses() {
    let source = "use crate::time::Timestamp;\nuse crate::{Request, error::SignError};\n// crate::sign\nlet x = crate::uri::encode(a);\n#[cfg(test)]\nmod tests { use crate::Signer; }";
    assert_eq!(used_modules(source), ["time", "request", "error", "canonical"]);
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

/// `src/verify/claim.rs` belongs to `verify`, `src/time.rs` to `time`.
fn top_level_module(file: &Path) -> String {
    let inside = file.strip_prefix("src").unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that the paths of a source file begin with. Comments, and unit
/// tests, which end a file, do not count.
fn used_modules(source: &str) -> Vec<String> {
    let code: String = source
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap()
        .lines()
        .map(|line| line.split("//").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n");
    let mut used = Vec::new();
    for path in code.split("crate::").skip(1) {
        match path.strip_prefix('{') {
            Some(group) => {
                let group = group.split('}').next().unwrap();
                used.extend(group.split(',').map(str::trim).filter(|item| !item.is_empty()).map(module_of));
            }
            None => used.push(module_of(path)),
        }
    }
    used
}

/// The module of a path without its `crate::`. Names that the crate root
/// re-exports belong to the module that defines them.
fn module_of(path: &str) -> String {
    let first =
        path.split(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap();
    let module = match first {
        "uri" | "NEVER_SIGNED" | "is_never_signed" | "SignedHeaders" => "canonical",
        "Timestamp" => "time",
        "Request" => "request",
        other => other,
    };
    module.to_owned()
}
