#!/usr/bin/env python3
"""verdicts_agree_sites.py HOLDFAST ROOT FOLDER WORD: sites in situations that operators met, each a name below WORD.test; what check
says of who gets in, by each way, as each browser and by each address, beside what visit says. FOLDER has certificates, NAME.full and
NAME.key: good, bad (nobody's), old (expired), other (of another name), staple (must-staple)."""
import json
import os
import socket
import ssl
import subprocess
import sys
import threading

HOLDFAST, ROOT, FOLDER, WORD = sys.argv[1:5]
YEAR = "Strict-Transport-Security: max-age=31536000; includeSubDomains"
LONG = "x" * 20000
# name: (certificate, or one for each family), status and fields of /, of /in, and of / over plain HTTP. HERE is the
# name, PORT its port, PLAIN a port that speaks no TLS, WALL: only with a cookie there is a page.
SITES = {
    "healthy": ("good", (200, [YEAR]), (200, []), (301, ["Location: https://HERE:PORT/"])),
    "cookie-wall": ("good", ("WALL", [YEAR]), (200, []), (301, ["Location: https://HERE:PORT/"])),
    "cookie-hop": ("good", (302, [YEAR, "Set-Cookie: way=clear; Path=/", "Location: /in"]), ("WALL-IN", []), (200, [])),
    "cookie-lost": ("good", (302, ["Set-Cookie: way=clear; Path=/nowhere", "Location: /in"]), ("WALL-IN", []), (200, [])),
    "policy-hop": ("good", (302, [YEAR, "Location: http://HERE:PLAIN/"]), (200, []), (200, [])),
    "no-policy-hop": ("good", (302, ["Location: http://HERE:PLAIN/"]), (200, []), (200, [])),
    "sub-hop": ("good", (302, [YEAR, "Location: http://sub.HERE:PLAIN/"]), (200, []), (200, [])),
    "covered": ("good", (200, []), (200, []), (301, ["Location: https://healthy.%s.test:PORT/" % WORD])),
    "misdirected": ("good", (421, [YEAR]), (200, []), (301, ["Location: https://HERE:PORT/"])),
    "broken": ("good", (500, [YEAR]), (200, []), (503, [])),
    "refused": ("good", (403, []), (200, []), (403, [])),
    "throttled": ("good", (429, ["Retry-After: 60"]), (200, []), (301, ["Location: https://HERE:PORT/"])),
    "staple": ("staple", (200, [YEAR]), (200, []), (301, ["Location: https://HERE:PORT/"])),
    "self-signed": ("bad", (200, [YEAR]), (200, []), (301, ["Location: https://HERE:PORT/"])),
    "expired": ("old", (200, [YEAR]), (200, []), (200, [])),
    "named-otherwise": ("other", (200, [YEAR]), (200, []), (301, ["Location: https://HERE:PORT/"])),
    "loop": ("good", (302, [YEAR, "Location: /in"]), (302, ["Location: /"]), (200, [])),
    "loop-with-policy": ("good", (302, [YEAR, "Location: http://HERE:PORT/"]), (200, []), (200, [])),
    "two-locations": ("good", (302, [YEAR, "Location: /in", "Location: /"]), (200, []), (200, [])),
    "one-location-twice": ("good", (302, [YEAR, "Location: /in", "Location: /in"]), (200, []), (200, [])),
    "empty-location": ("good", (302, [YEAR, "Location: "]), (200, []), (302, ["Location: "])),
    "no-location": ("good", (302, [YEAR]), (200, []), (302, [])),
    "odd-scheme": ("good", (302, ["Location: ftp://HERE/"]), (200, []), (200, [])),
    "malformed": ("good", (302, ["Location: https://[::1/"]), (200, []), (200, [])),
    "backslashes": ("good", (302, [YEAR, "Location: https:\\\\HERE:PORT\\in"]), (200, []), (200, [])),
    "long-location": ("good", (302, [YEAR, "Location: /in?" + LONG]), (200, []), (200, [])),
    "to-bad": ("good", (302, [YEAR, "Location: https://self-signed.%s.test:PORT/" % WORD]), (200, []), (200, [])),
    "forgets": ("good", (302, [YEAR, "Location: /in"]), (200, ["Strict-Transport-Security: max-age=0"]), (200, [])),
    "one-family-bad": (("good", "bad"), (200, [YEAR]), (200, []), (200, [])),
    "one-family-old": (("old", "good"), (200, [YEAR]), (200, []), (200, [])),
}
certificates = {}
port = {}


def context(kind):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain("%s/%s.full" % (FOLDER, kind), "%s/%s.key" % (FOLDER, kind))
    return made


def choose(family):
    """The certificate of a name, as a server on this family's address shows it."""
    def choice(connection, name, _):
        kind = SITES.get((name or "").split(".")[0], ("good",))[0]
        connection.context = certificates[kind if isinstance(kind, str) else kind[family]]
    return choice


def answer(connection, secure):
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return
        head += piece
        if head[0] == 0x16:  # a ClientHello, where no TLS is spoken
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return
    text = head.decode("latin-1")
    host = [line[6:] for line in text.split("\r\n") if line.lower().startswith("host: ")][0].split(":")[0]
    path = text.split()[1].split("?")[0]
    site = SITES.get(host.split(".")[0], SITES["healthy"])
    status, fields = site[3] if not secure else site[2] if path == "/in" else site[1] if path == "/" else (404, [])
    passed = "way=clear" in text
    if status == "WALL":
        status, fields = (200, fields) if passed else (302, [*fields, "Set-Cookie: way=clear; Path=/", "Location: /"])
    if status == "WALL-IN":
        status, fields = (200, fields) if passed else (302, [*fields, "Location: /in"])
    lines = ["HTTP/1.1 %d Said" % status, *fields, "Content-Length: 0", "Connection: close"]
    for word, value in (("HERE", host), ("PORT", str(port["secure"])), ("PLAIN", str(port["clear"]))):
        lines = [line.replace(word, value) for line in lines]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())


def serve(connection, layer):
    try:
        if layer is not None:
            connection = layer.wrap_socket(connection, server_side=True)
        answer(connection, layer is not None)
    except (OSError, IndexError):
        pass
    finally:
        connection.close()


def listen(family, number, layer):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1" if family == socket.AF_INET else "::1", number))
    listener.listen(64)

    def loop():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0], layer), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


def run(*arguments):
    said = subprocess.run([HOLDFAST, *arguments, "--no-preload", "--cafile", ROOT, "--json"], capture_output=True, text=True)
    return json.loads(said.stdout)


def ways(host, *addresses):
    where = ["%s:%d:%s" % (name, port["secure"], ",".join(addresses)) for name in
             (host, "sub." + host, "healthy.%s.test" % WORD, "self-signed.%s.test" % WORD)]
    return [*[word for text in where for word in ("--resolve", text)], "--resolve", "%s:%d:127.0.0.1" % (host, port["clear"]),
            "--resolve", "sub.%s:%d:127.0.0.1" % (host, port["clear"]), "--connect-to", ":80:127.0.0.1:%d" % port["clear"]]


class Comparison:
    def __init__(self):
        self.count = 0

    def compare(self, what, said, *arguments):
        visit = run("visit", *arguments)["visits"][0]
        access, url = (said["access"], said.get("url", visit["url"])) if said is not None else (None, visit["url"])
        self.count += 1
        if (access, url) != (visit["access"], visit["url"]):
            print("%s: check says %s at %s, visit %s at %s" % (what, access, url, visit["access"], visit["url"]))


def held(host):
    """The policy of somebody who has been there, when all was well."""
    field = [text for text in SITES[host.split(".")[0]][1][1] if text.startswith("Strict")]
    value = field[0].split(": ")[1] if field else "max-age=31536000"
    if os.path.exists("known"):
        os.remove("known")
    subprocess.run([HOLDFAST, "store", "add", "--to", "holdfast:known", host, value], check=True, stdout=subprocess.DEVNULL)


def look(comparison, host, engine):
    either = [] if engine == "any" else ["--as", engine]
    url, both = "https://%s:%d/" % (host, port["secure"]), ways(host, "127.0.0.1", "::1")
    split = host.startswith("one-family")
    checked = run("check", "%s:%d" % (host, port["secure"]), "--http-port", "80", "--no-www", "--fail-on", "never", *both, *either)
    verdict = checked["hosts"][0]["verdict"]["ways"]
    what = "%s as %s" % (host.split(".")[0], engine)
    comparison.compare(what + " over http", verdict["http"]["first_visit"], "http://%s/" % host, "--no-store", *both, *either)
    held(host)
    if not split:
        comparison.compare(what, verdict["https"]["first_visit"], url, "--no-store", *both, *either)
        comparison.compare(what + " with a policy", verdict["https"]["later_visit"], url, "--store", "known", *both, *either)
    for at in verdict["https"]["addresses"]:
        one = ways(host, at["address"])
        comparison.compare("%s at %s" % (what, at["address"]), {"access": at["first_visit"]}, url, "--no-store", *one, *either)
        comparison.compare("%s at %s with a policy" % (what, at["address"]), {"access": at["later_visit"]}, url, "--store", "known",
                           *one, *either)


def main():
    for kind in ("good", "bad", "old", "other", "staple"):
        certificates[kind] = context(kind)
    layers = [context("good"), context("good")]
    for family, layer in enumerate(layers):
        layer.sni_callback = choose(family)
    port["secure"] = listen(socket.AF_INET, 0, layers[0])
    listen(socket.AF_INET6, port["secure"], layers[1])
    port["clear"] = listen(socket.AF_INET, 0, None)
    comparison = Comparison()
    for name in SITES:
        for engine in ("any", "chromium", "firefox"):
            look(comparison, "%s.%s.test" % (name, WORD), engine)
    print(comparison.count, "compared")


main()
