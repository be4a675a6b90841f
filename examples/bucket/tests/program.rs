//! The server as a program of its own.
#![cfg(unix)]

use std::fs::read_dir;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn a_signal_ends_the_server_and_deletes_its_folder() {
    for signal in ["-TERM", "-INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_bucket"));
        let mut child = program.env("TMPDIR", folder.path()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap() == "# the bucket is examplebucket"));
        assert_eq!(read_dir(folder.path()).unwrap().count(), 1);

        let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
        assert_eq!(read_dir(folder.path()).unwrap().count(), 0, "{signal}");
    }
}
