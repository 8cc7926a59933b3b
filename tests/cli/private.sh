#!/usr/bin/env bash
# --no-private: neither a redirect nor the DNS leads into a private network; a list is probed like that unless --private
# is given.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need python3
authority
issue odd localhost

odd_server 'raw:HTTP/1.1 302 Found\r\nLocation: https://127.0.0.2:2/\r\n\r\n' odd.full odd.key
echo "localhost:$port" >list
probe()
{
    "$HOLDFAST" probe --cafile root.pem --depth standard --jsonl -q --retries 0 "$@"
}

refused='"code":"private-address"'
# The host that stands in the list is asked, whatever its address; where it leads is not.
expect_exit 4 probe list
expect_text out '"status":302'
expect_text out "$refused"
expect_no_text out connection-refused
expect_exit 4 probe - <list
expect_text out "$refused"
expect_exit 4 probe --no-private "localhost:$port"
expect_text out "$refused"
# Who names the host, says --private, or leads the connection there, has chosen it.
for chosen in "localhost:$port" 'list --private' 'list --connect-to 127.0.0.2:2:127.0.0.3:1' \
    'list --resolve 127.0.0.2:2:127.0.0.3'; do
    # shellcheck disable=SC2086 # words
    expect_exit 0 probe $chosen
    expect_text out '"code":"connection-refused"'
    expect_no_text out "$refused"
done
expect_exit 2 probe list --private --no-private
expect_text err 'contradict each other'

# In check and visit only where it is asked for; and then nothing is said of browsers.
see_it()
{
    "$HOLDFAST" "$@" --cafile root.pem
}
expect_exit 4 see_it check "https://localhost:$port/" --no-private --no-http --fail-on never
expect_text out 'Where visitors arrive was not seen: the address is in a private network'
expect_exit 0 see_it check "https://localhost:$port/" --no-http --fail-on never
expect_text out 'nothing listens on the port'
expect_exit 3 see_it visit "https://localhost:$port/" --no-store --no-private
expect_text out 'private network'

# An answer of the DNS.
cat >dns.py <<'X'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 0))
print(s.getsockname()[1], flush=True)
while True:
    query, peer = s.recvfrom(4096)
    end = query.index(0, 12) + 5
    is_a = query[end - 4:end - 2] == b'\0\1'
    answer = b'\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1' if is_a else b''
    s.sendto(query[:2] + b'\x81\x80\0\1\0' + bytes([is_a]) + b'\0\0\0\0' + query[12:end] + answer, peer)
X
python3 dns.py >dns.port &
servers+=($!)
for _ in {1..200}; do
    [ -s dns.port ] && break
    sleep 0.05
done
dns=127.0.0.1:$(<dns.port)
expect_exit 3 probe inside.example.com:1 --dns "$dns" --no-private
expect_text out "$refused"
expect_exit 0 probe inside.example.com:1 --dns "$dns"
expect_text out '"code":"connection-refused"'
echo inside.example.com:1 >list
expect_exit 0 probe list --dns "$dns"
expect_text out '"code":"connection-refused"'
finish
