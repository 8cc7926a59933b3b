#!/usr/bin/env bash
# nginx, misconfigured as it is in the wild: chains, stapling, old TLS, several addresses, hosts that it does not know,
# private roots.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
need python3
authority
leaf='basicConstraints=critical,CA:FALSE'
# issue_with FILE NAME ISSUER EXTENSION...: signed below an authority of your choice
issue_with()
{
    local file=$1 name=$2 issuer=$3
    shift 3
    request "$file" "$name"
    sign "$file" "$issuer" '1 hour ago' '60 days' "subjectAltName=DNS:$name" "$leaf" "$@"
    cat "$file.pem" intermediate.pem >"$file.full"
}
request lower 'Test lower'
sign lower intermediate '1 year ago' '1 year' 'basicConstraints=critical,CA:TRUE' 'keyUsage=critical,keyCertSign'
issue good good.test
issue expired good.test '90 days ago' '1 day ago'
issue_with order order.test lower
cat order.pem intermediate.pem lower.pem >order.full
issue_with twice twice.test intermediate
cat twice.pem twice.pem intermediate.pem >twice.full
issue_with anchor anchor.test intermediate
cat anchor.pem intermediate.pem root.pem >anchor.full
issue_with gap gap.test intermediate
issue_with must must.test intermediate tlsfeature=status_request
issue_with stapled stapled.test intermediate tlsfeature=status_request \
    'authorityInfoAccess=OCSP;URI:http://ocsp.test/,caIssuers;URI:http://ca.test/i.der' \
    crlDistributionPoints=URI:http://ca.test/i.crl \
    1.3.6.1.4.1.11129.2.4.2=DER:04:08:00:06:00:01:41:00:01:42
issue_with revoked revoked.test intermediate
issue_with stale stale.test intermediate
openssl req -x509 -newkey rsa:2048 -nodes -keyout cipher.key -out cipher.full -days 30 -subj /CN=cipher.test \
    -addext subjectAltName=DNS:cipher.test 2>cipher.log || { cat cipher.log; exit 1; }

# The responder is openssl itself, on the index of the authority that issued.
respond()
{
    openssl ocsp -index index.txt -CA intermediate.pem -rsigner intermediate.pem -rkey intermediate.key -issuer \
        intermediate.pem \
        -cert "$1.pem" -respout "$1.ocsp" "${@:2}" >"$1.log" 2>&1 || { cat "$1.log"; exit 1; }
}
openssl ca -config ca.cnf -cert intermediate.pem -keyfile intermediate.key -revoke revoked.pem -crl_reason \
    keyCompromise 2>revoke.log ||
    { cat revoke.log; exit 1; }
respond stapled -ndays 7
respond revoked -ndays 7
respond stale -nmin 1

port=$(free_port)
old=$(free_port)
clear=$(free_port)
# server NAME FILE LINE...
server()
{
    printf 'server { listen 127.0.0.1:%s ssl; server_name %s; ssl_certificate %s; ssl_certificate_key %s;\n' "$port" \
        "$1" \
        "$PWD/$2" "$PWD/${2%.*}.key"
    printf '%s\n' "${@:3}" "add_header Strict-Transport-Security 'max-age=31536000; includeSubDomains' always;" \
        'location / { return 200 hello; } }'
}
staple()
{
    printf 'ssl_stapling on; ssl_stapling_file %s;\n' "$PWD/$1.ocsp"
}
{
    server good.test good.full
    server order.test order.full
    server twice.test twice.full
    server anchor.test anchor.full
    server gap.test gap.pem
    server must.test must.full
    server stapled.test stapled.full "$(staple stapled)"
    server revoked.test revoked.full "$(staple revoked)"
    server stale.test stale.full "$(staple stale)"
    printf 'server { listen 127.0.0.2:%s ssl; ssl_certificate %s; ssl_certificate_key %s; return 200 hello; }\n' \
        "$port" \
        "$PWD/expired.full" "$PWD/expired.key"
    printf 'server { listen 127.0.0.1:%s ssl; ssl_certificate %s; ssl_certificate_key %s; ssl_protocols TLSv1; ssl_ciphers DEFAULT:@SECLEVEL=0; access_log %s; return 200 old; }\n' \
        "$old" "$PWD/good.full" "$PWD/good.key" "$PWD/old.access"
    printf 'server { listen 127.0.0.1:%s ssl; server_name cipher.test; ssl_certificate %s; ssl_certificate_key %s; ssl_protocols TLSv1.2; ssl_ciphers AES128-SHA256; return 200 old; }\n' \
        "$port" "$PWD/cipher.full" "$PWD/cipher.key"
    printf 'server { listen 127.0.0.1:%s; listen 127.0.0.4:%s; server_name good.test; return 301 https://good.test:%s/; }\n' \
        "$clear" "$clear" "$port"
    printf 'server { listen 127.0.0.2:%s; return 200 hello; }\n' "$clear"
} >sites
nginx_start sites

# fact EXPRESSION: of the JSON in `document`; `tls` is that of the first exchange over HTTPS
fact()
{
    python3 -c '
import json, sys
host = json.load(open("document"))["hosts"][0]
tls = host["facts"]["https"]["hops"][0]["exchange"]["tls"]
print(eval(sys.argv[1]))' "$1"
}
see_json()
{
    see "$@" --json --fail-on never >document
}

# The report in one line, for its lines are wrapped.
expect_words()
{
    local words
    words=$(tr -s ' \n' '  ' <<<"$out" | tr -s ' ')
    expect_text words "$1"
}

# -- Chains
expect_exit 0 see order.test
expect_text out 'warning chain-order'
expect_words 'number 2, CN=Test intermediate; number 3, CN=Test lower'
see_json order.test
expect_equal "['leaf', 'out-of-order', 'out-of-order']" "$(fact '[c["place"] for c in tls["certificates"]]')" \
    'the places'
expect_equal '[0, 2, 1, -1]' "$(fact '[link["sent"] for link in tls["path"]]')" 'where the path came from'
expect_exit 0 see twice.test
expect_text out 'warning chain-duplicate'
expect_exit 0 see anchor.test
expect_text out 'info chain-root-sent'
expect_exit 1 see gap.test
expect_text out 'error cert-missing-intermediate'
# A store that has it hides the fault from this machine alone.
cp root.pem only-root.pem
cat intermediate.pem >>root.pem
expect_exit 0 see gap.test
expect_text out 'warning chain-incomplete'
expect_exit 0 see gap.test --also-trust "phone=only-root.pem"
expect_text out 'warning store-refuses'
expect_text out 'phone: issuer-missing'
cp only-root.pem root.pem
expect_exit 0 see good.test --also-trust phone=only-root.pem --also-name www.good.test --also-name GOOD.test
expect_text out 'phone: trusts it'
expect_words 'www.good.test is not among the names of CN=good.test'
expect_no_text out 'GOOD.test is none'
for bad in phone '=x' 'phone=' phone=/no/such/file "phone=$PWD/sites"; do
    expect_exit 2 see good.test --also-trust "$bad"
    expect_text err '--also-trust'
done
expect_exit 2 see good.test --public-roots /no/such/folder
expect_text err '--public-roots'

# -- Stapling
expect_exit 1 see must.test
expect_text out 'error staple-missing'
expect_exit 0 see stapled.test
expect_no_text out staple-
out=$(tr -s ' ' <<<"$out")
expect_text out 'OCSP staple good'
see_json stapled.test
expect_equal "True 2 ['http://ocsp.test/'] ['http://ca.test/i.der'] ['http://ca.test/i.crl']" \
    "$(fact '" ".join(str(tls["certificates"][0][k]) for k in ("must_staple", "scts", "ocsp_urls", "issuer_urls", "crl_urls"))')" 'what the certificate promises'
fact 'tls["staple"]["der"]' | base64 -d | cmp - stapled.ocsp || fail 'the staple is not the one that was sent'
fact 'tls["certificates"][0]["der"]' | base64 -d | cmp - <(openssl x509 -in stapled.pem -outform der) ||
    fail 'the certificate is not the one that was sent'
expect_exit 1 see revoked.test
expect_text out 'error cert-revoked'
expect_words 'reason keyCompromise'
expect_exit 0 see stale.test --at "$(date -d '1 hour' +%s)"
expect_text out 'warning staple-fault'
expect_words 'its time is over'

# -- What browsers refuse; a visit gets no further than they.
expect_exit 1 see cipher.test
expect_text out 'error tls-cipher'
expect_text out 'AES128-SHA256'
new=$port port=$old
expect_exit 1 see good.test --depth standard
expect_text out 'error tls-version'
expect_text out 'TLSv1 '
expect_text out 'No visitor can connect: browsers refuse the TLS of this server (TLSv1'
expect_equal 1 "$(grep -c GET old.access)" 'requests that were sent'
expect_exit 1 "$HOLDFAST" visit https://good.test/ --connect-to "good.test:443:127.0.0.1:$port" --cafile root.pem \
    --store known
expect_text out '(tls-version)'
expect_equal 1 "$(grep -c GET old.access)" 'requests after the visit'
port=$new

# -- Hosts that the server does not know
expect_exit 1 see nobody.test
expect_text out 'error cert-wrong-name'
expect_text out 'warning cert-default'

# -- Every address
resolve()
{
    "$HOLDFAST" check "good.test:$port" --resolve "good.test:$port:$1" --cafile root.pem "${@:2}"
}
expect_exit 1 resolve 127.0.0.1,127.0.0.2
expect_text out 'error address-fault'
expect_text out "address 127.0.0.2:$port of good.test: expired"
expect_text out 'info address-certificate-differs'
expect_exit 0 resolve 127.0.0.1,127.0.0.3
expect_text out 'warning address-down'
expect_text out "127.0.0.3 port $port, good.test: nothing listens on the port"
expect_exit 0 resolve 127.0.0.1,127.0.0.2 --depth standard
resolve 127.0.0.1,127.0.0.2,127.0.0.3 --json --fail-on never >document
expect_equal "['127.0.0.1', '127.0.0.2', '127.0.0.3'] 3 3" \
    "$(fact '"%s %d %d" % ([e["address"] for e in host["facts"]["endpoints"]["names"][0]["endpoints"]], len(host["facts"]["endpoints"]["names"][0]["addresses"]), len(host["facts"]["endpoints"]["certificates"]))')" \
    'each address, and each certificate once'

# -- Every address over plain HTTP
clear()
{
    "$HOLDFAST" check "good.test:$port" --resolve "good.test:$port:127.0.0.1" --http-port "$clear" \
        --resolve "good.test:$clear:$1" --cafile root.pem --no-www "${@:2}"
}
expect_exit 0 clear 127.0.0.1,127.0.0.2,127.0.0.3
expect_text out 'warning address-http-differs'
expect_text out "127.0.0.2 port $clear, good.test: answers without a redirect"
expect_exit 0 clear 127.0.0.1,127.0.0.4
expect_no_text out 'address-http-differs'
clear 127.0.0.1,127.0.0.2,127.0.0.3 --json --fail-on never >document
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <document
expect_equal "[('127.0.0.1', $clear, 'https://good.test:$port/'), ('127.0.0.2', $clear, None), ('127.0.0.3', $clear, None)]" \
    "$(fact '[(e["address"], e["port"], e["to"]) for e in host["facts"]["endpoints"]["http"][0]["endpoints"]]')" \
    'each address over plain HTTP'
expect_equal "127.0.0.2 get an answer without a redirect (status 200); 127.0.0.3 get no answer (nothing listens on the port)" \
    "$(fact '"; ".join(f["proof"].split("reach ")[1].split(";")[0].replace(" over http://good.test:'"$clear"'/", "") for f in host["findings"] if f["id"] == "address-http-differs")')" \
    'what visitors of the others get'

# -- Roots of this machine alone
local_root()
{
    SSL_CERT_FILE=$PWD/root.pem SSL_CERT_DIR=$PWD/none "$HOLDFAST" check "$@" --no-http --no-www \
        --connect-to "::127.0.0.1:$port"
}
expect_exit 0 local_root anchor.test --public-roots good.pem
expect_text out 'info tls-local-root'
expect_exit 0 local_root anchor.test --public-roots root.pem
expect_no_text out 'tls-local-root'
expect_text out ', a public root'
expect_exit 0 local_root anchor.test twice.test --public-roots good.pem
expect_equal 2 "$(grep -c 'warning tls-intercepted' <<<"$out")" 'hosts that seem to be intercepted'
finish
