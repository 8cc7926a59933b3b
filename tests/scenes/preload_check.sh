#!/usr/bin/env bash
# Sites on nginx, as the service behind the preload list sees them; and that service, as far as its API is documented,
# asked, submitted to and asked for removal. Nothing is sent to it unasked.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
authority
for name in right short quoted twice www; do
    issue "$name" "$name.test,other-$name.test"
done
port=$(free_port) plain=$(free_port)
site() # NAME [LINE...]: over HTTPS with the lines, over HTTP a redirect
{
    local name=$1
    shift
    printf 'server { listen 127.0.0.1:%s ssl; server_name %s; ssl_certificate %s; ssl_certificate_key %s;\n' "$port" \
        "$name.test www.$name.test" "$PWD/$name.full" "$PWD/$name.key"
    printf '%s\n' "$@" 'return 200 "hello"; }'
    printf 'server { listen 127.0.0.1:%s; server_name %s; return 301 https://%s$request_uri; }\n' "$plain" "$name.test" \
        "$name.test"
}
good='max-age=31536000; includeSubDomains; preload'
{
    site right "add_header Strict-Transport-Security \"$good\";"
    site short 'add_header Strict-Transport-Security "max-age=300; includeSubDomains";'
    site quoted "add_header Strict-Transport-Security 'max-age=\"31536000\"; includeSubDomains; preload';"
    site twice 'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains; includeSubDomains; preload";'
    site www "add_header Strict-Transport-Security \"$good\";"
} >sites
nginx_start sites
ask=("$HOLDFAST" preload check)
# The first rule that fits counts.
for name in right short quoted twice; do
    first+=(--connect-to "www.$name.test:443:127.0.0.1:$(free_port)")
done
reach=("${first[@]}" --cafile "$PWD/root.pem" --connect-to ":443:127.0.0.1:$port" --connect-to ":80:127.0.0.1:$plain")

expect_exit 0 "${ask[@]}" "${reach[@]}" Right.test
expect_text out 'right.test: may be submitted to the preload list'
expect_exit 1 "${ask[@]}" "${reach[@]}" short.test
expect_text out 'may not be submitted to the preload list: 2 errors'
expect_text out header.preloadable.max_age.below_1_year
expect_text out header.preloadable.preload.missing
expect_exit 1 "${ask[@]}" "${reach[@]}" right.test www.test
expect_text out domain.www.no_tls
# What the name alone decides does not end the scan of the next one.
expect_exit 1 "${ask[@]}" "${reach[@]}" com right.test short.test
expect_text out 'com: may not be submitted'
expect_text out 'right.test: may be submitted'
expect_text out 'short.test: may not be submitted'
# What the service reads otherwise than browsers is told: it refuses what is valid, and takes what browsers ignore.
expect_exit 1 "${ask[@]}" "${reach[@]}" quoted.test
expect_text out header.parse.max_age.non_digit_characters
expect_text out 'browsers obey this header'
expect_exit 0 "${ask[@]}" "${reach[@]}" twice.test
expect_text out 'browsers ignore it'
expect_exit 1 "${ask[@]}" co.uk .right.test 'right..test' 192.0.2.1 "$(printf 'a\033b.test')"
for code in public_suffix begins_with_dot contains_double_dot is_ip_address invalid_characters; do
    expect_text out "domain.format.$code"
done
expect_no_text out $'\033'
expect_exit 0 "$HOLDFAST" preload removable "${reach[@]}" short.test
expect_text out 'may be removed from the preload list'
expect_exit 1 "$HOLDFAST" preload removable "${reach[@]}" right.test
expect_text out header.removable.contains.preload
expect_exit 1 "${ask[@]}" --json "${reach[@]}" right.test short.test
printf '%s\n' "$out" >document
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" preload-check <document

# What this machine could not look at is no verdict.
expect_exit 3 "${ask[@]}" --dns 127.0.0.1:1 nobody.test
expect_text out 'could not be checked from this machine'
expect_exit 4 "${ask[@]}" --dns 127.0.0.1:1 --connect-to nobody.test:443:elsewhere.test:443 "${reach[@]}" nobody.test \
    right.test

# -- The service
service=$(free_port)
python3 "$SOURCE_DIR/tests/lib/list_service.py" "$service" "$PWD/asked" &
servers+=($!)
wait_for "$service"
url=http://127.0.0.1:$service
: >asked
expect_exit 0 "$HOLDFAST" preload status --url "$url" Listed.test a.listed.test by-hand.test waiting.test rejected.test
expect_text out 'listed.test is on the list (preloaded)'
expect_text out 'covered by the entry of listed.test'
expect_text out 'its removal is arranged by hand'
expect_text out 'waits for a release of the list (pending)'
expect_text out 'the service says: no \x1b[31mred'
expect_equal 5 "$(grep -c '^GET /api/v2/status?domain=' asked)" requests
expect_exit 0 "$HOLDFAST" preload status --json --url "$url/" listed.test
printf '%s\n' "$out" >document
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" preload-status <document
for name in broken odd endless text; do
    expect_exit 3 "$HOLDFAST" preload status --url "$url" "$name.test"
done
expect_exit 4 "$HOLDFAST" preload status --url "$url" odd.test listed.test
expect_text err "preload status: odd.test: "
expect_text err "status 'abducted'"
expect_exit 4 "$HOLDFAST" preload status --json --url "$url" text.test listed.test
printf '%s\n' "$out" >document
expect_text err 'text.test: '
expect_text err "/api/v2/status?domain=text.test: "
expect_equal 'text.test listed.test True' "$(python3 -c 'import json
first, second = json.load(open("document"))
print(first["host"], second["host"], "JSON" in first["error"]["message"])')" 'the hosts of the document'
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" preload-status <document
expect_exit 2 "$HOLDFAST" preload status --url "$url" 'a&b.test'
expect_exit 2 "$HOLDFAST" preload status --url "$url" 192.0.2.1
expect_exit 3 "$HOLDFAST" preload status --url "http://192.0.2.1" listed.test
expect_text err 'plain HTTP'

# Without a person, or a yes, nothing is sent.
: >asked
expect_exit 2 "$HOLDFAST" preload submit --url "$url" new.test </dev/null
expect_text err 'use --yes'
typed() # TEXT COMMAND...
{
    local text=$1
    shift
    printf '%s\n' "$text" | script -qec "$(printf '%q ' "$@")" /dev/null
}
expect_exit 2 typed y "$HOLDFAST" preload remove --color never --url "$url" listed.test
expect_text out 'nothing was sent'
expect_equal '' "$(cat asked)" 'what was sent'
expect_exit 0 typed new.test "$HOLDFAST" preload submit --color never --url "$url" new.test
expect_text out 'Type new.test to go on'
expect_text out 'new.test was submitted'
expect_exit 0 "$HOLDFAST" preload remove --yes --url "$url" listed.test
expect_equal $'POST /api/v2/submit?domain=new.test\nPOST /api/v2/remove?domain=listed.test' "$(cat asked)" 'what was sent'
expect_exit 1 "$HOLDFAST" preload submit --yes --json --url "$url" listed.test
printf '%s\n' "$out" >document
expect_text out server.preload.already_preloaded
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" preload-request <document

# -- What no host is, and what no list takes.
for text in https://new.test/ new.test:443 ''; do
    for sub in check removable forecast status submit; do
        expect_exit 2 "$HOLDFAST" preload $sub "$text"
        expect_text err 'a host is expected'
    done
done
for text in 192.0.2.1 com www.new.test; do
    expect_exit 2 "$HOLDFAST" preload forecast "$text"
    expect_text err "preload forecast: $text: "
done
expect_text err 'www.new.test: only a whole registrable domain can be submitted: new.test'
expect_exit 2 "$HOLDFAST" preload forecast --removal 192.0.2.1
expect_exit 0 "$HOLDFAST" preload forecast --removal www.new.test

# -- The calendar: branches every two weeks, five weeks to stable; 70 days and 18 weeks without an update.
for change in '' --removal; do
    expect_exit 0 "$HOLDFAST" preload forecast --at 2026-11-30T00:00:00Z $change --json new.test
    printf '%s\n' "$out" >document
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" preload-forecast <document
done
expect_exit 0 "$HOLDFAST" preload forecast --at 2026-11-30T00:00:00Z new.test
expect_text out 'enforced from 2027-01-12'
expect_exit 0 "$HOLDFAST" preload forecast --at 2026-12-08T00:00:00Z --removal new.test
for day in 2027-01-12 2027-03-23 2027-05-04 2027-04-13; do
    expect_text out "$day"
done
expect_exit 0 "$HOLDFAST" preload forecast --at 2026-12-08T00:00:01Z --removal new.test
expect_text out 'updated: free from 2027-01-26'

finish
