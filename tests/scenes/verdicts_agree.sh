#!/usr/bin/env bash
# check and visit hold one model of a browser: over every host of the lab, by https and by http, for strangers and for
# those who hold what the host serves, as every browser, they say the same of who gets in.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/lab.sh"
lab_start
cat >agree.py <<'EOF'
import json, os, subprocess, sys

holdfast, cafile = sys.argv[1:3]
common = ["--cafile", cafile, "--no-preload", "--json"]
hosts = {h["host"]: h["connect_to"] for h in json.load(open("lab.json"))["hosts"]}
compared = 0


def run(*arguments):
    return json.loads(subprocess.run([holdfast, *arguments], capture_output=True, text=True).stdout)


# Every host's own way, before the one that is for all.
ways_of = {host: [word for way in ways for word in ("--connect-to", way)] for host, ways in hosts.items()}
all_ways = [w for host, way in ways_of.items() if len(way) > 2 for w in way[:2]] + ways_of["good.lab.test"]


def held(host):
    """The policy of somebody who has been there, when all was well."""
    own = [a for a in checked["answers"] if a["url"] == "https://%s/" % host]
    field = own[0]["sts_field"] if own else None
    lives = field and field["valid"] and field["max_age"] > 0
    return field["value"] if lives else "max-age=31536000"


def compare(what, said, *visit):
    global compared
    visited = run("visit", *visit, *common)["visits"][0]["access"]
    compared += 1
    if visited != said:
        print("%s: check says %s, visit says %s" % (what, said, visited))


for engine in ("any", "chromium", "firefox"):
    as_engine = ["--as", engine] if engine != "any" else []
    document = run("check", *hosts, "--depth", "standard", "--no-www", "--fail-on", "never", *all_ways, *as_engine, *common)
    for checked in document["hosts"]:
        host, way = checked["host"], ways_of[checked["host"]] + as_engine
        ways = checked["verdict"]["ways"]
        compare(host + " first visit, as " + engine, ways["https"]["first_visit"]["access"],
                "--no-store", "https://%s/" % host, *way)
        compare(host + " over http, as " + engine, ways["http"]["first_visit"]["access"],
                "--no-store", "http://%s/" % host, *way)
        if os.path.exists("known"):
            os.remove("known")
        subprocess.run([holdfast, "store", "add", "--to", "holdfast:known", host, held(host)], check=True,
                       stdout=subprocess.DEVNULL)
        compare(host + " with a policy, as " + engine, ways["https"]["later_visit"]["access"],
                "--store", "known", "https://%s/" % host, *way)
print(compared, "compared")
EOF
expect_exit 0 python3 agree.py "$HOLDFAST" "$lab_cafile"
expect_equal "$((9 * $(wc -l <hosts))) compared" "$out" 'disagreements of check and visit'
finish
