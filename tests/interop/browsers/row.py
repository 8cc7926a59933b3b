"""What a row of the tables is made of: a situation is data, and these are its words.

In every text {h} is the host, {o} a host of another domain, {p} and {q} two ports that are nobody's; names and ports are
others in each run. www.{h}, sub.{h} and so on exist too."""
from dataclasses import dataclass, field

import network

YEAR = "max-age=31536000"
STS = "Strict-Transport-Security: " + YEAR
STS_ALL = STS + "; includeSubDomains"
BOTH = (None, YEAR)


@dataclass
class Row:
    name: str  # unique; what the table says of it
    go: str  # what the visitor types
    # What is served: {"https://{h}/path" or "https://{h}" for all its paths: answer}; elsewhere there is a page.
    answers: dict = field(default_factory=dict)
    # One situation each: what the browser noted when all was well. None, the field that {h} sent, or {host: field}.
    held: tuple = BOTH
    zone: str = "test"  # {h} is below it; example.com: below a suffix that browsers know
    # {host: names of addresses in network.py, or None: the name does not exist}; what is not named here is at "host".
    at: dict = field(default_factory=dict)
    # Words for Authority.issue, a list of what is sent besides, or a function that makes both files.
    certificate: object = None
    tls: dict = field(default_factory=dict)  # members of SSLContext, and words of situation.context
    http2: object = None  # HTTP/2 alone is spoken, and this answers: a list of pairs of octets, or frames(stream)
    hello: bytes = None  # answers the ClientHello instead of TLS
    https: bytes = None  # the data of an HTTPS record of {h}
    not_run: dict = field(default_factory=dict)  # {browser: why it cannot be}


def answer(status, *fields, body="<!DOCTYPE html><title>a page</title><p>a page\n"):
    """An answer of HTTP/1.1; a body of None: neither a body nor a length."""
    length = [] if body is None else ["Content-Type: text/html", "Content-Length: %d" % len(body)]
    return "\r\n".join(["HTTP/1.1 " + status, *fields, *length, "Connection: close", "", body or ""])


def page(*fields):
    return answer("200 OK", *fields)


def to(location, *fields, status="302 Found"):
    return answer(status, "Location: " + location, *fields)


def with_cookie(cookie, inside, outside):
    """One answer for who sends the cookie back, another for who does not."""
    return lambda request: inside if cookie in request.cookies else outside


def at_address(where, there, elsewhere):
    """One answer at an address of network.py, another at the others."""
    return lambda request: there if request.address == network.ADDRESSES[where] else elsewhere


def hops(count, end=page()):
    """/ leads to /1, /1 to /2, and so on: so many redirects, and then the end."""
    def hop(request):
        number = int(request.target.strip("/") or 0)
        return to("/%d" % (number + 1)) if number < count else end
    return hop
