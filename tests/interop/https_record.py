#!/usr/bin/env python3
"""https_record.py HOLDFAST ROOT FOLDER: in a network of its own, where 127.0.0.1 has a DNS server and the ports 80 and 443: what
Chromium makes of http URLs whose names have an HTTPS record, and `holdfast visit --as chromium` beside it."""
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.environ["SOURCE_DIR"], "tests", "lib"))
import browser  # noqa: E402

URLS = ["http://record.lab.test/", "http://plain.lab.test/", "http://record-broken.lab.test/", "http://record.lab.test:8080/",
        "http://record.example.com/", "http://record-broken.example.com/", "http://plain-broken.example.com/"]
PAGE = b'HTTP/1.1 200 Said\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<link rel="icon" href="data:,">page'


def serve_names():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    while True:
        query, peer = server.recvfrom(4096)
        end = query.index(b"\0", 12) + 5
        kind = int.from_bytes(query[end - 4:end - 2], "big")
        data = b""
        if kind == 1:
            data = bytes([127, 0, 0, 1])
        elif kind == 65 and query[13:].lower().startswith(b"record"):
            data = struct.pack("!H", 1) + b"\0" + struct.pack("!HH", 1, 3) + b"\2h2"
        answer = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data if data else b""
        server.sendto(query[:2] + b"\x85\x80\0\1" + struct.pack("!HHH", bool(data), 0, 0) + query[12:end] + answer, peer)


def answer(connection, context):
    try:
        if context is not None:
            hello = connection.recv(65536, socket.MSG_PEEK)
            if b"broken" in hello:
                return
            connection = context.wrap_socket(connection, server_side=True)
        connection.recv(65536)
        connection.sendall(PAGE)
    except OSError:
        pass
    finally:
        connection.close()


def serve(port, context):
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0], context), daemon=True).start()


def visit(holdfast, root, url):
    said = subprocess.run([holdfast, "visit", "--as", "chromium", "--no-store", "--no-preload", "--json", "--cafile", root,
                           "--dns", "127.0.0.1:53", url], capture_output=True, text=True)
    one = json.loads(said.stdout)["visits"][0]
    return one["url"] if one["access"] == "open" else "no page"


def main():
    holdfast, root, folder = sys.argv[1:4]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/good.full", folder + "/good.key")
    for function, *arguments in ((serve_names,), (serve, 80, None), (serve, 8080, None), (serve, 443, context)):
        threading.Thread(target=function, args=arguments, daemon=True).start()
    os.makedirs(folder + "/chromium")
    user = browser.Chromium(folder + "/chromium", root, ["--no-proxy-server"])
    for url in URLS:
        theirs = user.open(url)
        theirs = theirs if theirs and theirs.startswith("http") else "no page"
        ours = visit(holdfast, root, url)
        print(url, theirs, "" if ours == theirs else "but ours: " + ours)
    user.close()


main()
