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

#[test]
fn a_wrong_port_is_named() {
    for (arguments, named) in
        [(&["abc"][..], "abc"), (&["65536"], "65536"), (&["--port", "9000"], "--port 9000")]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_bucket")).args(arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.starts_with(&format!("bucket: \"{named}\" is not a port")), "{error}");
    }
}
