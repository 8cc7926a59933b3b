#!/usr/bin/env bash
# holdfast config generate: the text, what is refused, and that nothing in a name or a path becomes a directive.
. "$SOURCE_DIR/tests/lib/check.sh"

generate() # CODE ARGUMENTS...
{
    local code=$1
    shift
    expect_exit "$code" "$HOLDFAST" config generate "$@"
}

refused() # MESSAGE ARGUMENTS...
{
    local wanted=$1
    shift
    generate 2 "$@"
    expect_equal '' "$out" "standard output of: $*"
    expect_equal "holdfast: config generate: $wanted" "$err" "$*"
}
help='(holdfast config generate --help)'

# What nginx reads of the text.
lines()
{
    grep -vE '^ *(#|$)' "$TEST_DIR/.out"
}

generate 0 nginx --version 1.22.1 --server-name a.test --server-name www.a.test
expect_equal '' "$err" 'standard error'
expect_equal 'map $scheme $hsts_a_test {
    https "max-age=31536000";
}
server {
    listen 80;
    listen [::]:80;
    server_name a.test www.a.test;
    return 301 https://$host$request_uri;
}
server {
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name a.test www.a.test;
    ssl_certificate /etc/letsencrypt/live/a.test/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/a.test/privkey.pem;
    proxy_hide_header Strict-Transport-Security;
    fastcgi_hide_header Strict-Transport-Security;
    uwsgi_hide_header Strict-Transport-Security;
    scgi_hide_header Strict-Transport-Security;
    grpc_hide_header Strict-Transport-Security;
    add_header Strict-Transport-Security $hsts_a_test always;
    root /var/www/a.test;
}' "$(lines)" 'nginx 1.22.1'
expect_text out 'holdfast config lint --version 1.22.1 /etc/nginx/nginx.conf'
expect_text out 'holdfast check a.test'
expect_text out '# Where the machine has no IPv6'

generate 0 nginx --behind-proxy --version 1.29.3 --stage month --include-subdomains --server-name '*.a.test'
expect_equal 'geo $proxy_any_a_test {
    default 0;
    127.0.0.1 1;
    ::1 1;
}
map "$proxy_any_a_test:$http_x_forwarded_proto" $hsts_any_a_test {
    "1:https" "max-age=2592000; includeSubDomains";
}
server {
    listen 80;
    listen [::]:80;
    server_name *.a.test;
    if ($http_x_forwarded_proto = http) {
        return 301 https://$host$request_uri;
    }
    absolute_redirect off;
    proxy_hide_header Strict-Transport-Security;
    fastcgi_hide_header Strict-Transport-Security;
    uwsgi_hide_header Strict-Transport-Security;
    scgi_hide_header Strict-Transport-Security;
    grpc_hide_header Strict-Transport-Security;
    add_header_inherit merge;
    add_header Strict-Transport-Security $hsts_any_a_test always;
    root /var/www/a.test;
}' "$(lines)" 'nginx 1.29.3 behind a proxy'
expect_text out 'This is the stage month: max-age is 30 days.'
expect_text out 'The next one is year, after 30 days'

# A version has what it knows, and no more.
generate 0 nginx --version 1.4.7
expect_no_text out 'always;'
expect_text out 'Before nginx 1.7.5'
generate 0 nginx
expect_text out 'listen 443 ssl;'
expect_text out 'nginx from 1.7.5 on'
expect_text out 'example.com is an example'
expect_no_text out grpc
expect_no_text out add_header_inherit
generate 0 nginx --version 1.25.1
expect_text out $'    listen 443 ssl;\n    listen [::]:443 ssl;\n    http2 on;\n'
expect_text out '#     ssl_reject_handshake on;'
generate 0 nginx --version 1.19.3
expect_no_text out ssl_reject_handshake

# `preload` is never there unasked, and then it says what it means.
for options in '' --include-subdomains '--max-age 2y --include-subdomains' '--stage year' --rollback --behind-proxy; do
    # shellcheck disable=SC2086 # several words
    generate 0 nginx $options
    expect_no_text out '; preload"'
    expect_no_text out 'preload: consent'
done
for options in '--preload --include-subdomains' '--stage preload' '--behind-proxy --stage preload'; do
    # shellcheck disable=SC2086 # several words
    generate 0 nginx $options
    expect_text out '; includeSubDomains; preload"'
    expect_text out 'preload: consent to be built into browsers'
done
list='the preload list rejects the site'
refused "--preload needs --include-subdomains: $list without it" nginx --preload
refused "--preload needs a max-age of at least 31536000 (1 year), not 300: $list" nginx --preload --include-subdomains \
    --max-age 5m
refused "--preload needs a max-age of at least 31536000 (1 year), not 86400: $list" nginx --preload --include-subdomains \
    --stage day

# A rollback says what it does not undo.
generate 0 nginx --rollback
expect_text out 'https "max-age=0";'
expect_text out 'A rollback: '
expect_text out 'https://hstspreload.org/removal/'
expect_text out 'return 301 https://$host$request_uri;'
for options in --preload --include-subdomains '--max-age 1y' '--stage day'; do
    # shellcheck disable=SC2086 # several words
    refused '--rollback takes the policy back, and goes with none of --max-age, --include-subdomains, --preload and --stage' \
        nginx --rollback $options
done

refused 'a server program is missing: holdfast config generate nginx'
refused "'x' is one too many" nginx x
refused "'apache' is no server program that is known here: nginx" apache
refused '--stage and --max-age contradict each other' nginx --stage day --max-age 1y
refused 'a max-age of 0 removes the policy from browsers: --rollback does that' nginx --max-age 0
refused 'a max-age of 31536000000 is more than ten years: give seconds' nginx --max-age 31536000000
refused "--stage: 'hour' is not one of minutes, day, week, month, year, preload $help" nginx --stage hour
refused '--certificate and --key go together' nginx --key /etc/a.key
refused '--behind-proxy: the proxy has the certificate, so neither --certificate nor --key' nginx --behind-proxy \
    --certificate /a --key /b

# Names and paths.
generate 0 nginx --server-name 'Bücher.test.' --certificate /etc/a/b.pem --key /etc/a/b.key
expect_text out 'server_name xn--bcher-kva.test;'
expect_text out 'ssl_certificate /etc/a/b.pem;'
expect_text out 'ssl_certificate_key /etc/a/b.key;'
generate 0 nginx --server-name "$(printf 'a%.0s' {1..47}).test"
expect_text out 'server_names_hash_bucket_size'
for name in '' '*' '*.' '*.*.a.test' 192.0.2.1 '[::1]' 'a.test;' 'a.test b.test' 'a{b' 'a$b' "a'b" 'a"b' $'a\nb' 'a#b' '~^a' 'a\b' \
    'www.*'; do
    generate 2 nginx --server-name "$name"
    expect_text err 'is not a host name, such as www.example.com or *.example.com'
    expect_equal '' "$out" "$name"
done
for path in '' a.pem '/a;b' '/a b' '/a$b' '/a"b' $'/a\nb' '/a{b}' 'data:x' "/$(printf 'a%.0s' {1..1100})"; do
    generate 2 nginx --certificate "$path" --key /etc/a.key
    expect_text err 'is not an absolute path of letters, digits and'
    expect_equal '' "$out" "$path"
done
names=()
for i in {1..33}; do
    names+=(--server-name "$i.a.test")
done
refused '--server-name: at most 32 names' nginx "${names[@]}"
long=$(printf 'a%.0s' {1..60})
names=()
for i in {1..32}; do
    names+=(--server-name "$long.$long.$long.$long.b")
done
generate 0 nginx "${names[@]}"
expect_equal 32 "$(grep -m1 '^ *server_name ' "$TEST_DIR/.out" | tr ' ' '\n' | grep -c '\.b;\{0,1\}$')" 'long names'
finish
