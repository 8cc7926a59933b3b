#!/usr/bin/env python3
"""preload_served.py PORT PAGE LOG: one port for all hosts, over plain HTTP and TLS alike.

Answers /page of http://hub.invalid-name with PAGE's script, and writes to LOG for each connection whom the client wanted: `http HOST` (it
asked in the clear) or `https HOST` (it began a TLS handshake: the name is in its ClientHello, and no answer is needed).
"""
import asyncio
import sys


def server_name(hello):
    """The host_name of a ClientHello (RFC 8446 4.1.2, RFC 6066 3), or None."""
    at = 4 + 2 + 32
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at:at + 2], "big")
    at += 1 + hello[at]
    end = at + 2 + int.from_bytes(hello[at:at + 2], "big")
    at += 2
    while at + 4 <= end:
        kind, size = (int.from_bytes(hello[at + i:at + i + 2], "big") for i in (0, 2))
        if kind == 0:
            return hello[at + 9:at + 4 + size].decode("ascii")
        at += 4 + size
    return None


async def see_tls(reader, first):
    head = first + await reader.readexactly(4)
    hello = await reader.readexactly(int.from_bytes(head[3:5], "big"))
    while len(hello) < 4 + int.from_bytes(hello[1:4], "big"):
        head = await reader.readexactly(5)
        hello += await reader.readexactly(int.from_bytes(head[3:5], "big"))
    return server_name(hello)


async def see_http(reader, writer, first, page, done):
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    path = lines[0].split(" ")[1]
    host = next(line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("host:")).split(":")[0]
    body = page if path == "/page" else b""
    if path == "/done":
        done.set()
    status = "200 OK" if path in ("/page", "/done") else "204 No Content"
    length = f"Content-Length: {len(body)}\r\n" if status.startswith("200") else ""
    writer.write(f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{length}Connection: close\r\n\r\n".encode() + body)
    await writer.drain()
    return host


async def main():
    port, log = int(sys.argv[1]), open(sys.argv[3], "w", buffering=1)
    page = open(sys.argv[2], "rb").read()
    done = asyncio.Event()

    async def serve(reader, writer):
        try:
            first = await reader.readexactly(1)
            if first == b"\x16":
                host, scheme = await see_tls(reader, first), "https"
            else:
                host, scheme = await see_http(reader, writer, first, page, done), "http"
            if host:
                log.write(f"{scheme} {host}\n")
        except (asyncio.IncompleteReadError, ConnectionError, IndexError, StopIteration, ValueError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024)
    async with server:
        await done.wait()
        await asyncio.sleep(1)


asyncio.run(main())
