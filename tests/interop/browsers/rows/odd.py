"""Certificates that are odd in one way each, put together octet by octet."""
import os
import ssl
import sys

sys.path.append(os.path.join(os.environ["SOURCE_DIR"], "tests", "lib"))

from odd_der import *  # noqa: E402
from row import Row  # noqa: E402

P256 = ("EC", "ec_paramgen_curve:P-256")
RSA = ("RSA", "rsa_keygen_bits:2048")
FALSE, ODD_TRUE, JUNK = b"\1\1\0", b"\1\1\1", b"\5\0"
NAMES, BASIC, PURPOSE = "names", "basic", "purpose"


def odd(what, *plain, exchange=None, without=(), given=None, keyed=("odd", P256), ca=None, **rest):
    """`plain` are extensions more, `without` the usual ones that are left out, `given` the names; `ca`: extensions of an
    issuer of its own, with `ca_keyed` and what else it has in `ca_rest`; `exchange`: words for the row's `tls`."""
    ca_keyed, ca_rest = rest.pop("ca_keyed", ("odd-ca", P256)), rest.pop("ca_rest", {})

    def make(authority, situation):
        host = situation.fill("{h}")
        path = os.path.join(authority.folder, host + ".odd")
        key, root = Key(authority.folder, keyed[0], *keyed[1]), Key(authority.folder, "root", *P256)
        if ca is None:
            signer = Signer(name("Test intermediate"), Key(authority.folder, "intermediate", *P256))
            with open(authority.file("intermediate.pem"), "rb") as file:
                above = file.read()
        else:
            signer = Signer(name("Odd CA of " + host), Key(authority.folder, ca_keyed[0], *ca_keyed[1]))
            above = pem(certificate(Signer(name("Test root"), root), signer.key, signer.subject, list(ca), **ca_rest))
        usual = {NAMES: names(*(item(host) if callable(item) else item for item in given or [dns(host)])),
                 BASIC: basic(), PURPOSE: purposes(SERVER)}
        extensions = [value for part, value in usual.items() if part not in without]
        extensions += [part(host) if callable(part) else part for part in plain]
        words = {"subject": name(host), **rest}
        with open(path, "wb") as file:
            file.write(pem(certificate(signer, key, words.pop("subject"), extensions, **words)) + above)
        return path, key.path
    return Row(what, "https://{h}/", held=(None,), certificate=make, tls=exchange or {})


def value(oid, octets, critical=False, flag=TRUE):
    return extension(oid, octets, critical, flag)


def of_host(build):
    return lambda host: build(host)


ENCRYPTION = {"ciphers": "AES128-GCM-SHA256:AES256-SHA:@SECLEVEL=0", "maximum_version": ssl.TLSVersion.TLSv1_2}
NULL_ECDSA = sequence(identifier(ECDSA_SHA256), element(NULL))
CA = [basic(True), usage(0x06)]
POLICY = value("2.5.29.32", sequence(sequence(identifier("2.23.140.1.2.1"))))
REQUIRED = value("2.5.29.36", sequence(element(0x80, b"\0")), True)

ROWS = [
    odd("a key on P-384", keyed=("p384", ("EC", "ec_paramgen_curve:P-384"))),
    odd("a key on P-521", keyed=("p521", ("EC", "ec_paramgen_curve:P-521"))),
    odd("a key on secp256k1", keyed=("k256", ("EC", "ec_paramgen_curve:secp256k1"))),
    odd("a key on brainpoolP256r1", keyed=("brainpool", ("EC", "ec_paramgen_curve:brainpoolP256r1"))),
    odd("an Ed25519 key", keyed=("ed25519", ("ED25519",))),
    odd("an RSA-PSS key", keyed=("pss", ("RSA-PSS", "rsa_keygen_bits:2048"))),
    odd("an RSA key of 1024 bits", keyed=("rsa1024", ("RSA", "rsa_keygen_bits:1024"))),
    odd("an RSA key of 1023 bits", keyed=("rsa1023", ("RSA", "rsa_keygen_bits:1023"))),
    odd("an issuer's key on P-521", ca=CA, ca_keyed=("p521", ("EC", "ec_paramgen_curve:P-521"))),
    odd("an issuer's key on brainpoolP256r1", ca=CA, ca_keyed=("brainpool", ("EC", "ec_paramgen_curve:brainpoolP256r1"))),
    odd("an issuer's RSA key of 1024 bits", ca=CA, ca_keyed=("rsa1024", ("RSA", "rsa_keygen_bits:1024"))),
    odd("an issuer's RSA key of 512 bits", ca=CA, ca_keyed=("rsa512", ("RSA", "rsa_keygen_bits:512"))),
    odd("an RSA key of 2048 bits with exponent 3", keyed=("rsa3", ("RSA", "rsa_keygen_bits:2048", "rsa_keygen_pubexp:3"))),
    odd("key usage digitalSignature, RSA key exchange", usage(0x80), keyed=("rsa", RSA), exchange=ENCRYPTION),
    odd("key usage keyEncipherment, RSA key exchange", usage(0x20), keyed=("rsa", RSA), exchange=ENCRYPTION),
    odd("key usage dataEncipherment, RSA key exchange", usage(0x10), keyed=("rsa", RSA), exchange=ENCRYPTION),
    odd("signed with MD5, RSA", ca=CA, ca_keyed=("rsa", RSA), digest="md5"),
    odd("another name in the subject than the issuer permits", subject=name("other.example"),
        ca=[*CA, constraints([dns("test")])]),
    odd("a limit by addresses, and an address outside", given=[dns, address(b"\x0a\0\0\1")],
        ca=[*CA, constraints([address(b"\x7f\0\0\0\xff\0\0\0")])]),
    odd("an excluded mail domain", given=[dns, element(0x81, b"a@b.test")],
        ca=[*CA, constraints([], [element(0x81, b"b.test")])]),
    odd("signed with SHA-1", digest="sha1"),
    odd("signed with SHA-224", digest="sha224"),
    odd("signed with SHA-384", digest="sha384"),
    odd("NULL behind ECDSA", inner=NULL_ECDSA, outer=NULL_ECDSA),
    odd("NULL behind ECDSA, outside alone", outer=NULL_ECDSA),
    odd("two signature algorithms", inner=sequence(identifier(SIGNATURES["sha384"]))),
    odd("key usage keyEncipherment", usage(0x20)),
    odd("key usage keyEncipherment, RSA", usage(0x20), keyed=("rsa", RSA)),
    odd("key usage keyAgreement", usage(0x08)),
    odd("key usage keyCertSign", usage(0x04)),
    odd("key usage with a bit in the padding", value("2.5.29.15", bits(b"\x81", 7), True)),
    odd("purpose any", purposes(ANY), without=[PURPOSE]),
    odd("purpose clientAuth", purposes(CLIENT), without=[PURPOSE]),
    odd("purpose of Netscape", purposes(SGC), without=[PURPOSE]),
    odd("purposes serverAuth and OCSPSigning", purposes(SERVER, OCSP_SIGNING), without=[PURPOSE]),
    odd("no purpose", without=[PURPOSE]),
    odd("an empty list of purposes", value("2.5.29.37", sequence()), without=[PURPOSE]),
    odd("an issuer's purpose any", ca=[*CA, purposes(ANY)]),
    odd("an issuer's purpose mail", ca=[*CA, purposes(MAIL)]),
    odd("Netscape's type for clients", value("2.16.840.1.113730.1.1", bits(b"\x80", 7))),
    odd("Netscape's type, critical", value("2.16.840.1.113730.1.1", bits(b"\x40", 6), True)),
    odd("CA:TRUE of a server", basic(True), without=[BASIC]),
    odd("CA:FALSE written out", value("2.5.29.19", sequence(FALSE), True), without=[BASIC]),
    odd("CA with an odd TRUE", value("2.5.29.19", sequence(ODD_TRUE), True), without=[BASIC]),
    odd("a path length of 200", basic(False, 200), without=[BASIC]),
    odd("junk behind the basic constraints", value("2.5.29.19", sequence() + JUNK, True), without=[BASIC]),
    odd("an issuer with critical FALSE written out", ca=[value("2.5.29.19", sequence(TRUE), True, FALSE), usage(0x06)]),
    odd("an empty subject", subject=name()),
    odd("an empty subject, critical names", of_host(lambda host: names(dns(host), critical=True)), without=[NAMES],
        subject=name()),
    odd("a subject with an empty set", subject=sequence(element(SET))),
    odd("a name with a dot at its end", given=[lambda host: dns(host + ".")]),
    odd("a name with two wildcards", given=[dns("*.*.test")]),
    odd("a wildcard of a top-level domain", given=[dns("*.test")]),
    odd("a name in Latin-1 behind the right one", given=[dns, dns(b"stra\xdfe.test")]),
    odd("an address of five octets", given=[dns, address(b"\1\2\3\4\5")]),
    odd("no name in the list", without=[NAMES], *[value("2.5.29.17", sequence())]),
    odd("junk behind the names", of_host(lambda host: value("2.5.29.17", sequence(dns(host)) + JUNK)), without=[NAMES]),
    odd("names with critical FALSE written out", of_host(lambda host: value("2.5.29.17", sequence(dns(host)), True, FALSE)),
        without=[NAMES]),
    odd("an unknown extension, critical", value("1.2.3.4", JUNK, True)),
    odd("an unknown extension, twice", value("1.2.3.4", JUNK), value("1.2.3.4", JUNK)),
    odd("where to ask, critical", value("1.3.6.1.5.5.7.1.1", sequence(sequence(
        identifier("1.3.6.1.5.5.7.48.1"), element(0x86, b"http://o.test/"))), True)),
    odd("where to ask, empty", value("1.3.6.1.5.5.7.1.1", sequence())),
    odd("policy mappings, critical", value("2.5.29.33", sequence(sequence(
        identifier("1.2.3.4"), identifier("1.2.3.5"))), True)),
    odd("a policy twice", value("2.5.29.32", sequence(*[sequence(identifier("2.23.140.1.2.1"))] * 2))),
    odd("a policy required and not there", REQUIRED),
    odd("a policy required and there", REQUIRED, POLICY, ca=[*CA, POLICY]),
    odd("a policy required by the issuer", ca=[*CA, REQUIRED]),
    odd("the precertificate's poison", value("1.3.6.1.4.1.11129.2.4.3", JUNK, True)),
    odd("a wildcard that can be what is excluded", ca=[*CA, constraints([], [dns("b.a.test")])],
        given=[dns, dns("*.a.test")]),
    odd("excluded directory names", ca=[*CA, constraints([], [element(0xA4, name("other"))])]),
    odd("a limit by addresses of four octets", ca=[*CA, constraints([address(b"\x7f\0\0\0")])]),
    odd("version 1 with extensions", version=None),
    odd("version 4", version=3),
    odd("version 5", version=4),
    odd("a negative serial number", serial=integer(-5)),
    odd("a begin in 1950", begin=general("19500101000000Z")),
    odd("an end in a second 60", end=general("20300101000060Z")),
    odd("an end on February 30", end=general("20300230000000Z")),
    odd("an end with an offset", end=general("20300101000000+0100")),
]
