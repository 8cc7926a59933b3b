#!/usr/bin/env bash
# What the DNS says of names: a real DNS server (NSD) beside the JSON of check; then the lab's DNS server beside drill.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nsd
need drill
dns=$(free_port)
cat >zone <<'EOT'
$ORIGIN nsd.test.
$TTL 300
@ SOA ns root 1 3600 600 86400 30
@ NS ns
ns A 127.0.0.1
@ A 127.0.0.1
@ A 127.0.0.2
@ 60 AAAA ::1
@ CAA 0 issue "ca.test; account=1"
@ CAA 128 tbs "x"
@ HTTPS 1 . alpn=h3,h2 ipv4hint=127.0.0.1 ipv6hint=::1 ech="AAA=" key65280="ab"
@ HTTPS 2 other.test. port=8443 no-default-alpn alpn=h2 mandatory=alpn,port
_8443._https HTTPS 0 alias.nsd.test.
www CNAME alias
alias CNAME @
gone CNAME nobody
deep.er.below A 127.0.0.1
EOT
cat >nsd.conf <<EOT
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
 name: "nsd.test"
 zonefile: "zone"
EOT
nsd -d -c "$PWD/nsd.conf" &
servers+=($!)
wait_for "$dns"

cat >get.py <<'EOT'
import json, sys
name = json.load(open("document"))["hosts"][0]["facts"]["names"][int(sys.argv[1])]
print(json.dumps(eval(sys.argv[2], {"name": name}), sort_keys=True))
EOT
get()
{
    python3 get.py "$@"
}
look()
{
    "$HOLDFAST" check "$@" --dns "127.0.0.1:$dns" --timeout 6 --json --fail-on never >document
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <document
    printf '%s' "$out"
}

look nsd.test
expect_equal '["127.0.0.1", "127.0.0.2"]' "$(get 0 'sorted(a["address"] for a in name["a"]["addresses"])')" 'A records'
expect_equal '[300, 60]' "$(get 0 '[name["a"]["addresses"][0]["ttl"], name["aaaa"]["addresses"][0]["ttl"]]')" 'TTLs'
expect_equal '["answered", "nsd.test"]' "$(get 0 '[name["caa"]["status"], name["caa"]["at"]]')" 'where CAA is'
expect_equal '[[0, "issue", "ca.test; account=1"], [128, "tbs", "x"]]' \
    "$(get 0 'sorted([r["flags"], r["tag"], r["value"]] for r in name["caa"]["records"])')" 'CAA records'
expect_equal '[1, ".", ["h3", "h2"], null, ["127.0.0.1"], ["::1"], true, [{"key": "key65280", "value": "6162"}], null]' \
    "$(get 0 '[[r[k] for k in ("priority", "target", "alpn", "port", "ipv4hint", "ipv6hint", "ech", "unknown", "fault")] for r in name["https"]["records"] if r["priority"] == 1][0]')" 'the first HTTPS record'
expect_equal '["other.test", 8443, true, ["alpn", "port"]]' \
    "$(get 0 '[[r["target"], r["port"], r["no_default_alpn"], r["mandatory"]] for r in name["https"]["records"] if r["priority"] == 2][0]')" 'the second'
# www of a registrable domain is asked for, too; nsd.test is one.
expect_equal '[["www.nsd.test", "alias.nsd.test"], ["alias.nsd.test", "nsd.test"]]' \
    "$(get 1 '[[a["from"], a["to"]] for a in name["aliases"]]')" 'aliases of www'
look deep.er.below.nsd.test
expect_equal '["no-data", "answered", "nsd.test"]' "$(get 0 '[name["aaaa"]["status"], name["caa"]["status"], name["caa"]["at"]]')" 'CAA of a name above'
expect_equal '"no-data"' "$(get 0 'name["https"]["status"]')" 'no HTTPS record'
look nsd.test:8443
expect_equal '["_8443._https.nsd.test", 0, "alias.nsd.test"]' \
    "$(get 0 '[name["https"]["name"]] + [name["https"]["records"][0][k] for k in ("priority", "target")]')" \
    'the HTTPS record of another port'
look foreign.example
expect_equal '["refused", "refused", "refused", "refused"]' "$(get 0 \
    '[name[k]["status"] for k in ("a", "aaaa", "caa", "https")]')" 'a foreign name'
look gone.nsd.test
expect_equal '["name-unknown", "name-unknown"]' "$(get 0 '[name[k]["status"] for k in ("a", "aaaa")]')" \
    'a dangling alias'
expect_exit 1 "$HOLDFAST" check gone.nsd.test --dns "127.0.0.1:$dns"
expect_text out 'error dns-dangling: '
expect_text out 'gone.nsd.test is a CNAME to nobody.nsd.test'

# Where the address does not come from the DNS, nobody is asked, unless a server was given.
closed=$(free_port)
expect_exit 1 "$HOLDFAST" check nsd.test --no-http --no-www --connect-to "::127.0.0.1:$closed" --json
printf '%s' "$out" >document
expect_equal '[false, "route"]' "$(get 0 '[name["asked"], name["unasked"]]')" 'a name that is led elsewhere'
expect_exit 1 "$HOLDFAST" check "127.0.0.1:$closed" --dns "127.0.0.1:$dns" --json
printf '%s' "$out" >document
expect_equal '[false, "address"]' "$(get 0 '[name["asked"], name["unasked"]]')" 'an address'
expect_exit 1 "$HOLDFAST" check nsd.test --no-http --no-www --connect-to "::127.0.0.1:$closed" --dns "127.0.0.1:$dns" \
    --depth standard --json
expect_text out '"names": null'
# -- The lab's DNS server, beside drill --
: >served
"$HOLDFAST" lab --json >served &
servers+=($!)
for ((i = 0; i < 100; i++)); do
    grep -q "^}" served && break
    sleep 0.05
done
at=$(sed -n 's/.*"dns": "127.0.0.1:\(.*\)",/\1/p' served)
# ask NAME TYPE: code, then what is in the answer, without names and TTLs.
ask()
{
    drill -p "$at" @127.0.0.1 "$@" | tr '\t' ' ' | sed -n 's/.*rcode: \([A-Z]*\),.*/\1/p; /^;; ANSWER/,/^$/s/^[^;][^ ]* 60 IN //p' | tr '\n' ';'
}
expect_equal 'NOERROR;A 127.0.0.1;A 127.0.0.2;' "$(ask addresses.lab.test A)" 'A records of the lab'
expect_equal 'NOERROR;AAAA ::1;' "$(ask addresses.lab.test AAAA)" 'AAAA records of the lab'
expect_equal 'NOERROR;CNAME good.lab.test.;A 127.0.0.1;' "$(ask alias.lab.test A)" 'an alias of the lab'
expect_equal 'NXDOMAIN;CNAME gone.lab.test.;' "$(ask dangling.lab.test A)" 'a dangling alias of the lab'
expect_equal 'NXDOMAIN;' "$(ask unknown.lab.test A)" 'an unknown name'
expect_equal 'NOERROR;' "$(ask lab.test A)" 'a name that only has others below it'
expect_equal 'SERVFAIL;' "$(ask half.lab.test AAAA)" 'SERVFAIL'
expect_equal 'REFUSED;' "$(ask record-refused.lab.test TYPE65)" 'REFUSED'
expect_equal 'REFUSED;' "$(ask example.com A)" 'a name that is not of the lab'
expect_equal 'NOERROR;CAA 0 issue ";";' "$(ask caa-forbids.lab.test CAA)" 'CAA of the lab'
expect_equal 'NOERROR;HTTPS 0 good.lab.test.;' "$(ask record-alias.lab.test TYPE65)" 'an HTTPS alias of the lab'
expect_equal 'NOERROR;HTTPS 1 . port=8443;' "$(ask record-port.lab.test TYPE65)" 'an HTTPS record of the lab'
expect_equal 'NOERROR;A 127.0.0.1;' "$(ask -t truncated.lab.test A)" 'TCP'
drill -u -p "$at" @127.0.0.1 truncated.lab.test A >said
expect_equal 1 "$(grep -c 'flags: qr aa tc' said)" 'the flag of a truncated answer'
finish
