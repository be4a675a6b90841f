//! The curl line goes through a real shell and a real curl, whatever the key is.

use crate::shell::{Shell, text};

/// Keys that a shell, curl or a URL library takes apart.
const HOSTILE_KEYS: [&str; 25] = [
    "plain.txt",
    "it's $HOME \"q\" \\ é",
    "new\nline",
    "-o",
    "--help",
    "-",
    "folder/-rf",
    "a b\tc",
    "`id`",
    "$(id)",
    "it's ^a \\'!b' `c`",
    "${HOME}",
    "!!",
    "*?[a]{b,c}",
    "100%25+plus",
    "a//b",
    "/leading",
    "i/./x",
    "i/../x",
    "..",
    "q?a=1&b=2#f",
    "~",
    ";rm -rf x",
    "@file",
    "\u{202e}日本語",
];

#[track_caller]
fn ran(shell: &Shell, script: &str) -> String {
    let output = shell.run(script);
    assert!(output.status.success(), "{script}\n{}", text(&output.stderr));
    text(&output.stdout)
}

fn curl_of(shell: &Shell, arguments: &[&str]) -> String {
    shell.json(arguments)["curl"].as_str().unwrap().to_owned()
}

#[test]
fn hostile_keys_survive_the_shell() {
    for key in HOSTILE_KEYS {
        let shell = Shell::new();
        shell.write("FILE", key.as_bytes());
        let object = shell.object(key);
        ran(&shell, &curl_of(&shell, &["put", &object, "--content-type", "x/it's"]));
        assert_eq!(shell.get(key).as_deref(), Some(key.as_bytes()), "{key:?}");

        std::fs::remove_file(shell.file("FILE")).unwrap();
        ran(&shell, &curl_of(&shell, &["get", &object]));
        let saved: Vec<_> =
            std::fs::read_dir(shell.file("")).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(saved.len(), 1, "{key:?}: {saved:?}");
        assert_eq!(std::fs::read(&saved[0]).unwrap(), key.as_bytes());

        let head = ran(&shell, &curl_of(&shell, &["head", &object]));
        assert!(head.contains("content-type: x/it's"), "{head}");
        ran(&shell, &curl_of(&shell, &["delete", &object]));
        assert_eq!(shell.get(key), None, "{key:?}");
    }
}

#[test]
fn a_key_that_ends_with_a_slash_is_uploaded_under_its_name() {
    let shell = Shell::new();
    shell.write("FILE", b"body");
    ran(&shell, &curl_of(&shell, &["put", &shell.object("folder/")]));
    assert_eq!(shell.get("folder/").as_deref(), Some(&b"body"[..]));
    ran(&shell, &curl_of(&shell, &["get", &shell.object("folder/")]));
    assert_eq!(std::fs::read(shell.file("object")).unwrap(), b"body");
}

#[test]
fn people_get_the_same_line() {
    let shell = Shell::new();
    let output = shell.share(&["get", &shell.object("hello.txt")]);
    let (url, said) = (text(&output.stdout), text(&output.stderr));
    let (facts, curl) = said.split_once("\ncurl ").unwrap();
    ran(&shell, &format!("curl {curl}"));
    assert_eq!(std::fs::read(shell.file("hello.txt")).unwrap(), b"Hello, bucket.\n");
    assert!(curl.contains(url.trim_end()), "{said}");
    for part in ["works until", "CE", "Z), in 1 hour", "allows       GET s3://examplebucket/hello.txt"] {
        assert!(facts.contains(part), "{part} in {facts}");
    }
}

#[test]
fn listings_parts_and_forms_work_too() {
    let shell = Shell::new();
    shell.put("reports/a", b"1");
    shell.put("reports/b/c", b"2");
    let listed = ran(&shell, &curl_of(&shell, &["list", &shell.object("reports/"), "--delimiter", "/"]));
    assert!(
        listed.contains("<Key>reports/a</Key>") && listed.contains("<Prefix>reports/b/</Prefix>"),
        "{listed}"
    );

    shell.write("FILE", b"part");
    let id = shell.runtime.block_on(shell.client.create_upload("large", &[])).unwrap();
    let object = shell.object("large");
    ran(
        &shell,
        &curl_of(&shell, &["part", &object, "--upload-id", &id, "--part-number", "7", "--sha256", "FILE"]),
    );
    let parts = shell.runtime.block_on(shell.client.list_parts("large", &id)).unwrap();
    assert_eq!((parts[0].number, parts[0].size), (7, 4));

    for key in ["uploads/", "it's $HOME; \"@x\" <é>"] {
        let object = shell.object(key);
        ran(&shell, &curl_of(&shell, &["form", &object, "--content-type", "image/*", "--max-size", "4"]));
        let stored = if key.ends_with('/') { "uploads/FILE" } else { key };
        assert_eq!(shell.get(stored).as_deref(), Some(&b"part"[..]), "{key}");
    }
}
