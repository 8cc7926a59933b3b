"""A row with one policy beforehand: its names, its certificates, and what it answers before and after."""
import base64
import os
import re
import secrets
import ssl
import sys
import tempfile

import http2
import network
from authority import SERVER, run
from row import YEAR, answer, page

sys.path.append(os.path.join(os.environ["SOURCE_DIR"], "tests", "lib"))

from odd_der import integer, sequence  # noqa: E402

GONE = answer("404 Not Found")


class Situation:
    def __init__(self, row, held, ports):
        self.row = row
        self.held = {"{h}": held} if isinstance(held, str) else held or {}
        self.healthy = True
        self.seen = {}  # by each browser
        self.said = {}  # by Holdfast as each browser
        self.checked = {}  # by its check
        self.names = {"{h}": "%s.%s" % (secrets.token_hex(5), row.zone), "{o}": "%s.%s" % (secrets.token_hex(5), row.zone),
                      "{p}": str(ports[0]), "{q}": str(ports[1])}
        self.shown = {self.names["{h}"]: "host." + row.zone, self.names["{o}"]: "other." + row.zone,
                      self.names["{p}"]: "PORT", self.names["{q}"]: "PORT2"}
        self.answers = {self.fill(url): given for url, given in row.answers.items()}
        self.fields = {self.fill(host): sts for host, sts in self.held.items()}
        if any(host in row.at for host in self.held):
            raise ValueError("%s: browsers remember addresses; no policy can come from what moves" % row.name)

    def fill(self, text):
        for word, name in self.names.items():
            text = text.replace(word, name)
        return text

    def show(self, text):
        """As the table has it: without what is of this run alone."""
        for name, word in self.shown.items():
            text = text.replace(name, word)
        return text

    def policy(self):
        """What was noted before, in the words of the table."""
        return "; ".join("%s%s" % (sts, "" if host == "{h}" else " of " + self.show(self.fill(host)))
                         for host, sts in self.held.items()) or "none"

    def url(self):
        return self.fill(self.row.go)

    def is_for_check(self):
        """True if check says of some visitor what becomes of this one: its returning visitors hold what the site sends now,
        and come by https."""
        sends = any("Strict-Transport-Security" in str(given) for given in self.row.answers.values())
        return re.match(r"https?://\{h\}/", self.row.go) is not None and (
            not self.held or (self.held == {"{h}": YEAR} and not sends and self.row.go.startswith("https:")))

    def earlier(self):
        """The URLs that were visited when all was well."""
        return ["https://%s/" % host for host in self.fields]

    def hosts(self):
        return self.names["{h}"], self.names["{o}"]

    def publish(self, names):
        usual = {name: ["host"] for host in self.hosts() for name in (host, "www." + host, "sub." + host)}
        for name, where in (usual | {self.fill(host): at for host, at in self.row.at.items()}).items():
            names.put(name, where and [network.ADDRESSES[at] for at in where])
        if self.row.https is not None:
            names.records[self.names["{h}"]][network.HTTPS] = [self.row.https]

    def certify(self, authority):
        good = issued(authority, self, {})
        bad = good if self.row.certificate is None else issued(authority, self, self.row.certificate)
        self.good = context(*good)
        self.bad = context(*bad, **({"alpn": "h2"} if self.row.http2 else {}), **self.row.tls)

    # -- What the server asks

    def context(self, _):
        return self.good if self.healthy else self.bad

    def hello(self, _):
        return None if self.healthy else self.row.hello

    def frames(self):
        """What answers over HTTP/2."""
        given = self.row.http2
        return given if callable(given) else http2.response(given)

    def answer(self, request):
        if self.healthy:
            sts = self.fields.get(request.host)
            given = page("Cache-Control: no-store", *(["Strict-Transport-Security: " + sts] if sts else []))
        elif request.target == "/favicon.ico":
            given = GONE
        else:
            given = self.answers.get(request.origin + request.target, self.answers.get(request.origin, page()))
            if callable(given):
                given = given(request)
        return given if isinstance(given, bytes) else self.fill(given).encode("latin-1")


def issued(authority, situation, certificate):
    """The files of a chain and of its key."""
    if callable(certificate):
        return certificate(authority, situation)
    words = dict(certificate)
    name = secrets.token_hex(8)
    besides = words.pop("sent", ["intermediate"])
    for_names = words.pop("names", ["{h}", "*.{h}", "{o}", "*.{o}"])
    alternative = "subjectAltName=%s\n" % ",".join("DNS:" + situation.fill(one) for one in for_names)
    authority.issue(name, SERVER + alternative + words.pop("extensions", ""), **{"by": "intermediate", **words})
    chain = authority.file(name + ".chain")
    with open(chain, "w") as file:
        for one in [name, *besides]:
            with open(authority.file(one + ".pem")) as part:
                file.write(part.read())
    return chain, authority.file(name + ".key")


def diffie_hellman(bits, factor=1):
    """A file with a group of a prime of so many bits; or of a number that is none, a multiple of a prime."""
    prime = int(run("openssl", "prime", "-generate", "-bits", str(bits)))
    text = base64.encodebytes(sequence(integer(prime * factor), integer(2))).decode("ascii")
    with tempfile.NamedTemporaryFile("w", delete=False, dir=".") as file:
        file.write("-----BEGIN DH PARAMETERS-----\n%s-----END DH PARAMETERS-----\n" % text)
    return file.name


def context(chain, key, ciphers="ALL:@SECLEVEL=0", alpn="http/1.1", curve=None, dh=None, **members):
    """No session is resumed: a certificate is shown at every visit. CURVE: the only group; DH: of diffie_hellman."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers(ciphers)
    made.set_alpn_protocols([alpn])
    made.load_cert_chain(chain, key)
    if curve:
        made.set_ecdh_curve(curve)
    if dh:
        made.load_dh_params(diffie_hellman(*dh))
    made.num_tickets = 0
    made.options |= ssl.OP_NO_TICKET
    for name, value in members.items():
        setattr(made, name, value)
    return made
