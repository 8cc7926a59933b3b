#!/usr/bin/env bash
# Servers that misbehave: every one is bounded, told, and the exit code is right.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
authority
issue odd odd.test
tls=(odd.full odd.key)

# within SECONDS COMMAND...: and not longer
within()
{
    local limit=$1 start=$SECONDS
    shift
    expect_exit "$@"
    checks=$((checks + 1))
    [ $((SECONDS - start)) -le "$limit" ] || fail "took $((SECONDS - start)) s: $*"
}

port=$(free_port)
within 5 1 see odd.test
expect_text out 'error port-closed'

odd_server silent
within 5 1 see odd.test --timeout 1
expect_text out 'error tls-failed'
odd_server silent "${tls[@]}"
within 5 1 see odd.test --timeout 1
expect_text out 'error response-failed'
expect_text out 'no whole response head came in time'
odd_server drip "${tls[@]}"
within 5 1 see odd.test --timeout 1
expect_text out 'error response-failed'

odd_server garbage
within 5 1 see odd.test
expect_text out 'error tls-not-tls'
odd_server plain
within 5 1 see odd.test
expect_text out 'error tls-plain-http'
odd_server close # unread, so this is a reset or an end, as it happens
within 5 1 see odd.test
expect_text out 'Nobody gets in'
odd_server close "${tls[@]}"
within 5 1 see odd.test
expect_text out 'error response-failed'

odd_server garbage "${tls[@]}"
within 5 1 see odd.test
expect_text out 'the answer is not HTTP/1.x'
odd_server endless "${tls[@]}"
within 10 1 see odd.test
expect_text out 'error response-failed'
odd_server huge "${tls[@]}"
within 10 1 see odd.test
expect_text out 'the response head is longer than the limit'
odd_server many "${tls[@]}"
within 5 1 see odd.test
expect_text out 'the response head has too many fields'

# Control characters from a server reach neither a terminal nor a reader of JSON.
odd_server controls "${tls[@]}"
for format in --color=always --json; do
    "$HOLDFAST" check odd.test --connect-to "odd.test:443:127.0.0.1:$port" --cafile root.pem "$format" >answer 2>&1
    expect_equal 1 $? "exit code with $format"
    # Our own colours are ESC [ digits m; take those away, and nothing that a terminal obeys may be left.
    sed 's/\x1b\[[0-9;]*m//g' answer | LC_ALL=C tr -d '\n -~' >left
    [ "$format" = --json ] && LC_ALL=C tr -d '\n -~' <answer >left
    expect_equal 0 "$(wc -c <left)" "hostile octets with $format"
    expect_equal 0 "$(grep -c $'\x1b\\[31mred' answer)" "the server's own colour with $format"
done

odd_server twice "${tls[@]}"
within 5 0 see odd.test
expect_text out 'warning hsts-several'
expect_text out 'HSTS is in force'

# Interim responses are passed over, a folded line is read as one, a bare LF ends a line.
odd_server 'raw:HTTP/1.1 103 Early Hints\r\nStrict-Transport-Security: max-age=0\r\n\r\nHTTP/1.1 200 OK\nStrict-Transport-Security: max-age=31536000;\r\n includeSubDomains\n\n' "${tls[@]}"
within 5 0 see odd.test
expect_text out 'HSTS is in force'
expect_text out '1 year, with subdomains'
finish
