#!/usr/bin/env python3
"""A stand-in for port 80 that must stay lonely: listener.py PORT FILE.

It accepts every connection on 127.0.0.1:PORT and writes a line to FILE for each, with the first octets that came, before it
answers with a page.
"""
import socket
import sys

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


def main():
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    with open(sys.argv[2], "a", encoding="ascii") as log:
        while True:
            connection, _ = listener.accept()
            connection.settimeout(1)
            try:
                octets = connection.recv(200)
                connection.sendall(ANSWER)
            except OSError:
                octets = b""
            log.write(repr(octets) + "\n")
            log.flush()
            connection.close()


main()
