#!/usr/bin/env bash
# What this machine cannot look at is no finding: exit 3. What is malformed is refused: exit 2, one line.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"

# The name is reserved never to exist (RFC 6761 6.4); if there is no resolver at all, the answer is the same.
expect_exit 3 "$HOLDFAST" check nobody.invalid --timeout 3
expect_text out 'nobody.invalid: Could not look'
expect_exit 3 "$HOLDFAST" check nobody.invalid --timeout 3 --json
expect_text out '"looked": false'

port=$(free_port)
expect_exit 1 "$HOLDFAST" check "localhost:$port"
expect_text out 'error port-closed'
expect_exit 0 "$HOLDFAST" check "localhost:$port" --fail-on never
expect_exit 4 "$HOLDFAST" check nobody.invalid "localhost:$port" --fail-on never --timeout 3
expect_exit 1 "$HOLDFAST" check nobody.invalid "localhost:$port" --timeout 3

refused()
{
    expect_exit 2 "$HOLDFAST" check "$@"
    expect_equal '' "$out" "standard output of: check $*"
    expect_equal 1 "$(wc -l <<<"$err")" "lines on standard error of: check $*"
}
refused
refused ''
refused 'two words'
refused 'a..b'
refused "$(printf 'a%.0s' {1..64}).test"
refused 'host:port'
refused 'host:99999'
refused 'host:0'
refused 'http://'
refused 'https://host:0/path'
refused 'https://user@host/'
refused 'ftp://host'
refused host --http-port 0
refused host --http-port x
refused host --proxy https://proxy
refused host --proxy socks5://proxy:1
refused $'ho\x1b[31mst'
expect_no_text err $'\x1b'
refused host --cafile no-such-file
expect_text err 'no-such-file'
refused host --connect-to one:two
refused host --connect-to one:1:two:99999
refused host --resolve host:443:nonsense
refused host --timeout soon
refused host --timeout 0
refused host --fail-on doom
refused host --at yesterday
refused host --nonsense

# An address and localhost can hold no policy, whatever their certificate is like: nobody is locked out of them.
self_signed odd odd.test
odd_server 'raw:HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n' odd.full odd.key
for host in 127.0.0.1 localhost; do
    expect_exit 1 "$HOLDFAST" check "$host:$port"
    expect_text out 'browsers cannot store a policy for this host'
    expect_equal 0 "$(grep -c 'cannot be bypassed' <<<"$out")" "locked out of $host"
done
expect_text out 'warning hsts-localhost'

# Operands are taken whole or not at all, with the reason and the place.
refused_for()
{
    expect_exit 2 "$HOLDFAST" check "$1"
    expect_text err "$2"
}
label=$(printf 'a%.0s' {1..64})
refused_for '' 'HOST, HOST:PORT or a URL'
refused_for $'a\nb.test' 'a control character, at octet 1'
refused_for $'https://a\nb.test/' 'a control character, at octet 9'
refused_for host.test:0 'a port is a number from 1 to 65535, at octet 10'
refused_for https://host.test:0/ 'nothing can listen on port 0, at octet 17'
refused_for "b.$label.test" 'a label is longer than 63 octets, at octet 2'
refused_for "https://b.$label.test/" 'a label is longer than 63 octets, at octet 10'
refused_for "$(printf 'a.%.0s' {1..1000})test:443" 'the host is longer than'
refused_for a.test/b 'is not HOST, HOST:PORT or a URL'
for operand in https://nobody.invalid/ http://nobody.invalid nobody.invalid:443/ nobody.invalid/; do
    expect_exit 3 "$HOLDFAST" check "$operand" --timeout 3
    expect_text out 'nobody.invalid: Could not look'
done

# An option that cannot be used is named, and what it should look like.
unusable()
{
    expect_exit 2 "$HOLDFAST" check a.invalid "$1" "$2"
    expect_text err "$1: '$2'"
}
unusable --resolve nonsense
unusable --connect-to nonsense
unusable --dns nonsense
expect_exit 2 "$HOLDFAST" check a.invalid --cafile no/such/file
expect_text err '--cafile: cannot open no/such/file: '
finish
