//! Reads the lines of access logs, which show the path that a proxy or a server received.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The maximum number of lines that are read.
const MAX_LINES: usize = 256;

/// Returns method and path of each `"PUT /key HTTP/1.1"`, without the query.
pub(super) fn paths(text: &str) -> Vec<(String, String)> {
    text.lines().filter(|line| line.contains(" HTTP/")).take(MAX_LINES).filter_map(of_line).collect()
}

fn of_line(line: &str) -> Option<(String, String)> {
    // Every second piece is between quotation marks.
    line.split('"').skip(1).step_by(2).find_map(|quoted| {
        let mut words = quoted.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_request =
            is_method && target.starts_with('/') && version.starts_with("HTTP/") && words.next().is_none();
        let path = target.split('?').next().unwrap_or_default();
        is_request.then(|| (method.to_string(), path.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn reads_the_path_of_access_logs_and_nothing_else() {
        let text = "10.0.0.1 - - [20/Nov/2026:05:12:09 +0000] \"GET /b/a/k?x=1 HTTP/1.1\" 403 198 \"-\" \"curl/8\"\n\
                    GET /b/a//k HTTP/1.1\nuser-agent: \"x HTTP/1.1\"\n";
        assert_eq!(paths(text), [("GET".into(), "/b/a/k".into())]);
    }
}
