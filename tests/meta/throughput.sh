#!/usr/bin/env bash
# holdfast header --jsonl answers at least 300,000 lines a second of CPU time.
. "$SOURCE_DIR/tests/lib/check.sh"

lines=200000
yes '"max-age=31536000; includeSubDomains; preload"' | head -n "$lines" >values
TIMEFORMAT='%U %S'
read -r user kernel < <({ time "$HOLDFAST" header --jsonl values >answers; } 2>&1)
expect_equal "$lines" "$(wc -l <answers)" 'an answer a line'
rate=$(awk -v lines="$lines" -v user="$user" -v kernel="$kernel" 'BEGIN { print int(lines / (user + kernel + 0.001)) }')
echo "$rate lines a second"
[ "$rate" -ge 300000 ] || fail "$rate lines a second"
finish
