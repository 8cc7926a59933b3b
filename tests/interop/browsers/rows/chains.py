"""Chains: several paths to a root, of which one or none is good."""
import secrets
import shutil

from authority import CA, SERVER
from row import Row

LEAF = "leaf"
KEYED = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
# An authority key identifier that is nobody's.
ASTRAY = "subjectKeyIdentifier=hash\n2.5.29.35=DER:30:16:80:14:" + ":".join(["5a"] * 20) + "\n"
NO_OTHERS = "nameConstraints=critical,excluded;DNS:test\n"


def ca(name, by, subject=None, key=None, basic=CA, keyed=KEYED, extra="", **words):
    """An authority NAME of this row; another one of the row, or one that all rows have, has signed it."""
    return name, {"by": by, "subject": subject or name, "key": key or name, "extensions": basic + keyed + extra, **words}


def leaf(by, keyed=KEYED, extra="", **words):
    return LEAF, {"by": by, "subject": LEAF, "key": LEAF, "extensions": None, "keyed": keyed, "extra": extra, **words}


def chain(*made, sent=None):
    """The certificates are made in this order, and sent in it: the server's own first, then SENT, or all of the others."""
    names = [name for name, _ in made]
    sent = [LEAF] + ([name for name in names if name != LEAF] if sent is None else sent)

    def certify(authority, situation):
        token = secrets.token_hex(6)
        local = {name: "%s-%d" % (token, i) for i, name in enumerate(names)}
        for name, words in made:
            issue(authority, situation, local, token, name, dict(words))
        file = authority.file(local[LEAF] + ".chain")
        with open(file, "w") as out:
            for name in sent:
                with open(authority.file(local.get(name, name) + ".pem")) as part:
                    out.write(part.read())
        return file, authority.file(local[LEAF] + ".key")
    return certify


def issue(authority, situation, local, token, name, words):
    """Subjects are of this row alone, for Firefox remembers the authorities that it has met."""
    by, key, subject = words.pop("by"), words.pop("key"), words.pop("subject")
    extensions, keyed, extra = words.pop("extensions"), words.pop("keyed", ""), words.pop("extra", "")
    if extensions is None:
        extensions = SERVER + situation.fill("subjectAltName=DNS:{h},DNS:*.{h},DNS:{o},DNS:*.{o}\n") + keyed + extra
    if key != name:
        shutil.copyfile(authority.file(local[key] + ".key"), authority.file(local[name] + ".key"))
    common = situation.fill("{h}") if name == LEAF else "%s %s" % (subject, token)
    authority.issue(local[name], extensions, by and local.get(by, by), subject="/CN=" + common, **words)


def ladder(count):
    """So many intermediates."""
    made = [ca("L%d" % i, "root" if i == 0 else "L%d" % (i - 1)) for i in range(count)]
    top_down = [name for name, _ in made]
    return chain(*made, leaf(top_down[-1]), sent=top_down[::-1])


def namesakes(count, *others):
    """So many newer authorities of the issuer's name, each with a key of its own, and then the issuer; or OTHERS."""
    wrong = [ca("N%d" % i, "root", subject="A", start=-5) for i in range(count)]
    names = [name for name, _ in wrong]
    return chain(ca("A", "root"), *wrong, *others, leaf("A", keyed=ASTRAY),
                 sent=names + ([name for name, _ in others] or ["A"]))


def of_root(name):
    return chain(leaf(name), sent=[])


def row(name, certificate):
    return Row(name, "https://{h}/", held=(None,), certificate=certificate)


A = ca("A", "root")
HARMLESS = [
    row("a chain in reverse, twice, with a stranger's",
        chain(ca("B", "root"), ca("A", "B"), ca("X", "stranger"), leaf("A"), sent=["B", "X", "A", "B"])),
    row("a certificate of the root itself", chain(leaf("root"))),
    row("the root is sent too", chain(A, leaf("A"), sent=["A", "root"])),
    row("an expired copy of the issuer before the current one",
        chain(A, ca("old A", "root", subject="A", key="A", start=-90, end=-1), leaf("A"), sent=["old A", "A"])),
    row("a copy of the issuer that is not valid yet", chain(
        A, ca("new A", "root", subject="A", key="A", start=1, end=90), leaf("A"), sent=["new A", "A"])),
    row("an expired cross-certificate beside the issuer",
        chain(A, ca("cross", "stranger", subject="A", key="A", start=-90, end=-1), leaf("A"), sent=["cross", "A"])),
    row("a cross-certificate of a CA that is not trusted",
        chain(ca("S", None), ca("cross", "root", subject="S", key="S"), ca("A", "S"), leaf("A"), sent=["A", "S", "cross"])),
    row("an issuer of the name with another key before the right one", namesakes(1)),
    row("an authority key identifier that is nobody's", chain(A, leaf("A", keyed=ASTRAY))),
    row("a path length that one of two paths keeps",
        chain(ca("B", "root", basic=CA.replace("TRUE", "TRUE,pathlen:0")), ca("wide B", "root", subject="B", key="B"), ca("A", "B"),
              leaf("A"), sent=["A", "B", "wide B"])),
    row("name constraints that one of two paths keeps",
        chain(ca("narrow A", "root", subject="A", extra=NO_OTHERS), ca("A", "root", key="narrow A"), leaf("A"),
              sent=["narrow A", "A"])),
    row("an issuer for clients beside a copy for servers",
        chain(ca("mail A", "root", subject="A", extra="extendedKeyUsage=clientAuth\n"),
              ca("A", "root", key="mail A", extra="extendedKeyUsage=serverAuth\n"), leaf("A"), sent=["mail A", "A"])),
    row("two CAs that certify each other, one of them by the root",
        chain(ca("own A", None, subject="A"), ca("B", "own A"), ca("A", "B", key="own A"), ca("root B", "root", subject="B", key="B"),
              leaf("A"), sent=["A", "B", "root B"])),
    row("six intermediates", ladder(6)),
    row("six issuers of the name with other keys before the right one", namesakes(6)),
    row("an expired root, and a newer one of its key", of_root("renewed")),
    row("an intermediate that is trusted, and its root is not", of_root("installed")),
]

LIMITED = [
    row("seven intermediates", ladder(7)),
    row("nineteen intermediates", ladder(19)),
    row("twenty intermediates", ladder(20)),
    row("seven issuers of the name with other keys before the right one", namesakes(7)),
]

REFUSED = [
    row("an expired intermediate", chain(ca("A", "root", start=-90, end=-1), leaf("A"))),
    row("an issuer of the name with another key",
        chain(A, ca("other A", "root", subject="A"), leaf("A"), sent=["other A"])),
    row("two issuers of the name with other keys", namesakes(1, ca("M", "root", subject="A"))),
    row("an issuer with another key, and an expired copy",
        namesakes(1, ca("old A", "root", subject="A", key="A", start=-90, end=-1))),
    row("an expired copy of the issuer, and one of a CA that is not trusted",
        chain(ca("A", "root", start=-90, end=-1), ca("cross", "stranger", subject="A", key="A"), leaf("A"), sent=["A", "cross"])),
    row("a path length that the path exceeds",
        chain(ca("B", "root", basic=CA.replace("TRUE", "TRUE,pathlen:0")), ca("A", "B"), leaf("A"), sent=["A", "B"])),
    row("name constraints that the certificate breaks", chain(ca("A", "root", extra=NO_OTHERS), leaf("A"))),
    row("an issuer for clients", chain(ca("A", "root", extra="extendedKeyUsage=clientAuth\n"), leaf("A"))),
    row("an issuer without basic constraints", chain(ca("A", "root", basic="keyUsage=critical,keyCertSign\n"), leaf("A"))),
    row("an issuer that is no CA", chain(ca("A", "root", basic=SERVER), leaf("A"))),
    row("an issuer whose signature is SHA-1", chain(ca("A", "root", digest="sha1"), leaf("A"))),
    row("two CAs that certify each other",
        chain(ca("own A", None, subject="A"), ca("B", "own A"), ca("A", "B", key="own A"), leaf("A"), sent=["A", "B"])),
    row("a root that is not trusted is sent", chain(ca("S", None), ca("A", "S"), leaf("A"), sent=["A", "S"])),
    row("an expired root that is trusted", of_root("expired")),
    row("a trusted root that excludes the name", of_root("narrow")),
]

ROWS = HARMLESS + LIMITED + REFUSED
