//! The files of the page, which are part of the program.

/// A file of the page.
pub struct File {
    pub path: &'static str,
    pub mime: &'static str,
    pub text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! file {
    ($path:literal, $name:literal, $mime:expr) => {
        File { path: $path, mime: $mime, text: include_str!(concat!("../page/", $name)) }
    };
}

pub const ALL: &[File] = &[
    file!("/", "index.html", HTML),
    file!("/icon.svg", "icon.svg", "image/svg+xml"),
    file!("/bench.css", "bench.css", CSS),
    file!("/panes.css", "panes.css", CSS),
    file!("/style.css", "style.css", CSS),
    file!("/answer.js", "answer.js", SCRIPT),
    file!("/app.js", "app.js", SCRIPT),
    file!("/breaks.js", "breaks.js", SCRIPT),
    file!("/changes.js", "changes.js", SCRIPT),
    file!("/code.js", "code.js", SCRIPT),
    file!("/diagnosis.js", "diagnosis.js", SCRIPT),
    file!("/differences.js", "differences.js", SCRIPT),
    file!("/dom.js", "dom.js", SCRIPT),
    file!("/fields.js", "fields.js", SCRIPT),
    file!("/inputs.js", "inputs.js", SCRIPT),
    file!("/joins.js", "joins.js", SCRIPT),
    file!("/light.js", "light.js", SCRIPT),
    file!("/line.js", "line.js", SCRIPT),
    file!("/link.js", "link.js", SCRIPT),
    file!("/panes.js", "panes.js", SCRIPT),
    file!("/pointing.js", "pointing.js", SCRIPT),
    file!("/verdict.js", "verdict.js", SCRIPT),
    file!("/words.js", "words.js", SCRIPT),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// `types.js` has the types that editors read, and no program.
    #[test]
    fn each_file_of_the_page_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/page");
        let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name != "types.js").map(|name| format!("/{name}")).collect();
        names.sort();
        let mut served: Vec<_> = ALL.iter().map(|file| file.path.to_owned()).collect();
        served.iter_mut().filter(|path| *path == "/").for_each(|path| path.push_str("index.html"));
        served.sort();
        assert_eq!(served, names);
    }
}
