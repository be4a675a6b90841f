//! The lines of bash in docs/gallery.md.

use std::process::Command;

use crate::harness::{Gallery, png};

const PAGE: &str = include_str!("../../../../docs/gallery.md");

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--help").output().is_ok()
}

#[tokio::test]
async fn the_lines_of_the_page_upload_an_image() {
    if let Some(missing) = ["bash", "curl", "jq", "openssl"].into_iter().find(|name| !is_installed(name)) {
        return eprintln!("not run: {missing} is not installed");
    }
    let gallery = Gallery::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cat.png"), png()).unwrap();
    let script = PAGE.split("```bash\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(script.contains("http://127.0.0.1:3000\n"), "{script}");
    let script = script.replace("http://127.0.0.1:3000", &gallery.url);
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).current_dir(folder.path());
    // The storage runs in this thread's runtime, so the thread must not wait.
    let output = tokio::task::spawn_blocking(move || bash.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let image: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(image["name"], "cat.png");
    assert_eq!(gallery.get("/api/images").await.ok()["images"][0]["file_name"], image["file_name"]);
}
