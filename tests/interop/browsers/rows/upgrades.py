"""http URLs of hosts of which no policy is known: which port is asked first, and what comes after."""
from row import STS, Row, answer, to

CASES = [
    ("both ports answer", {}),
    ("port 443 refuses", {"at": {"{h}": ["plain"]}}),
    ("port 80 refuses", {"at": {"{h}": ["tls"]}}),
    ("both ports refuse", {"at": {"{h}": ["closed"]}}),
    ("the certificate has expired", {"certificate": {"end": -1}}),
    ("the certificate is for another name", {"certificate": {"names": ["{o}"]}}),
    ("TLS is answered in plain HTTP", {"hello": answer("400 Bad Request").encode()}),
    ("TLS is answered with an alert", {"hello": b"\x15\x03\x01\x00\x02\x02\x28"}),
    ("https answers 404", {"answers": {"https://{h}": answer("404 Not Found")}}),
    ("https answers 500", {"answers": {"https://{h}": answer("500 Internal Server Error")}}),
    ("https leads back to http", {"answers": {"https://{h}": to("http://{h}/")}}),
    ("https leads back to http, with a policy", {"answers": {"https://{h}": to("http://{h}/", STS)}}),
    ("https leads to http on another path", {"answers": {"https://{h}/": to("http://{h}/in")}}),
    ("https leads to another host", {"answers": {"https://{h}/": to("https://{o}/")}}),
    ("http leads to https", {"answers": {"http://{h}/": to("https://{h}/in")}}),
    ("https closes without an answer", {"answers": {"https://{h}": b""}}),
]
# The data of an HTTPS record: priority 1, the name itself, no parameters.
RECORD = b"\x00\x01\x00"

ROWS = [
    Row("http %s: %s" % (where, name), "http://{h}/", zone=zone, held=(None,), **words)
    for where, zone in (("below a public suffix", "example.com"), ("below .test", "test")) for name, words in CASES
] + [
    Row("http below a public suffix: an HTTPS record", "http://{h}/", zone="example.com", https=RECORD, held=(None,)),
    Row("http below .test: an HTTPS record", "http://{h}/", https=RECORD, held=(None,)),
    Row("http below a public suffix: another port", "http://{h}:{p}/", zone="example.com", held=(None,)),
    Row("another site leads to http below a public suffix", "https://{o}/", {"https://{o}/": to("http://{h}/")}, zone="example.com",
        held=(None,)),
    Row("another site leads to http below a public suffix, where only http answers", "https://{o}/", {"https://{o}/": to("http://{h}/")},
        zone="example.com", at={"{h}": ["plain"]}, held=(None,)),
]
