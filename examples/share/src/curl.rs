//! A `curl` command that uses the URL, quoted for a POSIX shell.

use bucket::cli::Failure;

const CURL: [&str; 4] = ["curl", "--fail", "--silent", "--show-error"];

/// Writes the command for a URL. `file` is what an upload sends, `FILE` if it is not known.
pub fn command(
    method: &str,
    url: &str,
    key: &str,
    headers: &[(String, String)],
    file: Option<&str>,
) -> Result<String, Failure> {
    let mut words = CURL.map(str::to_owned).to_vec();
    let path = url.split('?').next().unwrap_or_default();
    // curl resolves dot segments as browsers do, and expands [] and {}.
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        words.push("--path-as-is".to_owned());
    }
    if path.contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    match method {
        "GET" if !key.is_empty() => words.extend(["--output".to_owned(), file_name(key)]),
        "GET" => {}
        "HEAD" => words.push("--head".to_owned()),
        "PUT" => words.extend(upload(path, &local(file.unwrap_or("FILE")))),
        method => words.extend(["--request".to_owned(), method.to_owned()]),
    }
    for (name, value) in headers {
        // curl sends the length of the file itself, and a second one would be an error.
        if !name.eq_ignore_ascii_case("content-length") {
            // An empty value is written with a semicolon: `name:` removes a header.
            let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            words.extend(["--header".to_owned(), header]);
        }
    }
    words.push(url.to_owned());
    line(&words)
}

/// Writes the command for a form. The value of `--form-string` is not interpreted.
pub fn form<'f>(
    url: &str,
    fields: impl Iterator<Item = (&'f str, &'f str)>,
    file: &str,
) -> Result<String, Failure> {
    let mut words = CURL.map(str::to_owned).to_vec();
    for (name, value) in fields {
        words.extend(["--form-string".to_owned(), format!("{name}={value}")]);
    }
    words.extend(["--form".to_owned(), format!("file=@{file}"), url.to_owned()]);
    line(&words)
}

/// Quotes the words so that a POSIX shell passes them on as they are.
fn line(words: &[String]) -> Result<String, Failure> {
    shlex::try_join(words.iter().map(|word| &**word)).map_err(|_| {
        Failure::usage("the key contains a NUL character, and no command line can contain one")
            .advice("use a key without %00")
    })
}

/// With `--upload-file`, curl appends the name of the file to a path that ends like a folder.
fn upload(path: &str, file: &str) -> Vec<String> {
    if path.rsplit('/').next().is_some_and(|last| matches!(last, "" | "." | "..")) {
        let data = format!("@{file}");
        ["--request", "PUT", "--header", "content-type:", "--data-binary", &data].map(str::to_owned).to_vec()
    } else {
        vec!["--upload-file".to_owned(), file.to_owned()]
    }
}

/// A name that begins with `-` would be standard input or output.
fn local(file: &str) -> String {
    if file.starts_with('-') { format!("./{file}") } else { file.to_owned() }
}

/// The last segment of the key, as a file of the current directory.
fn file_name(key: &str) -> String {
    match key.rsplit('/').next() {
        None | Some("" | "." | "..") => "object".to_owned(),
        Some(name) => local(name),
    }
}
