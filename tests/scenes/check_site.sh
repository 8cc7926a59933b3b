#!/usr/bin/env bash
# The whole site, by every way in: plain HTTP and HTTPS, apex and www, redirects; against nginx and against Apache.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
need apache2
authority
issue good good.test,www.good.test
issue apex apex.test
issue first first.test,www.first.test
issue clear clear.test
issue down down.test
issue pages pages.test
issue split split.test,www.split.test

year='max-age=31536000; includeSubDomains'

# The same sites, in the words of either server: NAME, then what https://NAME does and what http://NAME does, as "STATUS
# VALUE" or "STATUS VALUE FIELD"; VALUE is a Location, or what is served.
sites()
{
    "$1" good.test good "200 hello $year" '301 https://good.test/'
    "$1" www.good.test good "301 https://good.test/ $year" '301 https://www.good.test/'
    "$1" apex.test apex "200 hello $year" '301 https://apex.test/'
    "$1" www.apex.test apex "200 hello $year" '301 https://www.apex.test/'
    "$1" first.test first "301 https://www.first.test/ $year" '301 https://www.first.test/'
    "$1" www.first.test first "200 hello $year" '301 https://www.first.test/'
    "$1" clear.test clear "200 hello $year" "200 hello $year"
    "$1" down.test down "301 http://down.test/x $year" '302 https://down.test/'
    "$1" pages.test pages "302 https://pages.test/en $year" '301 https://pages.test/'
    "$1" split.test split '301 https://www.split.test/ max-age=31536000' '301 https://split.test/'
    "$1" www.split.test split "200 hello $year" '301 https://www.split.test/'
}

in_nginx()
{
    local name=$1 file=$2 scheme status value field
    for scheme in https http; do
        read -r status value field <<<"$3"
        shift
        if [ "$scheme" = https ]; then
            printf 'server { listen 127.0.0.1:%s ssl; server_name %s; ssl_certificate %s.full; ssl_certificate_key %s.key;\n' \
                "$port" "$name" "$PWD/$file" "$PWD/$file"
        else
            printf 'server { listen 127.0.0.1:%s; server_name %s;\n' "$http_port" "$name"
        fi
        [ -z "$field" ] || printf "add_header Strict-Transport-Security '%s' always;\n" "$field"
        # One page further on there is no redirect any more, nor the field: nginx drops it where a location has one of
        # its own.
        printf 'location / { return %s %s; } location /en { add_header X-Page en; return 200 hello; } }\n' "$status" \
            "$value"
    done
}

in_apache()
{
    local name=$1 file=$2 scheme status value field
    for scheme in https http; do
        read -r status value field <<<"$3"
        shift
        if [ "$scheme" = https ]; then
            printf '<VirtualHost 127.0.0.1:%s>\nSSLEngine on\nSSLCertificateFile %s.full\nSSLCertificateKeyFile %s.key\n' \
                "$port" "$PWD/$file" "$PWD/$file"
        else
            printf '<VirtualHost 127.0.0.1:%s>\n' "$http_port"
        fi
        printf 'ServerName %s\nDocumentRoot %s/root\n' "$name" "$PWD"
        [ -z "$field" ] || printf '<LocationMatch "^/(?!en)">\nHeader always set Strict-Transport-Security "%s"\n</LocationMatch>\n' "$field"
        [ "$status" = 200 ] || printf 'RedirectMatch %s "^/(?!en)" %s\n' "$status" "$value"
        printf '</VirtualHost>\n'
    done
}

mkdir root root/en
echo hello | tee root/index.html root/en/index.html >root/en.html
port=$(free_port)
http_port=$(free_port)

look()
{
    expect_exit 0 see_all good.test
    expect_text out 'good.test: HSTS is in force for 1 year, with subdomains. Browsers let visitors in'
    expect_text out '301 http://good.test/'
    expect_text out 'https://good.test/, which must send the header: 1 year, with subdomains'
    expect_text out '301 https://www.good.test/'
    expect_no_text out 'warning'
    expect_exit 0 see_all good.test --no-http --no-www
    expect_no_text out 'http://'
    expect_no_text out 'www, https'
    expect_exit 0 see_all https://good.test/page
    expect_text out 'http://good.test/page'
    expect_no_text out 'www, https'

    # The certificate is not for www, where people come too.
    expect_exit 1 see_all apex.test
    expect_text out 'error cert-wrong-name'
    expect_text out 'at https://www.apex.test/'
    expect_exit 0 see_all apex.test --no-www

    expect_exit 1 see_all first.test
    expect_text out 'error http-redirect-foreign'
    expect_text out 'But http:// redirects to another host before the policy is noted.'
    expect_exit 1 see_all clear.test --no-www
    expect_text out 'error http-no-redirect'
    expect_text out 'warning http-sts-in-clear'
    expect_text out 'But http:// serves content over plain HTTP.'
    expect_exit 1 see_all down.test --no-www
    expect_text out 'error redirect-downgrade'
    expect_text out 'info http-redirect-temporary'
    expect_exit 1 see_all split.test --fail-on warning
    expect_text out 'warning hsts-subdomains-not-on-apex'
    expect_exit 1 see_all pages.test --no-www --fail-on warning
    expect_text out 'warning redirect-without-hsts'
    expect_text out 'at https://pages.test/en (hop 2)'

    expect_exit 0 see_all good.test --json
    printf '%s' "$out" >answer.json
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <answer.json
    expect_exit 0 python3 -c '
import json
site = json.load(open("answer.json"))["hosts"][0]
urls = lambda way: [hop["url"] for hop in site["facts"][way]["hops"]]
assert urls("http") == ["http://good.test/", "https://good.test/"]
assert urls("https") == ["https://good.test/"]
assert urls("www_http") == ["http://www.good.test/", "https://www.good.test/", "https://good.test/"]
assert site["facts"]["http"]["hops"][0]["location"] == "https://good.test/"
assert site["facts"]["http"]["hops"][0]["exchange"]["response"]["raw"].startswith("HTTP/1.1 301 Moved Permanently\r\n")
assert [a["url"] for a in site["answers"]] == ["https://good.test/", "https://www.good.test/"]
assert site["verdict"]["complete"]
'
}

sites in_nginx >nginx.sites
nginx_start nginx.sites
look
stop_servers
servers=()

port=$(free_port)
http_port=$(free_port)
{
    printf 'Listen 127.0.0.1:%s\nListen 127.0.0.1:%s\n' "$port" "$http_port"
    sites in_apache
} >apache.sites
apache_start apache.sites
look

# Port 80 closed is safe; a redirect that leads nowhere is not.
http_port=$(free_port)
expect_exit 0 see_all good.test
expect_text out 'info http-closed'
finish
