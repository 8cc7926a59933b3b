#!/usr/bin/env python3
"""preload_compare.py SEEN SINGLE NAMES IMAGE...: what Chromium did (`http HOST` or `https HOST` a line) beside what our images say.

Must agree: the single-label entries and their subdomains; hosts that nobody has; and below a name that Chromium upgrades, its subdomain,
if all lists at hand have one flag for it. A name on our lists that Chromium leaves alone was taken from its list later: that is counted,
by list and day, and only too many of them are a failure, for then it is not the days that differ.
"""
import collections
import json
import sys

seen_path, single_path, names_path, *images = sys.argv[1:]
REMOVED_MAX = 0.75  # Firefox's list of 2025-09 has nearly twice the names that Chromium's has since it was cleaned up


def words(path):
    with open(path) as lines:
        return lines.read().split()


def answers(path):
    with open(path) as lines:
        return {a["host"]: a for a in map(json.loads, lines)}


with open(seen_path) as lines:
    seen = collections.defaultdict(set)
    for line in lines:
        scheme, host = line.split()
        seen[host].add(scheme)
wrong = []
single, names = words(single_path), words(names_path)
lists = {image: answers(image + ".answers") for image in images}


def upgraded(host):
    """True, False, or None if Chromium did not ask."""
    if len(seen.get(host, ())) != 1:
        wrong.append(f"{host}: asked for by {sorted(seen.get(host, ())) or 'nothing'}")
        return None
    return seen[host] == {"https"}


for label in single:
    for host in (label, "x." + label):
        if upgraded(host) is False:
            wrong.append(f"{host}: not upgraded by Chromium, but built in here")
for host in [h for h in seen if h.startswith("hf-")]:
    if upgraded(host) is not False:
        wrong.append(f"{host}: upgraded by Chromium, but nobody has it")

causes = collections.Counter()
flags = collections.Counter()
for name in names:
    on = tuple(i for i in images if lists[i][name]["matched"] is not None)
    is_upgraded = upgraded(name)
    if is_upgraded is None:
        continue
    causes[on, is_upgraded] += 1
    below = "x." + name
    if not is_upgraded or below not in seen:
        continue
    ours = {lists[i][below]["preloaded"] for i in on}
    if len(ours) > 1:
        flags["the lists differ"] += 1
    elif ours == {upgraded(below)}:
        flags["agree"] += 1
    else:
        flags["differ"] += 1
        print(f"  {below}: Chromium {'upgrades' if not ours == {True} else 'leaves'} it, our lists do not")

sources = {}
for image in images:
    with open(image + ".info") as document:
        about = json.load(document)["images"][0]
    sources[image] = f"{about['source'] or 'a list'} ({(about['date'] or 'no date')[:10]})"
print(f"single-label entries: {len(single)}, and a subdomain of each")
for (on, is_upgraded), count in sorted(causes.items(), key=str):
    print(f"{count:7} on {' and '.join(sources[i] for i in on)}: " +
          ("upgraded" if is_upgraded else "left alone: taken from Chromium's list since"))
for what, count in sorted(flags.items()):
    print(f"{count:7} subdomains of upgraded names: {what}")
everything = tuple(images)
common = {state: causes[everything, state] for state in (True, False)}
if sum(common.values()) > 0 and common[False] > REMOVED_MAX * sum(common.values()):
    wrong.append(f"{common[False]} of {sum(common.values())} names on all lists are left alone")
if flags["differ"] > 0.01 * sum(flags.values()):
    wrong.append(f"{flags['differ']} subdomains differ")
for line in wrong[:20]:
    print("WRONG", line)
sys.exit(1 if wrong else 0)
