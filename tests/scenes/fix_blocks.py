"""Pastes each block of the catalogue into the server that it is for: fix_blocks.sh has made the certificates.

A case is a configuration with a fault, and the same with a place for the block. The block comes from the report of
`holdfast check` about the first, so the server is recognised by what it says of itself."""
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

HERE = os.getcwd()
HOLDFAST = os.environ["HOLDFAST"]
SOURCE = os.environ["SOURCE_DIR"]
FULL = f"{HERE}/fullchain.full"
LEAF = f"{HERE}/fullchain.pem"
KEY = f"{HERE}/fullchain.key"
RSA = f"{HERE}/rsa.full"
RSA_KEY = f"{HERE}/rsa.key"
YEAR = "max-age=31536000; includeSubDomains"
failures = []


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


TLS, PLAIN = free_port(), free_port()


class Application(http.server.BaseHTTPRequestHandler):
    """What stands behind a proxy: it sends a policy of its own, believes what it is told about the scheme, and has a
    header that HTTP/2 does not allow."""

    def do_GET(self):
        if self.path.startswith("/secure") and self.headers.get("X-Forwarded-Proto") != "https":
            self.send_response_only(301)
            self.send_header("Location", "http://good.test" + self.path)
        else:
            self.send_response_only(404 if self.path == "/missing" else 200)
        if not self.path.startswith("/plain"):
            self.send_header("Strict-Transport-Security", "max-age=300")
        self.send_header("Upgrade", "h2,h2c")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


application = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
threading.Thread(target=application.serve_forever, daemon=True).start()
BACKEND = f"127.0.0.1:{application.server_address[1]}"

# -- The servers -------------------------------------------------------------------------------------------------------


def nginx(text):
    temporary = "".join(f"{name}_temp_path {HERE}/{name};\n" for name in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open("nginx.conf", "w") as out:
        out.write(f"daemon off; master_process off; pid {HERE}/nginx.pid; error_log {HERE}/nginx.log;\n"
                  f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n")
    return ["nginx", "-e", f"{HERE}/nginx.log", "-c", f"{HERE}/nginx.conf"]


def apache(text):
    names = "mpm_event authz_core alias dir headers ssl proxy proxy_http rewrite".split()
    modules = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in names)
    with open("apache.conf", "w") as out:
        out.write(f"ServerRoot {HERE}\nPidFile {HERE}/apache.pid\nErrorLog {HERE}/apache.log\nServerName localhost\n"
                  f"Mutex file:{HERE}\nStartServers 1\nServerLimit 1\nThreadsPerChild 8\nMaxRequestWorkers 8\n"
                  f"{modules}{text}\n")
    return ["apache2", "-X", "-f", f"{HERE}/apache.conf"]


def caddy(text):
    with open("Caddyfile", "w") as out:
        out.write(f"{{\nadmin off\nauto_https off\nskip_install_trust\n}}\n{text}\n")
    return ["caddy", "run", "--config", f"{HERE}/Caddyfile", "--adapter", "caddyfile"]


SERVERS = {"nginx": nginx, "apache": apache, "caddy": caddy}


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Running:
    """A server with this configuration."""

    def __init__(self, server, text):
        arguments = SERVERS[server](text)
        environment = dict(os.environ, XDG_DATA_HOME=f"{HERE}/caddy", XDG_CONFIG_HOME=f"{HERE}/caddy")
        self.log = open("server.log", "w")
        self.process = subprocess.Popen(arguments, stdout=self.log, stderr=self.log, env=environment)
        self.text = text

    def __enter__(self):
        for _ in range(200):
            if listens(TLS) and listens(PLAIN):
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.log.flush()
        raise SystemExit(f"the server does not start:\n{self.text}\n{open('server.log').read()[-2000:]}")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()
        while listens(TLS) or listens(PLAIN):
            time.sleep(0.05)


# -- What is checked ---------------------------------------------------------------------------------------------------


def findings(target, options):
    arguments = [HOLDFAST, "check", target, "--json", "--no-preload", "--no-www", "--cafile", "root.pem", "--fail-on", "never",
                 "--connect-to", f":443:127.0.0.1:{TLS}", "--connect-to", f":80:127.0.0.1:{PLAIN}",
                 "--resolve", "good.test:443:127.0.0.1", "--resolve", "good.test:80:127.0.0.1", *options]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    if not done.stdout:
        raise SystemExit(f"check says nothing: {done.stderr}")
    return {item["id"]: item for item in json.loads(done.stdout)["hosts"][0]["findings"]}


def adapted(text):
    """The block for the ports and paths of this test: nothing else of it is changed."""
    text = re.sub(r"^ *listen \[::\].*\n?", "", text, flags=re.M)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{PLAIN};").replace("<VirtualHost *:80>",
                                                                         f"<VirtualHost 127.0.0.1:{PLAIN}>")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{TLS} ssl;").replace("http://good.test {",
                                                                                   f"http://good.test:{PLAIN} {{")
    return text.replace("/etc/letsencrypt/live", f"{HERE}/live").replace("localhost:8080", BACKEND)


def header_of(path):
    out = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-D", "-", "--cacert", "root.pem", "--resolve",
                          f"good.test:{TLS}:127.0.0.1", f"https://good.test:{TLS}{path}"],
                         capture_output=True, text=True, timeout=30).stdout
    return out.splitlines()[0].split()[1], re.findall(r"(?im)^strict-transport-security: *(.*?)\r?$", out)


tested = set()


def case(server, block, finding, bad, good, target="good.test", options=(), policy=None, paths=()):
    """`good` has a line PASTE where the block goes; `paths` are (path, status) that must carry `policy` once."""
    tested.add((block, server))
    with Running(server, bad):
        before = findings(target, options)
    item = before.get(finding)
    if item is None:
        failures.append(f"{server}: {finding} was not raised, but {sorted(before)}")
        return
    shown = item["fix_block"]
    if shown is None or shown["server"] != server:
        failures.append(f"{server}: {finding} has the block {shown}")
        return
    if any(word in shown["text"] for word in ("HOST", "POLICY")) or (policy and policy not in shown["text"]):
        failures.append(f"{server}: {finding}: not filled in: {shown['text']}")
    with Running(server, good.replace("PASTE", adapted(shown["text"]))):
        after = findings(target, options)
        for path, status in paths:
            if header_of(path) != (status, [policy]):
                failures.append(f"{server}: {block}: {path} is answered {header_of(path)}, not {status} {policy}")
    new = {name for name, found in after.items() if found["severity"] != "info"} - set(before)
    if finding in after or new:
        failures.append(f"{server}: with the block {block} {finding} is {'there' if finding in after else 'gone'}; "
                        f"new: {sorted(new)}\n{shown['text']}")


# -- nginx -------------------------------------------------------------------------------------------------------------


def nginx_tls(inside, certificate=FULL, key=KEY, listen="ssl"):
    return (f"server {{ listen 127.0.0.1:{TLS} {listen}; server_name good.test; ssl_certificate {certificate};\n"
            f"ssl_certificate_key {key};\nroot {HERE}/root;\n{inside}\n}}\n")


def nginx_header(value=YEAR):
    return f'add_header Strict-Transport-Security "{value}" always;\n'


NGINX_PLAIN = f"server {{ listen 127.0.0.1:{PLAIN}; server_name good.test; return 301 https://$host$request_uri; }}\n"
NGINX_PROXY = f"location / {{ proxy_pass http://{BACKEND}; PLACE }}\n"


def nginx_cases():
    case("nginx", "hsts-header", "hsts-missing", nginx_tls("") + NGINX_PLAIN, nginx_tls("PASTE") + NGINX_PLAIN,
         policy="max-age=300", paths=[("/", "200"), ("/missing", "404")])
    # The policy that is there stays as it is.
    case("nginx", "hsts-header", "hsts-not-on-errors",
         nginx_tls(nginx_header().replace(" always", "")) + NGINX_PLAIN, nginx_tls("PASTE") + NGINX_PLAIN,
         policy=YEAR, paths=[("/", "200"), ("/missing", "404")])
    proxy = NGINX_PROXY.replace("PLACE", "")
    case("nginx", "hsts-once", "hsts-several", nginx_tls(nginx_header() + proxy) + NGINX_PLAIN,
         nginx_tls("PASTE\n" + proxy) + NGINX_PLAIN, policy="max-age=300", paths=[("/", "200"), ("/missing", "404")])
    case("nginx", "hsts-https-only", "http-sts-in-clear", nginx_header() + nginx_tls("") + NGINX_PLAIN,
         "PASTE\n" + nginx_tls("") + NGINX_PLAIN, policy=YEAR, paths=[("/", "200"), ("/missing", "404")])
    clear = f"server {{ listen 127.0.0.1:{PLAIN}; server_name good.test; root {HERE}/root; }}\n"
    case("nginx", "https-redirect", "http-no-redirect", nginx_tls(nginx_header()) + clear,
         nginx_tls(nginx_header()) + "PASTE")
    case("nginx", "tls-listener", "tls-plain-http", nginx_tls(nginx_header(), listen="") + NGINX_PLAIN,
         f"server {{ server_name good.test; {nginx_header()}\nroot {HERE}/root;\nPASTE\n}}\n" + NGINX_PLAIN)
    case("nginx", "chain-file", "cert-missing-intermediate", nginx_tls(nginx_header(), LEAF) + NGINX_PLAIN,
         f"server {{ listen 127.0.0.1:{TLS} ssl; server_name good.test; {nginx_header()}\nPASTE\n}}\n" + NGINX_PLAIN)
    other = f"server {{ listen 127.0.0.1:{TLS} ssl; ssl_reject_handshake on; ssl_protocols TLSv1.2; }}\n"
    old = "ssl_ciphers ALL:@SECLEVEL=0; ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;\n"
    case("nginx", "tls-versions", "tls-old-version", old + nginx_tls(nginx_header()) + NGINX_PLAIN,
         "ssl_ciphers ALL:@SECLEVEL=0;\nPASTE\n" + nginx_tls(nginx_header()) + NGINX_PLAIN, options=["--tls"])
    # The trap: a server that is not the default one has no say.
    with Running("nginx", other + nginx_tls(nginx_header() + "ssl_protocols TLSv1.3;\n") + NGINX_PLAIN):
        if "tls-without-13" not in findings("good.test", ["--tls"]):
            failures.append("nginx: ssl_protocols of a server that is not the default one has effect")
    weak = "ssl_protocols TLSv1.2; ssl_ciphers AES128-GCM-SHA256;\n"
    case("nginx", "tls-ciphers", "tls-no-forward-secrecy", weak + nginx_tls(nginx_header(), RSA, RSA_KEY) + NGINX_PLAIN,
         "PASTE\n" + nginx_tls(nginx_header(), RSA, RSA_KEY) + NGINX_PLAIN, options=["--tls"])
    asking = f"ssl_client_certificate {HERE}/root.pem;\n"
    case("nginx", "no-client-certificate", "client-certificate-optional",
         nginx_tls(nginx_header() + asking + "ssl_verify_client optional;") + NGINX_PLAIN,
         nginx_tls(nginx_header() + asking + "PASTE") + NGINX_PLAIN)
    case("nginx", "proxy-scheme", "redirect-downgrade", nginx_tls(proxy) + NGINX_PLAIN,
         nginx_tls(NGINX_PROXY.replace("PLACE", "\nPASTE\n")) + NGINX_PLAIN, target="https://good.test/secure")
    case("nginx", "hide-upgrade", "http2-connection-field", nginx_tls(proxy, listen="ssl http2") + NGINX_PLAIN,
         nginx_tls(NGINX_PROXY.replace("PLACE", "\nPASTE\n"), listen="ssl http2") + NGINX_PLAIN)
    # The trap of the header: a location with an add_header of its own drops those above it.
    with Running("nginx", nginx_tls(nginx_header() + "location /in { add_header X y; return 200; }") + NGINX_PLAIN):
        if header_of("/in") != ("200", []):
            failures.append("nginx: an add_header in a location drops nothing")


# -- Apache ------------------------------------------------------------------------------------------------------------


def apache_host(port, inside):
    return f"<VirtualHost 127.0.0.1:{port}>\nServerName good.test\nDocumentRoot {HERE}/root\n{inside}\n</VirtualHost>\n"


def apache_certificate(certificate=FULL, key=KEY):
    return f"SSLEngine on\nSSLCertificateFile {certificate}\nSSLCertificateKeyFile {key}\n"


def apache_header(value=YEAR, table="always "):
    return f'Header {table}set Strict-Transport-Security "{value}"\n'


LISTEN = f"Listen 127.0.0.1:{TLS}\nListen 127.0.0.1:{PLAIN}\n"
APACHE_PLAIN = apache_host(PLAIN, "Redirect permanent / https://good.test/")


def apache_site(inside, before="", certificate=FULL, key=KEY):
    return LISTEN + before + "\n" + apache_host(TLS, apache_certificate(certificate, key) + inside) + APACHE_PLAIN


def apache_cases():
    proxy = f"ProxyPass / http://{BACKEND}/\n"
    case("apache", "hsts-header", "hsts-missing", apache_site(""), apache_site("PASTE"), policy="max-age=300",
         paths=[("/", "200"), ("/missing", "404")])
    case("apache", "hsts-header", "hsts-not-on-errors", apache_site(apache_header(table="")), apache_site("PASTE"),
         policy=YEAR, paths=[("/", "200"), ("/missing", "404")])
    case("apache", "hsts-once", "hsts-several", apache_site(apache_header() + proxy), apache_site("PASTE\n" + proxy),
         policy=YEAR, paths=[("/", "200"), ("/missing", "404")])
    case("apache", "hsts-https-only", "http-sts-in-clear", apache_site("", apache_header()), apache_site("", "PASTE"),
         policy=YEAR, paths=[("/", "200"), ("/missing", "404")])
    case("apache", "https-redirect", "http-no-redirect",
         LISTEN + apache_host(TLS, apache_certificate() + apache_header()) + apache_host(PLAIN, ""),
         LISTEN + apache_host(TLS, apache_certificate() + apache_header()) + "PASTE")
    case("apache", "tls-listener", "tls-plain-http", LISTEN + apache_host(TLS, apache_header()) + APACHE_PLAIN,
         LISTEN + apache_host(TLS, apache_header() + "PASTE") + APACHE_PLAIN)
    case("apache", "chain-file", "cert-missing-intermediate", apache_site(apache_header(), certificate=LEAF),
         LISTEN + apache_host(TLS, "SSLEngine on\n" + apache_header() + "PASTE") + APACHE_PLAIN)
    case("apache", "tls-versions", "tls-old-version",
         apache_site(apache_header(), "SSLCipherSuite ALL:@SECLEVEL=0\nSSLProtocol +TLSv1.1 +TLSv1.2 +TLSv1.3\n"),
         apache_site(apache_header(), "SSLCipherSuite ALL:@SECLEVEL=0\nPASTE"), options=["--tls"])
    weak = "SSLProtocol +TLSv1.2\nSSLCipherSuite AES128-GCM-SHA256\n"
    case("apache", "tls-ciphers", "tls-no-forward-secrecy", apache_site(apache_header(), weak, RSA, RSA_KEY),
         apache_site(apache_header(), "PASTE", RSA, RSA_KEY), options=["--tls"])
    asking = f"SSLCACertificateFile {HERE}/root.pem\n"
    case("apache", "no-client-certificate", "client-certificate-optional",
         apache_site(apache_header() + asking + "SSLVerifyClient optional"),
         apache_site(apache_header() + asking + "PASTE"))
    case("apache", "proxy-scheme", "redirect-downgrade", apache_site(proxy), apache_site("PASTE\n" + proxy),
         target="https://good.test/secure")
    # The trap of the header: both tables are sent.
    with Running("apache", apache_site(apache_header() + apache_header(table=""))):
        if header_of("/") != ("200", [YEAR, YEAR]):
            failures.append("Apache: `set` and `always set` send one header")


# -- Caddy -------------------------------------------------------------------------------------------------------------


def caddy_site(inside, certificate=FULL, key=KEY):
    tls = f"tls {certificate} {key}\n" if certificate else ""
    return f"https://good.test:{TLS} {{\n{tls}root * {HERE}/root\nfile_server\n{inside}\n}}\n"


def caddy_header(value=YEAR):
    return f'header Strict-Transport-Security "{value}"\n'


CADDY_PLAIN = f"http://good.test:{PLAIN} {{\nredir https://good.test{{uri}} 301\n}}\n"


def caddy_cases():
    case("caddy", "hsts-header", "hsts-missing", caddy_site("") + CADDY_PLAIN, caddy_site("PASTE") + CADDY_PLAIN,
         policy="max-age=300", paths=[("/", "200"), ("/missing", "404")])
    case("caddy", "hsts-header", "hsts-not-on-errors",
         caddy_site(f'header {{\nStrict-Transport-Security "{YEAR}"\ndefer\n}}') + CADDY_PLAIN,
         caddy_site("PASTE") + CADDY_PLAIN, policy=YEAR, paths=[("/", "200"), ("/missing", "404")])
    proxied = f"https://good.test:{TLS} {{\ntls {FULL} {KEY}\n%s\n}}\n" + CADDY_PLAIN
    case("caddy", "hsts-once", "hsts-several", proxied % (caddy_header() + f"reverse_proxy {BACKEND}"),
         proxied % "PASTE", policy=YEAR, paths=[("/", "200"), ("/missing", "404")])
    both = "(common) {\n%s\n}\n" + caddy_site("import common") + CADDY_PLAIN.replace("redir", "import common\nredir")
    case("caddy", "hsts-https-only", "http-sts-in-clear", both % caddy_header(), both % "PASTE", policy=YEAR,
         paths=[("/", "200"), ("/missing", "404")])
    clear = f"http://good.test:{PLAIN} {{\nroot * {HERE}/root\nfile_server\n}}\n"
    case("caddy", "https-redirect", "http-no-redirect", caddy_site(caddy_header()) + clear,
         caddy_site(caddy_header()) + "PASTE")
    case("caddy", "chain-file", "cert-missing-intermediate", caddy_site(caddy_header(), LEAF) + CADDY_PLAIN,
         caddy_site(caddy_header() + "PASTE", None) + CADDY_PLAIN)
    low = f"https://good.test:{TLS} {{\n{caddy_header()}tls {FULL} {KEY} {{\nprotocols tls1.2 tls1.2\n}}\n}}\n"
    high = f"https://good.test:{TLS} {{\n{caddy_header()}tls {FULL} {KEY}\nPASTE\n}}\n"
    case("caddy", "tls-versions", "tls-without-13", low + CADDY_PLAIN, high + CADDY_PLAIN, options=["--tls"])
    # The trap of the header: without quotes none is sent.
    with Running("caddy", caddy_site(f"header Strict-Transport-Security {YEAR}") + CADDY_PLAIN):
        if header_of("/") != ("200", []):
            failures.append(f"Caddy: a value without quotes is sent: {header_of('/')}")


def defined():
    """The blocks of the catalogue, as (block, server)."""
    block = None
    for line in open(f"{SOURCE}/src/findings/blocks.txt"):
        if re.fullmatch(r"[a-z0-9-]+\n", line):
            block = line.strip()
        elif re.fullmatch(r"(nginx|apache|caddy):\n", line):
            yield block, line.strip()[:-1]


wanted = sys.argv[1:] or ["nginx", "apache", "caddy"]
for name in wanted:
    {"nginx": nginx_cases, "apache": apache_cases, "caddy": caddy_cases}[name]()
untested = {pair for pair in defined() if pair[1] in wanted} ^ tested
if untested:
    failures.append(f"blocks without a case, or the other way round: {sorted(untested)}")
for failure in failures:
    print(failure)
print(len(tested), "blocks were pasted")
sys.exit(1 if failures else 0)
