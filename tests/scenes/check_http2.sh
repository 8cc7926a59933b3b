#!/usr/bin/env bash
# HTTP/2 servers that misbehave: every one is bounded, and named.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
authority
issue odd odd.test

odd_http2()
{
    port=$(free_port)
    python3 "$SOURCE_DIR/tests/lib/odd_http2.py" "$port" "$1" odd.full odd.key &
    servers+=($!)
    wait_for "$port"
}
# named MODE TEXT...: the host ends as response-failed within the time it is given, and the proof has the texts
named()
{
    local mode=$1 start=$SECONDS text
    shift
    odd_http2 "$mode"
    expect_exit 1 "$HOLDFAST" check odd.test --depth standard --no-http --no-www --connect-to "::127.0.0.1:$port" \
        --cafile root.pem \
        --timeout 4 --json
    checks=$((checks + 1))
    [ $((SECONDS - start)) -le 9 ] || fail "took $((SECONDS - start)) s: $mode"
    expect_text out '"id": "response-failed"'
    for text in "$@"; do
        expect_text out "$text"
    done
}
named settings '"code": "http2-flood"' 'more than 16 SETTINGS frames'
named ping http2-flood 'more than 16 PING frames'
named window http2-flood 'more than 256 WINDOW_UPDATE frames'
named empty-data http2-flood 'more than 32 empty DATA frames'
named priority http2-flood 'more than 64 PRIORITY frames'
named unknown http2-flood 'more than 64 frames of unknown kinds'
named continuation http2-flood 'more than 8 CONTINUATION frames'
named bomb '"code": "response-too-long"'
named push '"code": "http2-'
named goaway '"code": "http2-goaway"' NO_ERROR
named goaway-error http2-goaway INADEQUATE_SECURITY
named reset '"code": "http2-reset"' ENHANCE_YOUR_CALM
named close '"code": "response-empty"'
named http1 '"code": "http2-broken"' 'it answers in HTTP/1.x'
named garbage '"code": "http2-broken"'
named silent '"code": "response-timeout"'
named mute '"code": "response-timeout"'
named drip '"code": "response-timeout"'

# A head is all that is wanted: what comes behind it does no harm.
for mode in good body; do
    odd_http2 "$mode"
    expect_exit 0 see odd.test --depth standard --json
    expect_text out '"version": "2"'
    expect_text out '"hsts_in_force": true'
done
# In full depth, too, it ends. (This server speaks h2 even to who offered http/1.1 alone.)
odd_http2 ping
expect_exit 1 see odd.test --timeout 4
expect_text out 'error response-failed'
finish
