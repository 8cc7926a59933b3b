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

finish
