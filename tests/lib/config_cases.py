#!/usr/bin/env python3
"""Lints labelled configurations: holdfast config lint on each case of a manifest.

usage: config_cases.py MANIFEST [CASE...]

Expected findings count at exact file, line and rule. False is a finding of severity error or warning that the case
neither expects nor allows. Prints both shares, those of each rule, and every difference. Exit code 1: there is one.
The program is $HOLDFAST. The manifest may hold other platforms too: they are left out.
"""
import collections
import json
import os
import subprocess
import sys


def lint(folder, case):
    file = os.path.join(folder, case["file"])
    command = [os.environ["HOLDFAST"], "config", "lint", "--json", "--fail-on", "never", "--platform", case["platform"]]
    if case.get("context"):
        command += ["--context", case["context"]]
    if case.get("version"):
        command += ["--version", case["version"]]
    command += ["--root", os.path.dirname(file), file]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        print(f"{case['file']}: exit code {done.returncode}: {done.stderr.strip()}")
        return None
    return [((os.path.relpath(f["file"], folder), f["line"], f["rule"]), f["severity"], f["message"])
            for f in json.loads(done.stdout)["findings"]]


def places(case, kind):
    return {(e.get("file", case["file"]), e["line"], e["rule"]) for e in case[kind]}


def check_text(folder, case):
    """The lines of the manifest are those of the files."""
    for e in case["expect"] + case["optional"]:
        name = e.get("file", case["file"])
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            line = file.read().split("\n")[e["line"] - 1].strip()
        assert line[:60] == e["text"], f"{name}:{e['line']}: {line}"


def share(part, whole):
    return 1.0 if whole == 0 else part / whole


def judge(case, found, count):
    expected, optional = places(case, "expect"), places(case, "optional")
    right, whole = True, {place for place, _, _ in found}
    for place in sorted(expected):
        count[place[2]]["expected"] += 1
        if place in whole:
            count[place[2]]["matched"] += 1
        else:
            right = False
            print(f"{case['file']}: missing: {place[0]}:{place[1]}: {place[2]}")
    for place, severity, message in found:
        if severity != "info" and place not in expected | optional:
            right = False
            count[place[2]]["false"] += 1
            print(f"{case['file']}: false: {place[0]}:{place[1]}: {severity} {place[2]}: {message}")
    return right


def main():
    manifest = sys.argv[1]
    folder = os.path.dirname(os.path.abspath(manifest))
    count = collections.defaultdict(collections.Counter)
    cases = right = 0
    with open(manifest, encoding="utf-8") as file:
        for line in file:
            case = json.loads(line)
            if case["platform"] != "nginx" or (sys.argv[2:] and case["file"] not in sys.argv[2:]):
                continue
            cases += 1
            check_text(folder, case)
            found = lint(folder, case)
            if found is not None and judge(case, found, count):
                right += 1
    everything = sum(count.values(), collections.Counter())
    print(f"{'rule':<28} expected matched false")
    for rule, of in sorted(count.items()):
        print(f"{rule:<28} {of['expected']:8} {of['matched']:7} {of['false']:5}")
    print(f"{right} of {cases} cases; recall {share(everything['matched'], everything['expected']):.4f}, precision "
          f"{share(everything['matched'], everything['matched'] + everything['false']):.4f}")
    sys.exit(0 if cases > 0 and right == cases else 1)


if __name__ == "__main__":
    main()
