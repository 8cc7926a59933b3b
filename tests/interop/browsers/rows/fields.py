"""Strict-Transport-Security as it is sent: the page leads to http on the same host, and where that ends says what was noted."""
from row import STS, YEAR, Row, answer, page, to

SENT = "Strict-Transport-Security: "


def sent(name, *fields, held=(None,)):
    return Row("HSTS header: " + name, "https://{h}/", {"https://{h}/": to("http://{h}/in", *(SENT + one for one in fields))}, held=held)


ROWS = [
    sent("max-age", "max-age=31536000"),
    sent("max-age in quotes", 'max-age="31536000"'),
    sent("max-age in capitals", "MAX-AGE=31536000"),
    sent("blanks around =", "max-age = 31536000"),
    sent("empty directives", ";; max-age=31536000 ;;"),
    sent("max-age=0", "max-age=0", held=(None, YEAR)),
    sent("max-age=0 in quotes", 'max-age="0"', held=(None, YEAR)),
    sent("no field at all", held=(None, YEAR)),
    sent("no max-age", "includeSubDomains", held=(None, YEAR)),
    sent("empty", "", held=(None, YEAR)),
    sent("max-age without a value", "max-age"),
    sent("max-age=", "max-age="),
    sent("max-age twice", "max-age=31536000; max-age=31536000"),
    sent("includeSubDomains twice", "max-age=31536000; includeSubDomains; includeSubDomains"),
    sent("includeSubDomains with a value", "max-age=31536000; includeSubDomains=true"),
    sent("digits and then a letter", "max-age=31536000s"),
    sent("a sign", "max-age=+31536000"),
    sent("a negative number", "max-age=-1", held=(None, YEAR)),
    sent("a fraction", "max-age=31536000.5"),
    sent("a comma in place of a semicolon", "max-age=31536000, includeSubDomains"),
    sent("two values, joined by a comma", "max-age=31536000, max-age=31536000"),
    sent("an unknown directive", "max-age=31536000; preload; unknown"),
    sent("an unknown directive with an empty value", "max-age=31536000; unknown="),
    sent("an unknown directive with a string", 'max-age=31536000; unknown="a;b"'),
    sent("more digits than fit into 64 bits", "max-age=99999999999999999999999999"),
    sent("two fields, the first with max-age=0", "max-age=0", "max-age=31536000", held=(None, YEAR)),
    sent("two fields, the second with max-age=0", "max-age=31536000", "max-age=0", held=(None, YEAR)),
    sent("two fields, the first void", "includeSubDomains", "max-age=31536000"),
    sent("an octet beyond ASCII", "max-age=31536000; \xe9"),
    Row("HSTS header: over plain HTTP alone", "http://{h}/", {"http://{h}/": to("http://{h}/in", STS)}),
    Row("HSTS header: max-age=0 over plain HTTP alone", "http://{h}/", {"http://{h}/": to("http://{h}/in", SENT + "max-age=0")}),
    Row("HSTS header: on a page with status 404 that is loaded before", "https://{h}/",
        {"https://{h}/": answer("404 Not Found", STS)}, held=(None,)),
    Row("HSTS header: in an interim response alone", "https://{h}/",
        {"https://{h}/": "HTTP/1.1 103 Early Hints\r\n" + STS + "\r\n\r\n" + to("http://{h}/in")}, held=(None,)),
    Row("HSTS header: includeSubDomains of the parent, and max-age=0 of the host", "https://sub.{h}/",
        {"https://sub.{h}/": to("http://sub.{h}/in", SENT + "max-age=0")}, held=(YEAR + "; includeSubDomains",)),
    Row("HSTS header: from a host below, for the host above", "https://sub.{h}/",
        {"https://sub.{h}/": to("http://{h}/in", STS + "; includeSubDomains"), "http://{h}/in": page()}, held=(None,)),
]
