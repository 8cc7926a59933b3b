#!/usr/bin/env python3
"""What stands behind an AIA URL: aia_server.py PORT LOG FOLDER.

On 127.0.0.1:PORT it answers with the files of FOLDER, and writes the path of each request as a line to LOG. Some paths
are odd: /endless.der has no end, /silent.der gets no answer, /loop.der leads to itself, and /to/URL redirects there.
"""
import socketserver
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

FOLDER = Path(sys.argv[3])


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def redirect(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"0" * 65536)
        except OSError:
            pass

    def do_GET(self):
        with open(sys.argv[2], "a", encoding="ascii") as log:
            print(self.path, file=log)
        file = FOLDER / self.path.lstrip("/").replace("/", "_")
        if self.path == "/endless.der":
            self.endless()
        elif self.path == "/silent.der":
            time.sleep(60)
        elif self.path == "/loop.der":
            self.redirect("/loop.der")
        elif self.path.startswith("/to/"):
            self.redirect(self.path[4:])
        elif file.is_file():
            body = file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/pkix-cert")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            self.send_error(404)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
