#!/usr/bin/env bash
# HF_ENTRIES entries (100,000; `make soak`: 1,000,000) go from every kind of store that can hold them into every other,
# with little memory, with progress on a terminal, and without a loss; of a kind with a lower limit it is said which
# entries stayed out.
. "$SOURCE_DIR/tests/lib/check.sh"
entries=${HF_ENTRIES:-100000}
at=1795170300
# In KiB: what the program, its libraries and SQLite's pages need, and 25 octets for each entry: a million has 64 MB.
bound=$((36 * 1024 + entries * 25 * 1024 / 1000000))

cat >measure.py <<'PYTHON'
"""measure.py COMMAND...: runs it; prints KiB at the peak and seconds."""
import os
import sys
import time

begun = time.time()
child = os.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss, round(time.time() - begun, 2), file=open("measured", "w"))
sys.exit(os.waitstatus_to_exitcode(status))
PYTHON

awk -v n="$entries" -v at=$at 'BEGIN { print "#HSTS 1.0 file"
    for (i = 0; i < n; i++) printf "host%07d.example.com 443 %d %d %d\n", i * 7919 % n, i % 2, at - 100, 1000000 + i }' >store.wget2
awk 'NR > 1 { print $1 }' store.wget2 >names

# What all of these kinds keep: name, end, includeSubDomains.
meaning() # FILE: of wget2's kind
{
    awk '!/^#/ { print $1, $3, $4 + $5 }' "$1" | sort | cksum
}
wanted=$(meaning store.wget2)

worst=0
convert() # FROM TO: both in files named after their kinds
{
    local peak seconds
    cp "store.$1" from
    rm -f "store.$2"
    expect_exit 0 python3 measure.py "$HOLDFAST" store convert "$1:$PWD/from" "$2:$PWD/store.$2" --at $at \
        --names names --no-preload --json
    read -r peak seconds <measured
    printf '%-9s %-9s %7d KiB %7s s\n' "$1" "$2" "$peak" "$seconds"
    [ "$peak" -le "$bound" ] || fail "$1 to $2 takes $peak KiB, more than $bound"
    [ "$peak" -le "$worst" ] || worst=$peak
    expect_text out "\"written\": $entries,"
    expect_text out '"left_out": 0,'
}

# Round and round, so that each kind is read and written by each: what came through all of them is what went in.
kinds=(wget2 chromium wget curl libsoup holdfast)
for from in 0 1 2 3 4 5; do
    for step in 1 2 3 4 5; do
        to=$(((from + step) % 6))
        [ "$from" = 0 ] || [ "$to" = 0 ] || [ "$step" = 1 ] || [ "${HF_PAIRS:-}" = all ] || continue
        convert "${kinds[from]}" "${kinds[to]}"
        if [ "$to" = 0 ]; then
            expect_equal "$wanted" "$(meaning store.wget2)" "what came back from ${kinds[from]}"
        fi
    done
done
echo "the most: $worst KiB for $entries entries; the bound: $bound KiB"

# -- A lower limit
expect_exit 0 "$HOLDFAST" store convert wget2:store.wget2 "firefox:$PWD/store.bin" --at $at --left-out stayed-out
expect_text out "2048 written, $((entries - 2048)) left out"
expect_text out "and $((entries - 2048 - 10)) more (--left-out FILE gets them all)"
expect_equal "$((entries - 2048))" "$(grep -c $'^full\thost[0-9]*.example.com$' stayed-out)" 'those who stayed out'
expect_equal "$(sort names | cksum)" "$({ cut -f2 stayed-out; "$HOLDFAST" store list --from firefox:store.bin --jsonl |
    sed 's/.*"host":"\([^"]*\)".*/\1/'; } | sort | cksum)" 'those who are in and those who stayed out are all'
expect_equal 600 "$(stat -c %a stayed-out)" 'the mode of the list'

# -- Progress, on a terminal alone; fewer entries are through before there is anything to tell
if [ "$entries" -ge 100000 ]; then
    rm -f store.curl
    expect_exit 0 script -qec "'$HOLDFAST' store convert chromium:store.chromium 'curl:$PWD/store.curl' --names names --no-preload --at $at" terminal
    expect_text out 'reading:'
    expect_text out 'writing:'
    expect_text out ' a second, '
    expect_text out ' s left'
    rm -f store.curl
    expect_exit 0 "$HOLDFAST" store convert chromium:store.chromium "curl:$PWD/store.curl" --names names --no-preload \
        --at $at
    expect_equal '' "$err" 'no progress without a terminal'
fi

# -- Deleting is one pass, of many hosts as of one.
delete() # COUNT WHAT...: that many go
{
    local gone=$1 peak seconds
    shift
    expect_exit 0 python3 measure.py "$HOLDFAST" store "$@" --from "holdfast:$PWD/store.holdfast" --json
    expect_text out "\"gone\": $gone,"
    read -r peak seconds <measured
    printf '%s: %d KiB, %s s\n' "$(cut -c 1-40 <<<"$*")" "$peak" "$seconds"
    [ "$peak" -le "$bound" ] || fail "$(cut -c 1-40 <<<"$*") takes $peak KiB, more than $bound"
    awk -v s="$seconds" -v n="$entries" 'BEGIN { exit !(s < 3 + n / 50000) }' || fail "$(cut -c 1-40 \
        <<<"$*") takes $seconds s"
}
mapfile -t some < <(sed -n '101,1100p' names)
rm -f store.holdfast
expect_exit 0 "$HOLDFAST" store convert wget2:store.wget2 "holdfast:$PWD/store.holdfast" --at $at
if [ "$entries" = 1000000 ]; then # our own limit is 1,048,576
    awk 'BEGIN { for (i = 0; i < 50000; i++) printf "other%d.example.org 443 0 1795170000 9000000\n", i }' >more.wget2
    expect_exit 0 "$HOLDFAST" store import --to "holdfast:$PWD/store.holdfast" wget2:more.wget2 --at $at \
        --left-out stayed-out
    expect_text out '48576 written, 1424 left out'
    expect_equal $'full\tother48576.example.org' "$(head -1 stayed-out)" 'the first that stayed out'
    expect_exit 0 "$HOLDFAST" store delete --subtree example.org --from "holdfast:$PWD/store.holdfast" --quiet
fi
delete 1000 delete "${some[@]}"
delete 1 delete --subtree host0000000.example.com
delete 0 delete --between $((at - 200)) $((at - 100))
delete $((entries - 1001)) delete --between $((at - 200)) $((at + 1))
rm -f store.holdfast
expect_exit 0 "$HOLDFAST" store convert wget2:store.wget2 "holdfast:$PWD/store.holdfast" --at $at
delete "$entries" clear
expect_exit 0 "$HOLDFAST" store list --from "holdfast:$PWD/store.holdfast"
expect_text out '0 entries'
finish
