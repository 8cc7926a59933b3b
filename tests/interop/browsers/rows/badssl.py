"""The names of badssl.com, rebuilt from what they mean. Left out are those that are about a page's content (mixed content,
forms, icons), about a browser's own lists (pins, preloaded names) and extended validation, which no private CA can give.
Where this OpenSSL has no such cipher any more, the server answers as one that has nothing else: with alert 40."""
import ssl

from authority import CA
from row import STS, STS_ALL, YEAR, Row, answer, page, to
from rows.chains import ca, chain, leaf
from rows.tls import alert

V = ssl.TLSVersion
TWO = {"minimum_version": V.TLSv1_2, "maximum_version": V.TLSv1_2}
RSA = ("RSA", "rsa_keygen_bits:2048")
ENCIPHER = "keyUsage=critical,digitalSignature,keyEncipherment\n"
LONG = "long-extended-subdomain-name-containing-many-letters-and-dashes"
NOTHING_ELSE = alert(40)


def site(name, certificate=None, held=(None,), **words):
    return Row("badssl.com: " + name, words.pop("go", "https://{h}/"), certificate=certificate, held=held, **words)


def of_bits(bits):
    return {"key": ("RSA", "rsa_keygen_bits:%d" % bits)}


def sans(count):
    return {"names": ["{h}", *("x%d.{h}" % i for i in range(count - 1))]}


def ciphers(names, **words):
    return {"ciphers": names + ":@SECLEVEL=0", **TWO, **words}


def dh(name, *group):
    """Browsers do not offer DHE; GROUP is that of Situation."""
    return site(name, {"key": RSA}, tls=ciphers("DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-SHA", dh=group))


CERTIFICATES = [
    site("expired", {"end": -1}, held=(None, YEAR)),
    site("wrong.host", {"names": ["{o}"]}, held=(None, YEAR)),
    site("self-signed", {"by": None, "sent": []}, held=(None, YEAR)),
    site("untrusted-root", {"by": "stranger", "sent": ["stranger"]}, held=(None, YEAR)),
    site("incomplete-chain", {"sent": []}),
    site("no-common-name", {"subject": "/O=Nobody"}),
    site("no-subject", {"subject": "/"}),
    site("sha1-2017", {"digest": "sha1"}),
    site("sha1-intermediate", chain(ca("A", "root", digest="sha1"), leaf("A"))),
    site("sha256", {"digest": "sha256"}),
    site("sha384", {"digest": "sha384"}),
    site("sha512", {"digest": "sha512"}),
    site("1000-sans", sans(1000)),
    site("10000-sans", sans(10000)),
    site("ecc256"),
    site("ecc384", {"key": ("EC", "ec_paramgen_curve:P-384")}),
    site("rsa2048", of_bits(2048)),
    site("rsa4096", of_bits(4096)),
    site("rsa8192", of_bits(8192)),
    site("no-sct"),
    site("superfish", chain(ca("Superfish", None), leaf("Superfish"), sent=["Superfish"])),
]

CLIENTS = [
    site("client", tls={"verify_mode": ssl.CERT_OPTIONAL}, answers={"https://{h}": answer("400 Bad Request")}),
    site("client-cert-missing", answers={"https://{h}": answer("400 Bad Request")}),
]

CIPHERS = [
    site("cbc", {"key": RSA}, tls=ciphers("ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA")),
    site("rc4-md5", hello=NOTHING_ELSE),
    site("rc4", hello=NOTHING_ELSE),
    site("3des", hello=NOTHING_ELSE),
    site("null", {"key": RSA}, tls=ciphers("eNULL")),
    site("mozilla-old", {"key": RSA}, tls={"ciphers": "ALL:@SECLEVEL=0", "minimum_version": V.TLSv1}),
    site("mozilla-intermediate", tls={"ciphers": "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM", "minimum_version": V.TLSv1_2}),
    site("mozilla-modern", tls={"minimum_version": V.TLSv1_3}),
    site("static-rsa", {"key": RSA, "extensions": ENCIPHER}, tls=ciphers("AES128-GCM-SHA256:AES256-SHA")),
    site("dh480", hello=NOTHING_ELSE), site("dh512", hello=NOTHING_ELSE), dh("dh1024", 1024), dh("dh2048", 2048),
    dh("dh-composite", 2048, 3),
    site("tls-v1-0", tls={"ciphers": "ALL:@SECLEVEL=0", "minimum_version": V.TLSv1, "maximum_version": V.TLSv1}),
    site("tls-v1-1", tls={"ciphers": "ALL:@SECLEVEL=0", "minimum_version": V.TLSv1_1, "maximum_version": V.TLSv1_1}),
    site("tls-v1-2", tls=TWO),
    site("tls-v1-3", tls={"minimum_version": V.TLSv1_3}),
]

REDIRECTS = [
    site("http", go="http://{h}/"),
    site("hsts", answers={"https://{h}/": page(STS)}),
    site("https-everywhere", go="http://{h}/", answers={"http://{h}/": to("https://{h}/")}),
    site("preloaded-hsts", go="http://{h}/", held=(YEAR + "; includeSubDomains",), answers={"https://{h}/": page(STS_ALL)}),
    site("subdomain.preloaded-hsts", {"names": ["{h}"]}, go="https://sub.{h}/", held=(YEAR + "; includeSubDomains",)),
    site("long-extended-subdomain-name", go="https://" + LONG + ".{h}/", at={LONG + ".{h}": ["host"]}),
    site("captive-portal", {"names": ["{o}"]}, go="http://{h}/", answers={"http://{h}/": to("https://{h}/login")}),
]

ROWS = CERTIFICATES + CLIENTS + CIPHERS + REDIRECTS
