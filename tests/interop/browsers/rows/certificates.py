"""Certificates that browsers refuse, with and without a policy."""
from row import YEAR, Row, to

CERTIFICATES = [
    ("expired", {"end": -1}),
    ("not yet valid", {"start": 1}),
    ("for another name", {"names": ["{o}"]}),
    ("for the names below it alone", {"names": ["*.{h}"]}),
    ("for the name below it, by two labels", {"names": ["*.sub.{h}"]}),
    ("of an unknown CA", {"by": "stranger", "sent": []}),
    ("without its intermediate", {"sent": []}),
    ("of an unknown CA, and expired", {"by": "stranger", "sent": [], "end": -1}),
    ("signed by itself", {"by": None, "sent": []}),
    ("for another name, and expired", {"names": ["{o}"], "end": -1}),
]

ROWS = [Row("a certificate " + name, "https://{h}/", certificate=words) for name, words in CERTIFICATES] + [
    Row("http, and a certificate that has expired", "http://{h}/", certificate={"end": -1}),
    Row("http leads to https, and the certificate has expired", "http://{h}/", {"http://{h}/": to("https://{h}/")},
        certificate={"end": -1}),
    Row("a certificate that has expired, below a host with a policy", "https://sub.{h}/", certificate={"end": -1},
        held=(YEAR, YEAR + "; includeSubDomains")),
]
