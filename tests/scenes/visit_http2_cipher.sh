#!/usr/bin/env bash
# An nginx that agrees to HTTP/2 with a cipher that RFC 9113 prohibits: browsers send no request there, and so does
# `holdfast visit`.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue odd odd.test
port=$(free_port)
cat >sites <<X
server {
    listen 127.0.0.1:$port ssl http2;
    server_name odd.test;
    ssl_certificate $PWD/odd.full;
    ssl_certificate_key $PWD/odd.key;
    ssl_protocols TLSv1.2;
    ssl_ciphers ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA;
    access_log $PWD/requests;
    add_header Strict-Transport-Security 'max-age=3600' always;
    location / { return 200 hello; }
}
X
nginx_start sites
expect_exit 1 "$HOLDFAST" visit --connect-to ":443:127.0.0.1:$port" --cafile root.pem --store known https://odd.test/
expect_text out 'ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY'
expect_equal '' "$(cat requests)" 'requests'
# A probe measures: it asks all the same.
expect_exit 0 "$HOLDFAST" probe --jsonl -q --connect-to ":443:127.0.0.1:$port" --cafile root.pem odd.test
expect_text out '"status":200'
finish
