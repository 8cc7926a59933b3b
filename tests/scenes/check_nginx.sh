#!/usr/bin/env bash
# `holdfast check` against a real nginx with certificates of a test authority: one host a fault.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue good good.test,www.good.test
issue nofield nofield.test
issue expired expired.test '90 days ago' '1 day ago'
issue early early.test '1 day' '90 days'
issue wrong another.test
issue soon soon.test '80 days ago' '10 days'
self_signed own own.test
issue alone alone.test
issue twice twice.test
issue void void.test
issue off off.test

# server NAME FILE FIELD...
server()
{
    local name=$1 file=$2
    shift 2
    printf 'server { listen 127.0.0.1:%s ssl; %s server_name %s; ssl_certificate %s; ssl_certificate_key %s;\n' \
        "$port" "$ipv6" "$name" \
        "$PWD/$file" "$PWD/${file%.*}.key"
    for value in "$@"; do
        printf "add_header Strict-Transport-Security '%s' always;\n" "$value"
    done
    printf 'location / { return 200 hello; } }\n'
}
port=$(free_port)
ipv6=
grep -qs ' lo$' /proc/net/if_inet6 && ipv6="listen [::1]:$port ssl;"
year='max-age=31536000; includeSubDomains'
{
    server good.test good.full "$year"
    server nofield.test nofield.full
    server expired.test expired.full "$year"
    server early.test early.full "$year"
    server wrong.test wrong.full "$year"
    server soon.test soon.full "$year"
    server own.test own.full "$year"
    server alone.test alone.pem "$year"
    server twice.test twice.full "$year" 'max-age=0'
    server void.test void.full 'max-age=31536000, includeSubDomains'
    server off.test off.full 'max-age=0'
} >sites
nginx_start sites

expect_exit 0 see good.test
expect_text out 'good.test: HSTS is in force for 1 year, with subdomains. Browsers let visitors in'
expect_text out 'good.test, www.good.test'
expect_text out 'max-age=31536000; includeSubDomains'
expect_no_text out 'error'
expect_exit 1 see nofield.test
expect_text out 'error hsts-missing'
expect_exit 1 see expired.test
expect_text out 'error cert-expired'
expect_text out 'Returning visitors with a policy are blocked'
expect_text out 'expired 1 day ago'
expect_exit 1 see early.test
expect_text out 'error cert-not-yet-valid'
expect_exit 1 see wrong.test
expect_text out 'error cert-wrong-name'
expect_text out 'another.test'
expect_exit 1 see own.test
expect_text out 'error cert-self-signed'
expect_exit 1 see alone.test
expect_text out 'error cert-missing-intermediate'
expect_text out 'which was not sent'
expect_exit 0 see soon.test
expect_text out 'warning cert-expires-soon'
expect_exit 1 see soon.test --fail-on warning
expect_exit 0 see twice.test
expect_text out 'HSTS is in force'
expect_text out 'warning hsts-several'
expect_exit 1 see void.test
expect_text out 'error hsts-invalid'
expect_exit 1 see off.test
expect_text out 'error hsts-disabled'
expect_exit 0 see off.test --fail-on never

# Time is an argument: the same certificate, later.
expect_exit 1 see good.test --at "$(date -u -d '61 days' +%s)"
expect_text out 'error cert-expired'

# Another authority's root: the chain is complete, and yet not trusted.
mv root.pem hidden.pem
cp own.full root.pem
expect_exit 1 see good.test
expect_text out 'error cert-unknown-issuer'
mv hidden.pem root.pem

# --resolve, an address, several hosts, the brief form, JSON.
expect_exit 0 "$HOLDFAST" check "good.test:$port" --resolve "good.test:$port:127.0.0.1" --cafile root.pem --quiet
expect_equal 1 "$(wc -l <<<"$out")" 'lines with --quiet'
expect_exit 1 "$HOLDFAST" check "127.0.0.1:$port" --cafile root.pem
expect_text out 'error cert-wrong-name'
expect_text out 'warning hsts-ip-address'
expect_exit 1 "$HOLDFAST" check good.test nofield.test --no-http --no-www --connect-to "::127.0.0.1:$port" \
    --cafile root.pem --json
printf '%s' "$out" >both.json
expect_exit 0 python3 -c '
import json
hosts = json.load(open("both.json"))["hosts"]
assert [h["host"] for h in hosts] == ["good.test", "nofield.test"]
assert hosts[0]["verdict"]["hsts_in_force"] and not hosts[1]["verdict"]["hsts_in_force"]
assert hosts[0]["verdict"]["first_visit"] == "open"
field = hosts[0]["answers"][0]["sts_field"]
assert (field["max_age"], field["include_subdomains"], field["preload"]) == (31536000, True, False)
assert [f["id"] for f in hosts[1]["findings"]] == ["hsts-missing"]
assert [c["subject"] for c in hosts[0]["facts"]["https"]["hops"][0]["exchange"]["tls"]["certificates"]] == ["CN=good.test", "CN=Test intermediate"]
'
expect_text err ''

# IPv6, where this machine has it.
if grep -qs ' lo$' /proc/net/if_inet6; then
    expect_exit 0 "$HOLDFAST" check good.test --no-http --no-www --connect-to "good.test:443:[::1]:$port" \
        --cafile root.pem
    expect_text out "::1 port $port, TLS"
    expect_exit 0 "$HOLDFAST" check good.test --no-http --no-www --resolve "good.test:443:[::1]" \
        --connect-to "::good.test:" --cafile root.pem --fail-on never
    expect_text out '::1 port 443'
    expect_exit 1 "$HOLDFAST" check "[::1]:$port" --cafile root.pem
    expect_text out 'error cert-wrong-name'
fi

# `make run SITE=HOST`, with the program that is tested in place of the one that make would build.
unset MAKEFLAGS MFLAGS MAKELEVEL
run_site()
{
    make -s -C "$SOURCE_DIR" -o build run HOLDFAST="$HOLDFAST" SITE="$1" \
        ARGS="--no-http --no-www --connect-to $1:443:127.0.0.1:$port --cafile $PWD/root.pem"
}
expect_exit 0 run_site good.test
expect_text out 'good.test: HSTS is in force for '
expect_exit 2 run_site expired.test
expect_text out 'error cert-expired'
finish
