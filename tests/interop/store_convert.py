#!/usr/bin/env python3
"""Random stores in every dialect, converted into every kind: a visit is protected after as before, or it was announced.

What protects a visit is decided here, from the files alone, by rules of its own: those that docs and measurements of the
programs give. Usage: store_convert.py HOLDFAST FOLDER COUNT [SEED]
"""
import base64
import concurrent.futures
import datetime
import hashlib
import json
import os
import plistlib
import random
import sqlite3
import struct
import subprocess
import sys

NOW = 1795170300
NEVER = 1 << 62
APPLE = 978307200
COUNTS = {"hosts": 0, "announced": 0}
ISOLATED = " under first-party isolation"  # another setting of Firefox, under which it asks for other keys
SESSION = "com.apple.CFNetwork.defaultStorageSession"
HOSTS = ["a.example.test", "example.test", "b.example.org", "c.d.example.net", "localhost", "x.localhost"]
KINDS = ["wget", "wget2", "curl", "firefox-txt", "firefox", "chromium", "libsoup", "safari"]


def site(host):
    return ".".join(host.split(".")[-2:])


def some_end(r):
    return r.choice([NOW - 5000, NOW + 10, NOW + 31536000, NOW + 63072000, 1890000000, 2147483647])


class Protection(dict):
    """host -> (ends, includeSubDomains), the strongest of each."""

    def add(self, host, ends, subdomains):
        if ends > NOW:
            old = self.get(host, (0, False))
            self[host] = (max(old[0], ends), old[1] or subdomains)


# -- Writing: each gives the text of a store ------------------------------------------------------------------------


def make_wget(r, kind):
    rows = {}
    for _ in range(r.randint(1, 7)):
        ends, port = some_end(r), r.choice([0, 0, 443, 8443] if kind == "wget" else [443, 443, 8443])
        age = r.choice([0, 1000, 31536000])
        rows[r.choice(HOSTS), port or 443] = (port, r.randint(0, 1), max(ends - age, 0), age)
    head = "# HSTS 1.0 Known Hosts database for GNU Wget.\n" if kind == "wget" else "#HSTS 1.0 file\n"
    blank = "\t" if kind == "wget" else " "
    return (head + "".join(blank.join([h, *map(str, v)]) + "\n" for (h, _), v in rows.items())).encode()


def make_curl(r):
    out = "# Your HSTS cache. https://curl.se/docs/hsts.html\n"
    for _ in range(r.randint(1, 7)):
        when = datetime.datetime.fromtimestamp(some_end(r), datetime.timezone.utc).strftime("%Y%m%d %H:%M:%S")
        out += '%s%s "%s"\n' % (r.choice(["", "."]), r.choice(HOSTS), r.choice([when, when, "unlimited"]))
    return out.encode()


def firefox_key(r, host):
    own, other = site(host), "other.example"
    return host + r.choice([
        "", ":HSTS", ":HPKP",
        "^partitionKey=%%28https%%2C%s%%29" % own, "^partitionKey=%%28https%%2C%s%%29" % own,
        "^partitionKey=%%28https%%2C%s%%29:HSTS" % own, "^partitionKey=%%28http%%2C%s%%29:HSTS" % own,
        "^partitionKey=%%28https%%2C%s%%29" % other, "^firstPartyDomain=" + own,
        "^firstPartyDomain=%s:HSTS" % other, "^userContextId=3:HSTS",
        "^userContextId=2&partitionKey=%%28https%%2C%s%%29" % own])


def firefox_rows(r):
    rows = {}
    for _ in range(r.randint(1, 8)):
        key = firefox_key(r, r.choice(HOSTS))
        rows[key] = "%d,%d,%d" % (some_end(r) * 1000, r.choice([1, 1, 1, 0, 2, 3]), r.randint(0, 1))
    return rows


def make_firefox_txt(r):
    return "".join("%s\t%d\t20777\t%s%s\n" % (k, r.randint(1, 9), v, r.choice(["", ",2"]) if "HPKP" not in k else ",p=")
                   for k, v in firefox_rows(r).items()).encode()


def make_firefox(r):
    out = b""
    for key, value in firefox_rows(r).items():
        if ":HPKP" in key:
            continue
        slot = struct.pack(">HH256s24s", 3, 20777, key.encode(), value.encode())
        check = 0
        for (word,) in struct.iter_unpack(">H", slot):
            check ^= word
        out += struct.pack(">H", check) + slot
    return out


def hashed(host):
    wire = b"".join(bytes([len(label)]) + label.encode() for label in host.split(".")) + b"\0"
    return base64.b64encode(hashlib.sha256(wire).digest()).decode()


def make_chromium(r):
    sts = [{"expiry": some_end(r) + 0.5, "host": hashed(h), "mode": r.choice(["force-https", "force-https", "default"]),
            "sts_include_subdomains": r.random() < .5, "sts_observed": NOW - r.randint(1, 9999) + 0.25}
           for h in r.sample(HOSTS, r.randint(1, 5))]
    return json.dumps({"sts": sts, "version": 2}).encode()


def make_libsoup(r, path):
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE soup_hsts_policies (id INTEGER PRIMARY KEY, host TEXT UNIQUE, max_age INTEGER, "
               "expiry INTEGER, include_subdomains INTEGER)")
    for h in r.sample(HOSTS, r.randint(1, 5)):
        db.execute("INSERT INTO soup_hsts_policies (host, max_age, expiry, include_subdomains) VALUES (?, ?, ?, ?)",
                   (h, r.choice([0, 31536000]), some_end(r), r.randint(0, 1)))
    db.commit()
    db.close()


def make_safari(r):
    rows = {}
    for h in r.sample(HOSTS, r.randint(1, 5)):
        ends = r.choice([float(some_end(r) - APPLE), float(some_end(r) - APPLE), float("inf")])
        rows[h] = {"Create Time": float(NOW - 99 - APPLE), "Expiry": ends, "HSTS Host": r.random() < .8}
        if r.random() < .5:
            rows[h]["Include Subdomains"] = True
    root = {"HSTS Store Schema Version": 3, SESSION: rows}
    return plistlib.dumps(root, fmt=r.choice([plistlib.FMT_BINARY, plistlib.FMT_XML]))


def make(kind, r, path):
    if kind == "libsoup":
        make_libsoup(r, path)
        return
    makers = {"curl": make_curl, "firefox-txt": make_firefox_txt, "firefox": make_firefox, "chromium": make_chromium,
              "safari": make_safari}
    text = makers[kind](r) if kind in makers else make_wget(r, kind)
    with open(path, "wb") as out:
        out.write(text)


# -- Reading: what protects a visit of http://HOST/ -----------------------------------------------------------------


def read_wget(data, kind, found):
    for line in data.decode().splitlines():
        if line.startswith("#"):
            continue
        host, port, sub, created, age = line.split()
        if int(port) in (0, 443) and (kind == "wget" or int(age) > 0):
            found.add(host, int(created) + int(age), sub != "0")


def read_curl(data, found):
    for line in data.decode().splitlines():
        if line.startswith("#"):
            continue
        host, when = line.split(" ", 1)
        ends = NEVER
        if when != '"unlimited"':
            ends = datetime.datetime.strptime(when, '"%Y%m%d %H:%M:%S"').replace(tzinfo=datetime.timezone.utc)
            ends = int(ends.timestamp())
        found.add(host.lstrip("."), ends, host.startswith("."))


def read_firefox_row(key, value, found, strict):
    """Strictly, by what today's Firefox asks for; else whatever any Firefox took for a visit's policy."""
    ends, state, sub = value.split(",")[:3]
    name, _, suffix = key.removesuffix(":HSTS").partition("^")
    own = site(name)
    good = ["partitionKey=%28https%2C" + own + "%29"]
    if not strict:
        good += ["", "partitionKey=%28http%2C" + own + "%29", "userContextId=3", "userContextId=2&" + good[0]]
    if state != "1" or ":HPKP" in key:
        return
    if suffix == "firstPartyDomain=" + own:
        found.add(name + ISOLATED, int(ends) // 1000, sub == "1")
    elif suffix in good:
        found.add(name, int(ends) // 1000, sub == "1")


def read_firefox(data, found, strict):
    for at in range(0, len(data) - 285, 286):
        slot = data[at:at + 286]
        key, value = slot[6:262].rstrip(b"\0").decode(), slot[262:].rstrip(b"\0").decode()
        if key:
            read_firefox_row(key, value, found, strict)


def read_safari(data, found):
    for host, row in plistlib.loads(data).get(SESSION, {}).items():
        if row.get("HSTS Host"):
            ends = NEVER if row["Expiry"] > 1e15 else int(row["Expiry"]) + APPLE
            found.add(host, ends, row.get("Include Subdomains", False))


def protected(kind, path, strict):
    found = Protection()
    if kind == "libsoup":
        db = sqlite3.connect(path)
        for host, ends, sub in db.execute("SELECT host, expiry, include_subdomains FROM soup_hsts_policies"):
            found.add(host, ends, bool(sub))
        db.close()
        return found
    with open(path, "rb") as store:
        data = store.read()
    if kind.startswith("wget"):
        read_wget(data, kind, found)
    elif kind == "curl":
        read_curl(data, found)
    elif kind == "firefox-txt":
        for line in data.decode().splitlines():
            key, _, _, value = line.split("\t")
            read_firefox_row(key, value, found, strict)
    elif kind == "firefox":
        read_firefox(data, found, strict)
    elif kind == "safari":
        read_safari(data, found)
    else:
        names = {hashed(h): h for h in HOSTS}
        for row in json.loads(data)["sts"]:
            if row["mode"] == "force-https" and not names[row["host"]].endswith("localhost"):
                found.add(names[row["host"]], int(row["expiry"]), row["sts_include_subdomains"])
    return found


def own_protected(holdfast, path):
    found = Protection()
    out = subprocess.run([holdfast, "store", "list", "--json", "--from", "holdfast:" + path, "--at", str(NOW)],
                         capture_output=True, check=True).stdout
    for e in json.loads(out)["entries"]:
        if e["state"] == "set" and not e["partition"] and not e["host"].endswith("localhost"):
            found.add(e["host"], NEVER if e["expires_unix"] is None else e["expires_unix"], e["include_subdomains"])
    return found


# -- One round ------------------------------------------------------------------------------------------------------


def announced(told):
    hosts = set(told["lowered"])
    for loss in told["losses"]:
        if loss["left_out"] or loss["loss"] == "expires":
            hosts |= set(loss["hosts"])
    return hosts


def lower(before, after, hosts):
    """The hosts that are protected less, and of which nobody said so."""
    bad = []
    for host, (ends, sub) in before.items():
        got = after.get(host, (0, False))
        if host not in hosts and (got[0] + 1 < ends or sub > got[1]):
            bad.append("%s: before %s, after %s" % (host, (ends, sub), got))
    return bad


def round_of(holdfast, folder, seed):
    r = random.Random(seed)
    source, target = r.choice(KINDS), r.choice(KINDS + ["holdfast"])
    one, two = (os.path.join(folder, "%d.%s" % (seed, end)) for end in ("from", "to"))
    make(source, r, one)
    before = protected(source, one, False)
    if not target.startswith("firefox"):
        for host in [h for h in before if h.endswith(ISOLATED)]:
            before.add(host.removesuffix(ISOLATED), *before.pop(host))
    adds = target == "holdfast" or r.random() < .3
    if adds and target != "holdfast":
        make(target, r, two)
        for host, (ends, sub) in protected(target, two, True).items():
            before.add(host, ends, sub)
    pair = [source + ":" + one, "--to", target + ":" + two] if adds else [source + ":" + one, target + ":" + two]
    run = subprocess.run([holdfast, "store", "import" if adds else "convert", "--json", "--at", str(NOW), "--names",
                          os.path.join(folder, "names"), *pair], capture_output=True, check=False)
    what = "seed %d: %s to %s%s" % (seed, source, target, ", which is there" if adds else "")
    if run.returncode not in (0, 1):
        return [what + ": exit %d: %s" % (run.returncode, run.stderr.decode().strip())]
    after = own_protected(holdfast, two) if target == "holdfast" else protected(target, two, True)
    said = announced(json.loads(run.stdout))
    COUNTS["hosts"] += len(before)
    COUNTS["announced"] += len(said & set(before))
    bad = [what + ": " + line for line in lower(before, after, said)]
    if not bad:
        for name in os.listdir(folder):
            if name.startswith("%d." % seed):
                os.unlink(os.path.join(folder, name))
    return bad


def main():
    holdfast, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    first = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    with open(os.path.join(folder, "names"), "w", encoding="ascii") as names:
        names.write("\n".join(HOSTS) + "\n")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        seeds = range(first, first + count)
        bad = [line for lines in pool.map(lambda seed: round_of(holdfast, folder, seed), seeds) for line in lines]
    print("\n".join(bad[:40]))
    print("%d stores, %d hosts, %d announced, %d wrong" % (count, COUNTS["hosts"], COUNTS["announced"], len(bad)))
    return 1 if bad else 0


sys.exit(main())
