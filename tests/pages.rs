//! Runs the shell blocks of `docs/walkthrough.md`, and compares what they print with the page and with AWS's values.
//! Checks that `docs/comparison.md` has the measurements of `docs/performance.md`.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

use std::process::Command;

const WALKTHROUGH: &str = include_str!("../docs/walkthrough.md");
const COMPARISON: &str = include_str!("../docs/comparison.md");
const PERFORMANCE: &str = include_str!("../docs/performance.md");

/// Values that AWS publishes: on the two pages of the Amazon S3 API Reference that the walkthrough names, and in
/// `get-vanilla-with-session-token` of its signing test suite.
const PUBLISHED: [&str; 6] = [
    "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04",
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    "067b36aa60031588cea4a4cde1f21215227a047690c72247f1d70b32fbbfad2b",
    "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
];

#[test]
fn the_shell_blocks_print_the_values_of_the_page_and_of_aws() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("not run: the shell blocks of docs/walkthrough.md (openssl is not installed)");
        return;
    }
    let script: String =
        WALKTHROUGH.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    let output = Command::new("sh").args(["-euc", &script]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let printed: Vec<&str> = printed.lines().map(str::trim).collect();

    let shown: Vec<&str> = script.lines().filter_map(|line| line.strip_prefix("# → ")).collect();
    assert_eq!(printed, shown);
    let published: Vec<&str> = printed.into_iter().filter(|line| PUBLISHED.contains(line)).collect();
    assert_eq!(published, PUBLISHED);
}

#[test]
fn the_speeds_of_the_comparison_are_those_of_the_measurements() {
    let (_, compared) = COMPARISON.split_once("<!-- compared: speed -->\n").unwrap();
    let (compared, _) = compared.split_once("<!-- end -->").unwrap();
    let (_, measured) = PERFORMANCE.split_once("<!-- measured: ratios -->\n").unwrap();
    let (measured, _) = measured.split_once("<!-- end -->").unwrap();
    let rows: Vec<&str> = compared.lines().filter(|line| !line.is_empty()).collect();
    assert!(rows.len() > 5, "{rows:?}");
    for row in rows {
        let is_measured = measured.lines().any(|line| line == row);
        assert!(is_measured, "tools/comparison/compare.py --write updates the page: {row}");
    }
}
