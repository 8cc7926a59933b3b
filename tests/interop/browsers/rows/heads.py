"""Heads of HTTP/1.1 that are not as RFC 9112 has them."""
from row import STS, Row

END = "Content-Type: text/html\r\nContent-Length: 6\r\n\r\na page"


def head(name, octets):
    return Row("a head with " + name, "https://{h}/", {"https://{h}/": octets.encode("latin-1")}, held=(None,))


def line(name, text):
    return head(name, text + "\r\n" + STS + "\r\n" + END)


def field(name, text, status="200 OK"):
    return head(name, "HTTP/1.1 " + status + "\r\n" + STS + "\r\n" + text + "\r\n" + END)


def alone(name, text):
    return head(name, "HTTP/1.1 200 OK\r\n" + text + "\r\n" + END)


def many(kibibytes):
    return "\r\n".join("X-%d: %s" % (i, "y" * 1000) for i in range(kibibytes))


ROWS = [
    line("two blanks in front of the status", "HTTP/1.1  200 OK"),
    line("the version 1.10", "HTTP/1.10 200 OK"),
    line("the version 2.0", "HTTP/2.0 200 OK"),
    line("the version 0.9", "HTTP/0.9 200 OK"),
    line("no version", "HTTP 200 OK"),
    line("a version of small letters", "http/1.1 200 OK"),
    line("no status", "HTTP/1.1"),
    line("a status of two digits", "HTTP/1.1 20 OK"),
    line("a status of one digit", "HTTP/1.1 2 OK"),
    line("a status of four digits", "HTTP/1.1 2000 OK"),
    line("a tab in front of the status", "HTTP/1.1\t200 OK"),
    line("letters behind the status", "HTTP/1.1 200OK"),
    line("the status 999", "HTTP/1.1 999 X"),
    line("the status line of ShoutCast", "ICY 200 OK"),
    line("the status 407", "HTTP/1.1 407 Proxy Authentication Required"),
    line("the status 101", "HTTP/1.1 101 Switching Protocols"),
    line("four bytes in front", "abcdHTTP/1.1 200 OK"),
    line("five bytes in front", "abcdeHTTP/1.1 200 OK"),
    line("two blank lines in front", "\r\n\r\nHTTP/1.1 200 OK"),
    line("three blank lines in front", "\r\n\r\n\r\nHTTP/1.1 200 OK"),
    line("an interim response in front", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK"),
    field("a NUL in a value", "X: a\0b"),
    field("a NUL in a name", "X\0: a"),
    field("two lengths", "Content-Length: 5"),
    field("two lengths, both the same", "Content-Length: 6"),
    field("two lengths, and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
    field("two lengths in one list", "Content-Length: 6, 5"),
    head("a length that is no number",
         "HTTP/1.1 200 OK\r\n" + STS + "\r\nContent-Type: text/html\r\nContent-Length: six\r\n\r\na page"),
    field("two dispositions", "Content-Disposition: inline\r\nContent-Disposition: inline; x"),
    field("a disposition with a comma", "Content-Disposition: inline; filename=a,b"),
    field("two locations and status 200", "Location: /a\r\nLocation: /b"),
    field("two locations", "Location: /a\r\nLocation: /b", status="302 Found"),
    field("a line that is no field", "no field"),
    field("a field without a name", ": x"),
    field("a bare CR in a value", "X: a\rb"),
    alone("a blank in front of the colon", "Strict-Transport-Security : max-age=31536000"),
    alone("a policy behind a bare CR", "X: a\rStrict-Transport-Security: max-age=31536000"),
    alone("a policy that is folded", "Strict-Transport-Security: max-age=31536000;\r\n includeSubDomains"),
    alone("a policy in a first line that is folded", " Strict-Transport-Security: max-age=31536000"),
    head("bare LFs", "HTTP/1.1 200 OK\n" + STS + "\n\na page"),
    head("no end", "HTTP/1.1 200 OK\r\n" + STS + "\r\n"),
    field("200 KiB of fields", many(200)),
    field("300 KiB of fields", many(300)),
    field("400 KiB of fields", many(400)),
    Row("a head with no end, over plain HTTP", "http://{h}/", {"http://{h}/": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"},
        held=(None,)),
    head("nothing that HTTP begins with", "<!DOCTYPE html><title>a page</title>no head"),
]
