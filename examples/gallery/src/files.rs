//! The files of the page, which are part of the program.

pub struct File {
    pub path: &'static str,
    pub mime: &'static str,
    pub text: &'static str,
}

pub const OPENAPI: &str = include_str!("../openapi.json");

const SCRIPT: &str = "text/javascript; charset=utf-8";

pub const ALL: &[File] = &[
    File { path: "/", mime: "text/html; charset=utf-8", text: include_str!("../page/index.html") },
    File { path: "/style.css", mime: "text/css; charset=utf-8", text: include_str!("../page/style.css") },
    File { path: "/app.js", mime: SCRIPT, text: include_str!("../page/app.js") },
    File { path: "/row.js", mime: SCRIPT, text: include_str!("../page/row.js") },
    File { path: "/gallery.js", mime: SCRIPT, text: include_str!("../page/gallery.js") },
    File { path: "/upload.js", mime: SCRIPT, text: include_str!("../page/upload.js") },
    File { path: "/multipart.js", mime: SCRIPT, text: include_str!("../page/multipart.js") },
    File { path: "/send.js", mime: SCRIPT, text: include_str!("../page/send.js") },
    File { path: "/image.js", mime: SCRIPT, text: include_str!("../page/image.js") },
    File { path: "/words.js", mime: SCRIPT, text: include_str!("../page/words.js") },
    File { path: "/attempts.js", mime: SCRIPT, text: include_str!("../page/attempts.js") },
    File { path: "/icon.svg", mime: "image/svg+xml", text: include_str!("../page/icon.svg") },
    File { path: "/openapi.json", mime: "application/json", text: OPENAPI },
];
