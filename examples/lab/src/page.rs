//! The files of the page, which are part of the program.

/// The names and the texts of the files.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Returns the path of a file on the server.
pub fn path(name: &str) -> String {
    if name == "index.html" { "/".into() } else { format!("/{name}") }
}

/// Returns the media type of a file.
pub fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}
