//! The server: its routes, the requests that it refuses, and the policy that it sends to the browser.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// A running server. It ends with the test.
struct Lab {
    program: Child,
    port: u16,
}

impl Lab {
    fn start() -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_lab"))
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (_, port) = line.trim().rsplit_once("http://127.0.0.1:").unwrap();
        Self { port: port.parse().unwrap(), program }
    }

    /// Sends a request, and returns the whole answer.
    fn send(&self, line: &str, headers: &str, body: &str) -> String {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let headers = headers.replace("PORT", &self.port.to_string());
        write!(
            connection,
            "{line} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }
}

const OWN: &str = "Host: 127.0.0.1:PORT\r\n";

#[test]
fn the_page_may_ask_its_own_server_only() {
    let lab = Lab::start();
    for path in ["/", "/app.js", "/style.css", "/answer", "/nothing"] {
        let answer = lab.send(&format!("GET {path}"), OWN, "");
        let policy = "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; \
            connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; \
            frame-ancestors 'none'\r\n";
        assert!(answer.contains(policy), "{path}: {answer}");
        for header in
            ["x-content-type-options: nosniff", "referrer-policy: no-referrer", "cache-control: no-store"]
        {
            assert!(answer.contains(header), "{path}: {answer}");
        }
    }
    assert!(lab.send("GET /", OWN, "").contains("content-type: text/html; charset=utf-8"));
    assert!(lab.send("GET /app.js", OWN, "").contains("content-type: text/javascript; charset=utf-8"));
    assert!(lab.send("GET /nothing", OWN, "").starts_with("HTTP/1.1 404"));
}

/// A line that cannot be written, as on a full disk, does not end the server.
#[cfg(target_os = "linux")]
#[test]
fn serves_although_its_address_cannot_be_printed() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_lab"));
    let mut program = program.args(["--port", &port.to_string()]).stdout(full).spawn().unwrap();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(program.try_wait().unwrap().is_none(), "the server has ended");
    }
    assert!(Lab { program, port }.send("GET /", OWN, "").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_question_is_answered() {
    let lab = Lab::start();
    for headers in [
        "Host: 127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:PORT\r\n",
        "Host: localhost:PORT\r\nOrigin: http://localhost:PORT\r\n",
        OWN,
    ] {
        let answer = lab.send("POST /answer", headers, "{}");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
    }
}

/// A name that an attacker points to 127.0.0.1 is another origin to the browser, and the same server.
#[test]
fn refuses_the_name_of_another_host() {
    let lab = Lab::start();
    for host in [
        "Host: attacker.example\r\n",
        "Host: attacker.example:PORT\r\n",
        "Host: 127.0.0.1\r\n",
        "Host: 127.0.0.1:1\r\n",
    ] {
        for line in ["GET /", "POST /answer"] {
            let answer = lab.send(line, host, "{}");
            assert!(answer.starts_with("HTTP/1.1 403"), "{host}: {answer}");
        }
    }
}

#[test]
fn refuses_the_page_of_another_site() {
    let lab = Lab::start();
    for origin in ["http://attacker.example", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "null"] {
        let answer = lab.send("POST /answer", &format!("{OWN}Origin: {origin}\r\n"), "{}");
        assert!(answer.starts_with("HTTP/1.1 403"), "{origin}: {answer}");
        assert!(!answer.contains("signature"), "{origin}");
    }
}

#[test]
fn the_help_has_the_exit_codes() {
    let run = |argument| Command::new(env!("CARGO_BIN_EXE_lab")).arg(argument).output().unwrap();
    let help = String::from_utf8(run("--help").stdout).unwrap().replace('\n', " ");
    assert!(help.contains("1, the program cannot listen on the port; 2, the arguments are wrong"), "{help}");
    assert_eq!(run("--prot").status.code(), Some(2));
}

#[test]
fn listens_on_the_loopback_address_only() {
    let lab = Lab::start();
    let taken =
        Command::new(env!("CARGO_BIN_EXE_lab")).args(["--port", &lab.port.to_string()]).output().unwrap();
    assert_eq!(taken.status.code(), Some(1));
    let message = String::from_utf8(taken.stderr).unwrap();
    assert!(message.starts_with(&format!("lab: cannot listen on 127.0.0.1:{}: ", lab.port)), "{message}");
    assert!(message.ends_with("choose another port with --port\n"), "{message}");
}
