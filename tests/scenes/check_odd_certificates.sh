#!/usr/bin/env bash
# Certificates that are odd in one way each, and what Chromium and Firefox were seen to do with them: the verdict for
# each browser is the same, and where somebody is not let in a finding says so.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need python3
need openssl
mkdir odd
port=$(free_port)
python3 -W ignore "$SOURCE_DIR/tests/lib/odd_certificates.py" odd "$port" >served 2>unserved &
servers+=($!)
for ((i = 0; i < 900; i++)); do
    grep -q '^ready' served && break
    sleep 0.1
done
mapfile -t hosts < <(grep -v '^ready' served)
[ "${#hosts[@]}" -ge 200 ] || fail "only ${#hosts[@]} hosts: $(cat unserved)"
expect_exit 1 "$HOLDFAST" check "${hosts[@]}" --connect-to ":443:127.0.0.1:$port" --no-http --no-www --no-preload \
    --cafile odd/root.pem --json --depth standard
printf '%s' "$out" >checked.json
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/odd_compare.py" "$SOURCE_DIR/tests/lib/odd_certificates.tsv" served checked.json
printf '%s\n' "$out"
expect_text out ' 0 differ'

# `visit` shows each browser's own page.
visit()
{
    expect_exit "$1" "$HOLDFAST" visit --as "$2" --cafile odd/root.pem --connect-to ":443:127.0.0.1:$port" "https://$3/"
}
visit 0 firefox key-p521.odd.test
visit 1 chromium key-p521.odd.test
expect_text out ERR_SSL_VERSION_OR_CIPHER_MISMATCH
visit 0 chromium leaf-is-ca.odd.test
visit 1 firefox leaf-is-ca.odd.test
expect_text out MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY
visit 1 chromium subject-empty.odd.test
expect_text out ERR_CERT_INVALID

# The last second of the validity is part of it.
until=$(python3 -c '
import json
for host in json.load(open("checked.json"))["hosts"]:
    if host["host"] == "good.odd.test":
        print(host["facts"]["https"]["hops"][0]["exchange"]["tls"]["certificates"][0]["not_after"])')
last=(visit --cafile odd/root.pem --connect-to ":443:127.0.0.1:$port" https://good.odd.test/)
expect_exit 0 "$HOLDFAST" "${last[@]}" --at "$until"
expect_exit 1 "$HOLDFAST" "${last[@]}" --at "$(($(date -d "$until" +%s) + 1))"
expect_text out 'SEC_ERROR_EXPIRED_CERTIFICATE'
finish
