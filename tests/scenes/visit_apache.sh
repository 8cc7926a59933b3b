#!/usr/bin/env bash
# `holdfast visit` against a real Apache: http to https to www, the note, the upgrade, and max-age=0.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need apache2
authority
issue good good.test,www.good.test
issue off off.test
mkdir root
echo hello >root/index.html
port=$(free_port)
plain=$(free_port)

# host PORT NAME LINE...
host()
{
    printf '<VirtualHost 127.0.0.1:%s>\nServerName %s\nDocumentRoot %s/root\n' "$1" "$2" "$PWD"
    printf '%s\n' "${@:3}" '</VirtualHost>'
}
tls()
{
    printf 'SSLEngine on\nSSLCertificateFile %s.full\nSSLCertificateKeyFile %s.key\n' "$PWD/$1" "$PWD/$1"
}
{
    printf 'Listen 127.0.0.1:%s\n' "$port" "$plain"
    host "$plain" good.test 'Redirect 301 / https://good.test/'
    host "$port" good.test "$(tls good)" 'Header always set Strict-Transport-Security "max-age=31536000; includeSubDomains"' \
        'Redirect 308 / https://www.good.test/'
    host "$port" www.good.test "$(tls good)" 'Header always set Strict-Transport-Security "max-age=300"'
    host "$port" off.test "$(tls off)" 'Header always set Strict-Transport-Security "max-age=\"0\""'
} >sites
apache_start sites

visit()
{
    "$HOLDFAST" visit --connect-to ":80:127.0.0.1:$plain" --connect-to ":443:127.0.0.1:$port" --cafile root.pem \
        --store known "$@"
}
expect_exit 0 visit http://good.test/
expect_no_text out '307 Internal Redirect'
expect_text out '301 Moved Permanently'
expect_text out '308 Permanent Redirect'
expect_text out '1 year, with subdomains'
expect_text out '5 minutes, without subdomains'
expect_text out 'Arrived: https://www.good.test/, status 200'
expect_exit 0 visit http://www.good.test:80/ http://good.test/
expect_text out '307 Internal Redirect to https://www.good.test/'
expect_text out '307 Internal Redirect to https://good.test/'
expect_no_text out "port $plain"
expect_exit 0 visit https://off.test/
expect_text out 'ignored-unknown'
finish
