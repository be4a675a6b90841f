//! Every example of every `--help` runs as it is printed.

use crate::shell::{Shell, text};

#[test]
fn every_example_of_the_help_runs() {
    // The commands, and the number of their examples.
    let commands = [
        ("", 3),
        ("get", 4),
        ("put", 3),
        ("head", 1),
        ("delete", 1),
        ("list", 1),
        ("part", 1),
        ("form", 2),
        ("inspect", 2),
        ("check", 2),
    ];
    for (command, count) in commands {
        for flag in ["-h", "--help"] {
            let shell = Shell::new();
            let help = text(
                &shell
                    .share(&[command, flag].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>())
                    .stdout,
            );
            let (_, examples) = help.split_once("\nExample").unwrap_or_else(|| panic!("{help}"));
            let examples: Vec<_> =
                examples.lines().skip(1).take_while(|line| line.starts_with("  ")).collect();
            assert_eq!(examples.len(), count, "{help}");
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
