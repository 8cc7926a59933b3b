#!/usr/bin/env python3
"""Servers on loopback, each with a certificate that is odd in one way.

odd_certificates.py FOLDER PORT   makes the certificates in FOLDER, with root.pem, prints a line "HOST" for each and then
                                  "ready", and serves them all on PORT of 127.0.0.1, chosen by SNI, until it is ended.

A host is NAME.odd.test unless the table says otherwise. What each browser does with it is in odd_certificates.tsv.
"""
import functools
import os
import socket
import ssl
import sys
import threading
import time

from odd_der import *

FOLDER = sys.argv[1]
ROOT_NAME = name("Odd Root")
P256 = ("EC", "ec_paramgen_curve:P-256")
DAY = 86400
NOW = time.time()
HOSTS = {}
KINDS = {"leaf": P256, "root": P256, "issuer": P256, "p384": ("EC", "ec_paramgen_curve:P-384"),
         "p521": ("EC", "ec_paramgen_curve:P-521"), "k256": ("EC", "ec_paramgen_curve:secp256k1"),
         "brainpool": ("EC", "ec_paramgen_curve:brainpoolP256r1"), "ed25519": ("ED25519",), "ed448": ("ED448",),
         "rsa2048": ("RSA", "rsa_keygen_bits:2048"), "rsa1024": ("RSA", "rsa_keygen_bits:1024"),
         "rsa1023": ("RSA", "rsa_keygen_bits:1023"), "rsa2047": ("RSA", "rsa_keygen_bits:2047"),
         "rsa3000": ("RSA", "rsa_keygen_bits:3000"), "rsa-three": ("RSA", "rsa_keygen_bits:2048", "rsa_keygen_pubexp:3"),
         "pss": ("RSA-PSS", "rsa_keygen_bits:2048")}


@functools.lru_cache(maxsize=None)
def key(label):
    return Key(FOLDER, label, *KINDS[label])


LEAF, ROOT = key("leaf"), Signer(ROOT_NAME, key("root"))


def odd(label, *extensions, host=None, alternatives=None, plain=(), signer=ROOT, keyed="leaf", subject=None, above=(),
        **rest):
    """`extensions` replace names, basic constraints and purpose; `plain` are added to these."""
    host = host or label + ".odd.test"
    if not extensions:
        extensions = [names(*(alternatives if alternatives is not None else [dns(host)])), basic(), purposes(SERVER),
                      *plain]
    elif extensions == (None,):
        extensions = None
    own = certificate(signer, key(keyed), name(label) if subject is None else subject, extensions, **rest)
    HOSTS[host] = ([own, *above], keyed)


def usual(label, *more, without=()):
    """The extensions that a host has, but for those left out."""
    all_of = {"names": names(dns(label + ".odd.test")), "basic": basic(), "purposes": purposes(SERVER)}
    return [value for part, value in all_of.items() if part not in without] + list(more)


def authority(label, *extensions, keyed="issuer", **rest):
    """A CA below the root, and its certificate."""
    subject = name("Odd CA " + label)
    der = certificate(ROOT, key(keyed), subject, extensions or [basic(True), usage(0x06)], **rest)
    return Signer(subject, key(keyed)), der


def below(label, *extensions, alternatives=None, own=(), keyed="issuer", **rest):
    """A good certificate below an odd CA."""
    signer, der = authority(label, *extensions, keyed=keyed, **rest)
    odd(label, signer=signer, above=[der], alternatives=alternatives, plain=own)


def keys():
    odd("good")
    for label in ("p384", "p521", "k256", "brainpool", "ed25519", "ed448", "rsa2048", "rsa1024", "rsa1023", "rsa2047",
                  "rsa3000", "rsa-three", "pss"):
        odd("key-" + label, keyed=label)
    below("ca-p521", keyed="p521")
    below("ca-brainpool", keyed="brainpool")
    below("ca-rsa1024", keyed="rsa1024")
    signer, der = authority("ed25519", keyed="ed25519")
    odd("ca-ed25519", signer=signer, above=[der])


def algorithms():
    for digest in ("sha1", "sha224", "sha384", "sha512"):
        odd("signed-" + digest, digest=digest)
    rsa, der = authority("rsa", keyed="rsa2048")
    for digest in ("md5", "sha1", "sha224", "sha256", "sha384"):
        odd("signed-rsa-" + digest, signer=rsa, above=[der], digest=digest)
    null = ROOT.key.algorithm(null=True)
    odd("null-outside", outer=null)
    odd("null-inside", inner=null)
    odd("null-twice", outer=null, inner=null)
    odd("algorithms-differ", inner=ROOT.key.algorithm("sha384"))
    bare = sequence(identifier("1.2.840.113549.1.1.11"))
    odd("rsa-no-null", signer=rsa, above=[der], inner=bare, outer=bare)


def usages():
    for label, octet in (("sign", 0x80), ("encipher", 0x20), ("agree", 0x08), ("cert-sign", 0x04), ("data", 0x10),
                         ("sign-and-encipher", 0xA0), ("sign-and-cert", 0x84)):
        odd("usage-" + label, plain=[usage(octet)])
    odd("usage-rsa-encipher", plain=[usage(0x20)], keyed="rsa2048")
    odd("usage-rsa-sign", plain=[usage(0x80)], keyed="rsa2048")
    odd("usage-rsa-data", plain=[usage(0x30)], keyed="rsa2048")
    odd("usage-padding", plain=[extension("2.5.29.15", bits(b"\x81", 7), True)])
    odd("usage-trailing", plain=[extension("2.5.29.15", bits(b"\x80", 7) + b"\x05\0", True)])
    odd("usage-critical-false", plain=[extension("2.5.29.15", bits(b"\x80", 7), True, b"\x01\x01\0")])


def all_purposes():
    for label, oids in (("any", [ANY]), ("client", [CLIENT]), ("mail", [MAIL]), ("sgc", [SGC]),
                        ("ocsp", [SERVER, OCSP_SIGNING]), ("both", [SERVER, CLIENT]), ("server-any", [SERVER, ANY]),
                        ("code", [SERVER, "1.3.6.1.5.5.7.3.3"]), ("twice", [SERVER, SERVER])):
        odd("purpose-" + label, *usual("purpose-" + label, purposes(*oids), without=["purposes"]))
    odd("purpose-absent", *usual("purpose-absent", without=["purposes"]))
    odd("purpose-empty", *usual("purpose-empty", extension("2.5.29.37", sequence()), without=["purposes"]))
    odd("purpose-trailing", *usual("purpose-trailing", extension("2.5.29.37", sequence(identifier(SERVER)) + b"\x05\0"),
                                   without=["purposes"]))
    odd("purpose-critical", *usual("purpose-critical", extension("2.5.29.37", sequence(identifier(SERVER)), True),
                                   without=["purposes"]))
    below("ca-purpose-any", basic(True), usage(0x06), purposes(ANY))
    below("ca-purpose-mail", basic(True), usage(0x06), purposes(MAIL))
    below("ca-purpose-server", basic(True), usage(0x06), purposes(SERVER))
    below("ca-purpose-sgc", basic(True), usage(0x06), purposes(SGC))
    odd("netscape-client", plain=[extension("2.16.840.1.113730.1.1", bits(b"\x80", 7))])
    odd("netscape-critical", plain=[extension("2.16.840.1.113730.1.1", bits(b"\x40", 6), True)])


def constraints_of_rank():
    odd("leaf-is-ca", *usual("leaf-is-ca", basic(True), without=["basic"]))
    odd("leaf-is-ca-usage", *usual("leaf-is-ca-usage", basic(True), usage(0x84), without=["basic"]))
    odd("leaf-no-basic", *usual("leaf-no-basic", without=["basic"]))
    odd("basic-false", *usual("basic-false", extension("2.5.29.19", sequence(b"\x01\x01\0"), True), without=["basic"]))
    odd("basic-odd-true", *usual("basic-odd-true", extension("2.5.29.19", sequence(b"\x01\x01\x01"), True),
                                 without=["basic"]))
    odd("basic-length", *usual("basic-length", basic(False, 0), without=["basic"]))
    odd("basic-length-200", *usual("basic-length-200", basic(False, 200), without=["basic"]))
    odd("basic-trailing", *usual("basic-trailing", extension("2.5.29.19", sequence() + b"\x05\0", True),
                                 without=["basic"]))
    below("ca-no-basic", usage(0x06))
    below("ca-not-ca", basic(), usage(0x06))
    below("ca-no-usage", basic(True))
    below("ca-usage-sign", basic(True), usage(0x80))
    below("ca-basic-loose", extension("2.5.29.19", sequence(TRUE)), usage(0x06))
    below("ca-odd-true", extension("2.5.29.19", sequence(b"\x01\x01\x01"), True), usage(0x06))
    below("ca-critical-false", extension("2.5.29.19", sequence(TRUE), True, b"\x01\x01\0"), usage(0x06))
    below("ca-length-200", basic(True, 200), usage(0x06))


def subjects():
    odd("subject-empty", subject=name())
    odd("subject-empty-critical", names(dns("subject-empty-critical.odd.test"), critical=True), basic(),
        purposes(SERVER), subject=name())
    odd("subject-only", basic(), purposes(SERVER), subject=name("subject-only.odd.test"))
    odd("subject-other", subject=name("elsewhere.test"))
    odd("subject-empty-set", subject=sequence(element(SET)))
    odd("subject-bmp", subject=sequence(element(SET, sequence(identifier("2.5.4.3"), element(0x1E, b"\0a\0b")))))


def alternatives():
    for label, given in (
            ("wild-part", [dns("wild*.odd.test")]), ("wild-two", [dns("*.*.test")]), ("wild-tld", [dns("*.test")]),
            ("wild-inside", [dns("wild-inside.*.test")]), ("wild-alone", [dns("*")]), ("wild-good", [dns("*.odd.test")]),
            ("wild-dot", [dns("*.odd.test.")]), ("dot-end", [dns("dot-end.odd.test.")]),
            ("dot-end-and-good", [dns("other.test."), dns("dot-end-and-good.odd.test")]),
            ("dot-front", [dns(".odd.test")]), ("blank", [dns(" blank.odd.test")]), ("upper", [dns("UPPER.ODD.TEST")]),
            ("nul-first", [dns(b"nul-first.odd.test\0.evil.test"), dns("nul-first.odd.test")]),
            ("nul-only", [dns(b"nul-only.odd.test\0.evil.test")]),
            ("latin-last", [dns("latin-last.odd.test"), dns(b"stra\xdfe.test")]),
            ("latin-first", [dns(b"stra\xdfe.test"), dns("latin-first.odd.test")]),
            ("empty-first", [dns(""), dns("empty-first.odd.test")]),
            ("empty-last", [dns("empty-last.odd.test"), dns("")]),
            ("address-five", [dns("address-five.odd.test"), address(b"\1\2\3\4\5")]),
            ("address-five-first", [address(b"\1\2\3\4\5"), dns("address-five-first.odd.test")]),
            ("address-none", [dns("address-none.odd.test"), address(b"")]),
            ("mail-latin", [dns("mail-latin.odd.test"), element(0x81, b"\xe9@a.test")]),
            ("uri-latin", [dns("uri-latin.odd.test"), element(0x86, b"http://\xe9.test/")]),
            ("directory", [dns("directory.odd.test"), element(0xA4, name("x"))]),
            ("other-name", [dns("other-name.odd.test"), element(0xA0, identifier("1.2.3"), element(0xA0, integer(1)))]),
            ("none", []), ("underscore", [dns("a_b.odd.test"), dns("underscore.odd.test")]),
            ("hyphen-first", [dns("-a.odd.test"), dns("hyphen-first.odd.test")]),
            ("uri-only", [element(0x86, b"https://uri-only.odd.test/")])):
        odd(label, alternatives=given)
    odd("suffix", alternatives=[dns("*.co.uk")], host="suffix.co.uk")
    odd("private-suffix", alternatives=[dns("*.github.io")], host="private-suffix.github.io")
    odd("name-trailing", *usual("name-trailing", extension("2.5.29.17", sequence(dns("name-trailing.odd.test")) + b"\5\0"),
                                without=["names"]))
    odd("name-critical", *usual("name-critical", names(dns("name-critical.odd.test"), critical=True), without=["names"]))
    odd("name-critical-false", *usual("name-critical-false", extension(
        "2.5.29.17", sequence(dns("name-critical-false.odd.test")), True, b"\x01\x01\0"), without=["names"]))
    odd("name-critical-odd", *usual("name-critical-odd", extension(
        "2.5.29.17", sequence(dns("name-critical-odd.odd.test")), True, b"\x01\x01\x01"), without=["names"]))


def limits():
    for label, permitted, excluded, given in (
            ("permitted", [dns("odd.test")], [], None), ("permitted-dot", [dns(".odd.test")], [], None),
            ("permitted-other", [dns("other.test")], [], None), ("permitted-all", [dns("")], [], None),
            ("excluded", [], [dns("odd.test")], None), ("excluded-all", [], [dns("")], None),
            ("excluded-below", [], [dns("deep.limit-excluded-below.odd.test")], None),
            ("excluded-wild", [], [dns("limit-excluded-wild.odd.test")], [dns("*.odd.test")]),
            ("excluded-wild-deep", [], [dns("a.b.odd.test")], [dns("*.odd.test")]),
            ("excluded-wild-other", [], [dns("other.odd.test")], [dns("*.odd.test")]),
            ("permitted-wild", [dns("limit-permitted-wild.odd.test")], [], [dns("*.odd.test")]),
            ("address", [address(b"\x7f\0\0\0\xff\0\0\0")], [], None),
            ("address-size", [address(b"\x7f\0\0\0")], [], None),
            ("uri", [element(0x86, b".odd.test")], [], None),
            ("directory-excluded", [], [element(0xA4, name("other"))], None),
            ("directory-permitted", [element(0xA4, name("other"))], [], None)):
        below("limit-" + label, basic(True), usage(0x06), constraints(permitted, excluded), alternatives=given)
    below("limit-empty", basic(True), usage(0x06), extension("2.5.29.30", sequence(), True))
    below("limit-loose", basic(True), usage(0x06), extension("2.5.29.30", sequence(element(0xA0, sequence(
        dns("other.test"))))))
    odd("limit-leaf", plain=[constraints([dns("other.test")])])


def more_extensions():
    odd("unknown-critical", plain=[extension("1.2.3.4", b"\5\0", True)])
    odd("unknown", plain=[extension("1.2.3.4", b"\5\0")])
    odd("unknown-twice", plain=[extension("1.2.3.4", b"\5\0"), extension("1.2.3.4", b"\5\0")])
    odd("access-critical", plain=[extension("1.3.6.1.5.5.7.1.1", sequence(sequence(
        identifier("1.3.6.1.5.5.7.48.1"), element(0x86, b"http://o.test/"))), True)])
    odd("access-empty", plain=[extension("1.3.6.1.5.5.7.1.1", sequence())])
    odd("access-latin", plain=[extension("1.3.6.1.5.5.7.1.1", sequence(sequence(
        identifier("1.3.6.1.5.5.7.48.1"), element(0x86, b"http://\xe9.test/"))))])
    odd("crl-critical", plain=[extension("2.5.29.31", sequence(sequence(element(0xA0, element(0xA0, element(
        0x86, b"http://c.test/"))))), True)])
    odd("crl-empty", plain=[extension("2.5.29.31", sequence())])
    odd("poison", plain=[extension("1.3.6.1.4.1.11129.2.4.3", b"\5\0", True)])
    odd("must-staple", plain=[extension("1.3.6.1.5.5.7.1.24", sequence(integer(5)))])
    odd("must-staple-critical", plain=[extension("1.3.6.1.5.5.7.1.24", sequence(integer(5)), True)])
    odd("feature-other", plain=[extension("1.3.6.1.5.5.7.1.24", sequence(integer(17)))])
    odd("no-check-critical", plain=[extension("1.3.6.1.5.5.7.48.1.5", b"\5\0", True)])
    odd("key-id", plain=[extension("2.5.29.14", element(OCTETS, b"abc")), extension("2.5.29.35", sequence(
        element(0x80, b"abc")))])
    odd("issuer-id-trailing", plain=[extension("2.5.29.35", sequence(element(0x80, b"abc")) + b"\5\0")])
    odd("qualified-critical", plain=[extension("1.3.6.1.5.5.7.1.3", sequence(sequence(identifier("0.4.0.1862.1.1"))),
                                               True)])
    odd("microsoft-critical", plain=[extension("1.3.6.1.4.1.311.21.10", sequence(sequence(identifier(SERVER))), True)])
    odd("extensions-none", *[None], subject=name("extensions-none.odd.test"))
    odd("extension-false", plain=[sequence(identifier("1.2.3.5"), b"\1\1\0", element(OCTETS, b"\5\0"))])
    odd("extension-odd-true", plain=[sequence(identifier("1.2.3.5"), b"\1\1\1", element(OCTETS, b"\5\0"))])


def policies():
    one, any_policy = sequence(identifier("2.23.140.1.2.1")), sequence(identifier("2.5.29.32.0"))
    odd("policy", plain=[extension("2.5.29.32", sequence(one))])
    odd("policy-twice", plain=[extension("2.5.29.32", sequence(one, one))])
    odd("policy-empty", plain=[extension("2.5.29.32", sequence())])
    odd("policy-required", plain=[extension("2.5.29.36", sequence(element(0x80, b"\0")), True)])
    odd("policy-required-there", plain=[extension("2.5.29.36", sequence(element(0x80, b"\0")), True),
                                        extension("2.5.29.32", sequence(one))])
    odd("policy-constraints-empty", plain=[extension("2.5.29.36", sequence(), True)])
    odd("policy-mappings-critical", plain=[extension("2.5.29.33", sequence(sequence(
        identifier("1.2.3.4"), identifier("1.2.3.5"))), True)])
    odd("policy-mappings", plain=[extension("2.5.29.33", sequence(sequence(identifier("1.2.3.4"),
                                                                          identifier("1.2.3.5"))))])
    odd("policy-mappings-empty", plain=[extension("2.5.29.33", sequence())])
    odd("policy-inhibit", plain=[extension("2.5.29.54", integer(0), True)])
    odd("policy-qualifier", plain=[extension("2.5.29.32", sequence(sequence(
        identifier("2.23.140.1.2.1"), sequence(sequence(identifier("1.2.3.4"), integer(1))))))])
    odd("policy-qualifier-critical", plain=[extension("2.5.29.32", sequence(sequence(
        identifier("2.23.140.1.2.1"), sequence(sequence(identifier("1.2.3.4"), integer(1))))), True)])
    required = extension("2.5.29.36", sequence(element(0x80, b"\0")), True)
    below("ca-policy-required", basic(True), usage(0x06), required)
    below("ca-policy-required-there", basic(True), usage(0x06), required, extension("2.5.29.32", sequence(one)),
          own=[extension("2.5.29.32", sequence(one))])
    below("ca-policy-required-any", basic(True), usage(0x06), required, extension("2.5.29.32", sequence(any_policy)),
          own=[extension("2.5.29.32", sequence(one))])
    below("ca-policy-required-other", basic(True), usage(0x06), required,
          extension("2.5.29.32", sequence(sequence(identifier("1.2.3.4")))), own=[extension("2.5.29.32", sequence(one))])
    below("ca-policy-required-one", basic(True), usage(0x06), extension("2.5.29.36", sequence(element(0x80, b"\1")), True))
    below("ca-policy-required-two", basic(True), usage(0x06), extension("2.5.29.36", sequence(element(0x80, b"\2")), True))
    below("ca-policy-mapped", basic(True), usage(0x06), required, extension("2.5.29.32", sequence(sequence(
        identifier("1.2.3.4")))), extension("2.5.29.33", sequence(sequence(
            identifier("1.2.3.4"), identifier("2.23.140.1.2.1")))), own=[extension("2.5.29.32", sequence(one))])


def forms():
    odd("version-1", None, version=None, subject=name("version-1.odd.test"))
    odd("version-1-written", version=0)
    odd("version-1-extended", version=None)
    odd("version-2", version=1)
    odd("version-4", version=3)
    odd("version-5", version=4)
    odd("serial-negative", serial=integer(-5))
    odd("serial-zero", serial=integer(0))
    odd("serial-long", serial=integer(1 << 488))
    odd("length-not-shortest", spoil=lambda der: b"\x30\x83\0" + der[2:])
    odd("length-not-shortest-name", subject=b"\x30\x81\x0f" + name("abcd")[2:])
    odd("unique-issuer", head=element(0xA0, integer(2)))
    odd("issuer-empty", signer=Signer(name(), ROOT.key))


def dates():
    soon = NOW + 80 * DAY
    odd("date-general", end=general(time.strftime("%Y%m%d%H%M%SZ", time.gmtime(soon))))
    for label, text in (("far", "99991231235959Z"), ("february", "20300230000000Z"), ("fraction", "20300101000000.5Z"),
                        ("offset", "20300101000000+0100"), ("second-60", "20300101000060Z"), ("no-zone", "20300101000000"),
                        ("hour-24", "20300101240000Z")):
        odd("date-" + label, end=general(text))
    odd("date-no-seconds", end=element(UTC, b"3001010000Z"))
    odd("date-1950", begin=general("19500101000000Z"))
    odd("date-0000", begin=general("00000101000000Z"))
    odd("date-1969", begin=element(UTC, b"690101000000Z"))
    odd("date-1970", begin=element(UTC, b"700101000000Z"))
    odd("date-reversed", begin=utc(NOW - DAY), end=utc(NOW - 2 * DAY))
    odd("date-expired", end=utc(NOW - DAY))
    odd("date-early", begin=utc(NOW + DAY))
    odd("date-ten-years", end=utc(NOW + 3650 * DAY))
    below("ca-date-1950", begin=general("19500101000000Z"))
    below("ca-second-60", end=general("20300101000060Z"))


def serve(port):
    contexts = {}
    for host, (ders, keyed) in HOSTS.items():
        path = os.path.join(FOLDER, host + ".pem")
        with open(path, "wb") as out:
            out.write(b"".join(pem(der) for der in ders))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        try:
            context.load_cert_chain(path, os.path.join(FOLDER, keyed + ".key"))
        except ssl.SSLError as error:
            raise SystemExit("%s: %s" % (host, error)) from error
        contexts[host] = context
        print(host)
    base = contexts["good.odd.test"]

    def choose(stream, wanted, _):
        stream.context = contexts.get((wanted or "").lower().rstrip("."), base)
    base.sni_callback = choose

    def answer(plain):
        body = b"<title>Odd but here</title>\n"
        try:
            plain.settimeout(20)
            with base.wrap_socket(plain, server_side=True) as stream:
                got = b""
                while b"\r\n\r\n" not in got:
                    more = stream.recv(65536)
                    if not more:
                        return
                    got += more
                stream.sendall(b"HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=31536000\r\nContent-Type: text/html"
                               b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
                stream.unwrap()
        except (OSError, ValueError):
            pass
        finally:
            plain.close()
    listener = socket.create_server(("127.0.0.1", port), backlog=256)
    print("ready", flush=True)
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def main():
    own = [basic(True), usage(0x06)]
    with open(os.path.join(FOLDER, "root.pem"), "wb") as out:
        out.write(pem(certificate(ROOT, ROOT.key, ROOT_NAME, own, begin=utc(NOW - 900 * DAY), end=utc(NOW + 900 * DAY))))
    for make in (keys, algorithms, usages, all_purposes, constraints_of_rank, subjects, alternatives, limits,
                 more_extensions, policies, forms, dates):
        make()
    serve(int(sys.argv[2]))


if __name__ == "__main__":
    main()
