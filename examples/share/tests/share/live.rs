//! The program against a server of others. `.ci/servers` runs it.

use crate::shell::{Shell, text};

/// Keys that each of the servers stores as they are; docs/servers.md has those that they do not.
const KEYS: [&str; 4] = ["plain.txt", "it's $HOME \"q\" é", "a b+c%25", "-rf;x"];

#[test]
#[ignore = "needs a server: .ci/servers"]
fn a_server_of_others_takes_every_kind_of_url() {
    let shell = Shell::live();
    let send = |method, query: &[(&str, &str)]| {
        let call = shell.client.call(method, "", query).unwrap();
        shell.runtime.block_on(shell.client.storage().send(call)).unwrap();
    };
    let run = |arguments: &[&str]| {
        let curl = shell.json(arguments)["curl"].as_str().unwrap().to_owned();
        let output = shell.run(&curl);
        assert!(output.status.success(), "{curl}\n{}", text(&output.stderr));
        text(&output.stdout)
    };
    send("PUT", &[]);
    for key in KEYS {
        shell.write("FILE", key.as_bytes());
        let object = shell.object(key);
        let length = key.len().to_string();
        run(&[
            "put",
            &object,
            "--content-type",
            "text/x-key",
            "--content-length",
            &length,
            "--metadata",
            "a=b",
        ]);
        assert_eq!(shell.get(key).as_deref(), Some(key.as_bytes()), "{key}");
        run(&["get", &object, "--response-content-type", "image/png"]);
        assert!(run(&["head", &object]).to_lowercase().contains("x-amz-meta-a: b"), "{key}");
        let url = shell.json(&["get", &object])["url"].as_str().unwrap().to_owned();
        assert!(text(&shell.share(&["check", &url]).stdout).contains("accepted"), "{key}");
        let refused = shell.share(&["check", &url.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601")]);
        assert_eq!(refused.status.code(), Some(3), "{}", text(&refused.stdout));
        run(&["delete", &object]);
        assert_eq!(shell.get(key), None, "{key}");
    }
    run(&["form", &shell.object("form.txt"), "--content-type", "text/plain", "--max-size", "100"]);
    assert!(run(&["list", &shell.object("form")]).contains("form.txt"));

    let id = shell.runtime.block_on(shell.client.create_upload("parts", &[])).unwrap();
    run(&["part", &shell.object("parts"), "--upload-id", &id, "--part-number", "1"]);
    assert_eq!(shell.runtime.block_on(shell.client.list_parts("parts", &id)).unwrap().len(), 1);
    shell.runtime.block_on(shell.client.abort_upload("parts", &id)).unwrap();
    run(&["delete", &shell.object("form.txt")]);
    send("DELETE", &[]);
}
