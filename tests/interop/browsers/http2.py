"""One answer over HTTP/2, with frames and header blocks written by hand, so that they may be wrong."""
import struct

DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM, ACK, END_HEADERS = 1, 1, 4
PREFACE = 24


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def text(octets):
    """A string of HPACK, not compressed."""
    if len(octets) < 127:
        return bytes([len(octets)]) + octets
    rest, more = len(octets) - 127, b""
    while rest >= 128:
        more, rest = more + bytes([rest % 128 + 128]), rest // 128
    return b"\x7f" + more + bytes([rest]) + octets


def block(fields):
    """Header fields, each a pair of octets, none of them indexed."""
    return b"".join(b"\0" + text(name) + text(value) for name, value in fields)


def response(fields, body=b"<!DOCTYPE html><title>a page</title><p>a page\n"):
    """The frames of an answer on a stream."""
    return lambda stream: frame(HEADERS, END_HEADERS, stream, block(fields)) + frame(DATA, END_STREAM, stream, body)


def serve(connection, frames):
    """frames(stream) is what answers the first request."""
    octets = b""

    def take(count):
        nonlocal octets
        while len(octets) < count:
            more = connection.recv(1 << 16)
            if not more:
                raise ValueError("the connection ends early")
            octets += more
        taken, octets = octets[:count], octets[count:]
        return taken

    take(PREFACE)
    connection.sendall(frame(SETTINGS))
    while True:
        head = take(9)
        take(int.from_bytes(head[:3], "big"))
        if head[3] == SETTINGS and not head[4] & ACK:
            connection.sendall(frame(SETTINGS, ACK))
        if head[3] == HEADERS:
            stream = int.from_bytes(head[5:9], "big")
            connection.sendall(frames(stream) + frame(GOAWAY, 0, 0, struct.pack(">II", stream, 0)))
            return
