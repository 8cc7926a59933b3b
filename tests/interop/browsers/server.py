"""The server behind every row: it tells TLS from plain HTTP by the first octet, and by SNI and Host whose situation it is."""
import contextlib
import select
import socket
import ssl
import struct
import threading
import time

import http2
import network

SECONDS = 30
FAR = 0.1  # seconds to a server that is far away


class Request:
    """What a row's answer may depend on."""

    def __init__(self, head, secure, address, port):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target = (lines[0].split(" ") + ["", ""])[:2]
        self.fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.host = self.fields.get("host", "").lower().rsplit(":", 1)[0].strip("[]")
        self.cookies = self.fields.get("cookie", "")
        self.address = address
        ours = port == (443 if secure else 80)
        self.origin = "%s://%s%s" % ("https" if secure else "http", self.host, "" if ours else ":%d" % port)


class Server:
    """find(host) gives the situation of a host: it has context(host), hello(host), the octets that answer a ClientHello
    instead of TLS, or None, answer(request), and frames()."""

    def __init__(self, find, ports):
        self.find = find
        self.open = set()
        for where, at in ((network.SERVED, (80, 443, *ports)), (network.PLAIN_ONLY, (80,)), (network.TLS_ONLY, (443,))):
            for address in where.values():
                for port in at:
                    self.listen(address, port)

    def listen(self, address, port):
        listener = socket.create_server((address, port), backlog=128,
                                        family=socket.AF_INET6 if ":" in address else socket.AF_INET)
        threading.Thread(target=self.accept, args=(listener, address, port), daemon=True).start()

    def accept(self, listener, address, port):
        while True:
            connection = listener.accept()[0]
            threading.Thread(target=self.serve, args=(connection, address, port), daemon=True).start()

    def serve(self, connection, address, port):
        connection.settimeout(SECONDS)
        self.open.add(connection)
        try:
            if connection.recv(1, socket.MSG_PEEK) == b"\x16":
                # The TLS layer takes the socket itself over.
                self.serve_tls(connection.dup(), address, port)
            else:
                self.exchange(connection, False, address, port)
                finish(connection)
        except ssl.SSLError:
            with contextlib.suppress(OSError):
                finish(connection)
        except (OSError, ValueError):
            pass
        finally:
            self.open.discard(connection)
            connection.close()

    def forget(self):
        """Connections that a browser has opened ahead of time are gone, as they are by the next visit."""
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def serve_tls(self, connection, address, port):
        name = server_name(client_hello(connection))
        situation = self.find(name)
        octets = situation.hello(name)
        if octets is not None:
            connection.recv(1 << 16)
            connection.sendall(octets)
            finish(connection)
            return
        with situation.context(name).wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secure:
            shake_hands(secure)
            if secure.selected_alpn_protocol() == "h2":
                http2.serve(secure, situation.frames())
            else:
                self.exchange(secure, True, address, port)
            secure.unwrap()

    def exchange(self, connection, secure, address, port):
        head = b""
        while b"\r\n\r\n" not in head:
            octets = connection.recv(1 << 16)
            if not octets:
                return
            head += octets
        request = Request(head.split(b"\r\n\r\n")[0], secure, address, port)
        connection.sendall(self.find(request.host).answer(request))


def finish(connection):
    """What was sent must not be lost in a reset of the connection."""
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(1 << 16):
        pass


def shake_hands(secure):
    """No faster than a server that is far away: a client of TLS 1.3 sends its request with the end of its handshake, and
    hears only then that its certificate is missing."""
    if secure.context.verify_mode == ssl.CERT_REQUIRED:
        secure.settimeout(0)
        with contextlib.suppress(ssl.SSLWantReadError):
            secure.do_handshake()
        select.select([secure], [], [], SECONDS)
        time.sleep(FAR)
        secure.settimeout(SECONDS)
    secure.do_handshake()


def client_hello(connection):
    """The record of the ClientHello, which is left where it is."""
    wanted = 5
    while True:
        octets = connection.recv(wanted, socket.MSG_PEEK | socket.MSG_WAITALL)
        if len(octets) < wanted:
            raise ValueError("a ClientHello that ends early")
        if wanted > 5:
            return octets
        wanted = 5 + struct.unpack(">H", octets[3:5])[0]


def server_name(hello):
    """The SNI of a ClientHello; the empty name if there is none."""
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    at += 2 + struct.unpack(">H", hello[at:at + 2])[0]
    at += 1 + hello[at]
    at += 2
    while at + 4 <= len(hello):
        kind, length = struct.unpack(">HH", hello[at:at + 4])
        if kind == 0:
            return hello[at + 9:at + 4 + length].decode("latin-1").lower()
        at += 4 + length
    return ""
