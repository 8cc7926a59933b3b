#!/usr/bin/env bash
# check and visit hold one model of a browser, beyond the lab: walls of cookies, policies that the way itself sets,
# statuses, locations, certificates, and addresses that differ, as operators met them.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
(exec 3<>/dev/tcp/::1/1) 2>&1 | grep -q refused || excuse 'this machine has no ::1'
authority
word=x$(od -An -N3 -tx1 /dev/urandom | tr -d ' ')
issue good "*.$word.test,sub.policy-hop.$word.test,sub.sub-hop.$word.test"
issue old "*.$word.test" '60 days ago' '1 day ago'
issue other elsewhere.test
self_signed bad "self-signed.$word.test"
request staple "staple.$word.test"
sign staple intermediate '1 hour ago' '60 days' "subjectAltName=DNS:staple.$word.test" 'extendedKeyUsage=serverAuth' \
    '1.3.6.1.5.5.7.1.24=DER:3003020105'
cat staple.pem intermediate.pem >staple.full
expect_exit 0 python3 "$SOURCE_DIR/tests/scenes/verdicts_agree_sites.py" "$HOLDFAST" "$PWD/root.pem" "$PWD" "$word"
expect_equal '618 compared' "$out" 'disagreements of check and visit'
finish
