#!/usr/bin/env bash
# Servers that misbehave: `holdfast visit` is bounded, tells it, keeps its schema, and nothing that a terminal obeys
# comes through.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
authority
issue odd odd.test
issue old odd.test '90 days ago' '1 day ago'
tls=(odd.full odd.key)

# visit WANTED-EXIT ARGUMENTS...: as JSON by its schema, in colour if the server sent controls, and as text
formats=(--json --color=always --color=never)
visit()
{
    local wanted=$1 start=$SECONDS
    shift
    checks=$((checks + 1))
    for format in "${formats[@]}"; do
        expect_exit "$wanted" "$HOLDFAST" visit "$@" --connect-to "::127.0.0.1:$port" --cafile root.pem --store known \
            --timeout 1 "$format"
        # Our own colours are ESC [ digits m; take those away, and nothing that a terminal obeys may be left.
        if [ "$format" = --color=always ]; then
            expect_equal 0 "$(sed 's/\x1b\[[0-9;]*m//g' "$TEST_DIR/.out" | LC_ALL=C tr -d '\n -~' |
                wc -c)" "hostile octets: $*"
        else
            expect_equal 0 "$(LC_ALL=C tr -d '\n -~' <"$TEST_DIR/.out" | wc -c)" "hostile octets: $*"
        fi
        [ "$format" = --json ] || continue
        json=$out
        python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)))' <<<"$out" >>documents ||
            fail "no JSON: $*"
    done
    [ $((SECONDS - start)) -le 12 ] || fail "took $((SECONDS - start)) s: $*"
}
redirect()
{
    odd_server "raw:HTTP/1.1 302 Found\\r\\n$1\\r\\n\\r\\n" "${tls[@]}"
}

# Fields and Locations full of what a terminal obeys.
odd_server controls "${tls[@]}"
visit 0 https://odd.test/
expect_text out 'HSTS header  max-age=31536000; \x1b]0;owned\x07'
expect_text out 'ignored-void'
redirect 'Location: /\x1b[31m\x9b\x07\x00?\xff#\xe2\x80\xae'
visit 1 https://odd.test/
expect_text out 'response-nul'
redirect 'Location: /\x1b[31m\x9b\x07?\xff#\xe2\x80\xae'
visit 1 https://odd.test/
expect_text out 'to https://odd.test/%1B[31m%9B%07?%FF#%E2%80%AE'
expect_text json '"to": "https://odd.test/%1B[31m%9B%07?%FF#%E2%80%AE"'
redirect 'Location: javascript:alert(\x1b[2J)'
visit 1 https://odd.test/
expect_text out 'other-scheme'
redirect 'Location: https://\x1b[31m/'
visit 1 https://odd.test/
expect_text out 'bad-location'
odd_server 'raw:HTTP/1.1 200 \x1b]0;owned\x07\r\nStrict-Transport-Security: max-age=0\r\n\r\n' "${tls[@]}"
visit 0 https://odd.test/
expect_text out 'response     200 \x1b]0;owned\x07'
visit 0 "https://odd.test/"$'\e[31m\u202e'
expect_text out '%1B[31m%E2%80%AE'

formats=(--json --color=never)

# Odd Locations.
redirect 'X: y'
visit 0 https://odd.test/
expect_text out 'status 302'
redirect 'Location:'
visit 1 https://odd.test/
expect_text out 'empty-location'
redirect 'Location: /a\r\nLocation: /b'
visit 1 https://odd.test/
expect_text out 'ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION'
redirect 'Location: /a\r\nlocation:   /a  '
visit 1 https://odd.test/a
expect_text out 'redirect-loop'
redirect "Location: /$(printf 'a%.0s' {1..12000})"
visit 1 https://odd.test/
expect_text out 'redirect-loop'
redirect 'Location: deeper/'
visit 1 https://odd.test/
expect_text out 'too-many-redirects'
redirect 'Location: deeper/'
expect_exit 1 "$HOLDFAST" visit https://odd.test/ --connect-to "::127.0.0.1:$port" --cafile root.pem --no-store \
    --max-redirects 100 --json
expect_text out 'too-many-redirects'

# Servers that never end, or never begin, or speak something else.
port=$(free_port)
visit 1 https://odd.test/
expect_text out 'connection-refused'
for mode in silent drip close endless huge; do
    odd_server $mode "${tls[@]}"
    visit 1 https://odd.test/
    expect_text out 'Failed: https://odd.test/'
done
# More fields than Holdfast reads: what a browser makes of them is not known.
odd_server many "${tls[@]}"
visit 3 https://odd.test/
expect_text out 'Could not look: https://odd.test/: the response head has more than the 4096 fields'
# A page of HTTP/0.9.
odd_server garbage "${tls[@]}"
visit 0 https://odd.test/
odd_server garbage
visit 1 https://odd.test/
expect_text out 'SSL_ERROR_RX_RECORD_TOO_LONG'
odd_server plain
visit 1 https://odd.test/
expect_text out 'tls-plain-http'

# To a host that is known, TLS that is no TLS is the wall too; and so is an old certificate, which a stranger would be
# asked about.
odd_server 'raw:HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n' "${tls[@]}"
visit 0 https://odd.test/
odd_server plain
visit 1 http://odd.test/
expect_text out 'Blocked by HSTS: https://odd.test/'
odd_server 'raw:HTTP/1.1 200 OK\r\n\r\n' old.full old.key
visit 1 http://odd.test/
expect_text out 'Blocked by HSTS: https://odd.test/'
expect_text json '"chrome": "NET::ERR_CERT_DATE_INVALID"'
expect_text json '"bypass": false'
expect_exit 1 "$HOLDFAST" visit https://odd.test/ --connect-to "::127.0.0.1:$port" --cafile root.pem --no-store --json
expect_text out '"bypass": true'

# Every document keeps its schema, and the schema refuses what is not so.
if python3 -c 'import jsonschema' 2>/dev/null; then
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" visit --lines <documents
    printf '%s' "$out"
    printf '%s' "${json//'"bypass": false'/'"bypass": "no"'}" >wrong
    expect_exit 1 python3 "$SOURCE_DIR/tests/lib/schema.py" visit <wrong
fi
finish
