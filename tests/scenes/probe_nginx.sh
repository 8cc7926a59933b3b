#!/usr/bin/env bash
# 210 hosts of one nginx, each with a certificate and a policy of its own, told apart by SNI; and hosts that fail, each
# in its way.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/farm.sh"
need openssl
hosts=210
authority
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out leaf.key 2>/dev/null
certificate() # NAME
{
    openssl req -x509 -new -key leaf.key -days $((30 + ${1//[!0-9]/})) -CA intermediate.pem -CAkey intermediate.key -subj "/CN=$1" \
        -addext "subjectAltName=DNS:$1" -addext authorityKeyIdentifier=keyid -addext basicConstraints=critical,CA:FALSE -out "$1.crt" 2>certificate.log ||
        { cat certificate.log; exit 1; }
    cat "$1.crt" intermediate.pem >"$1.pem"
}
port=$(free_port) http_port=$(free_port) closed=$(free_port)
for ((i = 0; i < hosts; i++)); do
    certificate "h$i.test"
    echo "server { listen 127.0.0.1:$port ssl; server_name h$i.test; ssl_certificate $PWD/h$i.test.pem; ssl_certificate_key $PWD/leaf.key;"
    echo "add_header Strict-Transport-Security 'max-age=$((1000 + i))$([ $((i % 2)) = 1 ] || echo '; includeSubDomains')' always; return 200 ok; }"
done >site
issue expired expired.test '60 days ago' '1 day ago'
self_signed self self.test
issue none 'none.test,void.test,off.test'
host() # NAME FILE FIELD
{
    echo "server { listen 127.0.0.1:$port ssl; server_name $1; ssl_certificate $PWD/$2.full; ssl_certificate_key $PWD/$2.key; $3 return 200 ok; }"
}
{
    field='add_header Strict-Transport-Security "max-age=9" always;'
    host expired.test expired "$field"
    host self.test self "$field"
    host none.test none ''
    host void.test none "${field/max-age=9/max-age=9 x}"
    host off.test none "${field/max-age=9/max-age=0}"
    echo "server { listen 127.0.0.1:$http_port; return 301 https://\$host\$request_uri; } server_names_hash_max_size 8192;"
} >>site
nginx_start site
{
    for ((i = 0; i < hosts; i++)); do echo "h$i.test"; done
    printf '%s\n' expired.test self.test none.test void.test off.test "wrong.test" "closed.test:$closed" nobody.invalid
} >list
farm_list=(--resolve "closed.test:$closed:127.0.0.1" --resolve 'nobody.invalid:443:127.0.0.1')

expect_exit 0 probe list "${farm_list[@]}" --jsonl --output out
joined out $((hosts + 8))
expect_text err "$((hosts + 8)) hosts: $((hosts + 7)) answered, HSTS in force at $hosts, certificate errors at 4"
expect_text err 'connection-refused       1'
# What identifies a certificate, as openssl tells it. These have no timestamps: what certificate transparency signs is
# all of TBSCertificate.
sum() { sha256sum | cut -d' ' -f1; }
{
    openssl x509 -in h7.test.crt -outform DER | sum
    openssl asn1parse -in h7.test.crt -strparse 4 -noout -out tbs && sum <tbs
    openssl pkey -in leaf.key -pubout -outform DER | sum
    openssl x509 -in intermediate.pem -noout -ext subjectKeyIdentifier | sed -n '2s/[ :]//gp'
    openssl x509 -in h7.test.crt -noout -serial | sed 's/.*=//'
} | tr A-F a-f >identity
python3 - "$hosts" >wrong <<'X'
import json, sys, datetime
hosts = int(sys.argv[1])
lines = {}
for text in open("out"):
    line = json.loads(text)
    lines[line["host"]] = line
def want(what, got, wanted):
    if got != wanted:
        print(what, "wanted", wanted, "got", got)
for i in range(hosts):
    line = lines["h%d.test" % i]
    want("index", line["index"], i)
    want("status", line["status"], 200)
    want("failure", line["failure"], None)
    value = "max-age=%d" % (1000 + i) + ("" if i % 2 else "; includeSubDomains")
    want("sts", line["sts"], {"value": value, "fields": 1, "valid": True, "max_age": 1000 + i, "include_subdomains": i % 2 == 0,
                              "preload": False, "in_force": True})
    want("errors", line["tls"]["errors"], [])
    until = datetime.datetime.strptime(line["tls"]["not_after"], "%Y-%m-%dT%H:%M:%SZ")
    want("days", round((until - datetime.datetime.utcnow()).total_seconds() / 86400), 30 + i)
    want("address", line["address"], "127.0.0.1")
identity = lines["h7.test"]["tls"]["certificate"]
want("identity", [identity[key] for key in ("sha256", "tbs_sha256", "spki_sha256", "authority_key_id", "serial")],
     open("identity").read().split())
want("names", identity["names"], ["h7.test"])
want("not_after", identity["not_after"], lines["h7.test"]["tls"]["not_after"])
want("expired", lines["expired.test"]["tls"]["errors"], ["expired"])
want("expired names", lines["expired.test"]["tls"]["certificate"]["names"], ["expired.test"])
want("no certificate", lines["closed.test"]["tls"], None)
want("self", lines["self.test"]["tls"]["errors"], ["self-signed"])
want("self in force", lines["self.test"]["sts"]["in_force"], False)
want("none", lines["none.test"]["sts"], None)
want("void", (lines["void.test"]["sts"]["valid"], lines["void.test"]["sts"]["in_force"]), (False, False))
want("off", (lines["off.test"]["sts"]["max_age"], lines["off.test"]["sts"]["in_force"]), (0, False))
want("wrong", lines["wrong.test"]["tls"]["errors"], ["name-mismatch"])
want("closed", lines["closed.test"]["failure"]["code"], "connection-refused")
X
expect_equal '' "$(cat wrong)" 'what the lines say'

# Deeper, and by one process.
head -20 list >short
expect_exit 0 probe short --depth standard --jsonl --jobs 1 --output deep
joined deep 20
expect_equal 20 "$(grep -c '"findings":\[.*"facts":{"https":{"end":"answered"' deep)" 'lines with facts'
expect_equal 20 "$(grep -c '"http":{"end":"answered"' deep)" 'lines with plain HTTP'
if python3 -c 'import jsonschema' 2>/dev/null; then
    for file in out deep; do
        expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" probe-line --lines <"$file"
        printf '%s' "$out"
    done
fi

# What may pass is tried again: a port that opens late, and one that never answers.
odd=$port
odd_server silent
expect_exit 0 "$HOLDFAST" probe "localhost:$port" -4 --jsonl --retries 1 --timeout-tls 300ms
expect_text out '"attempts":2'
expect_text out '"code":"tls-timeout"'
expect_exit 0 "$HOLDFAST" probe "localhost:$port" -4 --jsonl --retries 0 --timeout 300ms
expect_text out '"attempts":1'
port=$odd

# A process that is killed takes nothing with it.
for ((k = 0; k < 10; k++)); do names 0 400; done >long
"$HOLDFAST" probe long --cafile root.pem --connect-to ":443:127.0.0.1:$port" --jsonl --output killed --per-domain 0 --jobs 2 2>err &
pid=$!
for ((k = 0; k < 6; k++)); do
    sleep 0.15
    victim=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
    [ -z "$victim" ] || kill -9 "${victim%% *}" 2>/dev/null
done
wait "$pid"
joined killed 4000
expect_equal 0 "$(grep -c probe-crashed killed)" 'hosts blamed though they killed nobody'

# However long the list, memory stays the same.
rss()
{
    python3 - "$HOLDFAST" "$1" "$closed" <<'X'
import resource, subprocess, sys
p = subprocess.Popen([sys.argv[1], "probe", "-", "--jsonl", "-q", "--output", "many", "--per-domain", "0", "--per-address", "0", "--jobs", "1",
                      "--connect-to", ":%s:127.0.0.1:%s" % (sys.argv[3], sys.argv[3])], stdin=subprocess.PIPE)
for i in range(int(sys.argv[2])):
    p.stdin.write(b"h%d.d%d.test:%s\n" % (i, i, sys.argv[3].encode()))
p.stdin.close()
assert p.wait() == 0
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
X
}
# A sanitizer keeps what was given back, to find who uses it still.
if grep -q '^HOLDFAST_SANITIZE:.*=..*' "$BUILD_DIR/CMakeCache.txt"; then
    rss 5000 >peak
    expect_equal 5000 "$(wc -l <many)" 'lines of a long list'
else
    few=$(rss 5000)
    many=$(rss 100000)
    expect_equal 100000 "$(wc -l <many)" 'lines of a long list'
    printf 'peak memory: %s kB for 5,000 hosts, %s kB for 100,000\n' "$few" "$many"
    expect_equal 1 $((many < few + 4096)) "memory, $few kB and $many kB"
fi
finish
