#!/usr/bin/env python3
"""url_compare.py ANSWERS TEXTS-BY-NODE REQUESTS-BY-READER...: exit 1 if a reader finds another host in what we wrote than we do.

ANSWERS are those of `holdfast decide --jsonl`, the others a line for each of them. Prints how many each reader read.
"""
import ipaddress
import json
import sys

SHOWN = 20


def load(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def normal(host):
    """Addresses have several spellings (::ffff:1.2.3.4); a name has one, but for its case."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host.lower()


def written_host(request):
    """Ours, by the shape that is promised: scheme://[user@]host[:port], then a slash, '?' or '#'."""
    authority = request.split("//", 1)[1]
    for end in "/?#":
        authority = authority.split(end, 1)[0]
    host = authority.rsplit("@", 1)[-1]
    return host if host.endswith("]") else host.rsplit(":", 1)[0] if not host.startswith("[") else host[:host.index("]") + 1]


def is_concerned(answer):
    return "request" in answer and answer["reason"] != "scheme"


def differences(answers, hosts):
    for answer, host in zip(answers, hosts, strict=True):
        if not is_concerned(answer) or host is None:
            continue
        ours = written_host(answer["request"])
        if normal(ours) != normal(host) or (answer["host"] and normal(answer["host"]) != normal(ours).rstrip(".")):
            yield answer["url"], answer["request"], ours, host


def main():
    answers = load(sys.argv[1])
    failed = False
    for answer in answers:
        if any(c <= " " or c == "\x7f" for c in answer.get("request", "")):
            print("a control or a blank:", json.dumps(answer["request"]))
            failed = True
    for path in sys.argv[2:]:
        hosts = load(path)
        found = list(differences(answers, hosts))
        for difference in found[:SHOWN]:
            print(f"{path}: {json.dumps(difference)}")
        both = sum(is_concerned(a) and h is not None for a, h in zip(answers, hosts))
        ours = sum(is_concerned(a) and h is None for a, h in zip(answers, hosts))
        theirs = sum("error" in a and h is not None for a, h in zip(answers, hosts))
        print(f"{path}: {both} read alike but for {len(found)}; {ours} only by us, {theirs} only by it")
        failed = failed or bool(found) or both < len(answers) // 10
    return failed


sys.exit(main())
