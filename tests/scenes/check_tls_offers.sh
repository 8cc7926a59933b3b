#!/usr/bin/env bash
# The protocols and ciphers that servers offer: what check --tls finds, beside nmap and openssl s_client.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need python3
need nmap
authority
issue ec shop.test
openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.csr -subj /CN=shop.test 2>/dev/null
sign rsa intermediate '1 hour ago' '60 days' subjectAltName=DNS:shop.test basicConstraints=critical,CA:FALSE
cat rsa.pem intermediate.pem >rsa.full
openssl dhparam -dsaparam -out small.pem 1024 2>/dev/null

# serve CERTIFICATE DIRECTIVE...: nginx
serve()
{
    port=$(free_port)
    printf '%s\n' "server { listen 127.0.0.1:$port ssl; ssl_certificate $1.full; ssl_certificate_key $1.key;" "${@:2}" \
        'add_header Strict-Transport-Security max-age=31536000 always; location / { return 200; } }' >site.conf
    nginx_start site.conf
}

# "VERSION SUITE", and whose order counts, as we and nmap say it. nmap writes TLS_AKE_ in TLS 1.3.
cat >ours.py <<'EOF'
import json, sys

for protocol in json.load(sys.stdin)["hosts"][0]["facts"]["tls_offers"]["protocols"]:
    for suite in protocol["suites"]:
        print(protocol["version"].replace("TLSv1.0", "TLSv1"), suite["name"])
    if protocol["order"]:
        print(protocol["version"], protocol["order"])
EOF
cat >nmaps.py <<'EOF'
import re, sys

version = None
for line in sys.stdin:
    found = re.match(r"\|[ _]+(SSLv3|TLSv1\.\d):", line)
    version = found.group(1).replace("TLSv1.0", "TLSv1") if found else version
    found = re.match(r"\|[ _]+(TLS_\w+) ", line)
    if found:
        print(version, found.group(1).replace("TLS_AKE_WITH_", "TLS_"))
    found = re.match(r"\|[ _]+cipher preference: (server|client)", line)
    if found:
        print(version, found.group(1))
EOF

# compare WHAT [ARGUMENT...]: the same suites in every version, and the same order counts; so does each of them alone
# for s_client.
compare()
{
    "$HOLDFAST" check shop.test "${@:2}" --no-http --no-www --tls --json --cafile root.pem \
        --fail-on never --connect-to "shop.test:443:127.0.0.1:$port" >facts.json
    python3 ours.py <facts.json | sort >ours
    nmap -Pn -p "$port" --script ssl-enum-ciphers 127.0.0.1 | python3 nmaps.py | sort >nmaps
    [ -s nmaps ] || fail "$1: nmap finds nothing"
    expect_equal '' "$(diff ours nmaps)" "$1: nmap beside ours"
    python3 "$SOURCE_DIR/tests/lib/schema.py" check <facts.json >schema.out 2>&1 ||
        fail "$1: $(<schema.out)"
}

# Every suite of TLS 1.2 that this OpenSSL has, one after the other.
compare_openssl()
{
    local name standard
    while read -r standard name; do
        ! openssl s_client -connect "127.0.0.1:$port" -tls1_2 -cipher "$name:@SECLEVEL=0" </dev/null >/dev/null 2>&1 ||
            printf 'TLSv1.2 %s\n' "$standard"
    done < <(openssl ciphers -stdname 'ALL:eNULL:@SECLEVEL=0' | awk '$4 != "TLSv1.3" { print $1, $3 }') | sort >openssls
    expect_equal '' "$(diff openssls <(grep '^TLSv1.2 TLS_' ours))" 'openssl s_client beside ours'
}

serve ec
compare 'the defaults of nginx'
compare_openssl
out=$(see shop.test --tls)
expect_text out 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'
expect_text out 'browsers get'
expect_no_text out 'warning tls-'

# The best of three, for other tests run beside it.
best=60000
for _ in 1 2 3; do
    now=$(date +%s%N)
    see shop.test --tls --no-preload >/dev/null
    took=$((($(date +%s%N) - now) / 1000000))
    [ "$took" -ge "$best" ] || best=$took
done
[ "$best" -lt 1000 ] || fail "it took $best ms"

serve rsa 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers "ALL:eNULL:@SECLEVEL=0"; ssl_prefer_server_ciphers on;' \
    'ssl_dhparam small.pem;'
compare 'everything that OpenSSL has'
out=$(see shop.test --tls --fail-on never)
for text in 'info tls-old-version' 'warning tls-broken-cipher' 'warning tls-small-group' 'DH 1024 bits' "the server's order"; do
    expect_text out "$text"
done
serve rsa 'ssl_protocols TLSv1.2; ssl_ciphers "AES128-GCM-SHA256:AES256-SHA"; ssl_prefer_server_ciphers on;'
compare 'no forward secrecy'
out=$(see shop.test --tls)
expect_text out 'warning tls-no-forward-secrecy'
expect_text out 'Chrome gets TLSv1.2, TLS_RSA_WITH_AES_128_GCM_SHA256'
expect_text out 'info tls-without-13'

# A group that Firefox alone offers, and two of which Chrome has the second.
serve ec 'ssl_ecdh_curve secp521r1;'
expect_exit 1 see shop.test --json
expect_text out '"id": "tls-cipher"'
expect_text out 'Chrome refuses it (ERR_SSL_VERSION_OR_CIPHER_MISMATCH), Firefox accepts it'
for case in '0 firefox' '1 chromium'; do
    expect_exit "${case% *}" "$HOLDFAST" visit --as "${case#* }" --no-store --cafile root.pem \
        --connect-to "shop.test:443:127.0.0.1:$port" https://shop.test/
done
serve ec 'ssl_ecdh_curve secp521r1:secp384r1;'
expect_exit 0 see shop.test
expect_no_text out tls-cipher

# A server that serves one connection at a time, and never answers HEAD.
port=$(free_port)
openssl s_server -accept "127.0.0.1:$port" -cert ec.pem -cert_chain intermediate.pem -key ec.key -www -quiet -serverpref \
    -cipher ECDHE+AESGCM:ECDHE+SHA256 >server.log 2>&1 &
servers+=($!)
wait_for "$port"
compare 'openssl s_server' --timeout 4
[ "$(wc -l <ours)" -ge 8 ] || fail 'not much is found at openssl s_server'

expect_exit 2 "$HOLDFAST" check shop.test --tls --depth standard
finish
