#!/usr/bin/env bash
# Servers that ask for a client certificate: what is said of them; their own certificate is judged all the same.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
authority
issue shop shop.test
issue old shop.test '60 days ago' '10 days ago'

# ask FILE ARGUMENT...: openssl s_server, which answers every request with a page
ask()
{
    local file=$1
    shift
    port=$(free_port)
    openssl s_server -accept "127.0.0.1:$port" -cert "$file.pem" -cert_chain intermediate.pem -key "$file.key" -CAfile root.pem \
        -www -quiet "$@" >server.log 2>&1 &
    servers+=($!)
    wait_for "$port"
}

refused()
{
    expect_text out 'Only visitors with a client certificate get in'
    expect_text out 'warning client-certificate'
    expect_no_text out 'cipher in common'
    expect_no_text out 'No visitor'
    expect_no_text out 'hsts-missing'
}

for version in -tls1_2 -tls1_3; do
    ask shop "$version" -Verify 2 -verify_return_error
    expect_exit 4 see shop.test
    refused
    expect_exit 4 see shop.test --json
    expect_text out '"asks_certificate": true'
    expect_text out '"code": "client-certificate"'
    out=$("$HOLDFAST" probe -q --jsonl shop.test --cafile root.pem --connect-to "shop.test:443:127.0.0.1:$port")
    expect_text out '"code":"client-certificate"'
    expect_exit 1 "$HOLDFAST" visit --no-store --cafile root.pem --connect-to "shop.test:443:127.0.0.1:$port" https://shop.test/
    expect_text out 'client certificate'
    ask old "$version" -Verify 2 -verify_return_error
    expect_exit 1 see shop.test
    expect_text out 'error cert-expired'
    expect_text out 'warning client-certificate'
    # Who is served without one is only told.
    ask shop "$version" -verify 2
    expect_exit 1 see shop.test
    expect_text out 'info client-certificate-optional'
    expect_text out 'error hsts-missing'
done

# nginx answers 400, and without `always` no header.
port=$(free_port)
cat >site.conf <<EOF
server { listen 127.0.0.1:$port ssl; ssl_certificate shop.full; ssl_certificate_key shop.key; ssl_client_certificate root.pem;
    ssl_verify_client on; add_header Strict-Transport-Security max-age=31536000; location / { return 200; } }
EOF
nginx_start site.conf
expect_exit 4 see shop.test
refused
expect_text out 'answers 400 without it'
finish
