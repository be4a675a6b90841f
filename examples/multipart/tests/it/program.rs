//! The program as a person or a script uses it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::bench::Bench;
use crate::proxy::{Fault, Proxy};

pub fn program(bench: &Bench) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_multipart"));
    program.env("S3_ENDPOINT", bench.server.endpoint()).env("AWS_REGION", &bench.server.region);
    program.env("AWS_ACCESS_KEY_ID", &bench.server.access_key);
    program.env("AWS_SECRET_ACCESS_KEY", &bench.server.secret_key);
    program.env_remove("RUST_LOG").current_dir(bench.folder.path());
    program
}

/// Runs a command on another thread, because the server runs on this one.
async fn run(bench: &Bench, arguments: &[&str]) -> Output {
    let mut program = program(bench);
    program.args(arguments);
    tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_help_run_as_printed() {
    let bench = Bench::new().await;
    bench.file("video.mp4", 17 << 20, 1);
    std::fs::create_dir(bench.path("photos")).unwrap();
    bench.file("photos/a.jpg", 1000, 2);
    let mut examples = Vec::new();
    for command in [&["upload", "--help"][..], &["download", "--help"], &["--help"]] {
        let help = text(&run(&bench, command).await.stdout);
        let (_, help) = help.split_once("Examples:\n").unwrap();
        examples.extend(
            help.lines().take_while(|line| line.starts_with("  ")).map(|line| line.trim().to_owned()),
        );
    }
    assert_eq!(examples.len(), 11);
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_multipart")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    for example in examples {
        let environment: Vec<_> = program(&bench)
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        let mut shell = Command::new("sh");
        shell.args(["-ec", &example]).envs(environment).env("PATH", &path).current_dir(bench.folder.path());
        let output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{example}: {}", text(&output.stderr));
    }
    let copy = std::fs::read(bench.path("copy.mp4")).unwrap();
    bench.check("videos/1.mp4", &copy).await;
    bench.check("photos/a.jpg", &std::fs::read(bench.path("photos/a.jpg")).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_read_json_and_exit_codes() {
    let bench = Bench::new().await;
    bench.file("file", 17 << 20, 1);
    let object = format!("s3://{}/object", bench.server.bucket);
    let output = run(&bench, &["upload", "--json", "file", &object]).await;
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&line["size"], &line["sent"], &line["key"]),
        (&(17 << 20).into(), &(17 << 20).into(), &"object".into())
    );
    assert_eq!(line["proof"]["algorithm"], "CRC64NVME");

    for (code, arguments) in [
        (5, vec!["upload", "--if-none-match", "file", &object]),
        (3, vec!["download", "s3://examplebucket/missing", "copy"]),
        (3, vec!["upload", "file", "s3://no-such-bucket/object"]),
        (1, vec!["upload", "missing", &object]),
        (2, vec!["upload", "file", "nonsense"]),
        (2, vec!["upload", "--part-size", "1MiB", "file", &object]),
        (2, vec!["upload", "--concurrency", "0", "file", &object]),
        (2, vec!["upload", "--metadata", "a b=c", "file", &object]),
        (2, vec!["upload", &object]),
        (2, vec!["download", &object, "-"]),
        (1, vec!["download", &object, "missing/copy"]),
    ] {
        let output = run(&bench, &arguments).await;
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
        assert!(!output.stderr.is_empty());
    }
    let error = text(&run(&bench, &["upload", "missing", &object]).await.stderr);
    assert!(
        error.starts_with("multipart: missing is not uploaded\n  because missing: No such file"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_replaced_unless_the_user_forbids_it() {
    let bench = Bench::new().await;
    bench.file("new", 1000, 1);
    bench.file("old", 2000, 2);
    let (new, old) = (std::fs::read(bench.path("new")).unwrap(), std::fs::read(bench.path("old")).unwrap());
    let object = format!("s3://{}/k", bench.server.bucket);
    assert!(run(&bench, &["upload", "new", &object]).await.status.success());
    let refused = run(&bench, &["download", "--no-clobber", &object, "old"]).await;
    assert_eq!(refused.status.code(), Some(5), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("leave out --no-clobber"), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read(bench.path("old")).unwrap(), old);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nothing", bench.path("link")).unwrap();
        let refused = run(&bench, &["download", "--no-clobber", &object, "link"]).await;
        assert_eq!(refused.status.code(), Some(5), "{}", text(&refused.stderr));
    }
    assert!(run(&bench, &["download", "--no-clobber", &object, "copy"]).await.status.success());
    assert_eq!(std::fs::read(bench.path("copy")).unwrap(), new);
    let help = text(&run(&bench, &["--help"]).await.stdout);
    assert!(help.contains("--no-clobber and the file exists"), "{help}");
    assert!(run(&bench, &["download", &object, "old"]).await.status.success());
    assert_eq!(std::fs::read(bench.path("old")).unwrap(), new);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_download_replaces_nothing_but_a_file() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let bench = Bench::new().await;
    let (_, new) = bench.file("new", 1000, 1);
    bench.file("old", 2000, 2);
    let object = format!("s3://{}/k", bench.server.bucket);
    assert!(run(&bench, &["upload", "new", &object]).await.status.success());

    // As for /dev/null, which the system administrator may replace.
    let _socket = std::os::unix::net::UnixListener::bind(bench.path("socket")).unwrap();
    std::fs::create_dir_all(bench.path("folder/k")).unwrap();
    symlink("socket", bench.path("link-to-socket")).unwrap();
    symlink("old", bench.path("link")).unwrap();
    for (code, to) in [(2, "socket"), (2, "link-to-socket"), (2, "folder"), (1, "no-folder/")] {
        let output = run(&bench, &["download", &object, to]).await;
        assert_eq!(output.status.code(), Some(code), "{to}: {}", text(&output.stderr));
    }
    assert!(std::fs::metadata(bench.path("socket")).unwrap().file_type().is_socket());
    for folder in [".", "folder"] {
        let names = std::fs::read_dir(bench.path(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = names.filter(|name| name.to_string_lossy().contains("multipart")).collect();
        assert!(left.is_empty(), "{folder}: {left:?}");
    }

    assert!(run(&bench, &["download", &object, "link"]).await.status.success());
    assert_eq!(std::fs::read_link(bench.path("link")).unwrap(), std::path::Path::new("old"));
    assert_eq!(std::fs::read(bench.path("old")).unwrap(), new);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_nothing_writes_to_is_refused_and_not_waited_for() {
    let bench = Bench::new().await;
    assert!(Command::new("mkfifo").arg(bench.path("pipe")).status().unwrap().success());
    let object = format!("s3://{}/k", bench.server.bucket);
    let mut limited = Command::new("timeout");
    limited.args(["60", env!("CARGO_BIN_EXE_multipart"), "upload", "pipe", &object]);
    limited.envs(program(&bench).get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(bench.folder.path());
    let output = tokio::task::spawn_blocking(move || limited.output().unwrap()).await.unwrap();
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("a pipe can be read with \"-\""), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_endpoint_is_tried_three_times_and_a_wrong_secret_once() {
    let bench = Bench::new().await;
    bench.file("video.mp4", 17 << 20, 1);
    // A port that was free a moment ago, and a name that is reserved for having no address.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for endpoint in [format!("http://127.0.0.1:{port}"), "http://nowhere.invalid".to_owned()] {
        let output = run(&bench, &["--endpoint", &endpoint, "upload", "video.mp4", "s3://bucket/k"]).await;
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("no answer from") && error.contains("check the endpoint"), "{error}");
        assert!(!error.contains("attempts"), "{error}");
    }

    let mut wrong = program(&bench);
    wrong.env("AWS_SECRET_ACCESS_KEY", "wrong").args(["upload", "video.mp4", "s3://bucket/k"]);
    let output = tokio::task::spawn_blocking(move || wrong.output().unwrap()).await.unwrap();
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("SignatureDoesNotMatch") && !error.contains("cannot be listed"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_retry_is_a_line_with_its_number_if_the_user_asks_for_it() {
    let bench = Bench::new().await;
    bench.file("file", 1000, 1);
    for (option, lines) in [("-v", 2), ("--quiet", 0), ("--concurrency=8", 0)] {
        let busy = |number, _: &str| if number < 2 { Fault::Status(503) } else { Fault::None };
        let proxy = Proxy::start(&bench.server.endpoint(), busy).await;
        let arguments =
            ["upload", option, "--again", "--endpoint", &proxy.url, "file", "s3://examplebucket/k"];
        let output = run(&bench, &arguments).await;
        let error = text(&output.stderr);
        assert!(output.status.success(), "{error}");
        assert!(text(&output.stdout).contains("2 requests were repeated"), "{}", text(&output.stdout));
        // Without -v, the first two pauses are too short to be shown: 0.1 and 0.2 seconds at most.
        let retries: Vec<_> = error.lines().filter(|line| line.contains("k is tried again in 0.")).collect();
        assert_eq!(retries.len(), lines, "{error}");
        for (attempt, line) in (2..).zip(retries) {
            let end = format!(" s, attempt {attempt} of 10: SlowDown (HTTP 503): from the proxy");
            assert!(line.ends_with(&end), "{line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn open_uploads_are_listed_and_deleted() {
    let bench = Bench::new().await;
    for key in ["a/1", "a/2", "b"] {
        bench.direct.create_upload(key, &[]).await.unwrap();
    }
    let list = async |prefix| text(&run(&bench, &["upload", "--list", "--json", prefix]).await.stdout);
    assert_eq!(list("s3://examplebucket/a/").await.lines().count(), 2);
    let aborted = run(&bench, &["upload", "--abort", "--json", "s3://examplebucket/a/1"]).await;
    let aborted: Value = serde_json::from_slice(&aborted.stdout).unwrap();
    assert_eq!(aborted["aborted"], 1);
    assert_eq!(list("s3://examplebucket/").await.lines().count(), 2);
    let unclear = run(&bench, &["upload", "--abort", "s3://examplebucket"]).await;
    assert_eq!(unclear.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_and_standard_input_are_uploaded() {
    let bench = Bench::new().await;
    std::fs::create_dir_all(bench.path("folder/inner")).unwrap();
    let (_, first) = bench.file("folder/a b", 10, 1);
    let (_, second) = bench.file("folder/inner/c", 17 << 20, 2);
    let output = run(&bench, &["upload", "folder", "s3://examplebucket/to/"]).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("uploaded 2 of 2 files: "), "{}", text(&output.stdout));
    bench.check("to/a b", &first).await;
    bench.check("to/inner/c", &second).await;

    let mut program = program(&bench);
    program.args(["upload", "-", "s3://examplebucket/input"]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = program.spawn().unwrap();
    let (mut input, bytes) = (child.stdin.take().unwrap(), second.clone());
    let written = tokio::task::spawn_blocking(move || {
        input.write_all(&bytes).unwrap();
        drop(input);
        child.wait().unwrap()
    });
    assert!(written.await.unwrap().success());
    bench.check("input", &second).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_ctrl_c_stops_says_how_to_continue() {
    let bench = Bench::new().await;
    let (_, bytes) = bench.file("file", 26 << 20, 1);
    let mut program = program(&bench);
    program.args(["upload", "-", "s3://examplebucket/object"]);
    let mut child = program.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut input, first) = (child.stdin.take().unwrap(), bytes[..17 << 20].to_vec());
    // The input does not end, so the program waits for its third part when it is stopped.
    let input = tokio::task::spawn_blocking(move || input.write_all(&first).map(|()| input)).await.unwrap();
    loop {
        let open = bench.direct.list_uploads("object").await.unwrap();
        if let Some(upload) = open.first()
            && bench.direct.list_parts("object", &upload.id).await.unwrap().len() == 2
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    drop(input);
    assert_eq!(output.status.code(), Some(130));
    assert!(text(&output.stderr).contains("to do: run the same command again"), "{}", text(&output.stderr));

    let again = run(&bench, &["upload", "--json", "file", "s3://examplebucket/object"]).await;
    let line: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(line["already_there"], 16 << 20);
    bench.check("object", &bytes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged() {
    let bench = Bench::new().await;
    bench.file("file", 17 << 20, 1);
    let mut program = program(&bench);
    program.args(["-vv", "upload", "file", "s3://examplebucket/object"]);
    program.env("RUST_LOG", "trace").env("AWS_SESSION_TOKEN", "not-a-real-token");
    let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    let log = text(&output.stderr) + &text(&output.stdout);
    assert!(log.contains("sending a request"), "{log}");
    for secret in [&*bench.server.secret_key, "not-a-real-token", "Signature="] {
        assert!(!log.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_needs_to_be_configured() {
    let bench = Bench::new().await;
    bench.file("file", 1000, 1);
    let mut program = Command::new(env!("CARGO_BIN_EXE_multipart"));
    program.args(["--local", "upload", "file", "s3://examplebucket/object"]).current_dir(bench.folder.path());
    program.env_remove("S3_ENDPOINT");
    let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("proven by CRC64NVME"));
    assert_eq!(text(&output.stderr), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_in_the_server_of_the_program_is_noted_as_not_kept() {
    let bench = Bench::new().await;
    bench.file("file", 1000, 1);
    let mut program = Command::new(env!("CARGO_BIN_EXE_multipart"));
    program.args(["upload", "file", "s3://examplebucket/object"]).current_dir(bench.folder.path());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        program.env_remove(name);
    }
    program
        .env_remove("S3_ENDPOINT")
        .env("HOME", bench.folder.path())
        .env("AWS_EC2_METADATA_DISABLED", "true");
    let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).starts_with("note: nothing names an S3 service"),
        "{}",
        text(&output.stderr)
    );
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_written_is_a_failure() {
    let bench = Bench::new().await;
    bench.file("file", 1000, 1);
    for arguments in
        [&["upload", "file", "s3://examplebucket/k"][..], &["download", "s3://examplebucket/k", "copy"]]
    {
        let mut program = program(&bench);
        program.args(arguments).arg("--json");
        program.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("the report cannot be written") && error.contains("No space left"), "{error}");
    }
}
