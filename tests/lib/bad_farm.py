#!/usr/bin/env python3
"""A farm of hosts that misbehave, each in a way of its own, each on a port of its own of 127.0.0.1.

bad_farm.py FOLDER       FOLDER holds good.key, good.pem (leaf and intermediate), huge.pem and hundred.pem, chains of the same key. Prints a
                         line "NAME PORT" for each host, then "ready", and serves until it is ended.
bad_farm.py hold PORT    a listener that lets everybody in and never says a word

The hosts are the functions with the decorator @host: a name, and what a connection is led through.
"""
import asyncio
import functools
import gzip
import os
import socket
import ssl
import struct
import sys

HOSTS = {}
OK = b"HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000\r\n"
FOREVER = 3600
BOMB = gzip.compress(b"\0" * 10_000_000)


def host(name, **options):
    def keep(function):
        HOSTS[name] = (function, options)
        return function
    return keep


@functools.lru_cache(maxsize=None)
def context_of(folder, chain="good.pem", alpn=("http/1.1",), newest=None, oldest=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, chain), os.path.join(folder, "good.key"))
    if oldest is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = oldest
    if newest is not None:
        context.maximum_version = newest
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


class Peer:
    """One connection, with TLS in memory, so that each flight can be held back, cut or followed by a reset."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = None

    async def receive(self):
        data = await self.reader.read(65536)
        if not data:
            raise ConnectionError
        self.incoming.write(data)
        return data

    async def flush(self):
        self.writer.write(self.outgoing.read())
        await self.writer.drain()

    def reset(self):
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def step(self, call, *arguments):
        while True:
            try:
                result = call(*arguments)
                await self.flush()
                return result
            except ssl.SSLWantReadError:
                await self.flush()
                await self.receive()

    async def shake_hands(self, context):
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        try:
            await self.step(self.tls.do_handshake)
        except ssl.SSLError:
            await self.flush()
            raise

    async def first_flight(self, context):
        """What the server says to the client's first words; nothing of it is sent."""
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        await self.receive()
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        return self.outgoing.read()

    async def request(self, context):
        await self.shake_hands(context)
        got = b""
        while b"\r\n\r\n" not in got:
            got += await self.step(self.tls.read, 65536)
        return got

    async def say(self, data):
        await self.step(self.tls.write, data)


@host("silent")
async def silent(peer, folder):
    await asyncio.sleep(FOREVER)


@host("silent-tls")
async def silent_tls(peer, folder):
    await peer.shake_hands(context_of(folder))
    await asyncio.sleep(FOREVER)


@host("drip")
async def drip(peer, folder):
    await peer.request(context_of(folder))
    for octet in OK + b"X: " + b"a" * FOREVER:
        await peer.say(bytes([octet]))
        await asyncio.sleep(1)


@host("drip-tls")
async def drip_tls(peer, folder):
    for octet in await peer.first_flight(context_of(folder)):
        peer.writer.write(bytes([octet]))
        await asyncio.sleep(1)


@host("endless-head")
async def endless_head(peer, folder):
    await peer.request(context_of(folder))
    await peer.say(OK)
    while True:
        await peer.say(b"X-Filler: " + b"a" * 4000 + b"\r\n")


@host("huge-chain")
async def huge_chain(peer, folder):
    await peer.shake_hands(context_of(folder, "huge.pem"))


@host("hundred-certificates")
async def hundred(peer, folder):
    await peer.request(context_of(folder, "hundred.pem"))
    await peer.say(OK + b"\r\n")


@host("redirect-loop")
async def redirect_loop(peer, folder):
    await peer.request(context_of(folder))
    await peer.say(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")


@host("redirect-endless")
async def redirect_endless(peer, folder):
    await peer.request(context_of(folder))
    redirect_endless.count += 1
    await peer.say(b"HTTP/1.1 302 Found\r\nLocation: /%d\r\n\r\n" % redirect_endless.count)

redirect_endless.count = 0


@host("bomb")
async def bomb(peer, folder):
    await peer.request(context_of(folder))
    await peer.say(OK + b"Content-Encoding: gzip\r\n\r\n" + BOMB)
    await asyncio.sleep(FOREVER)


@host("flood-handshake")
async def flood_handshake(peer, folder):
    """Octets without end that hold no data: HelloRequests in the middle of a handshake, which a client passes over."""
    flight = await peer.first_flight(context_of(folder, newest=ssl.TLSVersion.TLSv1_2))
    hello_request = b"\x16\x03\x03\x00\x04\x00\x00\x00\x00"
    peer.writer.write(flight[:5 + int.from_bytes(flight[3:5], "big")])
    while True:
        peer.writer.write(hello_request * 1000)
        await peer.writer.drain()


@host("flood-h2")
async def flood_h2(peer, folder):
    context = context_of(folder, alpn=("h2",))
    await peer.shake_hands(context)
    ping = b"\0\0\x08\x06\0\0\0\0\0" + b"ponypony"
    await peer.say(b"\0\0\0\x04\0\0\0\0\0")
    while True:
        await peer.say(ping * 500)


@host("reset-accept")
async def reset_accept(peer, folder):
    peer.reset()


@host("reset-client-hello")
async def reset_client_hello(peer, folder):
    await peer.receive()
    peer.reset()


@host("reset-server-hello")
async def reset_server_hello(peer, folder):
    flight = await peer.first_flight(context_of(folder))
    peer.writer.write(flight[:5 + int.from_bytes(flight[3:5], "big")])
    await peer.writer.drain()
    await asyncio.sleep(0.05)
    peer.reset()


@host("reset-request")
async def reset_request(peer, folder):
    await peer.request(context_of(folder))
    peer.reset()


@host("reset-head")
async def reset_head(peer, folder):
    await peer.request(context_of(folder))
    await peer.say(OK)
    await asyncio.sleep(0.05)
    peer.reset()


@host("close-accept")
async def close_accept(peer, folder):
    await peer.receive()


@host("wrong-alpn")
async def wrong_alpn(peer, folder):
    """A server that speaks another protocol than was asked for: RFC 7301 3.2 has an alert for it."""
    await peer.receive()
    peer.writer.write(b"\x15\x03\x03\x00\x02\x02\x78")
    await peer.writer.drain()
    await asyncio.sleep(0.2)


@host("tls-1.0")
async def tls_1_0(peer, folder):
    await peer.request(context_of(folder, oldest=ssl.TLSVersion.TLSv1, newest=ssl.TLSVersion.TLSv1))
    await peer.say(OK + b"\r\n")


@host("unknown-name")
async def unknown_name(peer, folder):
    await peer.receive()
    peer.writer.write(b"\x15\x03\x03\x00\x02\x02\x70")
    await peer.writer.drain()
    await asyncio.sleep(0.2)


@host("not-tls")
async def not_tls(peer, folder):
    await peer.receive()
    peer.writer.write(b"220 mail.test ESMTP\r\n")
    await peer.writer.drain()
    await asyncio.sleep(0.2)


@host("good")
async def good(peer, folder):
    await peer.request(context_of(folder))
    await peer.say(OK + b"\r\n")


def handler(function, folder):
    async def handle(reader, writer):
        try:
            await function(Peer(reader, writer), folder)
        except (OSError, ssl.SSLError, ConnectionError):
            pass
        finally:
            writer.close()
    return handle


async def farm(folder):
    servers = []
    for name, (function, _) in HOSTS.items():
        server = await asyncio.start_server(handler(function, folder), "127.0.0.1", 0, backlog=1024)
        servers.append(server)
        print(name, server.sockets[0].getsockname()[1])
    print("ready", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def hold(port):
    async def nothing(reader, writer):
        await asyncio.sleep(FOREVER)
    server = await asyncio.start_server(nothing, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(hold(int(sys.argv[2])) if sys.argv[1] == "hold" else farm(sys.argv[1]))
    except KeyboardInterrupt:
        pass
