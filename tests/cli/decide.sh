#!/usr/bin/env bash
# holdfast decide: for people, as JSON, and what it makes of malformed input.
. "$SOURCE_DIR/tests/lib/check.sh"

cat >known <<'END'
# HOST [@TIME] FIELD-VALUE

example.com max-age=31536000; includeSubDomains
	bücher.test	@1767225600	max-age=86400
gone.test max-age=100
gone.test max-age=0
END
now=2026-11-20T12:00:00Z

expect_exit 0 "$HOLDFAST" decide --known known --at $now http://WWW.example.com:80/x ws://example.com. \
    https://example.com/ http://example.com:8080 http://gone.test/ http://bücher.test/ mailto:me@example.com
expect_equal 'http://WWW.example.com:80/x -> https://www.example.com/x
  HSTS        in force
  because     a parent sent a policy with includeSubDomains (learned-superdomain, RFC 6797 8.2)
  known host  example.com, learned
  until       2027-11-20T12:00:00Z, 1 year from now
  TLS errors  end the connection, and cannot be bypassed (RFC 6797 8.4)' "$(sed -n 1,6p <<<"$out")" 'a subdomain'
expect_text out 'ws://example.com. -> wss://example.com.'
expect_text out 'https://example.com/ stays
  HSTS        in force'
expect_text out 'http://example.com:8080 -> https://example.com:8080'
expect_text out 'http://gone.test/ stays
  HSTS        not in force
  because     neither this host nor a parent is known (not-known, RFC 6797 8.2)'
expect_text out 'http://bücher.test/ stays, as http://xn--bcher-kva.test/
  HSTS        not in force
  because     a policy was known, but its time is over (expired, RFC 6797 8.1.1)'
expect_text out 'mailto:me@example.com stays'
expect_equal '' "$err" 'standard error'

# A policy holds up to and including its last second.
expect_exit 0 "$HOLDFAST" decide -q -k known --at 1767312000 http://xn--bcher-kva.test/
expect_equal 'http://xn--bcher-kva.test/ -> https://xn--bcher-kva.test/' "$out" 'the last second'
expect_exit 0 "$HOLDFAST" decide -q -k known --at 1767312001 http://xn--bcher-kva.test/
expect_equal 'http://xn--bcher-kva.test/ stays' "$out" 'one second later'

expect_exit 0 "$HOLDFAST" decide http://example.com/
expect_text out 'stays'
expect_text err 'note: without --known FILE no host is known but those on preload lists'
expect_text err 'note: no preload list is installed: '
expect_exit 2 "$HOLDFAST" decide http://example.com/ x
expect_equal "holdfast: decide: 'x': offset 0: the URL has no scheme: did you mean http:// in front?" "$err" \
    'no hint besides an error'
expect_exit 0 "$HOLDFAST" decide -v -k known --at $now http://a.example.com:8080/
expect_text out '  host        a.example.com
  port        8080
  subdomains  covered too'

# What RFC 6797 8.1 ignores is said; localhost is exempt unless asked otherwise.
printf '127.0.0.1 max-age=9\nlocalhost max-age=9\n' >odd
expect_exit 0 "$HOLDFAST" decide -k odd --at $now http://127.0.0.1/ http://localhost/
expect_text err 'warning: odd:1: 127.0.0.1: the host is an IP address'
expect_text err 'warning: odd:2: localhost: localhost is exempt'
expect_text out 'an IP address never holds a policy'
expect_text out 'localhost is exempt'
expect_exit 0 "$HOLDFAST" decide -q -k odd --at $now --enforce-localhost http://localhost/
expect_equal 'http://localhost/ -> https://localhost/' "$out" 'localhost, enforced'
expect_equal '' "$err" 'no word when quiet'

expect_exit 0 "$HOLDFAST" decide -k known --at $now --json http://example.com:80/
expect_equal '{
  "at": "2026-11-20T12:00:00Z",
  "urls": [
    {
      "url": "http://example.com:80/",
      "upgrade": true,
      "upgraded": "https://example.com/",
      "request": "https://example.com/",
      "enforce": true,
      "tls_errors_fatal": true,
      "reason": "learned-congruent",
      "section": "8.2",
      "message": "this host sent a policy of its own",
      "host": "example.com",
      "matched": "example.com",
      "source": "learned",
      "expires": "2027-11-20T12:00:00Z"
    }
  ]
}' "$out" 'the document'

printf '%s\n' '"http://example.com/"' '"http://x:99999/"' '"x"' 7 '"http:\/\/\ud83d\ude00.a\u0000/"' '"data:,\u00e9"' \
    >urls
expect_exit 2 "$HOLDFAST" decide -k known --at $now --jsonl - <urls
expect_equal 6 "$(wc -l <<<"$out")" 'an answer a line'
expect_text out '{"url":"http://example.com/","upgrade":true,"upgraded":"https://example.com/",'
expect_text out '{"url":"http://x:99999/","error":{"id":"url-port","offset":'
expect_text out '{"url":"x","error":{"id":"no-scheme","offset":0,"length":0,"message":"the URL has no scheme'
expect_text out '{"error":{"line":4,"message":"offset 0: a JSON string is wanted here"}}'
expect_text out '{"url":"data:,é","upgrade":false,"upgraded":null,'
expect_equal 'holdfast: standard input: line 4: offset 0: a JSON string is wanted here' "$err" 'the malformed line'

# A NUL is an octet of the path like any other; a host that is no DNS name is enforced below a known host, and never
# known itself.
printf '%s\n' '"http://example.com/a\u0000b"' '"http://a..example.com/"' '"http://a..gone.test/"' '"http://[::1]/"' '"http://localhost/"' >urls
expect_exit 0 "$HOLDFAST" decide -k known --at $now --jsonl urls
expect_text out '"upgraded":"https://example.com/a%00b"'
expect_text out '"upgraded":"https://a..example.com/","request":"https://a..example.com/","enforce":true,"tls_errors_fatal":true,"reason":"learned-superdomain"'
expect_text out '"host":null,"matched":"example.com","source":"learned"'
expect_text out '"upgraded":null,"request":"http://a..gone.test/",'
expect_text out '"reason":"not-a-dns-name","section":"8.2","message":"the host has an empty or overlong label or is too long, and no parent is known with includeSubDomains","host":null,'
expect_text out '"reason":"ip-address","section":"8.3","message":"an IP address never holds a policy","host":"::1"'

expect_text out '"reason":"localhost","section":null,'
printf '%s\n' '"http://a b/"' '"http://[1::2::3]/"' '"http:"' '"http://1.2.3.4.5/"' >urls
expect_exit 2 "$HOLDFAST" decide --jsonl urls
expect_equal 'host-character host-ipv6 url-no-host host-ipv4 ' "$("$HOLDFAST" decide --jsonl urls |
    sed 's/.*"id":"\([^"]*\)".*/\1/' | tr '\n' ' ')" 'the names of errors'

# Upgraded or not, the URL to request is one line in which every reader finds the same host.
printf '%s\n' '"http://other.test\\@example.com/"' '"https://example.com\\@other.test/"' '"http://example.com/\r\nX: y"' '"mailto:a\r\nX: y"' >urls
expect_exit 0 "$HOLDFAST" decide -k known --at $now --jsonl urls
expect_text out '"upgrade":false,"upgraded":null,"request":"http://other.test/@example.com/",'
expect_text out '"upgrade":false,"upgraded":null,"request":"https://example.com/@other.test/",'
expect_text out '"upgrade":true,"upgraded":"https://example.com/X:%20y","request":"https://example.com/X:%20y",'
expect_text out '"upgrade":false,"upgraded":null,"request":"mailto:aX:%20y",'

# What is asked for by a program is whole, and what is read by people is masked.
urls=('http://example.com/?code=GB&q=1' "http://u:p@example.com/?token='a'")
printf '%s\n' '"http://example.com/?code=GB&q=1"' >urls
expect_exit 0 "$HOLDFAST" decide -k known --at $now --jsonl urls
expect_text out '{"url":"http://example.com/?code=***&q=1","upgrade":true,"upgraded":"https://example.com/?code=GB&q=1","request":"https://example.com/?code=GB&q=1",'
expect_exit 0 "$HOLDFAST" decide -k known --at $now --json "${urls[@]}"
expect_text out '"upgraded": "https://example.com/?code=GB&q=1",'
expect_text out '"request": "https://example.com/?code=GB&q=1",'
expect_text out '"url": "http://u:***@example.com/?token='
expect_text out '"request": "https://u:p@example.com/?token='
expect_exit 0 "$HOLDFAST" decide -q -k known --at $now "${urls[0]}"
expect_equal 'http://example.com/?code=***&q=1 -> https://example.com/?code=***&q=1' "$out" 'the text'

# Far away in time, nothing overflows.
printf 'a.test @-9223372036854775807 max-age=9223372036854775807\nb.test max-age=9223372036854775807\n' >far
expect_exit 0 "$HOLDFAST" decide -k far --at 0000-01-01T00:00:00Z http://a.test/ http://b.test/
expect_exit 0 "$HOLDFAST" decide -k far --at 9999-12-31T23:59:59Z http://a.test/ http://b.test/
expect_text out 'b.test/ -> https'

# Malformed: one line that says what and where, exit 2, and the other URLs are answered.
for url in example.com example.com:80/ localhost:80 //example.com/ ''; do
    expect_exit 2 "$HOLDFAST" decide -q "$url" http://other.test/
    expect_equal "holdfast: decide: '$url': offset 0: the URL has no scheme: did you mean http:// in front?" "$err" \
        "$url"
    expect_equal 'http://other.test/ stays' "$out" 'the other one'
done
expect_exit 2 "$HOLDFAST" decide -q 'http://a b/'
expect_text err "'http://a b/': offset 8: "

bad_known()
{
    printf '%s\n' 'ok.test max-age=1' "$1" >bad
    expect_exit 2 "$HOLDFAST" decide -k bad http://ok.test/
    expect_equal "holdfast: decide: --known: bad:2: $2" "$err" "known line '$1'"
    expect_equal '' "$out" 'no answer from a bad file'
}
bad_known 'a..b max-age=1' "offset 2: 'a..b' is not a host name: the host name has an empty label (two dots in a row, or a dot in front)"
bad_known 'a.test max-age=1y' 'offset 15: the field is void: max-age must be digits only: no sign, unit, blank or dot (offset 8 of the field)'
bad_known 'a.test' 'offset 6: the field is void: the required directive max-age is missing (offset 0 of the field)'
bad_known 'a.test @noon max-age=1' "offset 8: 'noon' is not a time: write 2026-11-20, 2026-11-20T10:25:00Z or Unix seconds"
bad_known 'https://example.com max-age=1' "offset 5: 'https://example.com' is not a host name: a character that no host name may hold, ':': write the name alone"
bad_known '  example.com:443 max-age=1' "offset 13: 'example.com:443' is not a host name: a character that no host name may hold, ':': write the name alone"
bad_known $'\ta.test\t@1\tmax-age=1; max-age=2' 'offset 22: the field is void: max-age appears more than once (offset 11 of the field)'
printf -v zeros '%064d' 0
bad_known "a.test @${zeros}5 max-age=1" 'offset 8: what follows @ is not a time: write 2026-11-20, 2026-11-20T10:25:00Z or Unix seconds'
printf 'a.test @5\0 max-age=1\n' >bad
expect_exit 2 "$HOLDFAST" decide -k bad http://ok.test/
expect_equal 'holdfast: decide: --known: bad:1: offset 8: what follows @ is not a time: write 2026-11-20, 2026-11-20T10:25:00Z or Unix seconds' "$err" 'a NUL'
expect_exit 2 "$HOLDFAST" decide -k missing http://x/
expect_text err '--known: cannot open missing: '
expect_exit 2 "$HOLDFAST" decide -k - --jsonl -
expect_text err 'cannot both read standard input'

# As one browser: how long it holds a policy, and localhost.
printf '%s\n' 'long.test @2026-01-01T00:00:00Z max-age=63072000' 'localhost @2026-01-01T00:00:00Z max-age=63072000' >held
as_browser() # BROWSER URL WANTED-ENFORCE WANTED-UNTIL
{
    expect_exit 0 "$HOLDFAST" decide --as "$1" --no-preload -k held --at 2026-06-01T00:00:00Z --json "$2"
    expect_text out "\"enforce\": $3"
    expect_text out "\"expires\": $4"
}
as_browser chromium http://long.test/ true '"2027-01-01T00:00:00Z"'
as_browser firefox http://long.test/ true '"2028-01-01T00:00:00Z"'
as_browser safari http://long.test/ true '"2028-01-01T00:00:00Z"'
as_browser chromium http://localhost/ false null
as_browser firefox http://localhost/ true '"2028-01-01T00:00:00Z"'
as_browser safari http://localhost/ true '"2028-01-01T00:00:00Z"'
expect_exit 2 "$HOLDFAST" decide --as opera http://long.test/
expect_text err "--as: 'opera' is none of chromium, firefox, safari"
finish
