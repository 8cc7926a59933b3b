#!/usr/bin/env bash
# A handshake that a server refuses is tried once more, with all that OpenSSL can, at the same address and at no other:
# browsers, which were refused too, go to no other either.
. "$SOURCE_DIR/tests/lib/check.sh"
cat >servers.py <<'X'
import json, os, socket, subprocess, threading, time
refuses, other = socket.socket(), socket.socket()
refuses.bind(("127.0.0.1", 0))
refuses.listen()
port = refuses.getsockname()[1]
other.bind(("127.0.0.2", port))
other.listen()

def refuse_once():
    connection, _ = refuses.accept()
    refuses.close()
    connection.recv(4096)
    time.sleep(0.2)
    connection.send(bytes([21, 3, 3, 0, 2, 2, 40]))  # handshake_failure
    time.sleep(0.5)

threading.Thread(target=refuse_once, daemon=True).start()
answer = subprocess.run([os.environ["HOLDFAST"], "check", "--json", "--no-http", "--no-www", "--depth", "standard", f"a.test:{port}",
                         "--resolve", f"a.test:{port}:127.0.0.1,127.0.0.2", "--timeout", "5s"], stdout=subprocess.PIPE)

def find(value, key):
    if isinstance(value, dict):
        if key in value:
            yield value
        for inner in value.values():
            yield from find(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from find(inner, key)

exchange = next(find(json.loads(answer.stdout), "attempts"))
print([attempt["address"] for attempt in exchange["attempts"]], exchange["failure"]["code"])
X
expect_equal "['127.0.0.1'] tls-alert" "$(python3 servers.py)" 'where it was tried, and what came of it'
finish
