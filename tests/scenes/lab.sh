#!/usr/bin/env bash
# The lab: checked by itself, and by curl from outside; it leaves nothing behind.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
export TMPDIR=$TEST_DIR/tmp
mkdir "$TMPDIR"

expect_exit 0 "$HOLDFAST" lab --check
for name in expired self-signed wrong-name; do
    expect_text out "$name.lab.test"
    expect_text out "found cert-$name"
done
expect_text out 'hosts found as expected'
expect_exit 0 "$HOLDFAST" lab --check --json
expect_text out '"agreed": true'
expect_exit 0 "$HOLDFAST" lab --check --at 2040-01-01T00:00:00Z
# The ends of what X.509 can say of ten years before and after.
for at in -61851859200 253086940799; do
    expect_exit 0 "$HOLDFAST" lab --check --at "$at"
done
for at in -61851859201 253086940800 253402300799; do
    expect_exit 2 "$HOLDFAST" lab --check --at "$at"
    expect_text err 'lab: --at: the lab'\''s certificates begin ten years before and end ten years after'
done
expect_exit 2 "$HOLDFAST" lab operand
expect_exit 3 env TMPDIR=/no/such/folder "$HOLDFAST" lab --check
expect_text err '/no/such/folder'
# A lab whose table cannot be written is of no use, and does not stay.
for format in '' --json; do
    expect_exit 3 timeout 10 bash -c "LC_ALL=C \"\$HOLDFAST\" lab $format >/dev/full"
    expect_equal 'holdfast: cannot write the output: No space left on device' "$err" "lab $format >/dev/full"
done

"$HOLDFAST" lab >table &
lab=$!
servers+=("$lab")
for ((i = 0; i < 100; i++)); do
    grep -q Serving table && break
    sleep 0.05
done
# Every command in the table works as it is printed.
while read -r host command; do
    wanted=1
    [ "$host" = good.lab.test ] && wanted=0
    # shellcheck disable=SC2086
    expect_exit "$wanted" "$HOLDFAST" $command
    expect_text out "$host: "
done < <(sed -n 's/^ *\([a-z-]*\.lab\.test\) .* holdfast \(check .*\)/\1 \2/p' table)
expect_equal 1 "$(grep -c '^  good.lab.test ' table)" 'lines about the good host'

if command -v curl >/dev/null; then
    at=$(sed -n 's/.*--connect-to \(good[^ ]*\).*/\1/p' table)
    expect_exit 0 curl -sS --noproxy '*' --cacert "$TMPDIR"/holdfast-lab-*/ca.pem --connect-to "$at" -D - https://good.lab.test/
    expect_text out 'Strict-Transport-Security: max-age=31536000; includeSubDomains'
    at=$(sed -n 's/.*--connect-to \(expired[^ ]*\).*/\1/p' table)
    expect_exit 60 curl -sS --noproxy '*' --cacert "$TMPDIR"/holdfast-lab-*/ca.pem --connect-to "$at" https://expired.lab.test/
fi
kill -INT "$lab"
wait "$lab"
expect_equal 0 $? 'exit code of an interrupted lab'
expect_equal '' "$(ls "$TMPDIR")" 'what the lab leaves behind'
finish
