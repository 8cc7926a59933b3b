"""Ports in URLs."""
from row import STS, YEAR, Row, answer, page, to

PLAIN = answer("400 Bad Request").encode()

ROWS = [
    Row("http on another port, where TLS answers too", "http://{h}:{p}/"),
    Row("http on another port, where no TLS answers", "http://{h}:{p}/", hello=PLAIN),
    Row("https leads to http on another port, with a policy", "https://{h}/", {"https://{h}/": to("http://{h}:{p}/", STS)}),
    Row("https leads to http on another port", "https://{h}/", {"https://{h}/": to("http://{h}:{p}/")}),
    Row("https on another port leads to http there, with a policy", "https://{h}:{p}/", {"https://{h}:{p}/": to("http://{h}:{p}/in", STS)},
        held=(None,)),
    Row("a policy that another port sends counts for port 80", "https://{h}:{p}/", {"https://{h}:{p}/": to("http://{h}/in", STS)},
        held=(None,)),
    Row("max-age=0 that another port sends", "https://{h}:{p}/",
        {"https://{h}:{p}/": to("http://{h}/in", "Strict-Transport-Security: max-age=0")}),
    Row("http on port 443", "http://{h}:443/"),
    Row("https on port 80", "https://{h}:80/"),
    Row("plain HTTP answers where TLS is asked for", "https://{h}/", hello=PLAIN),
    Row("http leads to https on another port", "http://{h}/", {"http://{h}/": to("https://{h}:{p}/")}),
    Row("a redirect to a blocked port", "https://{h}/", {"https://{h}/": to("https://{h}:6667/", STS)}),
] + [
    Row("a blocked port: %d" % port, "%s://{h}:%d/" % (scheme, port), held=(None,))
    for scheme, port in (("https", 6667), ("http", 25), ("https", 22), ("https", 10080), ("http", 1), ("https", 6000), ("https", 993),
                         ("http", 5060), ("http", 4190), ("http", 6566))
]
