#!/usr/bin/env python3
"""A DNS server on 127.0.0.1:PORT (UDP) for the names below .test: what the first label says is what it answers.

four: A 127.0.0.1; both: A 127.0.0.1 and AAAA ::1; nodata: no record; servfail, refused: that code;
lossy: as both, but the first datagram of each question is lost; half: A 127.0.0.1, and nothing at all to AAAA;
garbage: octets that are no answer; silent: nothing at all; any other: NXDOMAIN.
"""
import socket
import sys

NXDOMAIN, SERVFAIL, REFUSED = 3, 2, 5
RECORDS = {
    "four": {1: b"\x7f\0\0\1"},
    "both": {1: b"\x7f\0\0\1", 28: bytes(15) + b"\1"},
    "half": {1: b"\x7f\0\0\1"},
    "nodata": {},
}
RECORDS["lossy"] = RECORDS["both"]
heard = set()


def answer(query):
    label = query[13 : 13 + query[12]].decode("latin-1").lower()
    end = query.index(b"\0", 12) + 5
    kind = query[end - 3]
    if label == "silent":
        return b""
    if (label == "half" and kind == 28) or (label == "lossy" and kind not in heard):
        heard.add(kind)
        return b""
    if label == "garbage":
        return query[:2] + b"\x81\x80\xff\xff\xff\xff\xff\xff\xff\xff" + b"\xc0\x0c" * 40
    code = {"servfail": SERVFAIL, "refused": REFUSED}.get(label, 0 if label in RECORDS else NXDOMAIN)
    data = RECORDS.get(label, {}).get(kind)
    head = query[:2] + bytes([0x81, 0x80 | code]) + b"\0\1" + (b"\0\1" if data else b"\0\0") + b"\0\0\0\0"
    record = b"\xc0\x0c\0" + bytes([kind]) + b"\0\1\0\0\0\x3c" + len(data).to_bytes(2, "big") + data if data else b""
    return head + query[12:end] + record


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", int(sys.argv[1])))
    print("ready", flush=True)
    while True:
        query, peer = sock.recvfrom(4096)
        reply = answer(query)
        if reply:
            sock.sendto(reply, peer)


main()
