#!/usr/bin/env bash
# The answers of a host compared, as a real nginx and a real Apache give them: without `always`, over HTTP/2 and
# HTTP/1.1, to HEAD.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
need apache2
authority
issue all all.test
issue errors errors.test
issue redirects redirects.test
issue old old.test
issue new new.test
issue clear clear.test
issue late late.test

# facts: of the last check, one line an answer: METHOD VERSION STATUS POLICY
answers()
{
    python3 -c '
import json, sys
host = json.load(open(sys.argv[1]))["hosts"][0]
for a in host["facts"]["answers"]:
    r = a["response"]
    sts = [f["value"] for f in r["fields"] if f["name"].lower() == "strict-transport-security"]
    print(a["method"], r["version"], r["status"], "missing" if a["missing"] else "page", sts[0] if sts else "-")
print(*sorted(f["id"] for f in host["findings"] if f["severity"] != "info") or "-")
' "$1"
}
# look HOST: its answers are in $out
look()
{
    see_all "$1" --no-www --json >"$1.json" 2>"$1.err"
    out=$(answers "$1.json")
}

port=$(free_port)
http_port=$(free_port)
year='max-age=31536000; includeSubDomains'
# server NAME LISTEN LINE...
server()
{
    printf 'server { listen 127.0.0.1:%s %s; server_name %s; ssl_certificate %s; ssl_certificate_key %s;\n' "$port" \
        "$2" "$1" \
        "$PWD/${1%%.*}.full" "$PWD/${1%%.*}.key"
    printf '%s\n' "${@:3}" '}'
}
page='location = / { return 200 hello; } location / { return 404; }'
{
    server all.test 'ssl http2' "add_header Strict-Transport-Security '$year' always;" "$page"
    server errors.test 'ssl http2' "add_header Strict-Transport-Security '$year';" "$page"
    server redirects.test 'ssl http2' "add_header Strict-Transport-Security '$year' always;" \
        'location = / { return 200 hello; } location / { add_header X-Other 1; return 302 /; }'
    # A map of the protocol: what a proxy in front, or a second listener, makes by mistake.
    printf 'map $server_protocol $old { "HTTP/2.0" ""; default "%s"; }\n' "$year"
    printf 'map $server_protocol $new { "HTTP/2.0" "%s"; default ""; }\n' "$year"
    server old.test 'ssl http2' 'add_header Strict-Transport-Security $old always;' "$page"
    server new.test 'ssl http2' 'add_header Strict-Transport-Security $new always;' "$page"
    printf 'server { listen 127.0.0.1:%s; server_name all.test errors.test redirects.test old.test new.test; return 301 https://$host/; }\n' "$http_port"
    server clear.test ssl "add_header Strict-Transport-Security '$year' always;" "$page"
    printf 'server { listen 127.0.0.1:%s; server_name clear.test; add_header Strict-Transport-Security "%s"; location / { default_type text/html; return 200 "<p>in clear</p>"; } }\n' "$http_port" "$year"
    server late.test ssl "add_header Strict-Transport-Security '$year' always;" "$page"
    printf 'server { listen 127.0.0.1:%s; server_name late.test; absolute_redirect off; location = / { return 302 /more; } location / { return 301 https://$host/; } }\n' "$http_port"
} >sites
nginx_start sites

all_of()
{
    local version method kind
    for version in "$@"; do
        for kind in 'HEAD page' 'HEAD missing' 'GET missing' 'GET page'; do
            method=${kind% *}
            kind=${kind#* }
            printf '%s %s %s %s %s\n' "$method" "$version" "$([ "$kind" = page ] && echo 200 ||
                echo 404)" "$kind" "$year"
        done
    done
}
look all.test
expect_equal "$(all_of 2 1.1)" "$(sed '$d' <<<"$out")" 'answers of a host that sends the field always'
expect_equal - "$(tail -n 1 <<<"$out")" 'findings about it'
look errors.test
expect_equal 4 "$(grep -c '404 missing -' <<<"$out")" 'error pages without the field'
expect_equal 4 "$(grep -c "200 page $year" <<<"$out")" 'pages with it'
expect_equal hsts-not-on-errors "$(tail -n 1 <<<"$out")" 'findings'
look redirects.test
expect_equal 4 "$(grep -c '302 missing -' <<<"$out")" 'redirects without the field'
expect_equal hsts-not-on-redirects "$(tail -n 1 <<<"$out")" 'findings'
look old.test
expect_equal 4 "$(grep -c ' 2 .* -$' <<<"$out")" 'answers over HTTP/2 without the field'
expect_equal 4 "$(grep -c " 1.1 .* $year" <<<"$out")" 'answers over HTTP/1.1 with it'
expect_equal 'hsts-missing hsts-not-on-http2' "$(tail -n 1 <<<"$out")" 'findings'
look new.test
expect_equal 4 "$(grep -c ' 1.1 .* -$' <<<"$out")" 'answers over HTTP/1.1 without the field'
expect_equal - "$(tail -n 1 <<<"$out")" 'findings of severity warning'
expect_text out ' 2 404 missing max-age'
grep -q '"id": "hsts-not-on-http1"' new.test.json || fail 'hsts-not-on-http1 is not told'

# curl sees the same.
if command -v curl >/dev/null; then
    curl_sees()
    {
        curl -sS --noproxy '*' --cacert root.pem --connect-to "::127.0.0.1:$port" -o /dev/null -D - "$@" | tr -d '\r' |
            sed -n 's/^strict-transport-security: //Ip'
    }
    expect_equal '' "$(curl_sees --http2 https://old.test/)" 'what curl sees over HTTP/2'
    expect_equal "$year" "$(curl_sees --http1.1 https://old.test/)" 'what curl sees over HTTP/1.1'
    missing=$(python3 -c 'import json; print([a["url"] for a in json.load(open("errors.test.json"))["hosts"][0]["facts"]["answers"] if a["missing"]][0])')
    expect_equal '' "$(curl_sees --http2 "$missing")" 'what curl sees of an error page'
fi
if command -v nghttp >/dev/null; then
    nghttp -nv "https://127.0.0.1:$port/" -H ':authority: all.test' >nghttp.out 2>&1
    expect_equal 1 "$(grep -c "strict-transport-security: $year" nghttp.out)" 'what nghttp sees'
fi

# Port 80: content in clear is proved by its beginning, and every hop is told with its STS fields.
look clear.test
expect_equal 'http-no-redirect http-sts-in-clear' "$(tail -n 1 <<<"$out")" 'findings'
expect_exit 0 python3 -c '
import json
hop = json.load(open("clear.test.json"))["hosts"][0]["facts"]["http"]["hops"][0]
content = hop["exchange"]["response"]["content"]
assert content["prefix"] == "<p>in clear</p>" and content["end"] == "whole" and content["framing"] == "length", content
assert hop["location"] is None
assert [f["value"] for f in hop["exchange"]["response"]["fields"] if f["name"] == "Strict-Transport-Security"] == ["'"$year"'"]
'
expect_equal 1 "$(grep -c "the answer is 200, with content that begins '<p>in clear</p>'" clear.test.json)" 'proofs'
look late.test
expect_equal 'http-redirect-late' "$(tail -n 1 <<<"$out")" 'findings'
expect_exit 0 python3 -c '
import json
hops = json.load(open("late.test.json"))["hosts"][0]["facts"]["http"]["hops"]
assert [(h["exchange"]["response"]["status"], h["to"]) for h in hops[:2]] == [(302, "http://late.test/more"), (301, "https://late.test/")], hops
assert hops[0]["location"].endswith("/more")
'
stop_servers
servers=()

# Apache: `Header set` is for what succeeds, `Header always set` for everything; HTTP/2 by mod_http2.
mkdir root
echo hello >root/index.html
port=$(free_port)
http_port=$(free_port)
host()
{
    printf '<VirtualHost 127.0.0.1:%s>\nServerName %s\nDocumentRoot %s/root\n' "$1" "$2" "$PWD"
    printf '%s\n' "${@:3}" '</VirtualHost>'
}
tls()
{
    printf 'SSLEngine on\nProtocols h2 http/1.1\nSSLCertificateFile %s.full\nSSLCertificateKeyFile %s.key\n' "$PWD/$1" \
        "$PWD/$1"
}
{
    printf 'LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so\n'
    printf 'Listen 127.0.0.1:%s\n' "$port" "$http_port"
    host "$http_port" all.test 'ServerAlias errors.test' 'RedirectMatch 301 ^/ https://all.test/'
    host "$port" all.test "$(tls all)" "Header always set Strict-Transport-Security \"$year\""
    host "$port" errors.test "$(tls errors)" "Header set Strict-Transport-Security \"$year\""
    host "$port" redirects.test "$(tls redirects)" "Header set Strict-Transport-Security \"$year\"" \
        'RedirectMatch 302 ^/holdfast https://redirects.test/'
    host "$port" late.test "$(tls late)" "Header always set Strict-Transport-Security \"$year\"" \
        'Header always set Strict-Transport-Security "max-age=0" "expr=%{REQUEST_METHOD} == '\''HEAD'\''"'
} >sites
apache_start sites
look all.test
expect_equal "$(all_of 2 1.1)" "$(sed '$d' <<<"$out")" 'answers of Apache with always'
expect_equal - "$(tail -n 1 <<<"$out")" 'findings about it'
look errors.test
expect_equal 4 "$(grep -c '404 missing -' <<<"$out")" 'error pages of Apache without always'
expect_text out hsts-not-on-errors
see redirects.test --json >redirects.json
expect_text out hsts-not-on-errors
out=$(answers redirects.json)
expect_equal hsts-not-on-redirects "$(tail -n 1 <<<"$out")" 'findings about redirects without always'
see late.test --json >late.json
expect_equal 1 "$(grep -c '"id": "hsts-head-differs"' late.json)" 'findings about HEAD'
finish
