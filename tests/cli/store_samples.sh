#!/usr/bin/env bash
# `holdfast store list --json` says of each genuine store exactly what stands beside it in tests/samples.
. "$SOURCE_DIR/tests/lib/check.sh"

at=1795170300
cat >compare.py <<'PYTHON'
"""compare.py EXPECTED <LISTED: every member that EXPECTED has is the same in LISTED, to the last digit."""
import decimal
import json
import sys

KEYS = ("host", "host_hash", "include_subdomains", "expires", "expires_unix", "observed", "max_age", "port", "partition", "state", "expired")


def load(text):
    return json.loads(text, parse_float=decimal.Decimal, parse_int=decimal.Decimal)


def pick(entry, like):
    entry = {key: entry[key] for key in KEYS if key in like and not (key == "max_age" and like[key] is None)}
    return json.dumps(entry, sort_keys=True, default=lambda number: str(number.normalize()))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        wanted = load(file.read())
    listed = load(sys.stdin.read())
    assert set(listed) == {"kind", "path", "entries", "damaged"}, set(listed)
    assert listed["kind"] == wanted["kind"]
    rows = wanted["entries"]
    keys = {key for row in rows for key in row}
    got = sorted(pick(row, {key: 0 for key in keys}) for row in listed["entries"])
    want = sorted(pick({**{key: None for key in keys}, **row}, {key: 0 for key in keys}) for row in rows)
    for one, other in zip(got, want):
        if one != other:
            print("wanted", other, "\ngot   ", one)
    return 0 if got == want and len(listed["damaged"]) == len(wanted.get("damaged", [])) else 1


sys.exit(main())
PYTHON

samples=0
for expected in "$SOURCE_DIR"/tests/samples/*/*.expected.json; do
    file=${expected%.expected.json}
    kind=$(sed -n 's/^ "kind": "\(.*\)",$/\1/p' "$expected")
    python3 -c 'import json, sys; print("\n".join(json.load(open(sys.argv[1])).get("extra", {}).get("names_to_try", [])))' "$expected" >names
    expect_exit 0 "$HOLDFAST" store list --from "$kind:$file" --names names --at "$at" --json
    printf '%s' "$out" >listed
    expect_exit 0 python3 compare.py "$expected" <listed
    printf '%s' "$out"
    samples=$((samples + 1))

    # Converted to its own kind, and to ours and back, it says the same.
    [ "$kind" = firefox-txt ] || expect_exit 0 "$HOLDFAST" store convert "$kind:$file" "$kind:$PWD/copy" --at "$at"
    [ ! -e copy ] || expect_exit 0 "$HOLDFAST" store diff "$kind:$file" "$kind:$PWD/copy"
    [ ! -e copy ] || expect_no_text out $'\n- '
    rm -f copy
done
[ "$samples" -ge 10 ] || fail "only $samples samples"

# Flipped: another time makes another answer.
expected=$SOURCE_DIR/tests/samples/curl/hsts.top.expected.json
"$HOLDFAST" store list --from "curl:${expected%.expected.json}" --at 1895170300 --json >listed
expect_exit 1 python3 compare.py "$expected" <listed
finish
