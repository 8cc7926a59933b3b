#!/usr/bin/env bash
# What people asked of other tools, and did not get: docs/complaints.md has the list, and the names of the functions
# below are its numbers. What another test holds is not repeated here.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
word=x$(od -An -N3 -tx1 /dev/urandom | tr -d ' ')
year='max-age=31536000; includeSubDomains'
any='location / { return 200 x; }'

# A CA that ends in five days, and one that has years.
request soon "Soon over"
sign soon root '1 year ago' '5 days' 'basicConstraints=critical,CA:TRUE' 'keyUsage=critical,keyCertSign'

# issue_by CA FILE NAMES [FROM UNTIL]
issue_by()
{
    request "$2" "${3%%,*}"
    sign "$2" "$1" "${4:-1 hour ago}" "${5:-60 days}" "subjectAltName=DNS:${3//,/,DNS:}" \
        'basicConstraints=critical,CA:FALSE' 'extendedKeyUsage=serverAuth'
    cat "$2.pem" "$1.pem" >"$2.full"
}

# tls_server NAME ADDRESS FILE LINE...: a server block of nginx on $port
tls_server()
{
    printf 'server { listen %s:%s ssl; server_name %s; ssl_certificate %s.full; ssl_certificate_key %s.key; %s }\n' \
        "$2" "$port" "$1" "$PWD/$3" "$PWD/$3" "${*:4}"
}

# explains VALUE TEXT...: the header has an error, and each TEXT is said of it
explains()
{
    expect_exit 1 "$HOLDFAST" header --fail-on error "$1"
    shift
    for text in "$@"; do
        expect_text out "$text"
    done
}

n1() { explains 'max-age==31536000' 'must be followed by' 'offset 7'; }

n2()
{
    explains 'junk max-age=31536000' 'browsers ignore this header' 'offset 5'
    expect_exit 0 "$HOLDFAST" header --fail-on error 'max-age=2588371200'
    expect_text out '82 years'
}

n3() { explains 'max-age=31536000; include SubDomains' 'did you mean includeSubDomains?' '^~~~~~~~~~'; }

n5()
{
    expect_exit 0 "$HOLDFAST" header --fail-on error 'max-age=31536000; unexpected="5"; foo'
    expect_text out 'an unknown directive, ignored'
}

n8()
{
    explains 'max-age=1; max-age=31536000' 'max-age appears more than once'
    expect_exit 0 "$HOLDFAST" header 'max-age=0'
    expect_text out 'the host is forgotten'
}

n11()
{
    expect_exit 1 "$HOLDFAST" header --fail-on warning 'max-age=86400; preload'
    expect_text out 'preload has no effect: the list asks for a max-age of at least 31536000'
    expect_text out 'preload has no effect: the list asks for includeSubDomains too'
}

# The header that is written holds what was asked for.
n28()
{
    expect_exit 0 "$HOLDFAST" header --build max-age=1y,include-subdomains
    expect_equal 'max-age=31536000; includeSubDomains' "$out" 'the header that is written'
}

# One site for the rest: a chain that ends soon, a redirect to an expired host, and one address that has another chain.
port=$(free_port)
http_port=$(free_port)
good=$word.test brief=brief.$word.test soon=soon.$word.test far=far.$word.test two=two.$word.test
issue_by intermediate good "$good,$brief"
issue_by soon short "$soon"
issue_by intermediate gone "$far" '60 days ago' '2 days ago'
issue_by intermediate first "$two" '1 hour ago' '20 days'
issue_by intermediate second "$two" '1 hour ago' '50 days'
{
    tls_server "$good" 127.0.0.1 good "location = / { return 302 https://$far/; }"
    tls_server "$brief" 127.0.0.1 good "add_header Strict-Transport-Security max-age=86400 always; $any"
    tls_server "$soon" 127.0.0.1 short "add_header Strict-Transport-Security '$year' always; $any"
    tls_server "$far" 127.0.0.1 gone "add_header Strict-Transport-Security '$year' always; $any"
    tls_server "$two" 127.0.0.1 first "add_header Strict-Transport-Security '$year' always; $any"
    tls_server "$two" 127.0.0.2 second "add_header Strict-Transport-Security '$year' always; $any"
    printf 'server { listen 127.0.0.1:%s; location / { return 200 x; } }\n' "$http_port"
} >site
nginx_start site

# A gate: the build fails on a max-age that is too low, and on nothing else.
n6()
{
    expect_exit 1 see "$brief" --fail-on hsts-short
    expect_exit 0 see "$soon" --fail-on hsts-short
}

# The hop without the header is named: the answer of the host itself, not the one at the end.
n4()
{
    see "$good" --connect-to "$far:443:127.0.0.1:$port" --json --fail-on never >document
    expect_equal "https://$good/" "$(finding hsts-missing url)" 'where the header is missing'
}

n14()
{
    see "$soon" --json --fail-on never >document
    expect_equal "https://$soon/" "$(finding cert-issuer-expires-soon url)" 'where the issuer ends soon'
}

# The same answer in whatever order the addresses come, and it is the earlier end.
n15()
{
    local order ends=()
    for order in 127.0.0.1,127.0.0.2 127.0.0.2,127.0.0.1 127.0.0.1,127.0.0.2; do
        "$HOLDFAST" check "$two:$port" --no-http --no-www --cafile root.pem --json --fail-on never \
            --resolve "$two:$port:$order" >document
        ends+=("$(jq_ '["hosts"][0]["verdict"]["certificate_until"]')")
    done
    expect_equal "${ends[0]} ${ends[0]}" "${ends[1]} ${ends[2]}" 'the end in other orders'
    expect_equal "$(date -u -d '20 days' +%Y-%m-%d)" "${ends[0]%%T*}" 'the end'
}

n16()
{
    see "$good" --connect-to "$far:443:127.0.0.1:$port" --json --fail-on never >document
    expect_equal "https://$far/" "$(finding cert-expired url)" 'where the certificate is expired'
}

# A host that is preloaded does not redirect: that is still told.
n13()
{
    printf '%s\t1\n' "$soon" >list
    "$HOLDFAST" preload compile --source Test --date "$(date -u +%F)" list list.img >compiled || fail 'no image'
    see_all "$soon" --no-www --preload list.img --json --fail-on never >document
    expect_equal "http://$soon/" "$(finding http-no-redirect url)" 'where nothing redirects'
}

# SNI, address and port, each by itself.
n22()
{
    "$HOLDFAST" probe "$soon" --connect-to "$soon:443:127.0.0.1:$port" --cafile root.pem --jsonl >document
    expect_equal "$(openssl x509 -in short.pem -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f)" \
        "$(jq_ '["tls"]["certificate"]["sha256"]')" 'the certificate at that address'
}

# jq_ PATH: a value of the document
jq_()
{
    python3 -c 'import json, sys; print(eval("json.load(open(\"document\"))" + sys.argv[1]))' "$1"
}

# finding ID MEMBER: of the first finding with that id
finding()
{
    python3 - "$@" <<'EOT'
import json, sys
found = [f for h in json.load(open("document"))["hosts"] for f in h["findings"] if f["id"] == sys.argv[1]]
print(found[0][sys.argv[2]] if found else "no finding")
EOT
}

for number in $(declare -F | sed -n 's/^declare -f n\([0-9]*\)$/\1/p' | sort -n); do
    before=$failures
    "n$number"
    [ "$failures" = "$before" ] || printf 'of complaint %s\n' "$number"
done
finish
