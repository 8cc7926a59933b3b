"""Certificates put together octet by octet, so that each can break one rule of X.690 or RFC 5280 and no other.

Keys and signatures are made by the openssl program; everything else is written here.
"""
import base64
import os
import subprocess
import threading
import time

SEQUENCE, SET, BOOLEAN, INTEGER, BITS, OCTETS, NULL, OBJECT = 0x30, 0x31, 1, 2, 3, 4, 5, 6
UTF8, UTC, GENERAL = 0x0C, 0x17, 0x18
SERVER, CLIENT, MAIL, OCSP_SIGNING, ANY, SGC = (
    "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.9", "2.5.29.37.0",
    "2.16.840.1.113730.4.1")
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
SIGNATURES = {"sha1": "1.2.840.10045.4.1", "sha224": "1.2.840.10045.4.3.1", "sha256": ECDSA_SHA256,
              "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
TRUE = b"\x01\x01\xff"


def element(tag, *parts):
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts):
    return element(SEQUENCE, *parts)


def integer(value):
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=value < 0))


def identifier(text):
    numbers = [int(part) for part in text.split(".")]
    content = b""
    for number in [numbers[0] * 40 + numbers[1]] + numbers[2:]:
        octets = [number & 127]
        while number > 127:
            number >>= 7
            octets.insert(0, 128 | number & 127)
        content += bytes(octets)
    return element(OBJECT, content)


def bits(octets, unused=0):
    return element(BITS, bytes([unused]), octets)


def name(*common):
    """A subject of common names; without any an empty one."""
    return sequence(*(element(SET, sequence(identifier("2.5.4.3"), element(UTF8, text.encode()))) for text in common))


def dns(text):
    return element(0x82, text if isinstance(text, bytes) else text.encode())


def address(octets):
    return element(0x87, octets)


def extension(oid, value, critical=False, flag=TRUE):
    return sequence(identifier(oid), flag if critical else b"", element(OCTETS, value))


def names(*items, critical=False):
    return extension("2.5.29.17", sequence(*items), critical)


def basic(authority=False, length=None):
    return extension("2.5.29.19", sequence(TRUE if authority else b"", integer(length) if length is not None else b""),
                     True)


def usage(octet, second=None):
    last = octet if second is None else second
    unused = 0 if last == 0 else (last & -last).bit_length() - 1
    return extension("2.5.29.15", bits(bytes([octet] if second is None else [octet, second]), unused), True)


def purposes(*oids):
    return extension("2.5.29.37", sequence(*(identifier(oid) for oid in oids)))


def constraints(permitted=(), excluded=()):
    parts = [element(tag, *(sequence(item) for item in items))
             for tag, items in ((0xA0, permitted), (0xA1, excluded)) if items]
    return extension("2.5.29.30", sequence(*parts), True)


def utc(moment):
    return element(UTC, time.strftime("%y%m%d%H%M%SZ", time.gmtime(moment)).encode())


def general(text):
    return element(GENERAL, text.encode())


def openssl(*arguments, given=None):
    done = subprocess.run(["openssl", *arguments], input=given, capture_output=True)
    if done.returncode != 0:
        raise SystemExit("openssl %s: %s" % (" ".join(arguments), done.stderr.decode()))
    return done.stdout


def make_key(path, kind):
    """A key of `kind`, as `openssl genpkey` names it, unless there is one. Several threads may want the same: none sees one
    that another still writes, and the first that is whole stays."""
    if os.path.exists(path):
        return
    part = "%s.%d" % (path, threading.get_ident())
    openssl("genpkey", "-algorithm", kind[0], *(word for option in kind[1:] for word in ("-pkeyopt", option)), "-out", part)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    os.unlink(part)


class Key:
    """A key in a file of `folder`."""

    def __init__(self, folder, label, *kind):
        self.path = os.path.join(folder, label + ".key")
        self.is_rsa = kind[0].startswith("RSA")
        make_key(self.path, kind)
        self.public = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")
        self.kind = kind

    def algorithm(self, digest="sha256", null=False):
        if self.kind[0] == "RSA":
            oid = {"sha1": "1.2.840.113549.1.1.5", "md5": "1.2.840.113549.1.1.4", "sha224": "1.2.840.113549.1.1.14",
                   "sha256": "1.2.840.113549.1.1.11", "sha384": "1.2.840.113549.1.1.12"}[digest]
            return sequence(identifier(oid), element(NULL))
        if self.kind[0] == "ED25519":
            return sequence(identifier("1.3.101.112"))
        return sequence(identifier(SIGNATURES[digest]), element(NULL) if null else b"")

    def sign(self, data, digest="sha256"):
        if self.kind[0] == "ED25519":
            path = self.path + ".data"
            with open(path, "wb") as out:
                out.write(data)
            return openssl("pkeyutl", "-sign", "-inkey", self.path, "-rawin", "-in", path)
        return openssl("dgst", "-" + digest, "-sign", self.path, given=data)


class Signer:
    """Whoever issues: a name and a key."""

    def __init__(self, subject, key):
        self.subject, self.key = subject, key


def certificate(signer, key, subject, extensions, version=2, serial=None, begin=None, end=None, digest="sha256",
                inner=None, outer=None, head=None, public=None, spoil=None):
    """`inner`, `outer`: other algorithm identifiers than the signer's; `version` None: none is written; `head`: what
    stands there instead; `spoil`: changes what is signed."""
    now = time.time()
    algorithm = signer.key.algorithm(digest)
    if head is None:
        head = b"" if version is None else element(0xA0, integer(version))
    body = sequence(head, serial if serial is not None else integer(int.from_bytes(os.urandom(8), "big") | 1 << 62),
                    inner if inner is not None else algorithm, signer.subject,
                    sequence(begin if begin is not None else utc(now - 2 * 86400),
                             end if end is not None else utc(now + 80 * 86400)),
                    subject, public if public is not None else key.public,
                    element(0xA3, sequence(*extensions)) if extensions is not None else b"")
    if spoil is not None:
        body = spoil(body)
    return sequence(body, outer if outer is not None else algorithm, bits(signer.key.sign(body, digest)))


def pem(der):
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"
