#!/usr/bin/env bash
# probe --judge: findings and verdicts of many hosts, summed up in constant memory; --fields and --format.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/farm.sh"
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
farm
judged() # EXPRESSION: what Python makes of `lines`, and of `judged` of the last of them
{
    python3 -c 'import json, sys
lines = [json.loads(line) for line in open("out.jsonl")]
judged = lines[-1].get("summary", {}).get("judged")
print(eval(sys.argv[1]))' "$1"
}

# A parent that comes after its children covers them; its own policy covers itself.
{
    printf 'x.h1.farm.test\nfarm.test\n'
    names 0 5
    printf 'no host\n'
} >list
probe -q --judge --jsonl --per-domain 0 list >out.jsonl
expect_equal 1 "$?" 'the certificate of x.h1.farm.test is for other names'
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" probe-line --lines <out.jsonl
expect_equal 9 "$(wc -l <out.jsonl)" 'lines'
expect_equal '7 0 5 2' "$(judged '" ".join(str(i) for i in (judged["hosts"], judged["earlier"], judged["coverage"]["own"], sum(judged["coverage"][i] for i in ("parent", "none"))))')" \
    'the summary'
expect_equal 1 "$(judged 'judged["coverage"]["parent"]')" 'covered by a parent'
expect_equal 5 "$(judged 'judged["policies"]["year-with-subdomains"]')" 'policies'
expect_equal cert-wrong-name "$(judged '[f["id"] for line in lines if line.get("host") == "x.h1.farm.test" for f in line["findings"]][0]')" 'its worst finding'
expect_equal returning "$(judged '[line["verdict"]["harm"] for line in lines if line.get("host") == "x.h1.farm.test"][0]')" 'its verdict'
expect_exit 4 probe --judge --fail-on never --per-domain 0 list
expect_text err 'includeSubDomains of a parent in the list'
expect_exit 4 probe --judge -q --fail-on hsts-missing --per-domain 0 list
expect_exit 1 probe --judge -q --fail-on hsts-missing,cert-wrong-name --per-domain 0 list
expect_exit 2 probe --judge -q --fail-on cert-wrong-nam h0.farm.test
expect_text err 'did you mean cert-wrong-name?'
expect_exit 2 probe -q --fail-on error h0.farm.test
expect_text err '--fail-on needs findings'
probe -q --judge --json h0.farm.test >document
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" probe <document

# Fields: the same members, fewer of them.
expect_exit 0 probe -q --jsonl --fields host,sts.max_age,tls.errors h0.farm.test
expect_equal '{"host":"h0.farm.test","sts":{"max_age":31536000},"tls":{"errors":[]}}' "$out" 'a line of fields'
expect_exit 2 probe -q --jsonl --fields host,sts.maxage h0.farm.test
expect_text err "there is no field 'sts.maxage': did you mean sts.max_age?"
expect_exit 2 probe -q --fields facts.names h0.farm.test
expect_text err "facts are one field"
expect_exit 2 probe -q --format xml h0.farm.test
expect_text err "unknown format 'xml' (one of table jsonl csv)"
expect_exit 2 probe -q --format csv --jsonl h0.farm.test
expect_text err 'contradict each other'

# CSV is read by what reads CSV, and no cell is a formula.
odd_port=$port
cat >formula <<X
server {
    listen 127.0.0.1:$(free_port | tee formula.port) ssl;
    ssl_certificate $PWD/farm.full;
    ssl_certificate_key $PWD/farm.key;
    add_header Strict-Transport-Security '=HYPERLINK("x","y")' always;
    return 200 ok;
}
X
port=$(cat formula.port)
nginx_start formula
expect_exit 0 probe -q --format csv --fields sts.value,findings.id,host,status --judge --fail-on never h0.farm.test
printf '%s\n' "$out" >out.csv
expect_equal "'=HYPERLINK(\"x\",\"y\") hsts-invalid h0.farm.test 200" \
    "$(python3 -c 'import csv; print(*list(csv.reader(open("out.csv", newline="")))[1])')" 'the CSV'
port=$odd_port
# A table has the width of the terminal, which is 80 where there is none.
expect_exit 4 probe -q --format table --judge --fail-on never --per-domain 0 list
expect_text out 'verdict.harm'
expect_equal '' "$(grep farm.test <<<"$out" | grep -E '.{81}')" 'rows that are too wide'
expect_exit 0 probe -q --fields host,status h0.farm.test
expect_text out 'h0.farm.test'

# Interrupted and gone on with: each host once in the lines, and in the summary of the run that looked at it.
names 0 40 >forty
timeout -s INT 1 "$HOLDFAST" probe --cafile root.pem --connect-to ":443:127.0.0.1:$port" --judge --format csv --fields index,host \
    --rate 15 --per-domain 0 --resume state --output forty.csv forty 2>/dev/null
expect_equal 124 "$?" 'interrupted'
expect_exit 0 probe --judge --format csv --fields index,host --per-domain 0 --resume state --output forty.csv forty
expect_equal "$(printf '"index","host"\n'; seq 0 39 | sort)" "$(tr -d '\r' <forty.csv | sed 's/^"\([0-9]*\)",.*/\1/' | (read -r head; echo "$head"; sort))" \
    'the lines of both runs, with one head'
earlier=$(sed -n 's/.*hosts of this run; \([0-9]*\) were judged before.*/\1/p' <<<"$err")
of_this=$(sed -n 's/.*(of the \([0-9]*\) hosts of this run.*/\1/p' <<<"$err")
expect_equal 40 "$((${earlier:-0} + ${of_this:-0}))" 'hosts of both runs'
expect_exit 2 probe --judge --format csv --fields host --resume state --output forty.csv forty

# 20,000 hosts take no more memory than 4,000: those of the summary are bounded.
many()
{
    seq -f 'h%.0f.test' 1 "$1" >many
    "$HOLDFAST" probe --judge -q --jsonl --connect-to ::127.0.0.1:1 --per-domain 0 --per-address 0 --jobs 1 --fail-on never many \
        --output many.out &
    local pid=$! most=0 now
    while now=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        [ "$now" -le "$most" ] || most=$now
        sleep 0.05
    done
    wait "$pid"
    expect_equal "$(($1 + 1))" "$(wc -l <many.out)" 'lines of many'
    resident=$most
}
many 4000
few=$resident
many 20000
checks=$((checks + 1))
[[ $BUILD_DIR != *release ]] || [ "$resident" -lt "$((few + 3000))" ] || fail "20,000 hosts took $resident kB, 4,000 took $few kB"

finish
