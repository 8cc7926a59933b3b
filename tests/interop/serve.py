#!/usr/bin/env python3
"""HTTPS and plain HTTP on two ports of 127.0.0.1 for the names below .sts.test; prints a line a request: SCHEME HOST PATH.

serve.py HTTPS_PORT HTTP_PORT CERTIFICATE KEY VALUES. vN.sts.test sends line N of VALUES (JSON strings, from 0) as its STS field;
hub.sts.test sends a page that visits them all, and then asks for /done.
"""
import json
import re
import socket
import ssl
import sys
import threading

PAGE = """<!doctype html><title>hub</title><script>
let next = 0;
async function visit() {
    while (next < %d)
        await fetch(`https://v${next++}.sts.test/`, {mode: "no-cors", cache: "no-store"}).catch(() => 0);
}
Promise.all([visit(), visit(), visit(), visit()]).then(() => fetch("/done"));
</script>
"""
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"


def answer(host, values):
    body, field = "", ""
    number = re.fullmatch(r"v([0-9]+)\.sts\.test", host)
    if number and int(number[1]) < len(values):
        field = "Strict-Transport-Security: %s\r\n" % values[int(number[1])]
    elif host == "hub.sts.test":
        body = PAGE % len(values)
    return (HEAD % (len(body), field) + body).encode("latin-1")


def serve(sock, context, scheme, values):
    try:
        if context is not None:
            sock = context.wrap_socket(sock, server_side=True)
        head = b""
        while b"\r\n\r\n" not in head:
            chunk = sock.recv(65536)
            if not chunk:
                return
            head += chunk
        host = re.search(rb"(?im)^host: *([^:\r]*)", head)[1].decode()
        print(scheme, host, head.split(b" ")[1].decode(), flush=True)
        sock.sendall(answer(host, values))
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    finally:
        sock.close()


def listen(port, context, scheme, values):
    with socket.create_server(("127.0.0.1", port), backlog=256) as listener:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, context, scheme, values), daemon=True).start()


def main():
    with open(sys.argv[5], encoding="utf-8") as file:
        values = [json.loads(line) for line in file]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    threading.Thread(target=listen, args=(int(sys.argv[2]), None, "http", values), daemon=True).start()
    listen(int(sys.argv[1]), context, "https", values)


main()
