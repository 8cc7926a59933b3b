"""The CA that both browsers and Holdfast trust, and the certificates that it issues, by openssl."""
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
from odd_der import make_key  # noqa: E402

CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
SERVER = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
P256 = ("EC", "ec_paramgen_curve:P-256")
DAY = 86400


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(command), done.stderr))
    return done.stdout


class Authority:
    """Files in a folder of its own: NAME.pem and NAME.key."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "authority")
        os.makedirs(self.folder)
        self.now = time.time()
        self.issue("root", CA, by=None, start=-1000, end=3000)
        self.issue("intermediate", CA, by="root", start=-500, end=1000)
        self.issue("stranger", CA, by=None, start=-1000, end=3000)
        self.trusted = self.file("trusted")
        self.trust("root", *self.make_anchors())

    def make_anchors(self):
        """Other things that are trusted: each is the issuer of one row, and of nothing else."""
        self.issue("expired", CA, by=None, start=-90, end=-1)
        self.issue("narrow", CA + "nameConstraints=critical,excluded;DNS:test\n", by=None)
        self.issue("installed", CA, by="stranger")
        self.issue("renewed", CA, by=None, subject="/CN=Test renewed", start=-10, end=3000)
        shutil.copyfile(self.file("renewed.key"), self.file("aged.key"))
        self.issue("aged", CA, by=None, subject="/CN=Test renewed", start=-90, end=-1)
        return "expired", "narrow", "installed", "renewed", "aged"

    def trust(self, *names):
        self.anchors = names
        with open(self.trusted, "w") as out:
            for name in names:
                with open(self.file(name + ".pem")) as part:
                    out.write(part.read())

    def file(self, name):
        return os.path.join(self.folder, name)

    def issue(self, name, extensions, by, subject=None, start=-10, end=80, key=P256, digest="sha256"):
        """START and END are days from now; BY is None for a certificate that signs itself."""
        make_key(self.file(name + ".key"), key)
        with open(self.file(name + ".cnf"), "w") as file:
            file.write("[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=%s\npolicy=p\n"
                       "x509_extensions=e\nunique_subject=no\n[p]\ncommonName=optional\n[req]\ndistinguished_name=n\n[n]\n"
                       "[e]\n%s" % (self.file(name + ".index"), self.folder, digest, extensions))
        open(self.file(name + ".index"), "w").close()
        subject = "/CN=Test " + name if subject is None else subject
        run("openssl", "req", "-new", "-config", self.file(name + ".cnf"), "-key", self.file(name + ".key"), "-subj", subject,
            "-out", self.file(name + ".csr"))
        signer = ["-cert", self.file(by + ".pem"), "-keyfile", self.file(by + ".key")] if by else \
            ["-selfsign", "-keyfile", self.file(name + ".key")]
        run("openssl", "ca", "-batch", "-notext", "-config", self.file(name + ".cnf"), "-in", self.file(name + ".csr"),
            "-subj", subject, "-out", self.file(name + ".pem"), "-startdate", self.utc(start), "-enddate", self.utc(end), *signer)

    def utc(self, days):
        return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(self.now + days * DAY))

    def trust_by_nss(self, database):
        os.makedirs(database, exist_ok=True)
        run("certutil", "-N", "-d", "sql:" + database, "--empty-password")
        for name in self.anchors:
            run("certutil", "-A", "-d", "sql:" + database, "-t", "C,,", "-n", name, "-i", self.file(name + ".pem"))
