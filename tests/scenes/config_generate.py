"""Configurations that are generated, judged, run and asked: config_generate.sh has made the certificates.

The text is used as it is, but for the paths of the certificate, the folder of the pages, and the lines for IPv6."""
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
YEAR = "max-age=31536000"
failures = []
answers = 0


class Application(http.server.BaseHTTPRequestHandler):
    """Behind nginx; it sends a policy of its own."""

    def do_GET(self):
        self.send_response_only(int(self.path.split("/")[-1]))
        self.send_header("Strict-Transport-Security", "max-age=1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


application = http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Application)
threading.Thread(target=application.serve_forever, daemon=True).start()
silent = socket.create_server(("127.0.0.1", 8001))

# What the site does, in place of its folder of pages: a location for each status.
PLACES = f"""
    root {HERE}/root;
    client_max_body_size 10;
    large_client_header_buffers 2 1k;
    location /status/301 {{ return 301 https://a.test/; }}
    location /status/302 {{ return 302 /; }}
    location /status/401 {{ auth_basic x; auth_basic_user_file {HERE}/nobody; }}
    location /status/403 {{ deny all; }}
    location /status/500 {{ return 500; }}
    location /status/502 {{ proxy_pass http://127.0.0.1:9; }}
    location /status/504 {{ proxy_pass http://127.0.0.1:8001; proxy_read_timeout 100ms; }}
    location /application/ {{ proxy_pass http://127.0.0.1:8000; }}
    error_page 404 /missing.html;
    location = /missing.html {{ internal; return 404 missing; }}
"""


def get(path, method="GET", fields="", body=""):
    return f"{method} {path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n{fields}\r\n{body}"


DATE = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(os.stat("root/index.html").st_mtime))
LONG = "x" * 2000
REQUESTS = [
    (200, get("/")), (206, get("/", fields="Range: bytes=0-1\r\n")), (416, get("/", fields="Range: bytes=99-\r\n")),
    (301, get("/status/301")), (301, get("/folder")), (302, get("/status/302")),
    (304, get("/", fields=f"If-Modified-Since: {DATE}\r\n")), (401, get("/status/401")), (403, get("/status/403")),
    (404, get("/nothing")), (405, get("/", "POST", "Content-Length: 0\r\n")),
    (413, get("/", "POST", "Content-Length: 20\r\n", "x" * 20)), (500, get("/status/500")), (502, get("/status/502")),
    (504, get("/status/504")), *((status, get(f"/application/{status}")) for status in (200, 301, 403, 404, 500, 503)),
]
# Rejected before nginx has read the whole head.
EARLY = [(400, "GET / HTTP/1.1\r\n\r\n"), (400, "rubbish\r\n\r\n"), (414, get("/" + LONG)),
         (400, get("/", fields=f"X-Long: {LONG}\r\n"))]


def write(text):
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.M)
    text = re.sub(r"^    root .*\n", lambda _: PLACES, text, flags=re.M)
    text = text.replace("/etc/letsencrypt/live/a.test/fullchain.pem", f"{HERE}/good.full")
    text = text.replace("/etc/letsencrypt/live/a.test/privkey.pem", f"{HERE}/good.key")
    temporary = "".join(f"{name}_temp_path {HERE}/{name};\n" for name in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open("nginx.conf", "w") as out:
        out.write(f"daemon off; master_process off; pid {HERE}/nginx.pid; error_log {HERE}/nginx.log;\nevents {{}}\n"
                  f"http {{\naccess_log off;\n{temporary}{text}}}\n")


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Running:
    def __init__(self, *ports):
        self.ports = ports

    def __enter__(self):
        self.process = subprocess.Popen(["nginx", "-e", f"{HERE}/nginx.log", "-c", f"{HERE}/nginx.conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(200):
            if all(map(listens, self.ports)):
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise SystemExit("nginx does not start: " + open("nginx.log").read()[-2000:] + open("nginx.conf").read())

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def ask(request, port, tls, address="127.0.0.1"):
    """Status and policies of a response."""
    one = socket.create_connection(("127.0.0.1", port), 5, source_address=(address, 0))
    if tls:
        one = ssl.create_default_context(cafile=f"{HERE}/root.pem").wrap_socket(one, server_hostname="a.test")
    one.sendall(request.encode())
    data = b""
    try:
        while part := one.recv(65536):
            data += part
    except ConnectionResetError: # behind the response to a body that was not read
        pass
    one.close()
    head = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    fields = [line.split(": ", 1) for line in head[1:] if ": " in line]
    return (int(head[0].split()[1]), [value for name, value in fields if name.lower() == "strict-transport-security"],
            {name.lower(): value for name, value in fields})


def expect(what, request, wanted, port, tls, address="127.0.0.1"):
    global answers
    got = ask(request, port, tls, address)
    answers += 1
    if got[:2] != wanted:
        failures.append(f"{what}: {request[:60]!r} is answered {got[:2]}, not {wanted}")
    return got[2]


def run(*command):
    done = subprocess.run([HOLDFAST, *command], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def generated(arguments):
    """The text, which lint finds nothing in: neither by itself nor with the site around it."""
    version = arguments[arguments.index("--version"):][:2] if "--version" in arguments else []
    code, text, said = run("config", "generate", "nginx", *arguments)
    if code != 0 or said:
        raise SystemExit(f"{arguments}: exit {code}: {said}")
    with open("generated.conf", "w") as out:
        out.write(text)
    for path in ("generated.conf", "nginx.conf"):
        write(text)
        code, said, _ = run("config", "lint", "--json", "--fail-on", "info", *version, path)
        if code != 0:
            failures.append(f"{arguments}: lint of {path}: {[(f['rule'], f['line']) for f in json.loads(said)['findings']]}")
    return text


def policies(status, policy, always):
    """With 416 nginx runs its filters twice, before and after it finds that out; `always` then adds the line twice."""
    times = 1 + always if status == 416 else always or status in (200, 206, 301, 302, 304)
    return [policy] * times


# -- nginx ends TLS ----------------------------------------------------------------------------------------------------


def check_tls(arguments, policy, always=True):
    generated(["--server-name", "a.test", "--server-name", "www.a.test", *arguments])
    with Running(443, 80):
        for status, request in REQUESTS + EARLY:
            expect(arguments, request, (status, policies(status, policy, always)), 443, True)
        for status, request in REQUESTS:
            location = expect(arguments, request, (301, []), 80, False)["location"]
            if location != "https://a.test" + request.split()[1]:
                failures.append(f"{arguments}: plain HTTP redirects to {location}")
        for status, request in EARLY:
            expect(arguments, request, (status if "X-Long" not in request and LONG not in request else 301, []), 80, False)
        # Plain HTTP on the port of TLS is no response over HTTPS: 497 becomes 400.
        for _, request in REQUESTS[:1] + EARLY[:2]:
            expect(arguments, request, (400, []), 443, False)
        code, said, _ = run("check", "a.test", "--json", "--no-preload", "--cafile", "root.pem", "--fail-on", "never",
                            *(f"--resolve={name}:{port}:127.0.0.1" for name in ("a.test", "www.a.test") for port in (80, 443)))
        host = json.loads(said)["hosts"][0]
        serious = {f["id"] for f in host["findings"] if f["severity"] == "error"}
        if policy != "max-age=0" and (not host["verdict"]["hsts_in_force"] or serious):
            failures.append(f"{arguments}: check says {serious}, {host['verdict']}")
        if policy == "max-age=0" and serious != {"hsts-disabled"}:
            failures.append(f"{arguments}: check says {serious}")


# -- Another server ends TLS -------------------------------------------------------------------------------------------


def check_behind(arguments, policy):
    generated(["--server-name", "a.test", "--behind-proxy", *arguments])
    with Running(80):
        for status, request in REQUESTS:
            secure = request.replace("Host:", "X-Forwarded-Proto: https\r\nHost:", 1)
            fields = expect(arguments, secure, (status, policies(status, policy, True)), 80, False)
            if fields.get("location", "/").startswith("http:"):
                failures.append(f"{arguments}: a redirect leads to {fields['location']}")
            # Anybody else may say what he likes, and is not sent round in circles.
            expect(arguments, secure, (status, []), 80, False, "127.0.0.2")
            clear = request.replace("Host:", "X-Forwarded-Proto: http\r\nHost:", 1)
            expect(arguments, clear, (301, []), 80, False)
            expect(arguments, request, (status, []), 80, False)
        for status, request in EARLY:
            expect(arguments, request, (status, []), 80, False)


check_tls([], YEAR)
check_tls(["--version", "1.22.1"], YEAR)
check_tls(["--version", "1.22.1", "--include-subdomains", "--preload", "--max-age", "2y"],
          "max-age=63072000; includeSubDomains; preload")
check_tls(["--version", "1.22.1", "--stage", "minutes"], "max-age=300")
check_tls(["--rollback"], "max-age=0")
# Older than `always`: what its comment says is not covered is not covered.
check_tls(["--version", "1.6.3"], YEAR, always=False)
check_behind([], YEAR)
check_behind(["--version", "1.22.1", "--stage", "month", "--include-subdomains"], "max-age=2592000; includeSubDomains")
# nginx starts with files for several sites, with long names too, and each has its own policy.
texts = []
for number, name in enumerate(("c-d.test", "c.d.test", "*.c.d.test", f"{'c' * 30}.test", f"{'c' * 36}.test", f"{'c' * 41}.test")):
    for behind in ([], ["--behind-proxy"]):
        arguments = ["--server-name", name, "--max-age", str(number + 1), "--certificate", f"{HERE}/good.full", "--key",
                     f"{HERE}/good.key"]
        texts.append(generated(["--server-name", name, *behind] if behind else arguments))
maps = re.findall(r"^map .*(\$\w+) \{$", "".join(texts), re.M)
if len(set(maps)) != 6:
    failures.append(f"variables of several files: {maps}")
write("".join(texts[::2]))
with Running(443, 80):
    pass
write("".join(texts[1::2]))
with Running(80):
    pass
# Of versions that are not here.
for version in ("0.9.0", "1.4.7", "1.9.5", "1.19.4", "1.25.1", "1.29.2", "1.29.3"):
    for more in ([], ["--behind-proxy"], ["--rollback"], ["--stage", "preload"], ["--server-name", "*.a.test"]):
        generated(["--version", version, *more])
print("\n".join(failures))
print(answers, "answers")
raise SystemExit(1 if failures else 0)
