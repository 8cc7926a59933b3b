"""Answers over HTTP/2."""
from row import Row

OK = [(b":status", b"200"), (b"content-type", b"text/html")]


def with_field(name, value, title=None):
    return Row("HTTP/2 with the field " + (title or "%s: %s" % (name.decode(), value.decode())), "https://{h}/",
               http2=[*OK, (name, value)], held=(None,))


def with_fields(title, *fields, status=b"200"):
    return Row("HTTP/2 with " + title, "https://{h}/", http2=[(b":status", status), OK[1], *fields], held=(None,))


ROWS = [
    with_field(b"strict-transport-security", b"max-age=31536000"),
    with_field(b"upgrade", b"h2c"),
    with_field(b"two words", b"x", "name that has a blank"),
    with_field(b"connection", b"keep-alive"),
    with_field(b"keep-alive", b"timeout=5"),
    with_field(b"proxy-connection", b"keep-alive"),
    with_field(b"te", b"gzip"),
    with_field(b"transfer-encoding", b"chunked"),
    with_field(b"content-length", b"eleven"),
    with_fields("the length twice, both the same", (b"content-length", b"47"), (b"content-length", b"47")),
    with_fields("two lengths", (b"content-length", b"47"), (b"content-length", b"48")),
    with_fields("a length of +47", (b"content-length", b"+47")),
    with_fields("an empty length", (b"content-length", b"")),
    with_fields("two locations", (b"location", b"/a"), (b"location", b"/b"), status=b"302"),
    with_fields("two dispositions", (b"content-disposition", b"inline"), (b"content-disposition", b"inline; x")),
    with_fields("the status 99", status=b"99"),
    with_fields("another pseudo-field", (b":x", b"y")),
    with_fields("two policies", (b"strict-transport-security", b"max-age=0"),
                (b"strict-transport-security", b"max-age=31536000")),
    with_fields("a policy behind a blank", (b"strict-transport-security", b" max-age=31536000 ")),
    with_fields("te: trailers", (b"te", b"trailers")),
    with_field(b"x", b"a\x7fb", "value that has a DEL"),
    with_field(b"x", b"a\xe9b", "value that is not ASCII"),
    with_field(b"x=y", b"x", "name that has an equals sign"),
    with_field(b"x:y", b"x", "name that has a colon"),
    with_field(b"", b"x", "name that is empty"),
    with_field(b"X-Upper", b"x", "name that has a capital"),
    with_field(b"x\0", b"x", "name that has a NUL"),
    with_field(b"x\xc3\xa9", b"x", "name that is not ASCII"),
    with_field(b"x", b"a\0b", "value that has a NUL"),
    with_field(b"x", b"a\nb", "value that has an LF"),
    with_field(b"x", b"a\rb", "value that has a CR"),
    with_field(b"x", b"a\x01b", "value that has a control"),
    with_field(b":status", b"200", "status a second time, behind others"),
    Row("HTTP/2 without a status", "https://{h}/", http2=[(b"content-type", b"text/html")], held=(None,)),
    Row("HTTP/2 with the status +200", "https://{h}/", http2=[(b":status", b"+200"), *OK[1:]], held=(None,)),
]
