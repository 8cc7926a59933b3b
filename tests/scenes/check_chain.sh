#!/usr/bin/env bash
# A server that leaves out an intermediate: it is named, fetched from where the certificate says, and the whole chain is
# written; served by nginx, check and curl accept it. The CA's server is on loopback, and does odd things too.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
need curl
need python3
authority
# The certificates of two levels, each of which says where its issuer's lies.
request middle 'Test middle'
sign middle intermediate '1 year ago' '1 year' basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign \
    'authorityInfoAccess=caIssuers;URI:http://aia.test/intermediate.p7c'
# leaf FILE PATH: whose certificate names http://aia.test/PATH
leaf()
{
    request "$1" "$1.test"
    sign "$1" "${3:-middle}" '1 hour ago' '60 days' "subjectAltName=DNS:$1.test" basicConstraints=critical,CA:FALSE \
        extendedKeyUsage=serverAuth "authorityInfoAccess=caIssuers;URI:http://aia.test/$2"
}
names='good pem far endless silent loop missing junk other inside'
leaf good middle.der
leaf pem middle.pem
leaf far to/http://far.test/middle.der
leaf endless endless.der
leaf silent silent.der
leaf loop loop.der
leaf missing missing.der
leaf junk junk.der
leaf other other.der
leaf inside to/http://127.0.0.1/middle.der

mkdir aia
openssl x509 -in middle.pem -outform DER -out aia/middle.der
cp middle.pem aia/middle.pem
openssl crl2pkcs7 -nocrl -certfile intermediate.pem -outform DER -out aia/intermediate.p7c
printf 'not a certificate' >aia/junk.der
openssl x509 -in root.pem -outform DER -out aia/other.der
aia=$(free_port)
: >asked
python3 "$SOURCE_DIR/tests/lib/aia_server.py" "$aia" asked aia &
servers+=($!)
wait_for "$aia"

# Served: each leaf alone; whole.test with what was written.
site() # NAME CHAIN KEY
{
    printf 'server { listen 127.0.0.1:%s ssl; server_name %s; ssl_certificate %s; ssl_certificate_key %s;\n' "$port" \
        "$1" "$PWD/$2" "$PWD/$3"
    printf '%s\n' "add_header Strict-Transport-Security 'max-age=31536000' always; location / { return 200 hello; } }"
}
port=$(free_port)
for name in $names; do site "$name.test" "$name.pem" "$name.key"; done >nginx.http
nginx_start nginx.http
look() # CODE NAME ARGUMENT...
{
    local code=$1 name=$2
    shift 2
    expect_exit "$code" timeout 60 "$HOLDFAST" check "$name.test" --no-http --no-www --depth standard --cafile root.pem \
        --connect-to "$name.test:443:127.0.0.1:$port" --connect-to "aia.test:80:127.0.0.1:$aia" \
        --connect-to "far.test:80:127.0.0.1:$aia" "$@"
}

# -- Without the option nobody is asked, and the missing certificate is named all the same.
look 1 good
expect_text out 'error cert-missing-intermediate'
flat=$(tr -s ' \n' ' ' <<<"$out")
expect_text flat 'CN=good.test was signed by CN=Test middle (key identifier '
expect_text flat 'which was not sent and is not in the trust store; some browsers may fetch it from http://aia.test/middle.der'
look 1 good --write-chain full.pem
expect_text err 'nothing is written: the certificate of CN=Test middle is missing: --fetch-aia asks for it at http://aia.test/middle.der'
[ ! -e full.pem ] || fail 'a chain was written that is not whole'
expect_equal '' "$(cat asked)" 'requests without --fetch-aia'

# -- With it both levels are found, from DER and from PKCS #7, and the chain is written: the leaf first, no root.
cat good.pem middle.pem intermediate.pem >wanted.pem
look 1 good --fetch-aia --write-chain full.pem
expect_equal '/middle.der /intermediate.p7c' "$(tr '\n' ' ' <asked | sed 's/ $//')" 'what was asked for'
expect_text out 'http://aia.test/middle.der: 1 certificate, DER'
expect_text out 'http://aia.test/intermediate.p7c: 1 certificate, PKCS #7'
expect_text out 'written to'
expect_exit 0 cmp full.pem wanted.pem
look 1 pem --fetch-aia --json
expect_text out '"form": "PEM"'
printf '%s' "$out" >document
expect_exit 0 python3 -c '
import json, sys
mended = json.load(sys.stdin)["hosts"][0]["facts"]["mended"]
assert [c["subject"] for c in mended["chain"]] == ["CN=pem.test", "CN=Test middle", "CN=Test intermediate"], mended
assert mended["errors"] == [] and mended["written"] is None and mended["why_not"] is None' <document
if python3 -c 'import jsonschema' 2>/dev/null; then
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <document
fi
look 1 far --fetch-aia --write-chain far.full
expect_exit 0 openssl verify -CAfile root.pem -untrusted far.full far.pem

# -- What was written is what every client accepts: check, curl, and the judge of files.
kill "${servers[1]}"
wait "${servers[1]}" 2>/dev/null
site good.test full.pem good.key >nginx.http
nginx_start nginx.http
look 0 good
expect_no_text out 'chain-'
expect_no_text out 'cert-'
curled()
{
    curl -sS --cacert root.pem --connect-to "good.test:443:127.0.0.1:$port" https://good.test/
}
expect_exit 0 curled
expect_equal hello "$out" 'what curl gets'
chmod 600 good.key
expect_exit 0 "$HOLDFAST" check --cafile root.pem --chain full.pem --key good.key --for good.test --fail-on info
: >asked
look 0 good --fetch-aia --write-chain again.pem
expect_exit 0 cmp again.pem full.pem
expect_equal '' "$(cat asked)" 'requests for a chain that is whole'

# -- Needless and expired copies are left out, the order is made right.
request cross 'Test root'
openssl req -new -key root.key -subj '/CN=Test root' -out cross.csr
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout older.key -out older.pem -days 3650 \
    -subj '/CN=Older root' -addext keyUsage=critical,keyCertSign 2>older.log
sign cross older '2 years ago' '1 day ago' basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign
cat good.pem intermediate.pem middle.pem cross.pem good.pem root.pem >mess.pem
expect_exit 0 "$HOLDFAST" check --cafile root.pem --chain mess.pem --for good.test --write-chain tidy.pem --quiet
expect_exit 0 cmp tidy.pem wanted.pem

# -- A CA's server that is of no use: said, bounded, and nothing is written.
useless() # NAME TEXT
{
    rm -f none.pem
    expect_exit 1 timeout 60 "$HOLDFAST" check --chain "$1.pem" --cafile root.pem --fetch-aia --write-chain none.pem \
        --timeout 2 --connect-to "aia.test:80:127.0.0.1:$aia" "${@:3}"
    flat=$(tr -s ' \n' ' ' <<<"$out")
    expect_text flat "$2"
    expect_text err 'nothing is written: '
    [ ! -e none.pem ] || fail "a chain was written for $1"
}
useless endless 'the answer is longer than 262144 octets'
useless silent 'no complete response head came in time'
useless loop 'more than 3 redirects'
useless missing 'the answer has status 404'
useless junk 'the answer is not a certificate: '
useless other 'http://aia.test/other.der: 1 certificate, DER'
useless inside 'private network' --no-private
expect_exit 4 "$HOLDFAST" check --chain silent.pem --cafile root.pem --fetch-aia --write-chain none.pem --timeout 1 \
    --connect-to "aia.test:80:127.0.0.1:$aia" --fail-on never -q
expect_exit 1 "$HOLDFAST" check --chain missing.pem --cafile root.pem --fetch-aia --write-chain none.pem \
    --connect-to "aia.test:80:127.0.0.1:$aia" --fail-on never -q

# -- A whole chain that browsers would refuse all the same is not written.
expect_exit 1 "$HOLDFAST" check --chain full.pem --cafile root.pem --for other.test --write-chain none.pem -q
expect_text err 'browsers would refuse the whole chain too'
expect_exit 1 "$HOLDFAST" check --chain full.pem --cafile root.pem --at 2030-01-01T00:00:00Z --write-chain none.pem -q
[ ! -e none.pem ] || fail 'a chain was written that browsers refuse'

# -- No file is lost.
sha256sum full.pem root.pem good.key >before
for file in full.pem ./full.pem root.pem good.key; do
    expect_exit 2 "$HOLDFAST" check --chain full.pem --key good.key --cafile root.pem --write-chain "$file"
    expect_text err 'name another file'
done
expect_exit 2 "$HOLDFAST" check --chain full.pem --cafile root.pem --write-chain /dev/null
expect_exit 2 "$HOLDFAST" check --chain full.pem --cafile root.pem --write-chain nosuch/folder.pem
expect_exit 2 "$HOLDFAST" check a.test b.test --write-chain none.pem
expect_exit 0 sha256sum --quiet -c before
expect_exit 0 bash -c '"$HOLDFAST" check --help | grep -q "this asks a third party"'
finish
