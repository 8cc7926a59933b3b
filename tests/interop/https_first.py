#!/usr/bin/env python3
"""https_first.py HOLDFAST ROOT FOLDER CHANCE: visits of http URLs by Chromium and Firefox with default flags, and ours beside them.

Each name is a situation: how its port 443 and its port 80 answer. Said is where a visit ended, and what was asked on the way. The
names are below public suffixes and below none, with the label CHANCE in each. FOLDER has good.full, bad.full and their keys.
"""
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE_DIR"], "tests", "lib"))
import browser  # noqa: E402

CHANCE = sys.argv[4]
PUBLIC, PRIVATE = CHANCE + ".example.com", CHANCE + ".test"
OTHER = "other." + CHANCE + ".example.com"
YEAR = "Strict-Transport-Security: max-age=31536000"

# name: (what port 443 does, what port 80 does). A number is a status, a URL a redirect, with HERE for the name.
HERE = "HERE"
SITUATIONS = {
    "good": (200, 200),
    "refused": ("reset", 200),
    "closed": ("close", 200),
    "no-tls": ("garbage", 200),
    "alert": ("alert", 200),
    "silent": ("silent", 200),
    "slow": ("late 1", 200),
    "too-slow": ("late 6", 200),
    "self-signed": ("bad", 200),
    "nothing": ("reset", "reset"),
    "empty": ("empty", 200),
    "missing": (404, 200),
    "broken": (500, 200),
    "down": (503, 200),
    "misdirected": (421, 200),
    "back": ("http://HERE/", 200),
    "back-further": ("http://HERE/in", 200),
    "back-known": ("http://HERE/ " + YEAR, 200),
    "to-clear": ("http://%s/" % OTHER, 200),
    "to-secure": ("https://%s/" % OTHER, 200),
    "to-broken": ("https://refused.%s/" % PUBLIC, 200),
    "to-bad": ("https://self-signed.%s/" % PUBLIC, 200),
    "to-private": ("http://good.%s/" % PRIVATE, 200),
    "clear-to-clear": ("reset", "http://%s/" % OTHER),
    "clear-to-secure": ("reset", "https://HERE/"),
    "clear-to-good": ("reset", "https://%s/" % OTHER),
}
URLS = ["http://%s.%s/" % (name, PUBLIC) for name in SITUATIONS]
URLS += ["http://%s.%s/" % (name, PRIVATE) for name in ("good", "refused", "nothing", "clear-to-clear", "to-clear")]
URLS += ["http://good.%s:8080/" % PUBLIC, "http://good2.%s:80/" % PUBLIC, "http://good3.%s./" % PUBLIC,
         "http://%s.home.arpa/" % CHANCE, "http://intranet%s/" % CHANCE, "http://%s.internal/" % CHANCE,
         "http://%s.lan/" % CHANCE, "https://to-clear.%s/" % PUBLIC, "https://to-bad.%s/" % PUBLIC]
URLS.append("http://%s.example.org/" % CHANCE)

TARGETS = ("other", "refused", "self-signed", "good")

asked = []  # (scheme, host)
certificates = {}


def server_name(hello):
    """The name that a ClientHello is for."""
    at = 43
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at:at + 2], "big")
    at += 1 + hello[at]
    end = at + 2 + int.from_bytes(hello[at:at + 2], "big")
    at += 2
    while at < end:
        kind, length = int.from_bytes(hello[at:at + 2], "big"), int.from_bytes(hello[at + 2:at + 4], "big")
        if kind == 0:
            return hello[at + 9:at + 4 + length].decode()
        at += 4 + length
    return ""


def read_head(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(4096)
        if not piece:
            return ""
        head += piece
    return head.decode("latin-1")


def answer(connection, behaviour, host):
    fields = "Content-Type: text/html"
    page = '<link rel="icon" href="data:,">page'  # so that nothing else is asked for
    if behaviour == "empty":
        return
    if isinstance(behaviour, str) and behaviour.startswith("http"):
        location, _, field = behaviour.partition(" ")
        fields = "Location: " + location.replace(HERE, host)
        fields += "\r\n" + field if field else ""
        behaviour = 302
    status = behaviour if isinstance(behaviour, int) else 200
    connection.sendall(("HTTP/1.1 %d Said\r\n%s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" %
                        (status, fields, len(page), page)).encode())


def situation(host, secure):
    return SITUATIONS.get(host.split(".")[0], (200, 200))[not secure]


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def serve_secure(connection):
    hello = connection.recv(65536, socket.MSG_PEEK)
    host = server_name(hello).rstrip(".")
    behaviour = situation(host, True)
    asked.append(("https", host))
    if behaviour == "reset":
        reset(connection)
    elif behaviour == "garbage":
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    elif behaviour == "alert":
        connection.sendall(b"\x15\x03\x01\x00\x02\x02\x28")
    elif behaviour == "silent":
        time.sleep(60)
    elif behaviour != "close":
        secure = certificates["bad" if behaviour == "bad" else "good"].wrap_socket(connection, server_side=True)
        head = read_head(secure)
        if isinstance(behaviour, str) and behaviour.startswith("late"):
            time.sleep(int(behaviour.split()[1]))
        if head:
            answer(secure, behaviour, host)
        secure.close()


def serve_clear(connection):
    head = read_head(connection)
    if not head:
        return
    host = [line[6:] for line in head.split("\r\n") if line.lower().startswith("host: ")][0]
    name = host.split(":")[0].rstrip(".")
    asked.append(("http", name))
    if situation(name, False) == "reset":
        reset(connection)
    else:
        answer(connection, situation(name, False), name)


def lead(connection, ports):
    """A proxy, for Firefox has no other way to loopback: tunnels to 443, and plain requests, are served here."""
    first = connection.recv(65536, socket.MSG_PEEK)
    if not first.startswith(b"CONNECT "):
        serve_clear(connection)
        return
    read_head(connection)
    peer = socket.create_connection(("127.0.0.1", ports["secure"]))
    connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    threading.Thread(target=pour, args=(peer, connection), daemon=True).start()
    pour(connection, peer)


def pour(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def guarded(serve, connection, *arguments):
    try:
        serve(connection, *arguments)
    except (OSError, IndexError):
        pass
    finally:
        connection.close()


def listen(serve, *arguments):
    listener = socket.create_server(("127.0.0.1", 0))

    def loop():
        while True:
            connection = listener.accept()[0]
            threading.Thread(target=guarded, args=(serve, connection, *arguments), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def requests(url):
    """Scheme and host of what was asked on the way from the URL, once each: a connection in reserve may come late."""
    seen = []
    name = url.split("/")[2].split(":")[0].rstrip(".")
    for scheme, host in asked:
        if (host == name or host.split(".")[0] in TARGETS) and (scheme, host) not in seen:
            seen.append((scheme, host))
    return " ".join("%s:%s" % one for one in seen)


def ended(url):
    """Where a visit arrived, or that it did not."""
    return url.rstrip("/").replace("./", "/").rstrip(".") if url and url.startswith("http") else "no page"


def visit(holdfast, root, engine, url, ports):
    ways = [":443:127.0.0.1:%d" % ports["secure"], ":80:127.0.0.1:%d" % ports["clear"], ":8080:127.0.0.1:%d" % ports["clear"]]
    said = subprocess.run([holdfast, "visit", "--as", engine, "--no-store", "--no-preload", "--json", "--cafile", root, url,
                           *[word for way in ways for word in ("--connect-to", way)]], capture_output=True, text=True)
    one = json.loads(said.stdout)["visits"][0]
    return ended(one["url"]) if one["access"] == "open" else "no page"


def main():
    holdfast, root, folder = sys.argv[1:4]
    for name in ("good", "bad"):
        certificates[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificates[name].load_cert_chain("%s/%s.full" % (folder, name), "%s/%s.key" % (folder, name))
    ports = {"secure": listen(serve_secure), "clear": listen(serve_clear)}
    ports["proxy"] = listen(lead, ports)
    rules = "MAP *:443 127.0.0.1:%(secure)d, MAP *:80 127.0.0.1:%(clear)d, MAP *:8080 127.0.0.1:%(clear)d" % ports
    proxy = {"network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": ports["proxy"],
             "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": ports["proxy"]}
    compared = 0
    first = {}
    for engine in ("chromium", "firefox"):
        place = "%s/%s" % (folder, engine)
        os.makedirs(place)
        if engine == "chromium":
            user = browser.Chromium(place, root, ["--no-proxy-server", "--host-resolver-rules=" + rules])
        else:
            user = browser.Firefox(place, root, free_port(), proxy, "http://127.0.0.1:%d/" % ports["clear"])
        for url in URLS:
            if engine == "firefox" and "/broken." in url:
                continue  # it takes 500 otherwise when it comes through a proxy
            asked.clear()
            theirs = ended(user.open(url))
            time.sleep(0.3)
            theirs_asked = requests(url)
            asked.clear()
            ours = visit(holdfast, root, engine, url, ports)
            ours_asked = requests(url)
            compared += 1
            if theirs_asked.startswith("https:"):
                first.setdefault(engine, set()).add(url)
            if (theirs, theirs_asked) != (ours, ours_asked):
                print("%s in %s: arrives at %s (%s), ours at %s (%s)" % (url, engine, theirs, theirs_asked, ours, ours_asked))
        user.close()
    print("%d compared; https was asked first by Chromium %d times, by Firefox %d" %
          (compared, len(first.get("chromium", ())), len(first.get("firefox", ()))))


main()
