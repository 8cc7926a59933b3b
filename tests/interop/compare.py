#!/usr/bin/env python3
"""compare.py CLIENT STORE VALUES OURS KNOWN: what a client kept of each value, next to ours.

Prints each difference that KNOWN does not list, and each line of KNOWN that no difference bears out any more; exit 1 for either.
KNOWN: client TAB what it does (keeps, drops, subdomains) TAB regular expression for the whole value (as in JSON, without the
quotes) TAB reason.
"""
import base64
import hashlib
import json
import re
import sys

YEAR = 31536000  # Chromium keeps no policy longer


def chromium_key(host):
    wire = b"".join(bytes([len(label)]) + label.encode() for label in host.split(".")) + b"\0"
    return base64.b64encode(hashlib.sha256(wire).digest()).decode()


def of_chromium(path):
    with open(path, encoding="utf-8") as file:
        kept = {entry["host"]: entry for entry in json.load(file)["sts"]}
    return lambda host: (lambda entry: entry and (entry["sts_include_subdomains"],
                                                  round(entry["expiry"] - entry["sts_observed"])))(kept.get(chromium_key(host)))


def of_curl(path):
    with open(path, encoding="utf-8") as file:
        words = [line.split()[0] for line in file if not line.startswith("#")]
    kept = {word.lstrip("."): (word.startswith("."), None) for word in words}
    return kept.get


def of_wget(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.split() for line in file if not line.startswith("#")]
    kept = {row[0]: (row[2] == "1", None) for row in rows if row[4] != "0"}
    return kept.get


def of_libsoup(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.split() for line in file]
    kept = {row[0]: (row[1] == "1", None) for row in rows}
    return kept.get


READERS = {"chromium": of_chromium, "curl": of_curl, "wget": of_wget, "libsoup": of_libsoup}


def ours(verdict):
    if not verdict["valid"] or verdict["max_age"] == 0:
        return None
    return verdict["include_subdomains"], min(verdict["max_age"], YEAR)


def differs(got, wanted):
    if got is None or wanted is None:
        return got is not wanted
    return got[0] != wanted[0] or (got[1] is not None and abs(got[1] - wanted[1]) > 1)


def kind_of(got, wanted):
    if got is None or wanted is None:
        return "drops" if got is None else "keeps"
    return "subdomains" if got[0] != wanted[0] else "lifetime"


def in_words(kept):
    if kept is None:
        return "keeps nothing"
    return ("keeps it with subdomains" if kept[0] else "keeps it") + (f" for {kept[1]} s" if kept[1] else "")


def read_known(path, client):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return [(re.compile(row[2]), row) for row in rows if row[0] == client]


def main():
    client, store, values, verdicts, known = sys.argv[1:]
    kept = READERS[client](store)
    known = read_known(known, client)
    borne_out, faults, agreed = set(), 0, 0
    with open(values, encoding="utf-8") as texts, open(verdicts, encoding="utf-8") as lines:
        for number, (text, line) in enumerate(zip(texts, lines)):
            text = text.strip()[1:-1]
            got, wanted = kept(f"v{number}.sts.test"), ours(json.loads(line))
            if not differs(got, wanted):
                agreed += 1
                continue
            matching = [i for i, (pattern, row) in enumerate(known)
                        if row[1] == kind_of(got, wanted) and pattern.fullmatch(text)]
            borne_out.update(matching)
            if not matching:
                faults += 1
                print(f'{client} {in_words(got)}, we {in_words(wanted).replace("keeps", "keep")}: "{text}"')
    for i, (_, row) in enumerate(known):
        if i not in borne_out:
            faults += 1
            print(f"{client} no longer {row[1]} {row[2]} ({row[3]}): take the line out")
    print(f"{client}: {agreed} values alike, {len(known)} known kinds of disagreement, {faults} faults")
    return 1 if faults or agreed == 0 else 0


sys.exit(main())
