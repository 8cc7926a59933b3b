#!/usr/bin/env bash
# The names below a host: which of them would lose their visitors by includeSubDomains. A real estate: nginx, and nsd
# for its names.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nsd
need nginx
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
authority
issue good 'h.test,www.h.test,api.h.test,seen.h.test,gone.h.test'
issue expired 'expired.h.test' '90 days ago' '1 day ago'
issue plain 'plain.test'
port=$(free_port)
http_port=$(free_port)
closed=$(free_port)
dns=$(free_port)

cat >site <<EOT2
    log_format given '\$host \$http_authorization';
    server { listen 127.0.0.1:$port ssl default_server; server_name h.test www.h.test api.h.test seen.h.test;
        access_log $PWD/given.log given;
        ssl_certificate good.full; ssl_certificate_key good.key;
        add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
        location / { return 200 "x"; } }
    server { listen 127.0.0.1:$port ssl; server_name expired.h.test;
        ssl_certificate expired.full; ssl_certificate_key expired.key; location / { return 200 "x"; } }
    server { listen 127.0.0.1:$port ssl; server_name plain.test;
        ssl_certificate plain.full; ssl_certificate_key plain.key;
        add_header Strict-Transport-Security max-age=31536000 always; location / { return 200 "x"; } }
    server { listen 127.0.0.1:$http_port; location / { return 301 https://\$host\$request_uri; } }
    server { listen 127.0.0.1:$http_port; server_name old.h.test wiki.h.test legacy.plain.test;
        location / { return 200 "plain"; } }
EOT2
nginx_start site

cat >zone <<'EOT2'
$ORIGIN h.test.
$TTL 300
@	SOA ns root ( 1 3600 ; the serial )
	600 86400 30 )
	NS ns
@	A 127.0.0.1
ns	A 127.0.0.1
www	300 IN A 127.0.0.1
api	IN A 127.0.0.1
seen	A 127.0.0.1
expired	A 127.0.0.1
old	CNAME @
wiki	A 127.0.0.1
mail	A 127.0.0.1
alias	CNAME nobody
_dmarc	TXT "v=DMARC1; p=none"
_x._tcp	A 127.0.0.1
*.any	A 127.0.0.1
dev	NS ns.dev
ns.dev	A 127.0.0.1
EOT2
sed 's/^\$ORIGIN.*/$ORIGIN plain.test./; /^\(expired\|wiki\|old\|api\|seen\|mail\|ns.dev\|dev\)/d' zone >plain.zone
echo 'legacy A 127.0.0.1' >>plain.zone
cat >nsd.conf <<EOT2
server:
 ip-address: 127.0.0.1@$dns
 username: ""
 zonesdir: "$PWD"
 database: ""
 pidfile: "$PWD/nsd.pid"
 xfrdfile: "$PWD/xfrd.state"
 zonelistfile: "$PWD/zone.list"
 xfrdir: "$PWD"
 logfile: "$PWD/nsd.log"
 server-count: 1
remote-control:
 control-enable: no
zone:
 name: "h.test"
 zonefile: "zone"
 provide-xfr: 127.0.0.1 NOKEY
zone:
 name: "plain.test"
 zonefile: "plain.zone"
EOT2
nsd -d -c "$PWD/nsd.conf" &
servers+=($!)
wait_for "$dns"

# Where the names that there are lead to; what the DNS does not know leads nowhere.
reach=(--dns "127.0.0.1:$dns" --cafile root.pem --no-preload --timeout 6)
lead() # NAME HTTPS HTTP
{
    reach+=(--connect-to "$1:443:127.0.0.1:$2" --connect-to "$1:80:127.0.0.1:$3")
}
for name in h.test www.h.test api.h.test seen.h.test expired.h.test wiki.h.test plain.test legacy.plain.test; do
    lead "$name" "$port" "$http_port"
done
lead old.h.test "$closed" "$http_port"
for name in mail.h.test ns.h.test ns.dev.h.test ns.plain.test www.plain.test; do
    lead "$name" "$closed" "$closed"
done

look()
{
    "$HOLDFAST" check "${reach[@]}" "$@"
}
# told [HOST]: "STATE CAUSE PLAIN SOURCES" of each name, in JSON that conforms to its schema
told()
{
    look "$@" --json >document
    printf '%s ' "$?"
    python3 "$SOURCE_DIR/tests/lib/schema.py" check <document || return
    python3 -c '
import json
below = json.load(open("document"))["hosts"][0]["facts"]["subdomains"]
print(below and below["covered_by"])
for item in below["names"] if below else []:
    print(item["name"], item["state"], item["cause"] or "-", item["plain_http"], "+".join(item["sources"]), *item["refused_by"])
if below:
    print(below["passed_over"], below["outside"], below["left_out"], *[u["reason"] for u in below["unread"]], sep="|")'
}

# What is seen on the way is looked at where the policy covers it, and at full depth alone.
expect_equal "0 policy
api.h.test good - redirects certificate
gone.h.test absent name-unknown unseen certificate
seen.h.test good - redirects certificate
www.h.test good - redirects certificate
0|0|0" "$(told h.test)" 'names of the certificate'
expect_equal '0 None' "$(told h.test --depth standard)" 'nothing at standard depth'
expect_equal '0 None' "$(told plain.test --no-www)" 'nothing without a policy that covers names'

# A zone, by a file and by a transfer, says the same.
for way in zone transfer; do
    case $way in
    zone) given=(--zone zone) ;;
    transfer) given=(--axfr "127.0.0.1:$dns") ;;
    esac
    expect_equal "1 policy
alias.h.test absent name-unknown unseen $way
any.h.test wildcard - unseen $way
api.h.test good - redirects certificate+$way
dev.h.test delegated - unseen $way
expired.h.test broken expired redirects $way chromium firefox safari
gone.h.test absent name-unknown unseen certificate
mail.h.test silent connection-refused silent $way
ns.dev.h.test silent connection-refused silent $way
ns.h.test silent connection-refused silent $way
old.h.test broken connection-refused answers $way chromium firefox safari
seen.h.test good - redirects certificate+$way
wiki.h.test broken name-mismatch answers $way chromium firefox safari
www.h.test good - redirects certificate+$way
1|0|0" "$(told h.test "${given[@]}" | sed "s/certificate+$way/certificate+$way/; s/$way+certificate/certificate+$way/")" \
        "names of the $way"
done
expect_exit 1 look h.test --zone zone
expect_text out 'under includeSubDomains, of 13 names: 3 lose their visitors'
expect_text out 'old.h.test: answers over plain HTTP alone; over HTTPS: nothing listens on the port (zone)'
expect_text out 'expired.h.test: the certificate has expired (zone)'
expect_text out 'subdomain-plain-http-only'
expect_text out 'subdomain-unreachable-by-https'
expect_text out '*.any.h.test (zone)'
expect_no_text out 'alias.h.test: '
expect_exit 1 look h.test --zone zone --verbose
expect_text out 'alias.h.test: the name does not exist'

# A list, as people keep them. Those that are not below the host are counted.
printf 'Owner,Host\nAnn,https://API.h.test/x\nBo,"www.h.test:443"\nCy,elsewhere.test\nDi,*.h.test # wild\n' >names
expect_equal "0 policy
api.h.test good - redirects list+certificate
gone.h.test absent name-unknown unseen certificate
h.test wildcard - unseen list
seen.h.test good - redirects certificate
www.h.test good - redirects list+certificate
0|1|0" "$(told h.test --names names)" 'names of a list'
echo api.h.test >names
expect_exit 0 look h.test --names - <names
expect_text out 'api.h.test'
expect_exit 0 look -q h.test --names names --names names

# Before includeSubDomains is sent: what would be.
printf 'legacy.plain.test\n' >names
expect_equal "1 would
legacy.plain.test broken name-mismatch answers list chromium firefox safari
0|0|0" "$(told plain.test --no-www --names names)" 'what would be'

# What cannot be proved is unknown, and never good: a private network, silence, a resolver that fails.
printf 'api.h.test\n' >names
expect_equal "4 policy
api.h.test unknown private-address unseen list+certificate
0|0|0" "$("$HOLDFAST" check h.test --names names --dns "127.0.0.1:$dns" --cafile root.pem --no-preload --timeout 6 \
    --no-private --no-www --connect-to "h.test:443:127.0.0.1:$port" --connect-to "h.test:80:127.0.0.1:$http_port" \
    --json >document
    printf '%s ' "$?"
    python3 -c '
import json
below = json.load(open("document"))["hosts"][0]["facts"]["subdomains"]
print(below["covered_by"])
for item in below["names"]:
    if "list" in item["sources"]:
        print(item["name"], item["state"], item["cause"], item["plain_http"], "+".join(item["sources"]))
print(below["passed_over"], below["outside"], below["left_out"], sep="|")')" 'a private network'
# A transfer that is refused, of a zone that is not there, of a server that is not.
expect_exit 4 look plain.test --no-www --axfr "127.0.0.1:$dns"
expect_text out 'the zone transfer from 127.0.0.1:'
expect_text out 'subdomain-source-unread'
expect_exit 4 look plain.test --no-www --axfr "127.0.0.1:$closed"
expect_text out 'nothing listens on the port'
# A name that is no zone of its own is in that of its domain.
expect_exit 0 look www.h.test --axfr "127.0.0.1:$dns" --depth standard
expect_text out 'none of the names given is below this host'
expect_exit 4 look h.test --axfr "127.0.0.1:$http_port"
expect_text out 'not read'

# What is malformed is an error with its place, before anything is asked.
printf 'a.h.test\nb c\n' >names
expect_exit 2 look h.test --names names
expect_text err 'names: line 2: '
expect_exit 2 look h.test --names nothing-there
expect_text err 'nothing-there'
printf '@ SOA x y 1 2 3 4 5\nwww <b>\n' >bad.zone
expect_exit 2 look h.test --zone bad.zone
expect_text err "bad.zone: line 2: '<b>': the type of a record belongs here"
expect_exit 2 look h.test plain.test --zone bad.zone
expect_text err "line 1: '@': a relative name"
expect_exit 2 look h.test plain.test --zone h.test=bad.zone
expect_text err 'line 2'
expect_exit 2 look h.test --names - --zone -
expect_text err 'once'
expect_exit 2 look - --names -
expect_text err 'once'
expect_exit 2 look h.test --axfr 'a b'
expect_text err '--axfr'
echo '{"name": "h.test", "from": "2026-01-01T00:00:00Z", "sts": null}' >history
expect_exit 2 look h.test --history - --names - <history
expect_text err 'standard input'

# An answer about nothing would be read as a good one.
printf 'www\nelse.test\n' >relative
expect_exit 2 look h.test --names relative
expect_text err 'none of the 2 names is below h.test: they are written in full, as in www.h.test'
: >empty
expect_exit 2 look h.test --names empty

# What is read is not written to.
echo www.h.test >names
for option in names zone history; do
    cp "$option" kept
    expect_exit 2 look h.test "--$option" "$option" --write-chain "$option"
    expect_text err "is both --$option and --write-chain"
    expect_equal "$(cat kept)" "$(cat "$option")" "--$option behind --write-chain"
done

# Whoever a certificate or a zone names gets no header that was meant for the host, but www, which belongs to the site.
: >given.log
look h.test --zone zone --header 'Authorization: Basic c2VjcmV0' --fail-on never >report
sort -u given.log >given
expect_equal "api.h.test -
h.test Basic c2VjcmV0
seen.h.test -
wiki.h.test -
www.h.test Basic c2VjcmV0" "$(grep -v '^h.test -$' given)" 'who got the header'
finish
