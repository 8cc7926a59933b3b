#!/usr/bin/env python3
"""big_heads.py CERT KEY: two servers on free ports of 127.0.0.1, over TLS and in clear; it prints the ports. Every answer
redirects to another path behind 245 fields of a thousand bytes each; but a host whose name begins with "good" answers well."""
import random
import socket
import ssl
import sys
import threading

PAD = b''.join(b'X-%d: %s\r\n' % (i, b'a' * 1000) for i in range(245))
GOOD = b'HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'


def answer(request, secure):
    fields = {line.split(b':')[0].lower(): line.split(b':', 1)[1].strip() for line in request.split(b'\r\n')[1:] if b':' in line}
    host = fields.get(b'host', b'').split(b':')[0]
    if host.startswith((b'good', b'www.good')):
        if secure:
            return GOOD
        return b'HTTP/1.1 301 M\r\nLocation: https://%s/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' % host
    return (b'HTTP/1.1 302 F\r\nLocation: /%d\r\n' % random.randrange(10**9) + PAD +
            b'Content-Length: 0\r\nConnection: close\r\n\r\n')


def serve(raw, context):
    try:
        raw.settimeout(30)
        connection = context.wrap_socket(raw, server_side=True) if context else raw
        request = b''
        while b'\r\n\r\n' not in request:
            data = connection.recv(65536)
            if not data:
                return
            request += data
        connection.sendall(answer(request, context is not None))
        if context:
            connection.unwrap()
    except OSError:
        pass
    finally:
        raw.close()


def accept(listener, context):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, context), daemon=True).start()


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(sys.argv[1], sys.argv[2])
tls.set_alpn_protocols(['http/1.1'])
listeners = [socket.create_server(('127.0.0.1', 0), backlog=512) for _ in range(2)]
print(*(listener.getsockname()[1] for listener in listeners), flush=True)
threading.Thread(target=accept, args=(listeners[0], tls), daemon=True).start()
accept(listeners[1], None)
