//! Where the tables go: to the terminal, or into `docs/performance.md`, each in
//! place of the one that was there.
//!
//! A table's place begins with `<!-- measured: its name -->` and ends with the
//! next `<!-- end -->`. What is between them is not written by hand.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

pub struct Report {
    write: bool,
    /// When and on what, for the line below each table.
    conditions: String,
}

impl Report {
    pub fn new(write: bool) -> Self {
        Self { write, conditions: conditions() }
    }

    pub const fn writes(&self) -> bool {
        self.write
    }

    /// Prints a result that the document does not contain.
    pub fn print(&self, markdown: &str) {
        if !self.write {
            println!("\n{}", markdown.trim());
        }
    }

    /// Writes a result to its section of the document.
    pub fn section(&self, name: &str, markdown: &str) -> Result<(), String> {
        if !self.write {
            self.print(markdown);
            return Ok(());
        }
        let path = document();
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let text = replace(&text, name, &format!("{}\n\n<sub>{}</sub>", markdown.trim(), self.conditions))?;
        eprintln!("{name}");
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        if !self.write {
            println!("\n{}", self.conditions);
        }
    }
}

pub fn document() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.md"))
}

fn replace(text: &str, name: &str, table: &str) -> Result<String, String> {
    let (begin, end) = (format!("<!-- measured: {name} -->\n"), "<!-- end -->");
    let missing = || format!("docs/performance.md has no place for the table {name}");
    let start = text.find(&begin).ok_or_else(missing)? + begin.len();
    let length = text[start..].find(end).ok_or_else(missing)?;
    Ok(format!("{}{table}\n{}", &text[..start], &text[start + length..]))
}

fn conditions() -> String {
    let date = jiff::Zoned::now().date();
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let compiler = Command::new(env::var_os("RUSTC").unwrap_or("rustc".into())).arg("--version").output();
    let compiler = compiler.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let compiler = compiler.unwrap_or_default().split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    format!("{date}; {}, {cpus} CPUs, {}; {compiler}.", processor(), sha_instructions())
}

/// Returns the processor's name, family and model: virtual machines of one maker share the name.
fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    match (field("model name"), field("cpu family"), field("model")) {
        (Some(name), Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        (name, ..) => name.unwrap_or_else(|| env::consts::ARCH.to_owned()),
    }
}

/// The floor is several times higher without them, and every ratio flatters
/// its peer.
fn sha_instructions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    let found = std::is_x86_feature_detected!("sha");
    #[cfg(target_arch = "aarch64")]
    let found = std::arch::is_aarch64_feature_detected!("sha2");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let found = false;
    if found { "SHA-256 instructions" } else { "**no SHA-256 instructions**" }
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn a_table_takes_the_place_of_another() {
        let text = "a\n<!-- measured: x -->\nold\n<!-- end -->\nb\n<!-- measured: y -->\n<!-- end -->\n";
        let after = replace(text, "x", "new").expect("a place");
        assert_eq!(
            after,
            "a\n<!-- measured: x -->\nnew\n<!-- end -->\nb\n<!-- measured: y -->\n<!-- end -->\n"
        );
        assert_eq!(replace(&after, "x", "new"), Ok(after.clone()));
        assert!(replace(text, "z", "new").is_err());
    }

    /// A table that has no place would only be missed after minutes of measuring.
    #[test]
    fn the_document_has_a_place_for_each() {
        let text = std::fs::read_to_string(super::document()).expect("the document");
        let names = ["versions", "ratios", "allocations", "list", "threads", "growth", "bodies"];
        for name in names.into_iter().chain(["instructions"]) {
            replace(&text, name, "").expect(name);
        }
    }
}
