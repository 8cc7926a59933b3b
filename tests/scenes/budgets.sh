#!/usr/bin/env bash
# What one host may cost: no server makes us compute, keep or write more than its budget.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need openssl
need python3
authority

# -- Diffie-Hellman groups ---------------------------------------------------------------------------------------------
openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem -days 30 -subj /CN=odd.test \
    -addext 'subjectAltName=DNS:odd.test' 2>rsa.log || { cat rsa.log; exit 1; }

# The output as one line: the width of the page is not what is asked for.
unwrap()
{
    out=$(tr -s ' \n' ' ' <<<"$out")
}

large_group()
{
    python3 "$SOURCE_DIR/tests/lib/large_group.py" rsa.pem rsa.key "$1" >"group.$1" &
    servers+=($!)
    for _ in {1..200}; do
        [ -s "group.$1" ] && break
        sleep 0.05
    done
    port=$(<"group.$1")
}

large_group 4096
expect_exit 1 see odd.test --cafile rsa.pem
unwrap
expect_text out 'the handshake ended with TLSv1.2 and DHE-RSA-AES128-SHA'
expect_no_text out 'Holdfast computes none'
large_group 4097
expect_exit 1 see odd.test --cafile rsa.pem
unwrap
expect_text out 'error tls-cipher'
expect_text out 'with a group of 4097 bits; Holdfast computes none'
large_group 10000
expect_exit 1 see odd.test --cafile rsa.pem
unwrap
expect_text out 'with a group of 10000 bits; Holdfast computes none'
expect_text out 'error tls-failed'

# -- Heads of 250 kB, and redirects without end ------------------------------------------------------------------------
issue big big.test,'*.big.test'
python3 "$SOURCE_DIR/tests/lib/big_heads.py" big.full big.key >big.ports &
servers+=($!)
for _ in {1..200}; do
    [ -s big.ports ] && break
    sleep 0.05
done
read -r port http_port <big.ports
for i in {1..64}; do
    echo "h$i.big.test"
    [ $((i % 8)) -ne 0 ] || echo "good$i.big.test"
done >list
read -r peak code < <(python3 "$SOURCE_DIR/tests/lib/resident.py" lines "$HOLDFAST" probe list --jsonl --quiet --depth full \
    --per-address 0 --per-domain 0 --cafile root.pem --connect-to ":443:127.0.0.1:$port" \
    --connect-to ":80:127.0.0.1:$http_port")
printf '64 hosts with large heads: %s kB resident at most, %s bytes of output\n' "$peak" "$(wc -c <lines)"
expect_equal 4 "$code" 'the exit code: something was not seen'
expect_equal 1 $(($(wc -c <lines) < 32000000)) "the output, $(wc -c <lines) bytes"
# A sanitizer keeps what was given back.
grep -q '^HOLDFAST_SANITIZE:.*=..*' "$BUILD_DIR/CMakeCache.txt" ||
    expect_equal 1 $((peak < 200000)) "resident memory, $peak kB"
checks=$((checks + 1))
python3 - <<'X' || fail 'what is said of the hosts'
import json


def walk(value, cut, failures):
    if isinstance(value, list):
        for item in value:
            walk(item, cut, failures)
    elif isinstance(value, dict):
        cut += [key for key in value if key.endswith('_cut')]
        if value.get('code') == 'host-budget':
            failures.append(value)
        for item in value.values():
            walk(item, cut, failures)


lines = [json.loads(line) for line in open('lines', encoding='utf-8')]
assert len(lines) == 72, len(lines)
for line in lines:
    cut, failures = [], []
    walk(line, cut, failures)
    good = line['host'].startswith('good')
    assert bool(cut) != good and bool(failures) != good, (line['host'], cut, failures)
    # The rest of a good host is unharmed: its policy is in force, and nothing is found that is not its own.
    assert not good or (line['failure'] is None and line['sts']['in_force']), line['host']
X
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" probe-line --lines <lines
"$HOLDFAST" check h1.big.test --json --cafile root.pem --connect-to ":443:127.0.0.1:$port" \
    --connect-to ":80:127.0.0.1:$http_port" >one.json
grep -q '"raw_cut"' one.json || fail 'nothing is cut in what check prints'
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <one.json

finish
