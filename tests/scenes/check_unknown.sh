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
refused 'http://host'
refused 'https://host/path'
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
finish
