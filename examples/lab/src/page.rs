//! The files of the page, which are part of the program.

/// A file of the page.
pub struct File {
    pub path: &'static str,
    pub mime: &'static str,
    pub text: &'static str,
}

pub const ALL: &[File] =
    &[File { path: "/", mime: "text/html; charset=utf-8", text: include_str!("../page/index.html") }];
