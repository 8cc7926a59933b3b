"""Runs Debian's nginx, provokes each response, and lays what it sends beside `holdfast config matrix`.

An observation is (server, scheme, location, cause): `location` as the matrix names it, None for the server itself."""
import http.server
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

HERE = os.getcwd()
HOLDFAST = os.environ["HOLDFAST"]
MORE = "/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so"
OWN = "max-age=77"  # of the application


class Application(http.server.BaseHTTPRequestHandler):
    """Behind the proxy: ?app=CODE gives that status, "close" and "slow" none at all."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked = re.search(r"[?&]app=(\w+)", self.path)
        asked = asked.group(1) if asked and self.server.server_port < 8002 else "200"
        if asked == "slow":
            time.sleep(1)
        if asked in ("slow", "close"):
            self.close_connection = True
            return
        self.send_response_only(int(asked))
        self.send_header("X-App", "1")
        if self.server.server_port % 2 == 0:
            self.send_header("Strict-Transport-Security", OWN)
        if asked == "301":
            self.send_header("Location", "/elsewhere")
        if asked != "304":
            self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_HEAD = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 100
    daemon_threads = True

    def handle_error(self, *_):
        pass


def applications():
    """Ports 8000 and 8002 send a policy of their own, 8001 and 8003 none. The last two always give 200."""
    for port in (8000, 8001, 8002, 8003):
        threading.Thread(target=Server(("127.0.0.1", port), Application).serve_forever, daemon=True).start()


# -- nginx -------------------------------------------------------------------------------------------------------------


def write(text, name="nginx.conf"):
    temporary = "".join(f"{kind}_temp_path {HERE}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    module = f"load_module {MORE};\n" if os.path.exists(MORE) else ""
    with open(name, "w") as out:
        out.write(f"{module}daemon off; master_process off; pid {HERE}/nginx.pid; error_log {HERE}/nginx.log;\n"
                  f"worker_rlimit_nofile 10000;\nevents {{ worker_connections 4000; }}\nhttp {{\naccess_log off;\n{temporary}"
                  f"large_client_header_buffers 2 1k; client_max_body_size 1k; proxy_read_timeout 400ms; keepalive_requests 100000;\n"
                  f"default_type text/html;\n{text}}}\n")


class Running:
    def __init__(self, ports, name="nginx.conf"):
        self.ports, self.name = ports, name

    def __enter__(self):
        self.process = subprocess.Popen(["nginx", "-e", f"{HERE}/nginx.log", "-c", f"{HERE}/{self.name}"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(500):
            if all(listens(port) for port in self.ports):
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise SystemExit(f"nginx does not start: {self.process.stderr.read().decode()}{open('nginx.log').read()[-2000:]}")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


# -- Requests ----------------------------------------------------------------------------------------------------------


class Response:
    def __init__(self, head):
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if lines[0] else 0
        self.fields = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:] if ":" in line]

    def all(self, name):
        return [value for field, value in self.fields if field.lower() == name.lower()]


def context_for(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(f"{HERE}/{certificate}.full", f"{HERE}/{certificate}.key")
    return context


CONTEXTS = {}


class Connection:
    """Keeps one connection as long as the server does."""

    def __init__(self, port, name, tls, certificate=None):
        self.port, self.name, self.tls, self.certificate, self.one = port, name, tls, certificate, None

    def open(self):
        self.one = socket.create_connection(("127.0.0.1", self.port), 5)
        if self.tls:
            if self.certificate not in CONTEXTS:
                CONTEXTS[self.certificate] = context_for(self.certificate)
            self.one = CONTEXTS[self.certificate].wrap_socket(self.one, server_hostname=self.name)

    def close(self):
        if self.one:
            self.one.close()
        self.one = None

    def read(self):
        data = b""
        while b"\r\n\r\n" not in data:
            part = self.one.recv(65536)
            if not part:
                self.close()
                return Response(b"") if not data else None
            data += part
        head, body = data.split(b"\r\n\r\n", 1)
        response = Response(head)
        length = int((response.all("Content-Length") or [0])[0])
        if response.status in (304, 204):
            length = 0
        chunked = response.all("Transfer-Encoding")
        while (len(body) < length) if not chunked else (b"0\r\n\r\n" not in body[-7:]):
            part = self.one.recv(65536)
            if not part:
                break
            body += part
        if "close" in response.all("Connection"):
            self.close()
        return response

    def raw(self, octets):
        for attempt in (0, 1):
            fresh = self.one is None
            try:
                if fresh:
                    self.open()
                self.one.sendall(octets)
                response = self.read()
            except (OSError, ssl.SSLError):
                response = None
                self.close()
            if response is not None and (response.status or fresh):
                return response
            if fresh:
                return response
        return None

    def get(self, path, *fields, method="GET", body=b""):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.name}", *fields]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return self.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


# -- Comparing ---------------------------------------------------------------------------------------------------------


class Matrix:
    def __init__(self, name="nginx.conf"):
        done = subprocess.run([HOLDFAST, "config", "matrix", "--json", name], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"config matrix: exit {done.returncode}: {done.stderr}")
        self.document = json.loads(done.stdout)
        self.cells = {}
        for server in self.document["servers"]:
            for row in server["rows"]:
                for cell in row["cells"]:
                    key = (server["names"][0] if server["names"] else "", row["scheme"], row["location"], cell["cause"])
                    self.cells.setdefault(key, []).append(cell)


class Tally:
    def __init__(self):
        self.compared, self.unsure, self.differences = 0, 0, []

    def compare(self, matrix, key, response, what, application=False):
        """`application`: it is the application that is asked for this status."""
        cells = matrix.cells.get(key, [])
        cells = [cell for cell in cells if cell["from_application"] == application]
        if not cells:
            self.differences.append(f"{key}: {what}: no cell; nginx answers {response and response.status}")
            return
        cell = cells[0]
        if not cell["sure"]:
            self.unsure += 1
            return
        self.compared += 1
        if cell["by"] == "nothing":
            if response is not None and response.status:
                self.differences.append(f"{key}: {what}: nothing is predicted, {response.status} is sent")
            return
        if response is None:
            self.differences.append(f"{key}: {what}: no response")
            return
        sent = response.all("Strict-Transport-Security")
        own = [OWN] if response.all("X-App") and key and cell["application_too"] else []
        wanted = [header["value"] for header in cell["headers"]]
        if own and OWN not in sent and response.all("X-App"):
            own = []  # this one sends none
        if sorted(sent) != sorted(own + wanted) or (cell["status"] and cell["status"] != response.status):
            self.differences.append(f"{key}: {what}: predicted {cell['status']} {own + wanted} ({cell['by']}, "
                                    f"{cell['answers']}), sent {response.status} {sent}")


BAD = b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"


def provoke_internal(tally, matrix, name, plain_port, tls_port):
    """The replies before a location is found. `name` has ssl_verify_client optional, and `bad` is a wrong certificate."""
    for scheme, port in (("http", plain_port), ("https", tls_port)):
        if not port:
            continue
        one = Connection(port, name, scheme == "https")
        tally.compare(matrix, (name, scheme, None, 400), one.raw(BAD), "no Host")
        one.close()
        tally.compare(matrix, (name, scheme, None, 414), one.get("/" + "a" * 3000), "a long URI")
        one.close()
        tally.compare(matrix, (name, scheme, None, 494), one.get("/", "X-Long: " + "a" * 3000), "a large header")
        one.close()
    if tls_port:
        tally.compare(matrix, (name, "https", None, 497), Connection(tls_port, name, False).get("/"), "plain HTTP")
        one = Connection(tls_port, name, True, "bad")
        tally.compare(matrix, (name, "https", None, 495), one.get("/"), "a wrong client certificate")
        one.close()
