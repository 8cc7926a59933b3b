#!/usr/bin/env python3
"""A proxy on 127.0.0.1 between a client and a site of many names: peer_proxy.py PORT TLS_PORT LOG.

What comes in plaintext is answered "<p>in the clear</p>"; CONNECT is led to 127.0.0.1:TLS_PORT for names below .test, refused for others.
LOG gets a line for each: "clear HOST" or "secure HOST".
"""
import re
import socket
import sys
import threading

PAGE = b"<p>in the clear</p>\n"
CLEAR = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE
REFUSED = b"HTTP/1.1 502 Not ours\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def log(word, host):
    with open(sys.argv[3], "a", encoding="latin-1") as file:
        file.write(word + " " + host.decode("latin-1") + "\n")


def pour(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    finally:
        for sock in (source, target):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def lead(client, tls_port, greeting):
    server = socket.create_connection(("127.0.0.1", tls_port))
    client.sendall(greeting)
    threading.Thread(target=pour, args=(server, client), daemon=True).start()
    pour(client, server)


def serve(client, tls_port):
    head = b""
    if client.recv(1, socket.MSG_PEEK) == b"\x16":  # wget2 speaks TLS at once, as if the site were here
        lead(client, tls_port, b"")
        return
    while b"\r\n\r\n" not in head and len(head) < 65536:
        piece = client.recv(4096)
        if not piece:
            return
        head += piece
    host = re.match(rb"[A-Z]+ (?:http://)?([^:/ ]*)", head)
    log("secure" if head.startswith(b"CONNECT ") else "clear", host.group(1) if host else b"?")
    if not head.startswith(b"CONNECT "):
        client.sendall(CLEAR)
        client.close()
    elif re.match(rb"CONNECT [a-z0-9.-]+\.test:443 ", head):
        lead(client, tls_port, b"HTTP/1.1 200 Connected\r\n\r\n")
    else:
        client.sendall(REFUSED)
        client.close()


def main():
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, int(sys.argv[2])), daemon=True).start()


main()
