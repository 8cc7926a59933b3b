#!/usr/bin/env bash
# `holdfast visit` against a real nginx: what it notes, what it upgrades, where it follows, and where the wall is.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue good good.test,www.good.test,sub.good.test
issue off off.test
issue ring ring.test
issue over over.test
issue expired expired.test '90 days ago' '1 day ago'
issue wrong another.test
self_signed own own.test
issue both another.test '90 days ago' '1 day ago'

# https NAMES FILE LINE...; http NAMES LINE...
https()
{
    printf 'server { listen 127.0.0.1:%s ssl; server_name %s; ssl_certificate %s; ssl_certificate_key %s;\n' "$port" \
        "$1" \
        "$PWD/$2" "$PWD/${2%.*}.key"
    printf '%s\n' "${@:3}" '}'
}
http()
{
    printf 'server { listen 127.0.0.1:%s; server_name %s;\n' "$plain" "$1"
    printf '%s\n' "${@:2}" '}'
}
year="add_header Strict-Transport-Security 'max-age=31536000; includeSubDomains' always;"
short="add_header Strict-Transport-Security 'max-age=3600' always;"
port=$(free_port)
plain=$(free_port)
{
    https good.test good.full "$year" 'location / { return 301 https://www.good.test$request_uri; }' \
        'location = /here { return 200 hello; }'
    https www.good.test good.full "$short" 'location / { return 200 hello; }'
    https sub.good.test good.full 'location / { return 200 hello; }'
    https off.test off.full "add_header Strict-Transport-Security 'max-age=0' always;" 'location / { return 404; }'
    https ring.test ring.full "$short" 'location / { return 302 http://ring.test/; }'
    https over.test over.full 'location / { return 302 http://foreign.test/to; }'
    https expired.test expired.full "$year" 'location / { return 200 hello; }'
    https wrong.test wrong.full "$year" 'location / { return 200 hello; }'
    https own.test own.full "$year" 'location / { return 200 hello; }'
    https both.test both.full "$year" 'location / { return 200 hello; }'
    http good.test "$year" 'location / { return 301 https://good.test$request_uri; }'
    http foreign.test 'location / { return 302 http://good.test/here; }'
    http plain.test "$year" 'location / { return 200 hello; }'
    http sub.good.test 'location / { return 200 in-the-clear; }'
} >sites
nginx_start sites

visit()
{
    "$HOLDFAST" visit --connect-to ":80:127.0.0.1:$plain" --connect-to ":443:127.0.0.1:$port" \
        --connect-to ":8080:127.0.0.1:$port" \
        --cafile root.pem --store known "$@"
}
# upgraded URL TO: the first thing that happens is the internal redirect
upgraded()
{
    expect_exit 0 visit "$1"
    expect_text out "307 Internal Redirect to $2"
}

# http -> https -> www, as on the first day; then the story begins with the upgrade.
expect_exit 0 visit 'http://good.test/a?b#c'
expect_text out 'neither this host nor a parent is known'
expect_text out 'ignored-insecure'
expect_text out 'policy       added'
expect_text out '1 year, with subdomains'
expect_text out 'Arrived: https://www.good.test/a?b#c, status 200'
expect_no_text out '307 Internal'
upgraded 'http://good.test/a' 'https://good.test/a'
expect_text out 'good.test: this host sent a policy of its own; in force until'
expect_text out 'renewed'
expect_no_text out 'port '"$plain"
expect_equal '600' "$(stat -c %a known)" 'mode of the store'

# Superdomain, ports, spellings.
upgraded http://sub.good.test/ https://sub.good.test/
expect_text out 'good.test: a parent sent a policy with includeSubDomains'
upgraded http://sub.good.test:80/ https://sub.good.test/
upgraded http://sub.good.test:8080/ https://sub.good.test:8080/
upgraded 'HTTP:\\SUB.good.TEST.\x' https://sub.good.test./x
expect_text out 'asked for    HTTP:\\SUB.good.TEST.\x'
upgraded 'http://s%75b.good.test' https://sub.good.test/

# A known host that redirects to http, and over a foreign host to a known one.
expect_exit 0 visit https://over.test/
expect_text out 'https://over.test/'
expect_text out 'http://foreign.test/to'
expect_text out '307 Internal Redirect to https://good.test/here'
expect_text out 'Arrived: https://good.test/here'
expect_exit 1 visit https://ring.test/
expect_text out 'redirect-loop'
expect_text out 'ERR_TOO_MANY_REDIRECTS'
expect_text out 'NS_ERROR_REDIRECT_LOOP'
expect_exit 1 visit --max-redirects 1 http://good.test/
expect_text out 'too-many-redirects'
expect_exit 0 visit --max-redirects 2 http://good.test/

# A policy of its own beside the parent's; the shorter one lets go, the parent's does not.
expect_exit 0 visit --at "$(date -u -d '2 hours' +%s)" http://www.good.test/
expect_text out 'good.test: a parent sent a policy'

# Over http nothing is noted.
expect_exit 0 visit http://plain.test/
expect_text out 'ignored-insecure'
expect_exit 0 visit http://plain.test/
expect_no_text out '307 Internal'

# max-age=0 of a stranger.
expect_exit 0 visit https://off.test/
expect_text out 'ignored-unknown'

# Unknown hosts: a warning, and nothing is noted.
for fault in expired:CERT_DATE_INVALID:SEC_ERROR_EXPIRED_CERTIFICATE \
    wrong:CERT_COMMON_NAME_INVALID:SSL_ERROR_BAD_CERT_DOMAIN \
    own:CERT_AUTHORITY_INVALID:MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT \
    both:CERT_COMMON_NAME_INVALID:SSL_ERROR_BAD_CERT_DOMAIN; do
    IFS=: read -r name chrome firefox <<<"$fault"
    # Twice: the first visit must not have noted anything.
    for _ in first second; do
        expect_exit 1 visit "https://$name.test/"
        expect_text out "A browser would show a warning: https://$name.test/"
        expect_text out "NET::ERR_$chrome"
        expect_text out "$firefox"
        expect_text out 'nothing was sent, and no policy is noted'
        expect_no_text out 'response'
    done
done

# The same hosts once known: the wall. They are made known while their certificates are good, by another authority's
# nginx.
stop_servers
servers=()
issue fine expired.test,wrong.test,own.test,both.test,off.test
{
    for name in expired wrong own both off; do
        https "$name.test" fine.full "$short" 'location / { return 200 hello; }'
    done
} >fine
nginx_start fine
expect_exit 0 visit https://expired.test/ https://wrong.test/ https://own.test/ https://both.test/ https://off.test/
stop_servers
servers=()
nginx_start sites
for fault in expired:CERT_DATE_INVALID:SEC_ERROR_EXPIRED_CERTIFICATE \
    wrong:CERT_COMMON_NAME_INVALID:SSL_ERROR_BAD_CERT_DOMAIN \
    own:CERT_AUTHORITY_INVALID:MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT \
    both:CERT_COMMON_NAME_INVALID:SSL_ERROR_BAD_CERT_DOMAIN; do
    IFS=: read -r name chrome firefox <<<"$fault"
    expect_exit 1 visit "http://$name.test/"
    expect_text out "307 Internal Redirect to https://$name.test/"
    expect_text out "Blocked by HSTS: https://$name.test/"
    expect_text out "NET::ERR_$chrome"
    expect_text out "$firefox"
    expect_text out 'bypass         not possible'
    expect_no_text out 'response'
done
# Two hours later nothing holds any more, and it is a warning again.
expect_exit 1 visit --at "$(date -u -d '2 hours' +%s)" https://own.test/
expect_text out 'A browser would show a warning'
expect_text out 'a policy was known, but its time is over'

# Now off.test is known, and its max-age=0 makes it forgotten.
upgraded http://off.test/ https://off.test/
expect_text out 'forgotten'
expect_text out 'status 404'
expect_exit 0 visit http://off.test/
expect_no_text out '307 Internal'

# An address and localhost are never noted.
expect_exit 1 visit "https://127.0.0.1/"
expect_text out 'name-mismatch'
# Nothing listens: no fall back to http.
stop_servers
servers=()
expect_exit 1 visit http://good.test/
expect_text out 'connection-refused'
expect_text out 'ERR_CONNECTION_REFUSED'
finish
