#!/usr/bin/env bash
# `holdfast config check --live`: the file that a real nginx runs agrees; after an edit without a reload it does not.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue good live.test
mkdir -p root
echo hello >root/index.html
port=$(free_port)
plain=$(free_port)
policy='max-age=31536000; includeSubDomains'
# Without what is beside http { }: nginx_start adds it.
cat >site.conf <<EOF
server {
    listen 127.0.0.1:$plain;
    server_name live.test;
    return 301 https://\$host\$request_uri;
}
server {
    listen 127.0.0.1:$port ssl;
    server_name live.test;
    ssl_certificate $PWD/good.full;
    ssl_certificate_key $PWD/good.key;
    root $PWD/root;
    add_header Strict-Transport-Security "$policy" always;
    location /quiet/ {
        add_header X-Quiet yes always;
    }
    location = /alone { return 204; }
}
EOF
nginx_start site.conf

live()
{
    "$HOLDFAST" config check "$1" --context http --live --cafile root.pem --private \
        --connect-to "live.test:$port:127.0.0.1:$port" --connect-to "live.test:$plain:127.0.0.1:$plain" "${@:2}"
}
expect_exit 0 live site.conf
expect_text out "same    https://live.test:$port/ (status 200)"
expect_text out "same    https://live.test:$port/holdfast-asks-for-what-is-not-there (status 404)"
expect_text out "same    https://live.test:$port/quiet/"
expect_text out "same    https://live.test:$port/alone (status 204)"
expect_text out "same    http://live.test:$plain/ (status 301)"
expect_text out ' as predicted, 0 not, 0 unsure, 0 not seen'

# Who edits and forgets the reload is told so.
sed "s/31536000/300/; s/add_header X-Quiet/add_header Strict-Transport-Security max-age=1 always; &/" site.conf >edited.conf
expect_exit 1 live edited.conf
expect_text out "differs https://live.test:$port/ (status 200)"
expect_text out "the server sends: $policy"
expect_text out "the configuration says: max-age=300; includeSubDomains (edited.conf:"
expect_text out 'the server sends: no HSTS header'
expect_text out 'Reload it'
expect_exit 1 live edited.conf --quiet
expect_no_text out 'same '
expect_exit 1 live edited.conf --json
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" config-check <<<"$out"
expect_exit 0 live site.conf --host live.test
expect_exit 3 live site.conf --host other.test
expect_text out 'Nothing could be asked.'

# Nobody listens there.
sed "s/$port/1/; s/$plain/2/" site.conf >elsewhere.conf
expect_exit 3 "$HOLDFAST" config check elsewhere.conf --context http --live --private --resolve live.test:1:127.0.0.1 \
    --resolve live.test:2:127.0.0.1
expect_text out 'unseen  https://live.test:1/'
expect_exit 2 "$HOLDFAST" config check site.conf
expect_text err 'agree with --live'
expect_exit 2 "$HOLDFAST" config check --live
finish
