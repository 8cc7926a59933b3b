#!/usr/bin/env bash
# A server with an RSA and an ECDSA certificate: the one that browsers do not get is judged, too.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
authority
issue ec shop.test
openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.csr -subj /CN=shop.test 2>/dev/null
# serve FROM UNTIL: nginx with both, the RSA one valid then
serve()
{
    sign rsa intermediate "$1" "$2" subjectAltName=DNS:shop.test basicConstraints=critical,CA:FALSE
    cat rsa.pem intermediate.pem >rsa.full
    port=$(free_port)
    cat >site.conf <<EOF
server { listen 127.0.0.1:$port ssl; ssl_protocols ${3:-TLSv1.2 TLSv1.3}; ssl_certificate ec.full; ssl_certificate_key ec.key;
    ssl_certificate rsa.full; ssl_certificate_key rsa.key;
    add_header Strict-Transport-Security max-age=31536000 always; location / { return 200; } }
EOF
    nginx_start site.conf
}
for version in TLSv1.2 TLSv1.3; do
    serve '1 hour ago' '60 days' $version
    expect_exit 0 see shop.test --json
    expect_no_text out cert-other-key
    expect_text out '"key_certificates"'
    serve '60 days ago' '1 day ago' $version
    expect_exit 0 see shop.test
    expect_text out 'warning cert-other-key'
    expect_text out 'clients that accept only RSA keys get CN=shop.test'
done
finish
