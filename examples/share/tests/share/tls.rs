//! A server with a certificate of a private authority.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};

use testkit_tls::{Authority, Certificate, Terminator};

use crate::shell::{Shell, text};

type Make = fn(&Authority) -> Certificate;

fn share(shell: &Shell, endpoint: &str, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Output {
    let mut command = shell.command(env!("CARGO_BIN_EXE_share"));
    command.env("S3_ENDPOINT", endpoint).args(arguments);
    change(&mut command);
    command.output().unwrap()
}

/// Returns a URL of an object at an endpoint. Nothing is sent.
fn url(shell: &Shell, endpoint: &str) -> String {
    let output = share(shell, endpoint, &["get", "s3://examplebucket/hello.txt"], |_| {});
    text(&output.stdout).trim().to_owned()
}

#[test]
fn the_authority_of_aws_ca_bundle_or_ssl_cert_file_is_trusted() {
    let (shell, authority) = (Shell::new(), Authority::new());
    let server = Terminator::bytes(authority.localhost(), &shell.endpoint);
    for endpoint in [server.url(), server.url_by_address()] {
        let url = url(&shell, &endpoint);
        assert!(url.starts_with(&format!("{endpoint}/examplebucket/hello.txt?")), "{url}");
        for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
            // The file of the system's authorities is replaced on Linux only.
            if variable == "SSL_CERT_FILE" && !cfg!(target_os = "linux") {
                continue;
            }
            let output = share(&shell, &endpoint, &["check", &url], |command| {
                command.env(variable, authority.bundle());
            });
            assert_eq!(output.status.code(), Some(0), "{variable}: {}", text(&output.stderr));
            assert!(text(&output.stdout).contains("accepted     HTTP 200, 15 bytes"));
        }
    }
}

#[test]
fn an_authority_that_is_not_trusted_is_4_and_tried_once() {
    let (shell, authority) = (Shell::new(), Authority::new());
    let server = Terminator::bytes(authority.localhost(), &shell.endpoint);
    let url = url(&shell, &server.url());
    let other = Authority::new();
    for (bundle, advice) in [
        (None, "to do: set AWS_CA_BUNDLE to a PEM file with the certificate of the authority"),
        (
            Some(other.bundle()),
            "to do: AWS_CA_BUNDLE is set, so only the authorities in its file are trusted",
        ),
    ] {
        let before = server.connections();
        let output = share(&shell, &server.url(), &["check", &url], |command| {
            command.envs(bundle.map(|path| ("AWS_CA_BUNDLE", path)));
        });
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(
            said.contains("its certificate is not signed by an authority that is trusted here"),
            "{said}"
        );
        assert!(said.contains(advice), "{said}");
        assert!(!said.contains("X-Amz-Signature"), "{said}");
        assert_eq!(server.connections() - before, 1);
    }
}

#[test]
fn the_problems_of_a_certificate_have_different_words() {
    let shell = Shell::new();
    let problem = |certificate: Make| {
        let authority = Authority::new();
        let server = Terminator::bytes(certificate(&authority), &shell.endpoint);
        let url = url(&shell, &server.url());
        let output = share(&shell, &server.url(), &["check", &url], |command| {
            command.env("AWS_CA_BUNDLE", authority.bundle());
        });
        (output.status.code(), text(&output.stderr))
    };
    let cases: [(Make, &str, &str); 4] = [
        (Authority::other_name, "another name: DnsName(\"other.example\")", "use a name of the certificate"),
        (Authority::expired, "its certificate has expired", "renew the server's certificate"),
        (Authority::not_yet_valid, "its certificate is not valid yet", "set this machine's clock"),
        (|authority| authority.self_signed(true), "the certificate of an authority (CA:TRUE)", "CA:FALSE"),
    ];
    for (certificate, says, advice) in cases {
        let (code, said) = problem(certificate);
        assert_eq!(code, Some(4), "{said}");
        assert!(said.contains(says) && said.contains(advice), "{said}");
    }
    let (code, said) = problem(|authority| authority.self_signed(false));
    assert_eq!(code, Some(0), "a self-signed certificate of a server is trusted if the file has it: {said}");
}

#[test]
fn https_to_a_server_without_tls_is_named() {
    let shell = Shell::new();
    let endpoint = shell.endpoint.replace("http://", "https://");
    let output = share(&shell, &endpoint, &["check", &url(&shell, &endpoint)], |_| {});
    assert_eq!(output.status.code(), Some(4));
    let said = text(&output.stderr);
    assert!(said.contains("its answer is not TLS") && said.contains("use http:// in the endpoint"), "{said}");
}

#[test]
fn a_file_of_authorities_that_cannot_be_used_is_4() {
    let shell = Shell::new();
    shell.write("empty.pem", b"");
    for (file, reason) in
        [("missing.pem", "No such file"), ("empty.pem", "it contains no certificate in PEM")]
    {
        let output = share(&shell, &shell.endpoint, &["get", "s3://examplebucket/k"], |command| {
            command.env("AWS_CA_BUNDLE", file);
        });
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(
            said.contains(&format!("the file {file} of AWS_CA_BUNDLE is not usable: {reason}")),
            "{said}"
        );
    }
}

/// The endpoint of credentials in a container. It answers each request with the same keys.
fn container() -> String {
    const KEYS: &str = r#"{"AccessKeyId": "CONTAINER", "SecretAccessKey": "secret", "Token": "t",
        "Expiration": "2999-01-01T00:00:00Z"}"#;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let length = KEYS.len();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
            let _ = write!(stream, "{head}content-length: {length}\r\n\r\n{KEYS}");
        }
    });
    format!("http://{address}")
}

#[test]
fn credentials_are_fetched_with_the_authorities_of_aws_ca_bundle() {
    let (shell, authority, other) = (Shell::new(), Authority::new(), Authority::new());
    let server = Terminator::bytes(authority.localhost(), &container());
    // A file may have several certificates.
    let both = [other.bundle(), authority.bundle()].map(|path| std::fs::read(path).unwrap()).concat();
    shell.write("both.pem", &both);
    let get = |bundle: std::path::PathBuf| {
        share(&shell, &shell.endpoint, &["get", "s3://examplebucket/hello.txt"], |command| {
            command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
            command.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url()).env("AWS_CA_BUNDLE", bundle);
        })
    };
    let trusted = get(shell.file("both.pem"));
    assert_eq!(trusted.status.code(), Some(0), "{}", text(&trusted.stderr));
    assert!(text(&trusted.stdout).contains("X-Amz-Credential=CONTAINER%2F"));
    let refused = get(other.bundle());
    assert_eq!(refused.status.code(), Some(4), "{}", text(&refused.stderr));
}
