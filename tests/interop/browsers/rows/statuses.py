"""What the page itself answers."""
from row import STS, YEAR, Row, answer


def status(line, *fields, name="", **words):
    return Row("status " + line + name, "https://{h}/", {"https://{h}/": answer(line, STS, *fields, **words)}, held=(None,))


ROWS = [status(line) for line in (
    "206 Partial Content", "401 Unauthorized", "403 Forbidden", "404 Not Found", "407 Proxy Authentication Required", "410 Gone",
    "418 I'm a teapot", "421 Misdirected Request", "429 Too Many Requests", "451 Unavailable For Legal Reasons",
    "500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "511 Network Authentication Required", "599 Own")] + [
    status("204 No Content", body=None),
    status("205 Reset Content", body=None),
    status("304 Not Modified", body=None),
    status("200 OK", body="", name=" without a body"),
    status("404 Not Found", body="", name=" without a body"),
    status("500 Internal Server Error", body="", name=" without a body"),
    status("200 OK", "Content-Disposition: attachment; filename=a.html", name=" to be saved"),
    status("429 Too Many Requests", "Retry-After: 60", name=" with Retry-After"),
    status("503 Service Unavailable", "Retry-After: 60", name=" with Retry-After"),
    Row("status 500 at the page that http leads to", "http://{h}/", {"http://{h}/": answer("301 Moved", "Location: https://{h}/"),
                                                                    "https://{h}/": answer("500 Internal Server Error")}),
    Row("status 403 over plain HTTP", "http://{h}/", {"http://{h}/": answer("403 Forbidden")}, held=(None, YEAR)),
    Row("ten interim responses before the page", "https://{h}/", {"https://{h}/": "HTTP/1.1 103 Early Hints\r\n\r\n" * 10 + answer("200 OK")},
        held=(None,)),
    Row("no answer at all", "https://{h}/", {"https://{h}/": b""}),
]
