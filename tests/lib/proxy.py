#!/usr/bin/env python3
"""An HTTP proxy on 127.0.0.1 that leads every host to this machine, and prints what it is asked: METHOD TARGET AUTHORIZATION.

proxy.py PORT HTTPS_PORT HTTP_PORT MODE. Modes: serve, refuse (403), demand (407), close, garbage, silent.
"""
import os
import socket
import sys
import threading
import time


def read_head(sock):
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = sock.recv(65536)
        if not chunk:
            return head
        head += chunk
    return head


def pump(source, sink):
    try:
        while chunk := source.recv(65536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def forward(sock, head, method, target, ports):
    https_port, http_port = ports
    if method == "CONNECT":
        behind = socket.create_connection(("127.0.0.1", https_port if target.endswith(":443") else http_port))
        sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        behind = socket.create_connection(("127.0.0.1", http_port))
        path = "/" + target.split("/", 3)[3]
        behind.sendall(head.replace(target.encode(), path.encode(), 1))
    threading.Thread(target=pump, args=(sock, behind), daemon=True).start()
    pump(behind, sock)


def serve(sock, mode, ports):
    head = read_head(sock)
    if not head:
        return
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    said = [line[21:].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"proxy-authorization: ")]
    os.write(1, (" ".join([method, target, *(said or ["-"])]) + "\n").encode())  # in one piece: others write too
    if mode == "serve":
        forward(sock, head, method, target, ports)
    elif mode == "silent":
        time.sleep(60)
    elif mode != "close":
        sock.sendall({"refuse": b"HTTP/1.1 403 Forbidden\r\n\r\n", "demand": b"HTTP/1.1 407 Who are you\r\n\r\n",
                      "garbage": b"\x00\x01 no protocol \x1b[31m\r\n\r\n"}[mode])
    sock.close()


def main():
    port, mode = int(sys.argv[1]), sys.argv[4]
    ports = int(sys.argv[2]), int(sys.argv[3])
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve, args=(sock, mode, ports), daemon=True).start()


main()
