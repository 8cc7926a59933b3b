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
expect_text out 'no complete response head came in time'
odd_server drip "${tls[@]}"
within 5 1 see odd.test --timeout 1
expect_text out 'error response-failed'

odd_server garbage
within 5 1 see odd.test
expect_text out 'error tls-not-tls'
odd_server plain
within 5 1 see odd.test
expect_text out 'error tls-plain-http'
expect_equal 0 "$(grep -c 'wrong version number' <<<"$out")" 'words of the TLS library about what is no TLS'
odd_server close # unread, so this is a reset or an end, as it happens
within 5 1 see odd.test
expect_text out 'No visitor can connect'
odd_server close "${tls[@]}"
within 5 1 see odd.test
expect_text out 'error response-failed'

odd_server garbage "${tls[@]}"
within 5 1 see odd.test
expect_text out 'error response-headless'
odd_server endless "${tls[@]}"
within 10 1 see odd.test
expect_text out 'error response-failed'
odd_server huge "${tls[@]}"
within 10 1 see odd.test
expect_text out 'the response head is longer than the 262144 bytes that'
# Both browsers show the page: that Holdfast reads no more is no fact about them.
odd_server many "${tls[@]}"
within 5 3 see odd.test
expect_text out 'Could not look: the response head has more than the 4096 fields that'

# What browsers throw away, and what only one of them shows.
HSTS='Strict-Transport-Security: max-age=31536000\r\n'
odd_server "raw:HTTP/1.1 200 OK\r\n${HSTS}Content-Length: 1\r\nContent-Length: 2\r\n\r\n" "${tls[@]}"
within 5 1 see odd.test
expect_text out 'error response-conflict'
expect_text out 'the answer is 200 with Content-Length: 1, and'
odd_server "raw:HTTP/1.1 302 Found\r\n${HSTS}Location: /a\r\nLocation: /b\r\n\r\n" "${tls[@]}"
within 5 1 see odd.test
expect_text out 'error redirect-conflict'
odd_server "raw:HTTP/1.1 200 OK\r\n${HSTS}X: \0\r\n\r\n" "${tls[@]}"
within 5 1 see odd.test
expect_text out 'error response-malformed'
expect_text out 'the response head contains a NUL byte'
odd_server "raw:HTTP/1.1 200OK\r\n${HSTS}Content-Length: 0\r\n\r\n" "${tls[@]}"
within 5 1 see odd.test
expect_text out 'error response-one-browser'
expect_text out "Chrome reads: status 200, HSTS header"
expect_text out 'HSTS is in force for 1 year in Chrome, not in Firefox. Firefox shows no page'
within 5 1 see odd.test --json
expect_text out '"hsts_in_force": false'
odd_server "raw:HTTP/1.1 200 OK\r\nStrict-Transport-Security : max-age=31536000\r\nContent-Length: 0\r\n\r\n" "${tls[@]}"
within 5 0 see odd.test
expect_text out 'warning response-differs'
expect_text out 'HSTS is in force for 1 year in Chrome, not in Firefox'
odd_server "raw:HTTP/1.1 200 OK\r\n${HSTS}" "${tls[@]}"
within 5 1 see odd.test
expect_text out 'the server closed the connection in the middle of the response head'

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
expect_text out "2 fields: 'max-age=31536000', 'max-age=0'"
expect_text out 'HSTS is in force'

# Interim responses are passed over, a folded line is read as one, a bare LF ends a line.
odd_server 'raw:HTTP/1.1 103 Early Hints\r\nStrict-Transport-Security: max-age=0\r\n\r\nHTTP/1.1 200 OK\nStrict-Transport-Security: max-age=31536000;\r\n includeSubDomains\n\n' "${tls[@]}"
within 5 0 see odd.test
expect_text out 'HSTS is in force'
expect_text out '1 year, with subdomains'
# Blank lines in front, small letters, and a fold with a bare LF: as browsers read them.
odd_server 'raw:\r\n\r\nhttp/1.1 200 OK\nStrict-Transport-Security: max-age=31536000;\n includeSubDomains\n\n' \
    "${tls[@]}"
within 5 0 see odd.test
expect_text out '1 year, with subdomains'
# What is peculiar is shown as it should be written; the worst findings come first.
odd_server 'raw:HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=300; includeSubDomain\r\n\r\n' "${tls[@]}"
within 5 0 see odd.test
expect_text out 'hsts-peculiar'
expect_text out 'max-age=300; includeSubDomains, which'
order=$(sed -n 's/^  \(error\|warning\|info\) .*/\1/p' <<<"$out")
expect_equal "$(sed 's/^e/1e/; s/^w/2w/; s/^i/3i/' <<<"$order" | sort | tr -d 123)" "$order" 'the order of the findings'
# Redirects: circles, chains without end, Locations that are none; every one ends, and is named.
odd_server redirect "${tls[@]}"
within 20 1 see odd.test
expect_text out 'error redirect-too-many'
expect_equal 21 "$(grep -c '302 https://odd.test/' <<<"$out")" 'hops'
location()
{
    odd_server "raw:HTTP/1.1 302 Found\r\nLocation: $1\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n" \
        "${tls[@]}"
}
location https://odd.test/
within 5 1 see odd.test
expect_text out 'error redirect-loop'
location '\x1b]0;owned\x07'
within 5 1 see odd.test --color=always
expect_no_text out $'\x1b]'
for place in 'https://' 'https://a b/' 'gopher://a.test/' 'https://a.test:0/' 'http://[::1' "https://$(printf 'a%.0s' \
    {1..64}).test/"; do
    location "$place"
    within 5 1 see odd.test
    expect_text out 'error redirect-nowhere'
done
location 'https://nobody.invalid/'
within 10 1 see odd.test --timeout 5
expect_text out 'nobody.invalid'
finish
