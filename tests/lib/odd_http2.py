#!/usr/bin/env python3
"""An HTTP/2 server on 127.0.0.1 that misbehaves on purpose.

odd_http2.py PORT MODE CERTIFICATE KEY. It agrees to h2 whatever is offered, and writes its frames by hand.
Modes: settings, ping, window, empty-data, priority, unknown, continuation (floods of that), bomb (of HPACK), goaway, goaway-error,
reset, silent (after its SETTINGS), mute (not even those), close, http1 (answers in HTTP/1.1), garbage, body (without end), drip (an
octet at a time), push, upper, upgrade, control (fields that not everybody takes), good
"""
import socket
import ssl
import struct
import sys
import threading
import time

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS = 1, 1, 4
FLOOD = 100_000


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def field(name, value):
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


OK = b"\x88" + field(b"strict-transport-security", b"max-age=31536000")
BOMB = b"\x88\x40\x01a\x7f\xa1\x1e" + b"x" * 4000 + b"\xbe" * 12000
ANSWERS = {
    "settings": frame(SETTINGS) * FLOOD,
    "ping": frame(PING, 0, 0, b"12345678") * FLOOD,
    "window": frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\1") * FLOOD,
    "empty-data": frame(HEADERS, END_HEADERS, 1, OK) + frame(DATA, 0, 1) * FLOOD,
    "priority": frame(PRIORITY, 0, 1, b"\0\0\0\0\1") * FLOOD,
    "unknown": frame(0x21, 0, 0, b"x") * FLOOD,
    "continuation": frame(HEADERS, 0, 1, OK) + frame(CONTINUATION, 0, 1, field(b"a", b"b")) * FLOOD,
    "bomb": frame(HEADERS, END_HEADERS, 1, BOMB),
    "goaway": frame(GOAWAY, 0, 0, b"\0\0\0\0\0\0\0\0"),
    "goaway-error": frame(GOAWAY, 0, 0, b"\0\0\0\1\0\0\0\x0c"),
    "reset": frame(RST_STREAM, 0, 1, b"\0\0\0\x0b"),
    "push": frame(PUSH_PROMISE, END_HEADERS, 1, b"\0\0\0\2\x82") * FLOOD,
    "body": frame(HEADERS, END_HEADERS, 1, OK) + frame(DATA, 0, 1, b"x" * 16384) * 1000,
    "good": frame(HEADERS, END_HEADERS | END_STREAM, 1, OK),
    "upper": frame(HEADERS, END_HEADERS | END_STREAM, 1, OK + field(b"X-Upper", b"x")),
    "upgrade": frame(HEADERS, END_HEADERS | END_STREAM, 1, OK + field(b"upgrade", b"h2,h2c")),
    "control": frame(HEADERS, END_HEADERS | END_STREAM, 1, OK + field(b"x", b"a\x01b")),
    "silent": b"",
}
RAW = {"http1": b"HTTP/1.1 400 Bad Request\r\n\r\n", "garbage": b"\xff" * 4096}


def serve(sock, mode):
    sock.recv(65536)
    if mode == "close":
        return
    if mode == "mute":
        time.sleep(60)
    if mode == "drip":
        for octet in frame(SETTINGS) + frame(HEADERS, END_HEADERS, 1, OK + field(b"a", b"b") * 100):
            sock.sendall(bytes([octet]))
            time.sleep(0.05)
    sock.sendall(RAW.get(mode) or frame(SETTINGS) + ANSWERS[mode])
    if mode == "silent":
        time.sleep(60)
    # What was sent must not be lost in a reset of the connection.
    sock.settimeout(1)
    while sock.recv(65536):
        pass


def visit(context, sock, mode):
    try:
        serve(context.wrap_socket(sock, server_side=True), mode)
    except (OSError, ValueError):
        pass
    sock.close()


def main():
    port, mode = int(sys.argv[1]), sys.argv[2]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    context.set_alpn_protocols(["h2"])
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=visit, args=(context, sock, mode), daemon=True).start()


main()
