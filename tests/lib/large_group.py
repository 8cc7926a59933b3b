#!/usr/bin/env python3
"""large_group.py CERT KEY BITS: a TLS 1.2 server on a free port of 127.0.0.1, which it prints. It offers DHE alone, with a group
of so many bits that it makes up."""
import base64
import random
import socket
import ssl
import sys
import threading


def der(tag, body):
    size = len(body)
    head = bytes([size]) if size < 128 else bytes([0x82, size >> 8, size & 255])
    return bytes([tag]) + head + body


def integer(value):
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, 'big'))


def parameters(bits):
    prime = random.Random(5).getrandbits(bits) | 3 << (bits - 2) | 1
    text = base64.encodebytes(der(0x30, integer(prime) + integer(2))).decode()
    return f'-----BEGIN DH PARAMETERS-----\n{text}-----END DH PARAMETERS-----\n'


def serve(raw, context):
    try:
        raw.settimeout(60)
        with context.wrap_socket(raw, server_side=True) as connection:
            connection.recv(9999)
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    except OSError:
        pass
    finally:
        raw.close()


certificate, key, bits = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(f'dh{bits}.pem', 'w', encoding='ascii') as file:
    file.write(parameters(bits))
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.maximum_version = ssl.TLSVersion.TLSv1_2
server.set_ciphers('DHE-RSA-AES128-SHA:@SECLEVEL=0')
server.load_cert_chain(certificate, key)
server.load_dh_params(f'dh{bits}.pem')
listener = socket.create_server(('127.0.0.1', 0), backlog=50)
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client, server), daemon=True).start()
