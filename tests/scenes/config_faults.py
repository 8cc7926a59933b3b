"""Faults of nginx's configuration, each run, found, mended and run again: config_faults.sh has made the certificates.

A case is what stands inside http { }, the rule, and the line that the finding is told of, which the text marks with
"<<<". SHOWS says what a response has before, MENDED after: the HSTS headers of one request, in their order."""
import http.server
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

HERE = os.getcwd()
HOLDFAST = os.environ["HOLDFAST"]
NGINX = ["nginx", "-e", f"{HERE}/nginx.log", "-c", f"{HERE}/nginx.conf"]
YEAR = "max-age=31536000; includeSubDomains"
HSTS = f'add_header Strict-Transport-Security "{YEAR}" always;'
CERTIFICATE = f"ssl_certificate {HERE}/good.full; ssl_certificate_key {HERE}/good.key;"
TLS = f"server {{\nlisten 443 ssl;\nserver_name a.test;\n{CERTIFICATE}\nroot {HERE}/root;\n"
PLAIN = f"server {{\nlisten 80;\nserver_name a.test;\nroot {HERE}/root;\n"
TO_HTTPS = "server { listen 80; server_name a.test; return 301 https://$host$request_uri; }\n"
failures = []


def policies(answer):
    return [line.split(":", 1)[1].strip() for line in answer[1]
            if line.lower().startswith("strict-transport-security:")]


def redirect(answer):
    return [answer[0].split()[1]] + [line for line in answer[1] if line.startswith("Location:")]


class Application(http.server.BaseHTTPRequestHandler):
    """Behind the proxy; it sends a policy of its own."""

    def do_GET(self):
        self.send_response_only(200)
        self.send_header("Strict-Transport-Security", YEAR)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


application = http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Application)
threading.Thread(target=application.serve_forever, daemon=True).start()
PROXY = "proxy_pass http://127.0.0.1:8000;"


class Case:
    def __init__(self, rule, text, request, shows, mended, look=None):
        self.rule, self.text, self.request, self.shows, self.mended = rule, text, request, shows, mended
        self.look = look or policies


def tls(rule, lines, request, shows, mended, before="", look=None):
    return Case(rule, before + TLS + lines + "\n}\n" + TO_HTTPS, request, shows, mended, look)


def value(rule, written, mended=YEAR):
    """A value that browsers do not take, or not as it was meant."""
    return tls(rule, f"add_header Strict-Transport-Security {written} always; <<<", ("https", "/"),
               [re.sub(r'^[\'"]|[\'"]$', "", written)], [mended])


CASES = [
    tls("add-header-dropped", f"{HSTS}\nlocation /a/ {{\n    add_header X-Robots-Tag none; <<<\n}}",
        ("https", "/a/"), [], [YEAR]),
    tls("add-header-dropped", f"{HSTS}\nlocation /a/ {{\nif ($arg_x = 1) {{\nadd_header X-A b; <<<\n}}\n}}",
        ("https", "/a/?x=1"), [], [YEAR]),
    tls("add-header-dropped", f"{HSTS}\nerror_page 404 /error;\nlocation = /error {{\ninternal;\n"
        "add_header X-A b always; <<<\nreturn 404;\n}", ("https", "/b"), [], [YEAR]),
    tls("no-always", f'add_header Strict-Transport-Security "{YEAR}"; <<<', ("https", "/missing"), [], [YEAR]),
    tls("duplicate-header", f"{HSTS}\n{HSTS} <<<", ("https", "/"), [YEAR, YEAR], [YEAR]),
    tls("upstream-duplicate-risk", f"{HSTS} <<<\nlocation / {{\n    {PROXY}\n}}", ("https", "/"), [YEAR, YEAR], [YEAR]),
    tls("status-restricted", f'more_set_headers -s 200 "Strict-Transport-Security: {YEAR}"; <<<',
        ("https", "/missing"), [], [YEAR]),
    tls("header-name-typo", f'add_header Strict_Transport_Security "{YEAR}" always; <<<', ("https", "/"), [], [YEAR]),
    tls("trailer-not-header", f'add_trailer Strict-Transport-Security "{YEAR}"; <<<', ("https", "/"), [], [YEAR]),
    tls("map-wrong-key", "add_header Strict-Transport-Security $hsts always;", ("https", "/"), [], [YEAR],
        before=f'map $https $hsts {{ <<<\nhttps "{YEAR}";\n}}\n'),
    Case("map-unconditional", f'map $scheme $hsts {{ <<<\ndefault "{YEAR}";\n}}\n'
         f"{PLAIN}add_header Strict-Transport-Security $hsts always;\n}}\n"
         f"{TLS}add_header Strict-Transport-Security $hsts always;\n}}\n", ("http", "/"), [YEAR], []),
    Case("hsts-over-http", f"{PLAIN}{HSTS} <<<\nreturn 301 https://$host$request_uri;\n}}\n{TLS}{HSTS}\n}}\n",
         ("http", "/"), [YEAR], []),
    Case("redirect-temporary", f"{PLAIN}return 302 https://$host$request_uri; <<<\n}}\n{TLS}{HSTS}\n}}\n",
         ("http", "/b"), ["302", "Location: https://a.test/b"], ["301", "Location: https://a.test/b"], redirect),
    tls("redirect-to-http", f"{HSTS}\nlocation /a/ {{\nreturn 301 http://b.test$request_uri; <<<\n}}\n",
        ("https", "/a/"), ["301", "Location: http://b.test/a/"], ["301", "Location: https://b.test/a/"],
        before=TLS.replace("a.test", "b.test") + HSTS + "\n}\n", look=redirect),
    value("directive-typo", '"max-age=31536000; includeSubDomain"'),
    value("flag-with-value", '"max-age=31536000; includeSubDomains=true"'),
    value("max-age-quoted", "'max-age=\"31536000\"; includeSubDomains'"),
    value("trailing-semicolon", '"max-age=31536000; includeSubDomains;"'),
    value("directive-duplicate", '"max-age=31536000; max-age=31536000; includeSubDomains"'),
    value("value-malformed", '"max-age=31536000, includeSubDomains"'),
    value("value-malformed", '"max-age: 31536000; includeSubDomains"'),
]

# -- nginx -------------------------------------------------------------------------------------------------------------


def write(text):
    temporary = "".join(f"{name}_temp_path {HERE}/{name};\n" for name in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open("nginx.conf", "w") as out:
        out.write("load_module /usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so;\n"
                  f"daemon off; master_process off; pid {HERE}/nginx.pid; error_log {HERE}/nginx.log;\n"
                  f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n")


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Running:
    def __enter__(self):
        self.process = subprocess.Popen(NGINX, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if listens(443) and listens(80):
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise SystemExit("nginx does not start: " + open("nginx.log").read()[-2000:] + open("nginx.conf").read())

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def ask(scheme, path):
    """Status and header lines, those that change from one moment to the next left aside."""
    one = socket.create_connection(("127.0.0.1", 443 if scheme == "https" else 80), 5)
    if scheme == "https":
        context = ssl.create_default_context(cafile=f"{HERE}/root.pem")
        one = context.wrap_socket(one, server_hostname="a.test")
    one.sendall(f"GET {path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nTE: trailers\r\n\r\n".encode())
    data = b""
    while part := one.recv(65536):
        data += part
    one.close()
    head = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return head[0], [line for line in head[1:] if not line.lower().startswith(("date:", "etag:", "last-modified:"))]


def others(answer):
    """Where a trailer follows, the length of the body is said in another way."""
    framing = ("Transfer-Encoding:", "Content-Length:")
    return answer[0], [line for line in answer[1] if "transport" not in line.lower() and not line.startswith(framing)]


REQUESTS = [(scheme, path) for scheme in ("https", "http") for path in ("/", "/missing", "/a/", "/a/?x=1", "/b")]


def observe(case):
    with Running():
        return {request: ask(*request) for request in dict.fromkeys([case.request, *REQUESTS])}


def holdfast(*arguments):
    return subprocess.run([HOLDFAST, "config", "lint", *arguments, "nginx.conf"], capture_output=True, text=True)


# -- A case ------------------------------------------------------------------------------------------------------------


def check(case):
    clean = case.text.replace(" <<<", "")
    write(clean)
    text = open("nginx.conf").read()
    marked = case.text.split(" <<<")[0]
    line = text.count("\n", 0, text.index(clean)) + marked.count("\n") + 1
    before = observe(case)
    if case.look(before[case.request]) != case.shows:
        yield f"before, nginx sends {case.look(before[case.request])}"
    found = json.loads(holdfast("--json").stdout)["findings"]
    if (case.rule, line) not in [(item["rule"], item["line"]) for item in found]:
        yield f"not found in line {line}: {[(item['rule'], item['line']) for item in found]}"
        return
    done = holdfast("--fix")
    test = subprocess.run([*NGINX, "-t", "-q"], capture_output=True, text=True)
    if test.returncode != 0:
        yield f"nginx refuses the mended file: {test.stderr}{open('nginx.conf').read()}"
        return
    after = observe(case)
    if case.look(after[case.request]) != case.mended:
        yield f"after --fix nginx sends {case.look(after[case.request])}: {done.stdout}{done.stderr}"
    for request in before:
        if case.look is redirect:
            continue
        if others(before[request]) != others(after[request]):
            yield f"{request}: {others(before[request])} has become {others(after[request])}"
    if case.rule in [item["rule"] for item in json.loads(holdfast("--json").stdout)["findings"]]:
        yield "it is still found"


for case in CASES:
    for wrong in check(case):
        failures.append(f"{case.rule}: {wrong}")
    for name in os.listdir("."):
        if name.startswith("nginx.conf") and name != "nginx.conf":
            os.unlink(name)
print(len(CASES), "faults, found and mended")
print("\n".join(failures), file=sys.stderr)
sys.exit(bool(failures))
