//! Every example of every `--help` runs as it is printed.

use crate::shell::{Shell, text};

#[test]
fn every_example_of_the_help_runs() {
    let commands = ["", "get", "put", "head", "delete", "list", "part", "form", "inspect", "check"];
    for command in commands {
        for flag in ["-h", "--help"] {
            let shell = Shell::new();
            let help = text(
                &shell
                    .share(&[command, flag].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>())
                    .stdout,
            );
            let (_, examples) = help.split_once("Example").unwrap_or_else(|| panic!("{command}: no example"));
            let examples: Vec<_> =
                examples.lines().filter(|line| line.starts_with("  ") && line.contains("share ")).collect();
            assert!(!examples.is_empty(), "{help}");
            for example in examples {
                let output = shell.run(&format!("set -e\n{example}"));
                assert!(
                    output.status.success(),
                    "{example}\n{}{}",
                    text(&output.stdout),
                    text(&output.stderr)
                );
            }
        }
    }
}

#[test]
fn the_long_help_documents_the_exit_codes() {
    let shell = Shell::new();
    let help = text(&shell.share(&["--help"]).stdout);
    for code in
        ["0  done", "1  failed", "2  wrong usage", "3  refused", "4  no usable credentials", "5  a condition"]
    {
        assert!(help.contains(code), "{help}");
    }
}
