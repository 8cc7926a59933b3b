#!/usr/bin/env python3
"""A server on 127.0.0.1 that misbehaves on purpose.

odd_server.py PORT MODE [CERTIFICATE KEY]. Without a certificate it is no TLS server.
Modes: silent, close, garbage, plain, endless, huge, many, controls, drip, twice, redirect (each to another page), raw:TEXT
(Python escapes)
"""
import socket
import ssl
import sys
import time

HEAD = b"HTTP/1.1 200 OK\r\n"
STS = b"Strict-Transport-Security: "


def endless(sock):
    sock.sendall(HEAD)
    line = b"X-Filler: " + b"a" * 500 + b"\r\n"
    for _ in range(10_000_000):
        sock.sendall(line)


def drip(sock):
    for octet in HEAD + b"X: " + b"a" * 100_000:
        sock.sendall(bytes([octet]))
        time.sleep(0.05)


ANSWERS = {
    "garbage": b"\x00\x01\x02 this is no protocol \xff\xfe" * 20,
    "plain": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "huge": HEAD + STS + b"max-age=1" + b" " * 1_000_000 + b"\r\n\r\n",
    "many": HEAD + b"".join(b"X-%d: y\r\n" % i for i in range(5000)) + b"\r\n",
    "controls": HEAD + STS + b"max-age=31536000; \x1b]0;owned\x07\x1b[31mred\x9b\x01\r\nX-\x1b: \x1b[2J\r\n\r\n",
    "twice": HEAD + STS + b"max-age=31536000\r\n" + STS + b"max-age=0\r\n\r\n",
    "close": b"",
}


def redirect(sock):
    redirect.count += 1
    sock.sendall(b"HTTP/1.1 302 Found\r\n" + STS + b"max-age=31536000\r\nLocation: /%d\r\n\r\n" % redirect.count)


redirect.count = 0


def serve(sock, mode):
    if mode == "redirect":
        redirect(sock)
    elif mode == "silent":
        time.sleep(60)
    elif mode == "endless":
        endless(sock)
    elif mode == "drip":
        drip(sock)
    elif mode.startswith("raw:"):
        sock.sendall(mode[4:].encode().decode("unicode_escape").encode("latin-1"))
    else:
        sock.sendall(ANSWERS[mode])


def main():
    port, mode = int(sys.argv[1]), sys.argv[2]
    context = None
    if len(sys.argv) > 4:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        sock, _ = listener.accept()
        try:
            if context is not None:
                sock = context.wrap_socket(sock, server_side=True)
            # What was asked is read first, or closing would reset the connection.
            if context is not None or mode not in ("silent", "close"):
                sock.recv(65536)
            serve(sock, mode)
        except OSError:
            pass
        sock.close()


main()
