#!/usr/bin/env python3
"""A server on 127.0.0.1 that answers by the fields of the request, and keeps every head that it is sent.

asked.py PORT LOG CERTIFICATE KEY RULE. RULE: FIELD=TEXT: 200 with an HSTS header for requests whose FIELD contains TEXT, and 404
for others; or to:URL: every request is redirected there. Without CERTIFICATE ("-") it speaks plain HTTP.
"""
import socket
import ssl
import sys
import threading

PORT, LOG, CERTIFICATE, KEY, RULE = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5]


def value(head, name):
    for line in head.split("\r\n")[1:]:
        if line.lower().startswith(name.lower() + ":"):
            return line.split(":", 1)[1].strip()
    return ""


def answer(head):
    if RULE.startswith("to:"):
        return "302 Found\r\nLocation: " + RULE[3:]
    name, text = RULE.split("=", 1)
    if text in value(head, name):
        return "200 OK\r\nStrict-Transport-Security: max-age=31536000"
    return "404 Not Found"


def serve(sock):
    try:
        sock.settimeout(10)
        if CERTIFICATE != "-":
            sock = context.wrap_socket(sock, server_side=True)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = sock.recv(65536)
            if not piece:
                return
            head += piece
        with open(LOG, "ab") as log:
            log.write(head)
        text = "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % answer(head.decode("latin-1"))
        sock.sendall(text.encode())
        if CERTIFICATE != "-":
            sock.unwrap()
    except OSError:
        pass
    finally:
        sock.close()


if CERTIFICATE != "-":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
listener = socket.create_server(("127.0.0.1", PORT), backlog=64)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
