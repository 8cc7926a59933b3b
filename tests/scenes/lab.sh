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
# The ends of what X.509 and browsers can say of ten years before and after.
for at in 315360000 253086940799; do
    expect_exit 0 "$HOLDFAST" lab --check --at "$at"
done
for at in 315359999 253086940800 253402300799; do
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
# What the table says to type works, for every host.
options=$(sed -n 's/^ *holdfast check good.lab.test //p' table)
while read -r host more; do
    first=
    [[ $more =~ \(put\ (--connect-to\ [^ ]*)\ first\) ]] && first=${BASH_REMATCH[1]}
    wanted=1
    case $host in
    good.* | duplicate.* | wrong-order.* | sent-twice.* | extra.* | root-sent.* | stapled.* | staple-*) wanted=0 ;;
    http2.* | head-differs.* | errors.* | redirects.* | differs.* | clock.* | portal.*) wanted=0 ;;
    port.* | late.* | addresses.* | alias.* | unknown.* | half.* | truncated.* | caa* | record.*) wanted=0 ;;
    record-alias.* | record-malformed.* | record-port.* | record-address.* | record-refused.* | record-silent.*) \
        wanted=0 ;;
    esac
    # shellcheck disable=SC2086
    expect_exit "$wanted" "$HOLDFAST" check "$host" $first $options
    expect_text out "$host: "
done < <(grep '^  [a-z0-9-]*\.lab\.test ' table)
expect_equal 1 "$(grep -c '^  good.lab.test ' table)" 'lines about the good host'

# However many findings of lower severity there are, the error is there and decides the exit code.
also=()
for ((i = 0; i < 64; i++)); do
    also+=(--also-name "n$i.test")
done
# shellcheck disable=SC2086
expect_exit 1 "$HOLDFAST" check no-header.lab.test "${also[@]}" $options --json
printf '%s' "$out" >many
expect_equal '["hsts-missing", 64]' "$(python3 -c '
import json
findings = json.load(open("many"))["hosts"][0]["findings"]
print(json.dumps([findings[0]["id"], sum(f["id"] == "cert-name-uncovered" for f in findings)]))')" 'many findings'
# Each at its place.
# shellcheck disable=SC2086
expect_exit 0 "$HOLDFAST" check caa-forbids.lab.test $options
expect_text out 'CAA record of caa-forbids.lab.test: every issue property names no CA'
# shellcheck disable=SC2086
expect_exit 0 "$HOLDFAST" check wrong-order.lab.test $options
expect_text out 'certificate 2 of the chain at https://wrong-order.lab.test/: of 3 that are'

if command -v curl >/dev/null; then
    connect_to=$(sed -n 's/^ *curl .*--connect-to \([^ ]*\) .*/\1/p' table)
    fetch()
    {
        curl -sS --noproxy '*' --cacert "$TMPDIR"/holdfast-lab-*/ca.pem --connect-to "$connect_to" -D - "$@"
    }
    expect_exit 0 fetch https://good.lab.test/
    expect_text out 'Strict-Transport-Security: max-age=31536000; includeSubDomains'
    expect_exit 60 fetch https://expired.lab.test/
    expect_exit 0 fetch http://good.lab.test/
    expect_text out 'Location: https://good.lab.test/'
    expect_exit 0 fetch http://clear.lab.test/
    expect_text out 'HTTP/1.1 200 OK'
fi
kill -INT "$lab"
wait "$lab"
expect_equal 0 $? 'exit code of an interrupted lab'
expect_equal '' "$(ls "$TMPDIR")" 'what the lab leaves behind'
finish
