#!/usr/bin/env bash
# What the lab expects is in the catalogue; its hosts are in its manual; and no number of findings hides an error.
. "$SOURCE_DIR/tests/lib/check.sh"
names=$(cat "$SOURCE_DIR"/src/findings/catalogue/*.txt | grep -E '^[a-z][a-z0-9-]*$' | sort)
"$HOLDFAST" lab --check --json >lab.json
for expected in $(sed -n 's/.*"expected": "\(.*\)",/\1/p' lab.json | tr -d ','); do
    [ "$expected" = hsts-in-force ] || grep -qx -- "$expected" <<<"$names" || fail "the lab expects $expected"
    checks=$((checks + 1))
done
hosts=$(sed -n 's/.*"host": "\(.*\)",/\1/p' lab.json)
expect_equal "$hosts" "$(sed -n 's/^\.It \(.*\.lab\.test\)$/\1/p' "$SOURCE_DIR/man/holdfast-lab.1")" \
    'the hosts in the manual of lab'
finish
