//! Exit codes and messages, lifetimes that credentials cut short, and what logs may not contain.

use std::process::{Command, Output, Stdio};

use crate::shell::{Shell, text};

#[track_caller]
fn ends(output: &Output, code: i32, says: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}{}", text(&output.stdout));
    assert!(
        said.contains(says) || text(&output.stdout).contains(says),
        "{says:?} in {said}{}",
        text(&output.stdout)
    );
}

fn get(shell: &Shell, change: impl FnOnce(&mut Command)) -> Output {
    let mut command = shell.command(env!("CARGO_BIN_EXE_share"));
    command.args(["get", "s3://examplebucket/hello.txt"]);
    change(&mut command);
    command.output().unwrap()
}

#[test]
fn wrong_usage_is_2() {
    let shell = Shell::new();
    for (arguments, says) in [
        (&["get"][..], "required arguments were not provided"),
        (&["get", "hello.txt"], "to do: write s3://BUCKET/KEY"),
        (&["get", "s3://examplebucket"], "add a key"),
        (&["get", "s3://examplebucket/k", "--expires", "8d"], "1 to 604800 seconds"),
        (&["get", "s3://examplebucket/k", "--expires", "soon"], "write 90s, 1h30m or 7d"),
        (&["get", "s3://a b/k"], "names no object"),
        (&["put", "s3://examplebucket/k", "--metadata", "x"], "NAME=VALUE"),
        (&["put", "s3://examplebucket/k", "--header", "x"], "NAME: VALUE"),
        (&["get", "s3://examplebucket/k", "--header", "host: other"], "the URL cannot be signed"),
        (&["get", "s3://examplebucket/k", "--public-url", "files.example"], "--public-url"),
        (&["get", "s3://examplebucket/k", "--endpoint", "nonsense"], "--endpoint nonsense is not usable"),
        (&["inspect", "https://b.s3.amazonaws.com/k"], "not a presigned one: X-Amz-Signature is missing"),
        (
            &["inspect", "https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Signature=s&Expires=1"],
            "Signature Version 2",
        ),
        (&["check", "no url"], "not a presigned one"),
        (&["inspect", "no url"], "to do: copy the whole URL, and write it in quotes"),
    ] {
        ends(&shell.share(arguments), 2, says);
    }
}

#[test]
fn a_key_that_no_command_line_can_contain_is_2() {
    let shell = Shell::new();
    let object = format!("{}/examplebucket/a%00b", shell.endpoint);
    for arguments in [&["get", &object][..], &["get", &object, "--json"]] {
        let output = shell.share(arguments);
        ends(&output, 2, "the key contains a NUL character, and no command line can contain one");
        assert_eq!(text(&output.stdout), "");
    }
    // Without a file name, no word of the command contains the key.
    ends(&shell.share(&["head", &object]), 0, "/a%00b?X-Amz-");
}

#[test]
fn a_missing_file_or_server_is_1() {
    let shell = Shell::new();
    ends(&shell.share(&["put", "s3://examplebucket/k", "--sha256", "missing"]), 1, "missing cannot be read");
    let url = shell.json(&["get", "s3://examplebucket/k"])["url"].as_str().unwrap().to_owned();
    let nowhere = url.replace(&shell.endpoint, "http://127.0.0.1:1");
    ends(&shell.share(&["check", &nowhere]), 1, "no answer from 127.0.0.1:1");
}

#[test]
fn a_refused_url_is_3() {
    let shell = Shell::new();
    let url = |arguments: &[&str]| shell.json(arguments)["url"].as_str().unwrap().to_owned();
    let good = url(&["get", "s3://examplebucket/hello.txt"]);
    ends(&shell.share(&["check", &good]), 0, "accepted     HTTP 200, 15 bytes");
    ends(&shell.share(&["check", &good.replace("hello", "other")]), 3, "refused      SignatureDoesNotMatch");
    ends(&shell.share(&["check", "-X", "DELETE", &good]), 3, "method");
    ends(
        &shell.share(&["check", &url(&["get", "s3://examplebucket/missing"])]),
        3,
        "there is no such object",
    );

    shell.write("FILE", b"body");
    let put = url(&["put", "s3://examplebucket/new", "--content-type", "a/b", "--if-none-match"]);
    ends(
        &shell.share(&["check", "-X", "PUT", "-T", "FILE", &put]),
        3,
        "content-type is signed and was not sent",
    );
    let sent =
        ["check", "-X", "PUT", "-T", "FILE", "-H", "content-type: a/b", "-H", "if-none-match: *", &put];
    ends(&shell.share(&sent), 0, "HTTP 200");
    ends(&shell.share(&sent), 3, "the URL creates only a new one");

    // The library's diagnosis, with the secret that should have signed the URL.
    let typed = url(&["put", "s3://examplebucket/typed", "--content-type", "image/png"]);
    let jpeg = ["check", "-X", "PUT", "-H", "content-type: image/jpeg", &typed];
    ends(&shell.share(&jpeg), 3, "The Content-Type that was sent is not the one that was signed");
    ends(&shell.share(&["check", &format!("{good}0")]), 3, "it is not 64 digits");
    ends(&shell.share(&["check", &good.replace('&', "&amp;")]), 2, "to do: ");

    let elsewhere = url(&["get", "s3://examplebucket/hello.txt", "--region", "eu-west-1"]);
    ends(
        &shell.share(&["check", &elsewhere]),
        3,
        "signed for eu-west-1, and the service expects another region",
    );

    let dies = url(&["get", "s3://examplebucket/hello.txt", "--expires", "1s"]);
    std::thread::sleep(std::time::Duration::from_millis(2100));
    ends(&shell.share(&["check", &dies]), 3, "The URL has expired");
    let json = shell.share(&["check", "--json", &dies]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["accepted"], &json["code"]), (&false.into(), &"AccessDenied".into()));
}

#[test]
fn a_reader_that_has_ended_is_no_failure() {
    let shell = Shell::new();
    let mut command = shell.command(env!("CARGO_BIN_EXE_share"));
    command.args(["get", "s3://examplebucket/hello.txt"]);
    let mut share = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(share.stdout.take());
    ends(&share.wait_with_output().unwrap(), 0, "");

    // More lines than a pipe holds.
    let output = shell.run("seq 20000 | { share get s3://examplebucket/ --stdin; echo $? >&2; } | head -1");
    assert_eq!(text(&output.stderr), "0\n");
}

#[test]
fn what_keeps_credentials_from_being_found_is_named() {
    let shell = Shell::new();
    let half = get(&shell, |command| _ = command.env("AWS_SECRET_ACCESS_KEY", ""));
    ends(&half, 4, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not");
    for (file, reason) in
        [("folder", "folder cannot be read: Is a directory"), ("none", "none cannot be read: No such file")]
    {
        shell.run("mkdir -p folder");
        let output = get(&shell, |command| {
            command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
            command.env("AWS_SHARED_CREDENTIALS_FILE", file);
        });
        ends(&output, 4, reason);
    }
}

#[test]
fn a_variable_that_is_set_to_nothing_names_no_region() {
    let shell = Shell::new();
    ends(&get(&shell, |command| _ = command.env("AWS_REGION", "")), 0, "%2Fus-east-1%2Fs3%2F");
    let aws = get(&shell, |command| _ = command.env("AWS_REGION", "").env_remove("S3_ENDPOINT"));
    ends(&aws, 4, "AWS is configured, but no region is");
}

#[test]
fn a_failure_that_nothing_reads_keeps_its_exit_code() {
    let shell = Shell::new();
    let mut command = shell.command(env!("CARGO_BIN_EXE_share"));
    command.args(["get", "not an object"]);
    let mut share = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop((share.stdout.take(), share.stderr.take()));
    assert_eq!(share.wait().unwrap().code(), Some(2));
}

#[test]
fn missing_configuration_is_4() {
    let shell = Shell::new();
    let no_region = get(&shell, |command| {
        command.env_remove("S3_ENDPOINT");
    });
    ends(&no_region, 4, "to do: use --region");

    let no_keys = get(&shell, |command| {
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    });
    ends(&no_keys, 4, "to do: set AWS_ACCESS_KEY_ID");
    let no_profile = get(&shell, |command| {
        command
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .args(["--profile", "missing"]);
    });
    ends(&no_profile, 4, "there are no credentials");
    let unused_profile = get(&shell, |command| {
        command.args(["--profile", "missing"]);
    });
    ends(&unused_profile, 4, "to do: unset AWS_ACCESS_KEY_ID");
}

#[test]
fn nothing_configured_is_the_server_inside() {
    let shell = Shell::new();
    let local = get(&shell, |command| {
        command.env_remove("S3_ENDPOINT").env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    });
    ends(&local, 0, "No S3 service is configured");
    assert!(text(&local.stdout).starts_with("http://127.0.0.1:"), "{}", text(&local.stdout));
    let aws = get(&shell, |command| {
        command.env_remove("S3_ENDPOINT").env("AWS_REGION", "eu-west-1");
    });
    assert!(text(&aws.stdout).starts_with("https://examplebucket.s3.eu-west-1.amazonaws.com/hello.txt?"));
}

#[test]
fn a_lifetime_that_the_credentials_cut_short_is_5_if_strict() {
    let shell = Shell::new();
    let cut = |arguments: &[&str]| {
        get(&shell, |command| {
            shell.with_credential_process(command, 1800, "TOKEN");
            command.args(arguments);
        })
    };
    ends(&cut(&["--strict"]), 5, "before the lifetime that was asked for");
    ends(&cut(&["--strict", "--expires", "10m"]), 0, "in 10 minutes");
    let json: serde_json::Value = serde_json::from_slice(&cut(&["--json"]).stdout).unwrap();
    assert_eq!(json["cut_short"], true);
    let lifetime = json["expires_in"].as_u64().unwrap();
    assert!((1700..=1800).contains(&lifetime), "{lifetime}");

    let unknown = get(&shell, |command| {
        command.env("AWS_SESSION_TOKEN", "TOKEN");
    });
    ends(&unknown, 0, "their end is not known");
}

#[test]
fn no_secret_is_logged_at_any_level() {
    let shell = Shell::new();
    const TOKEN: &str = "SESSIONTOKEN0123456789";
    let mut get = shell.command(env!("CARGO_BIN_EXE_share"));
    shell.with_credential_process(&mut get, 7200, TOKEN);
    let made = get
        .args(["get", "s3://examplebucket/hello.txt", "-q", "-vv"])
        .env("RUST_LOG", "trace")
        .output()
        .unwrap();
    let url = text(&made.stdout).trim_end().to_owned();
    assert!(url.contains(TOKEN));

    let mut check = shell.command(env!("CARGO_BIN_EXE_share"));
    let checked = check.args(["check", &url, "-vv"]).env("RUST_LOG", "trace").output().unwrap();
    assert!(checked.status.success(), "{}", text(&checked.stdout));
    assert!(text(&checked.stderr).contains("sending a request"), "{}", text(&checked.stderr));

    let signature = url.split("X-Amz-Signature=").nth(1).unwrap();
    for secret in [&*shell.secret_key, TOKEN, signature] {
        for log in [&made.stderr, &checked.stderr, &checked.stdout] {
            assert!(!text(log).contains(secret), "{secret} in {}", text(log));
        }
    }
    let coloured = text(&checked.stderr).contains('\u{1b}');
    assert!(!coloured, "colours go to terminals only");
}

#[test]
fn local_precedes_the_endpoint_of_the_environment() {
    let shell = Shell::new();
    let local = get(&shell, |command| {
        command.arg("--local");
    });
    ends(&local, 0, "No S3 service is configured");
    let of_the_environment = format!("{}/", shell.endpoint);
    assert!(!text(&local.stdout).starts_with(&of_the_environment), "{}", text(&local.stdout));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_server_inside_and_deletes_its_folder() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    for signal in ["-TERM", "-INT"] {
        let shell = Shell::new();
        let folder = tempfile::tempdir().unwrap();
        let mut command = shell.command(env!("CARGO_BIN_EXE_share"));
        command.args(["get", "s3://examplebucket/hello.txt", "--local", "--serve"]);
        command.env("TMPDIR", folder.path()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().ends_with("until Ctrl-C.")));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

        let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{signal}");
    }
}

#[test]
fn check_says_that_the_service_has_another_secret() {
    let shell = Shell::new();
    let other = |command: &mut Command| {
        command.env("AWS_SECRET_ACCESS_KEY", "another-secret");
    };
    let url = text(&get(&shell, other).stdout);
    let mut check = shell.command(env!("CARGO_BIN_EXE_share"));
    other(&mut check);
    let output = check.args(["check", url.trim()]).output().unwrap();
    ends(&output, 3, "the service has another secret for the key");
}

#[test]
fn check_says_that_the_server_inside_has_ended() {
    let shell = Shell::new();
    let unset = |command: &mut Command| {
        command.env_remove("S3_ENDPOINT").env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    };
    let url = text(&get(&shell, unset).stdout);
    let mut check = shell.command(env!("CARGO_BIN_EXE_share"));
    unset(&mut check);
    let output = check.args(["check", url.trim()]).output().unwrap();
    ends(&output, 1, "its server has ended: keep it with --serve");
}
