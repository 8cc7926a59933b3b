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

# Fields that end the stream in browsers, and such as browsers let be while others refuse the response.
odd_http2 upper
expect_exit 1 see odd.test --depth standard --json
expect_text out '"code": "http2-bad-field"'
expect_text out '"id": "response-malformed"'
odd_http2 upgrade
expect_exit 0 see odd.test --depth standard --json
expect_text out '"hsts_in_force": true'
expect_text out '"id": "http2-connection-field"'
odd_http2 control
expect_exit 1 see odd.test --depth standard --json
expect_text out '"id": "response-one-browser"'

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
# A server that speaks HTTP/2 alone is seen by probe, whether it refuses HTTP/1.1 (alert 120) or ignores the offer.
port=$(free_port)
cat >only.py <<'EOF'
import socket, ssl, sys

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("odd.full", "odd.key")
context.set_alpn_protocols(["h2"])
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
HEAD = b"\x88\0\x19strict-transport-security\x10max-age=31536000"
while True:
    sock = listener.accept()[0]
    try:
        sock = context.wrap_socket(sock, server_side=True)
        if sock.selected_alpn_protocol() != "h2":
            raise OSError
        sock.recv(65536)
        sock.sendall(b"\0\0\0\4\0\0\0\0\0" + len(HEAD).to_bytes(3, "big") + b"\1\5\0\0\0\1" + HEAD)
        sock.recv(65536)
    except OSError:
        pass
    sock.close()
EOF
python3 only.py "$port" &
servers+=($!)
wait_for "$port"
expect_exit 0 "$HOLDFAST" probe -q --jsonl odd.test --cafile root.pem --connect-to "odd.test:443:127.0.0.1:$port"
expect_text out '"in_force":true'
finish
