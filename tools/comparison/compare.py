#!/usr/bin/env python3
"""Writes the tables of docs/comparison.md.

    tools/comparison/compare.py            check the cells, print the tables
    tools/comparison/compare.py --write    and put them into the page

Downloads the crates with cargo, and checks each cell of cells.txt in their sources. The weight of a crate is that of a
project whose only dependency it is. Needs the network, and for the row "wasm" the target wasm32-unknown-unknown.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/comparison.md"
PEERS = {
    "aws-sigv4": ("1.6.4", []),
    "reqsign-aws-v4": ("3.3.1", []),
    "rusty-s3": ("0.11.0", []),
    "s3s-sigv4": ("0.17.0", []),
    "s3s": ("0.17.0", []),
    "scratchstack-aws-signature": ("0.11.4", []),
    "object_store": ("0.14.2", ["aws"]),
}
CRATES = ["countersign", *PEERS]
HOST = "x86_64-unknown-linux-gnu"
WASM = "wasm32-unknown-unknown"


def cargo(project, *arguments):
    # A crate may require a newer compiler than the one that is installed. It is counted all the same.
    environment = os.environ | {"CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS": "allow"}
    return subprocess.run(["cargo", *arguments], cwd=project, env=environment, text=True, capture_output=True)


def project(parent, crate):
    """Writes a project whose only dependency is the crate."""
    path = pathlib.Path(parent) / crate
    (path / "src").mkdir(parents=True)
    (path / "src/lib.rs").touch()
    if crate == "countersign":
        dependency = f'{{ path = "{ROOT}" }}'
    else:
        version, features = PEERS[crate]
        dependency = f'{{ version = "={version}", features = {json.dumps(features)} }}'
    manifest = '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n'
    (path / "Cargo.toml").write_text(f"{manifest}[dependencies]\n{crate} = {dependency}\n")
    return path


def package(path, crate):
    """Returns the manifest of the crate as cargo reads it."""
    output = cargo(path, "metadata", "--format-version", "1")
    if output.returncode:
        sys.exit(output.stderr)
    return next(item for item in json.loads(output.stdout)["packages"] if item["name"] == crate)


def dependencies(path, edges):
    output = cargo(path, "tree", "--edges", edges, "--target", HOST, "--prefix", "none", "--format", "{p}")
    if output.returncode:
        sys.exit(output.stderr)
    return {line.split(" (")[0] for line in output.stdout.splitlines()} - {"scratch v0.0.0"}


def weight(path, crate, manifest):
    """Returns the rows of the table of weights."""
    source = pathlib.Path(manifest["manifest_path"]).parent
    build = {line.split()[0] for line in dependencies(path, "normal,build")}
    lints = (source / "Cargo.toml").read_text() + (source / "src/lib.rs").read_text()
    forbidden = re.search(r'unsafe_code = "(forbid|deny)"|unsafe_code = \{ level = "(forbid|deny)"|forbid\(unsafe_code\)', lints)
    if crate == "countersign":
        forbidden = forbidden or 'unsafe_code = "forbid"' in (ROOT / "Cargo.toml").read_text()
    return {
        "crates, with itself": str(len(dependencies(path, "normal"))),
        "C compiler needed": "yes" if build & {"cc", "cmake"} else "no",
        "`unsafe` in its own code": "forbidden" if forbidden else "not forbidden by a lint",
        "Rust version": manifest["rust_version"] or "not stated",
        "license": manifest["license"].replace("/", " OR "),
        "builds for wasm32-unknown-unknown": wasm(path),
    }


def wasm(path):
    target = pathlib.Path(tempfile.gettempdir()) / "countersign-comparison"
    output = cargo(path, "check", "--quiet", "--ignore-rust-version", "--target", WASM, "--target-dir", str(target))
    if output.returncode and "can't find crate for `core`" in output.stderr:
        return "not tried"
    if output.returncode:
        error = next((line for line in output.stderr.splitlines() if line.startswith("error")), "")
        print(f"{path.name} for {WASM}: {error}", file=sys.stderr)
        return "no"
    return "yes"


def holds(source, evidence):
    """Checks the evidence of a cell, and returns the file in which it is, if it is in one."""
    kind, rest = evidence.split(" ", 1)
    if kind == "has":
        file, wanted = rest.split(" ", 1)
        found = (source / file).is_file() and wanted in (source / file).read_text()
        return found, file
    files = [file for file in source.glob("src/**/*.rs") if "test" not in str(file.relative_to(source))]
    everything = "\n".join(file.read_text().lower() for file in files)
    return not any(word.strip().lower() in everything for word in rest.split(",")), None


def link(crate, cell, file):
    if file is None:
        return cell
    if crate == "countersign":
        return f"[{cell}]({'../' + file if file.startswith('src') else file.removeprefix('docs/')})"
    return f"[{cell}](https://docs.rs/crate/{crate}/{PEERS[crate][0]}/source/{file})"


def features(sources):
    rows = {}
    for line in (pathlib.Path(__file__).parent / "cells.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        crate, feature, cell, evidence = line.split(" | ", 3)
        found, file = holds(sources[crate], evidence)
        if not found:
            print(f"wrong: {line}", file=sys.stderr)
            rows["wrong"] = True
        rows.setdefault(feature, {})[crate] = link(crate, cell, file)
    if "wrong" in rows:
        sys.exit(1)
    return rows


def table(rows):
    names = [f"{crate} {PEERS[crate][0]}" if crate in PEERS else crate for crate in CRATES]
    lines = ["| | " + " | ".join(names) + " |", "| --- |" + " --- |" * len(CRATES)]
    lines += [f"| {name} | " + " | ".join(cells[crate] for crate in CRATES) + " |" for name, cells in rows.items()]
    return "\n".join(lines)


def speed():
    """Copies the rows of docs/performance.md."""
    text = (ROOT / "docs/performance.md").read_text().split("<!-- measured: ratios -->")[1].split("<!-- end -->")[0]
    unwanted = ("buffer reused", "instructions alone", "derivation", "KeyCache", "(http)")
    return "\n".join(line for line in text.strip().splitlines() if not any(word in line for word in unwanted))


def main():
    with tempfile.TemporaryDirectory() as parent:
        sources, weights = {}, {}
        for crate in CRATES:
            path = project(parent, crate)
            manifest = package(path, crate)
            sources[crate] = pathlib.Path(manifest["manifest_path"]).parent
            for name, cell in weight(path, crate, manifest).items():
                weights.setdefault(name, {})[crate] = cell
        tables = {"features": table(features(sources)), "weight": table(weights), "speed": speed()}
    date = f"\n\n<sub>{datetime.date.today()}</sub>"
    page = PAGE.read_text()
    for name, lines in tables.items():
        lines += "" if name == "speed" else date
        print(f"{lines}\n")
        pattern = re.compile(f"(<!-- compared: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page = pattern.sub(lambda match: f"{match[1]}{lines}\n{match[2]}", page)
    if "--write" in sys.argv:
        PAGE.write_text(page)


main()
