#!/usr/bin/env python3
"""The preload list's service as far as its API is documented: list_service.py PORT LOG.

It keeps a few names, says their status, takes submissions and removals, and writes each request to LOG.
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

STATUS = {
    "listed.test": {"status": "preloaded", "bulk": True, "preloadedDomain": "listed.test"},
    "a.listed.test": {"status": "unknown", "bulk": False, "preloadedDomain": "listed.test"},
    "by-hand.test": {"status": "preloaded", "bulk": False, "preloadedDomain": "by-hand.test"},
    "waiting.test": {"status": "pending", "bulk": False, "preloadedDomain": ""},
    "rejected.test": {"status": "rejected", "bulk": False, "preloadedDomain": "", "message": "no \x1b[31mred\x1b[0m"},
    "odd.test": {"status": "abducted"},
}
PRELOADED = [{"code": "server.preload.already_preloaded", "summary": "Domain Error: Already preloaded",
              "message": "The domain is already preloaded."}]


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_api(self):
        parts = urlsplit(self.path)
        name = parse_qs(parts.query).get("domain", [""])[0]
        with open(sys.argv[2], "a", encoding="ascii") as log:
            log.write(f"{self.command} {self.path}\n")
        if name == "broken.test":
            self.answer(500, "Internal error: could not get domain state\n")
        elif name == "endless.test":
            self.answer(200, '{"name": "' + "x" * 100000 + '"}')
        elif name == "text.test":
            self.answer(200, "<!doctype html>")
        elif self.command == "GET" and parts.path == "/api/v2/status":
            state = STATUS.get(name, {"status": "unknown", "bulk": False, "preloadedDomain": ""})
            self.answer(200, json.dumps({"name": name, **state}, indent=2) + "\n")
        elif self.command == "POST" and parts.path in ("/api/v2/submit", "/api/v2/remove"):
            refused = parts.path.endswith("submit") and name == "listed.test"
            self.answer(200, json.dumps({"errors": PRELOADED if refused else [], "warnings": []}, indent=2) + "\n")
        else:
            self.answer(405, "Wrong method.\n")

    do_GET = do_POST = handle_api

    def log_message(self, *_):
        pass


HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
