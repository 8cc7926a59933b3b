#!/usr/bin/env bash
# The HTTP server of the lab and other clients: curl over HTTP/1.1 and HTTP/2, nghttp, many requests on a connection;
# and raw requests that a strict server refuses.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/lab.sh"
command -v curl >/dev/null || skip 'curl is not installed'
command -v nghttp >/dev/null || skip 'nghttp is not installed'
lab_start

ask() # HOST OPTION...
{
    local host=$1
    shift
    expect_exit 0 curl -sS --cacert "$lab_cafile" --connect-to "::127.0.0.1:$port" -D - "$@" "https://$host/"
}

ask http2.lab.test --http1.1
expect_text out 'HTTP/1.1 200 OK'
expect_text out 'Strict-Transport-Security: max-age=31536000; includeSubDomains'
expect_text out '<title>Holdfast lab</title>'
ask http2.lab.test --http2
expect_text out 'HTTP/2 200'
expect_text out 'strict-transport-security: max-age=31536000; includeSubDomains'
expect_text out '<title>Holdfast lab</title>'
ask http2.lab.test --http2 --head
expect_text out 'content-length: 43'
expect_no_text out '<title>'

# Bodies that the server does not want are taken all the same, or the client is told that they are not wanted.
for version in --http1.1 --http2; do
    head -c 3000 /dev/zero >small
    ask http2.lab.test "$version" --data-binary @small
    expect_text out ' 200'
done
head -c 3000000 /dev/zero >large
ask http2.lab.test --http1.1 --data-binary @large
expect_text out ' 200'
expect_exit 0 timeout 20 nghttp -v --no-verify-peer -H ':authority: http2.lab.test' -d large "https://127.0.0.1:$port/"
expect_text out ':status: 200'
expect_text out 'recv RST_STREAM frame'
expect_text out 'error_code=NO_ERROR'

# Several URLs on a connection: curl says how often it connected.
expect_exit 0 curl -sS --http1.1 --cacert "$lab_cafile" --connect-to "::127.0.0.1:$port" -o /dev/null -w \
    '%{num_connects} %{http_code}\n' \
    "https://good.lab.test/[1-5]"
expect_equal "$(printf '1 200\n0 200\n0 200\n0 200\n0 200')" "$out" 'connections of curl, and statuses'

expect_exit 0 nghttp -v --no-verify-peer -H ':authority: http2.lab.test' "https://127.0.0.1:$port/" \
    "https://127.0.0.1:$port/b"
expect_text out ':status: 200'
expect_text out 'strict-transport-security: max-age=31536000; includeSubDomains'
expect_no_text out 'GOAWAY frame <length=8, flags=0x00, stream_id=0>(error_code=PROTOCOL_ERROR'

raw() # REQUEST STATUS
{
    local status
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf '%b' "$1" >&3
    IFS= read -r -t 20 status <&3 || status='no answer'
    exec 3>&-
    checks=$((checks + 1))
    [ "${status%$'\r'}" = "HTTP/1.1 $2" ] || fail "'$status', not $2: $1"
}

raw 'GET / HTTP/1.1\r\nHost: clear.lab.test\r\n\r\n' '200 OK'
raw 'GET http://clear.lab.test/ HTTP/1.1\r\nHost: good.lab.test\r\n\r\n' '200 OK'
raw 'GET / HTTP/1.1\r\n\r\n' '400 Bad Request'
raw 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n' '400 Bad Request'
raw 'GET / HTTP/1.1\nHost: a\n\n' '400 Bad Request'
raw 'GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n' '400 Bad Request'
raw 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n' '400 Bad Request'
raw 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n' '501 Not Implemented'
raw 'GET / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n' '417 Expectation Failed'
raw 'GET / HTTP/7.0\r\nHost: a\r\n\r\n' '505 HTTP Version Not Supported'
raw "GET /$(printf 'a%.0s' {1..9000}) HTTP/1.1\r\nHost: a\r\n\r\n" '414 URI Too Long'
raw "GET / HTTP/1.1\r\nHost: a\r\n$(printf 'X: y\\r\\n%.0s' {1..200})\r\n" '431 Request Header Fields Too Large'
finish
