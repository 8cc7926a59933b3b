"""Firefox's own protocol: JSON behind its length and a colon, over TCP."""
import json
import socket


class Marionette:
    def __init__(self, port):
        """OSError: nobody listens there yet."""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")
        self.number = 0
        self.take()

    def take(self):
        length = b""
        while (octet := self.file.read(1)) != b":":
            if not octet:
                raise EOFError("Firefox has ended")
            length += octet
        return json.loads(self.file.read(int(length)))

    def call(self, name, **parameters):
        """(error, result), of which one is None."""
        self.number += 1
        order = json.dumps([0, self.number, name, parameters]).encode()
        self.socket.sendall(b"%d:%b" % (len(order), order))
        return tuple(self.take()[2:])
