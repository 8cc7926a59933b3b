#!/usr/bin/env bash
# Every finding is explained in the manual of check, and nothing else is; what the lab expects exists.
. "$SOURCE_DIR/tests/lib/check.sh"
page=$SOURCE_DIR/man/holdfast-check.1
names=$(sed -n 's/^    X([A-Z0-9_]*, "\([a-z0-9-]*\)".*/\1/p' "$SOURCE_DIR/src/rules/catalogue.h" | sort)
[ "$(wc -l <<<"$names")" -ge 20 ] || fail "only these findings were found: $names"
explained=$(sed -n '/^\.Ss Findings/,/^\.Sh/s/^\.It Cm //p' "$page" | tr -d ' ' | tr ',' '\n' | sort)
expect_equal "$names" "$explained" 'the findings in the manual'

for expected in $("$HOLDFAST" lab --check --json | sed -n 's/.*"expected": "\(.*\)",/\1/p' | tr -d ','); do
    [ "$expected" = hsts-in-force ] || grep -qx -- "$expected" <<<"$names" || fail "the lab expects $expected"
    checks=$((checks + 1))
done
hosts=$("$HOLDFAST" lab --check --json | sed -n 's/.*"host": "\(.*\)",/\1/p')
expect_equal "$hosts" "$(sed -n 's/^\.It \(.*\.lab\.test\)$/\1/p' "$SOURCE_DIR/man/holdfast-lab.1")" 'the hosts in the manual of lab'
finish
