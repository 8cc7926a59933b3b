#!/usr/bin/env bash
# What the DNS answers, and what becomes of it: an address is used, anything else is "could not look".
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
dns=$(free_port)
python3 "$SOURCE_DIR/tests/lib/odd_dns.py" "$dns" >ready &
servers+=($!)
for ((i = 0; i < 100; i++)); do
    [ -s ready ] && break
    sleep 0.05
done

ask()
{
    "$HOLDFAST" check "$@" --dns "127.0.0.1:$dns" --timeout 2
}

closed=$(free_port)
expect_exit 1 ask "four.test:$closed"
expect_text out "not reached"
expect_text out "127.0.0.1 port $closed: nothing listens on the port"
expect_exit 1 ask "both.test:$closed"
expect_text out "127.0.0.1 port $closed"
expect_text out "::1 port $closed"
# A datagram that is lost is sent again; a server that is silent about one family does not hide the other.
expect_exit 1 ask "lossy.test:$closed" --timeout 5
expect_text out "127.0.0.1 port $closed"
expect_exit 1 ask "half.test:$closed"
expect_text out "127.0.0.1 port $closed"
expect_exit 1 ask "half.test:$closed" --ipv4
expect_text out "127.0.0.1 port $closed"
# Nor does the environment answer for it.
echo 'nobody four.test' >aliases
HOSTALIASES=aliases expect_exit 3 ask "nobody:$closed"
expect_exit 3 ask nobody.test
expect_text out 'the name does not exist in the DNS'
expect_text out 'Check the spelling'
expect_exit 3 ask nodata.test
expect_text out 'the name exists, but has no address'
expect_exit 3 ask servfail.test
expect_text out 'the DNS resolver returned no usable answer'
expect_exit 3 ask refused.test
expect_text out 'Could not look'
expect_exit 3 ask garbage.test
expect_text out 'Could not look'
expect_exit 3 ask silent.test
expect_text out 'the DNS did not answer in time'
# One that hangs does not keep the others waiting, nor change what is said of them.
expect_exit 4 ask silent.test "four.test:$closed" nobody.test --fail-on never
expect_text out "four.test port $closed: No visitor can connect"
expect_exit 3 "$HOLDFAST" check four.test --dns-server "127.0.0.1:$(free_port)" --timeout 2
expect_text out 'Could not look'
expect_exit 2 "$HOLDFAST" check four.test --dns nonsense
expect_equal 1 "$(wc -l <<<"$err")" 'lines about a malformed server'
finish
