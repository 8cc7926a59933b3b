#!/usr/bin/env bash
# holdfast preload: every form of list gives the same image; look-ups, diff, info, update; what makes no sense is
# refused.
. "$SOURCE_DIR/tests/lib/check.sh"
seeds=$SOURCE_DIR/fuzz
now=2026-11-20T12:00:00Z

preload()
{
    "$HOLDFAST" preload "$@"
}

# -- Readers: one list in five forms.
printf 'a.test\t1\nb.test\t0\n' >two
printf 'a.test\t1\nb.test\t0\nc.test\t0\n' >three
for pair in firefox:two mediawiki:two chromium:three base64:three; do
    expect_exit 0 preload dump "$seeds/preload_${pair%:*}/seeds/1"
    expect_equal "$(cat "${pair#*:}")" "$out" "${pair%:*} read"
done
expect_exit 0 preload compile "$seeds/preload_firefox/seeds/1" firefox.img
expect_exit 0 preload info --at $now firefox.img
expect_text out 'Firefox 2026-11-01, 19 days old'
expect_text out '126 days'
expect_exit 0 preload compile "$seeds/preload_mediawiki/seeds/1" wiki.img
expect_exit 0 preload info --at $now wiki.img
expect_text out 'Firefox 2026-09-29, 52 days old'
expect_text out 'without end'
expect_exit 0 preload compile --date 2026-06-01 "$seeds/preload_chromium/seeds/1" chromium.img
expect_exit 0 preload info --at $now chromium.img
expect_text out 'Chromium 2026-06-01, 172 days old, too old to enforce since 2026-08-10T00:00:00Z'
expect_text out '70 days'
expect_exit 0 preload dump chromium.img
expect_equal "$(cat three)" "$out" 'an image read'
expect_exit 0 preload compile chromium.img again.img
expect_exit 0 cmp chromium.img again.img

# -- Errors have their line.
bad() # TEXT MESSAGE
{
    printf '%b' "$1" >bad
    expect_exit 2 preload compile bad bad.img
    expect_equal "holdfast: preload compile: bad: $2" "$err" "$1"
    [ ! -e bad.img ] || fail "an image was made of: $1"
}
bad 'a.test\t1\nb.test 1\n' 'line 2: wanted is a name, a tab and 0 or 1: 1 if the name'"'"'s subdomains are meant too'
bad 'a.test\t1\na b\t1\n' "line 2: 'a b' is not a host name: a character that no host name may hold"
bad 'a.test\t1\na.test\t0\n' "'a.test' stands in the list twice, with its subdomains and without them"
bad '' 'there is no name in it (read as plain text)'
bad '{"entries":[\n{"name":"a.test","mode":"force-http"}]}' 'line 2: a mode that is not force-https'
bad '{"entries":[\n{"name":"a.test","mode":"force-https"}\n' 'line 3: a comma or the closing bracket is missing'
bad 'gPreloadListExpirationTime\n%%\na.test, 2\n%%\n' 'line 3: wanted is NAME, 0 or NAME, 1'
bad 'gPreloadListExpirationTime\n%%\na.test, 1\n' 'line 4: the list is cut: its last line, %%, is missing'
bad "<?php\nreturn [\n'a.test' => 2,\n];\n" "line 3: wanted is 'NAME' => 0 or 'NAME' => 1"
head -c 100 chromium.img >cut.img
expect_exit 2 preload info cut.img
expect_exit 2 preload lookup --image cut.img a.test
expect_exit 2 preload lookup --image missing.img a.test
expect_text err 'cannot open missing.img'

# -- Look-ups: the most specific entry, and below it all the built-in top-level domains.
printf 'p.test\t1\nchild.p.test\t0\nalone.test\t0\n' >list
expect_exit 0 preload compile --source 'Chromium of today' --date $now --life 70d list list.img
expect_exit 0 preload lookup -q --image list.img P.test. x.child.p.test child.p.test alone.test x.alone.test www.foo.dev
expect_equal 'P.test. is preloaded: p.test, with its subdomains
x.child.p.test is preloaded: p.test, with its subdomains
child.p.test is preloaded: child.p.test, without its subdomains
alone.test is preloaded: alone.test, without its subdomains
x.alone.test is not preloaded
www.foo.dev is preloaded: dev, with its subdomains' "$out" 'look-ups'
printf '%s\n' '"x.p.test"' '"alone.test"' '"no.test"' '"a b"' '"B\u00fccher.p.test"' '"192.0.2.1"' >hosts
expect_exit 0 preload lookup --image list.img --jsonl hosts
expect_equal '{"host":"x.p.test","preloaded":true,"matched":"p.test","include_subdomains":true}
{"host":"alone.test","preloaded":true,"matched":"alone.test","include_subdomains":false}
{"host":"no.test","preloaded":false,"matched":null,"include_subdomains":false}
{"host":"a b","preloaded":false,"matched":null,"include_subdomains":false,"error":"a character that no host name may hold"}
{"host":"Bücher.p.test","preloaded":true,"matched":"p.test","include_subdomains":true}
{"host":"192.0.2.1","preloaded":false,"matched":null,"include_subdomains":false}' "$out" 'the pipe'
printf '7\n"p.test"\n' >hosts
expect_exit 2 preload lookup --image list.img --jsonl hosts
expect_text out '{"error":{"line":1,'
expect_text out '"host":"p.test","preloaded":true'
expect_exit 4 preload lookup x.dev x.test
expect_text out 'x.dev is preloaded: dev'
expect_text out 'x.test: unknown: no preload list is installed'
expect_exit 3 preload lookup x.test
expect_exit 0 preload lookup x.dev 192.0.2.1
expect_text out '192.0.2.1 is not preloaded'
expect_text err 'only 51 top-level domains are known'
printf '"x.test"\n"x.dev"\n' >hosts
expect_exit 4 preload lookup --jsonl hosts
expect_equal '{"host":"x.test","preloaded":null,"matched":null,"include_subdomains":null}
{"host":"x.dev","preloaded":true,"matched":"dev","include_subdomains":true}' "$out" 'the pipe without a list'
expect_exit 0 preload info
expect_text out 'only the 51 built-in top-level domains are known'

# -- diff
printf 'p.test\t0\nnew.test\t1\nalone.test\t0\n' >newer
expect_exit 0 preload diff list newer
expect_equal '- child.p.test without its subdomains
+ new.test with its subdomains
~ p.test without its subdomains
1 added, 1 removed, 1 changed' "$out" 'a diff'
expect_exit 0 preload diff -q list list.img
expect_equal '0 added, 0 removed, 0 changed' "$out" 'no difference'

# -- update: in one step, and never for the worse.
expect_exit 0 preload update --from list --date $now --quiet
expect_exit 0 preload lookup -q x.p.test
expect_equal 'x.p.test is preloaded: p.test, with its subdomains' "$out" 'the list at hand'
expect_equal chromium.img "$(cd share/holdfast/preload && echo *)" 'what is left there'
before=$(sha256sum share/holdfast/preload/chromium.img)
printf 'p.test\t1\n' >small
expect_exit 3 preload update --from small
expect_text err '2 of the 3 names of the old list are not on the new one, alone.test for instance'
expect_exit 3 preload update --from bad
expect_exit 3 preload update --from missing
expect_exit 3 preload update --from list --image -
expect_text err 'what is updated is a file'
expect_exit 3 preload update --from "$seeds/preload_mediawiki/seeds/1"
expect_text err "is Firefox's list: say --list firefox"
expect_exit 3 preload update --from http://192.0.2.1/list
expect_text err 'write https'
expect_exit 3 preload update --from http://127.0.0.1:1/list
expect_equal "$before" "$(sha256sum share/holdfast/preload/chromium.img)" 'the old image'
expect_exit 0 preload update --from small --force -q
expect_exit 0 preload lookup -q child.p.test
expect_equal 'child.p.test is preloaded: p.test, with its subdomains' "$out" 'the small list'

# Over HTTP: the second time nothing is sent, for nothing has changed.
cat >serve.py <<'END'
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        unchanged = self.headers.get("If-None-Match") == '"v1"'
        body = b"" if unchanged else open("list", "rb").read()
        self.send_response(304 if unchanged else 200)
        self.send_header("ETag", '"v1"')
        self.send_header("Last-Modified", "Fri, 20 Nov 2026 12:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 serve.py >port &
server=$!
for _ in $(seq 100); do [ -s port ] || sleep 0.1; done
url=http://127.0.0.1:$(cat port)/list
expect_exit 0 preload update --from "$url"
expect_no_text out unchanged
expect_exit 0 preload update --from "$url"
expect_text out unchanged
kill $server
expect_exit 3 preload update --from "$url"
expect_exit 0 preload lookup -q child.p.test
expect_text out 'child.p.test, without its subdomains'

# -- decide and visit ask it; past its life it stops, and the built-in ones go on.
url=http://x.p.test/
decide()
{
    "$HOLDFAST" decide --preload list.img "$@"
}
expect_exit 0 decide -q --at $now http://x.p.test/ http://y.dev/ http://no.test/
expect_equal 'http://x.p.test/ -> https://x.p.test/
http://y.dev/ -> https://y.dev/
http://no.test/ stays' "$out" 'a fresh list'
expect_exit 0 decide --at 2027-06-01T00:00:00Z http://x.p.test/ http://y.dev/
expect_text out 'http://x.p.test/ stays'
expect_text out 'list-stale'
expect_text out 'http://y.dev/ -> https://y.dev/'
expect_text err 'the preload list is stale'
expect_exit 0 decide -q --max-list-age 1y --at 2027-06-01T00:00:00Z http://x.p.test/
expect_text out '-> https'
expect_exit 0 decide -q --max-list-age 1d --at 2026-11-22T00:00:00Z http://x.p.test/
expect_text out stays
expect_exit 0 "$HOLDFAST" decide -q --no-preload http://y.dev/
expect_text out stays
expect_exit 1 "$HOLDFAST" visit --no-store --preload list.img --at $now --timeout 3 \
    --resolve x.p.test:1:127.0.0.1 http://x.p.test:1/
expect_text out 'p.test: a parent is on the preload list, with its subdomains; in force until 2027-01-29T12:00:00Z'
expect_text out '307 Internal Redirect to https://x.p.test:1/'
expect_exit 1 "$HOLDFAST" check --preload list.img --at $now --timeout 3 --resolve x.p.test:1:127.0.0.1 x.p.test:1
expect_text out 'Chrome, Edge: listed, as p.test, with its subdomains (Chromium of today, 0 days old)'
expect_text out 'Firefox: no preload list is installed'
expect_text out "Safari: the vendor does not publish its list"

# A damaged image at home is told, and is not taken for no list.
head -c 50 list.img >share/holdfast/preload/chromium.img
expect_exit 0 preload lookup -q y.dev
expect_text err 'warning: the preload image cannot be used'

# -- Dialects, and the store of a client.
printf 'const PRTime gPreloadListExpirationTime = INT64_C(1539246013216000);\n  { "a.test", true },\n  { "b.test", false },\n' \
    >braces.inc
printf '  /* "a.test", true */ %s,\n  /* "b.test", false */\n  { 0, true },\n' "'a', '.'" >table.inc
printf 'gPreloadListExpirationTime\n' | cat - table.inc >tables.inc
printf '\357\273\277a.test\t1\nb.test\t0\n' >bom.tsv
printf '[{"name": "a.test", "mode": "force-https", "include_subdomains": true}, {"name": "b.test", "mode": "force-https"}]' \
    >array.json
for file in braces.inc tables.inc bom.tsv array.json; do
    expect_exit 0 preload dump $file
    expect_equal $'a.test\t1\nb.test\t0' "$out" "$file"
done
printf 'b\303\274cher.test\t1\n' >unicode.tsv
expect_exit 0 preload dump unicode.tsv
expect_equal $'xn--bcher-kva.test\t1' "$out" unicode.tsv
printf 'b.test\t443\t1\t1795170000\t99999999\n' >hosts
expect_exit 0 preload export bom.tsv --to wget:hosts --at 2026-11-21
expect_text out '1 written, 1 stayed'
expect_exit 3 preload export braces.inc --to wget:hosts --at 2026-11-21
expect_text err 'the list ended on 2018-10-11'

# -- What makes no sense.
refused() # MESSAGE ARGUMENT...
{
    local wanted=$1
    shift
    expect_exit 2 preload "$@"
    expect_equal "holdfast: preload$wanted" "$err" "preload $*"
}
refused ': a subcommand is missing: lookup, info, dump, export, diff, compile, update, check, removable, status, submit, remove or forecast'
refused ": unknown subcommand 'lokup': did you mean lookup?" lokup
refused ' dump: it has no option --json (holdfast help preload)' dump --json list
refused ' diff: something is missing: holdfast preload diff OLD NEW' diff list
refused " dump: 'two' is one too many" dump one two
refused ' lookup: give a HOST or more, or --jsonl FILE' lookup
refused " update: --list: 'safari' is neither chromium nor firefox" update --list safari
finish
