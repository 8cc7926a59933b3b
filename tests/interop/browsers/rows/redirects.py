"""Redirects, with and without a policy."""
from row import STS, STS_ALL, YEAR, Row, answer, hops, page, to

ALL = YEAR + "; includeSubDomains"


def location(name, target, *fields, held=(None,), **words):
    """The page leads there."""
    return Row("a redirect to " + name, "https://{h}/", {"https://{h}/": to(target, *fields)}, held=held, **words)


ROWS = [
    Row("https leads to http on the same host", "https://{h}/", {"https://{h}/": to("http://{h}/in")}),
    Row("https leads to http on the same host, with a policy", "https://{h}/", {"https://{h}/": to("http://{h}/in", STS)}),
    Row("http leads to https on the same host", "http://{h}/", {"http://{h}/": to("https://{h}/")}),
    Row("https leads back to the http URL that led there", "http://{h}/",
        {"http://{h}": to("https://{h}/"), "https://{h}": to("http://{h}/")}),
    Row("https leads back to the http URL that led there, with a policy", "http://{h}/",
        {"http://{h}": to("https://{h}/"), "https://{h}": to("http://{h}/", STS)}),
    Row("https leads to http below it, with a policy for subdomains", "https://{h}/",
        {"https://{h}/": to("http://sub.{h}/", STS_ALL)}, at={"sub.{h}": ["plain"]}),
    Row("https leads to http below it, where only http answers, with a policy for the host alone", "https://{h}/",
        {"https://{h}/": to("http://sub.{h}/", STS)}, at={"sub.{h}": ["plain"]}),
    Row("another site leads to http below a host with a policy for subdomains", "https://{o}/",
        {"https://{o}/": to("http://sub.{h}/")}, held=(None, YEAR, ALL)),
    Row("another site leads to http below a host with a policy for subdomains, and only http answers there", "https://{o}/",
        {"https://{o}/": to("http://sub.{h}/")}, held=(YEAR, ALL), at={"sub.{h}": ["plain"]}),
    Row("http leads to another host over http that has a policy", "http://{o}/", {"http://{o}/": to("http://{h}/in")}),
    Row("a loop of one URL", "https://{h}/", {"https://{h}/": to("/")}),
    Row("19 redirects", "https://{h}/", {"https://{h}": hops(19)}, held=(None,)),
    Row("20 redirects", "https://{h}/", {"https://{h}": hops(20)}, held=(None,)),
    Row("21 redirects", "https://{h}/", {"https://{h}": hops(21)}, held=(None,)),
    Row("an upgrade, and 18 redirects", "http://{h}/", {"https://{h}": hops(18)}, held=(YEAR,)),
    Row("an upgrade, and 19 redirects", "http://{h}/", {"https://{h}": hops(19)}, held=(YEAR,)),
    Row("an upgrade, and 20 redirects", "http://{h}/", {"https://{h}": hops(20)}, held=(YEAR,)),
    location("port 80 that is named", "http://{h}:80/in", held=(None, YEAR)),
    location("http on port 443", "http://{h}:443/in", held=(None, YEAR)),
    location("the same path of another host, without a scheme", "//{o}/in"),
    location("a URL with backslashes", "http:\\\\{h}\\in", held=(YEAR,)),
    location("a URL in capitals", "HTTP://{h}/in", held=(YEAR,)),
    location("a relative path", "in/../there"),
    location("a fragment of itself", "#there"),
    location("an ftp URL", "ftp://{h}/"),
    location("a data URL", "data:text/html,in"),
    location("a URL without a host", "https://"),
    location("a URL that is malformed", "https://{h}:port/"),
    location("a name that nobody has", "https://nobody.{o}/", at={"nobody.{o}": None}),
    location("a host where nothing listens", "https://sub.{h}/", at={"sub.{h}": ["closed"]}),
    location("two URLs, both the same", "/in", "Location: /in"),
    location("two different URLs", "/in", "Location: /there"),
] + [
    Row("http leads to https by status " + status, "http://{h}/", {"http://{h}/": to("https://{h}/in", status=status)}, held=(None,))
    for status in ("301 Moved Permanently", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect")
] + [
    Row("status %s with a Location" % status, "https://{h}/", {"https://{h}/": answer(status, "Location: /in", STS)}, held=(None,))
    for status in ("200 OK", "201 Created", "300 Multiple Choices", "305 Use Proxy", "306 Switch Proxy", "404 Not Found")
] + [
    Row("status 302 without a Location", "https://{h}/", {"https://{h}/": answer("302 Found")}, held=(None,)),
    Row("status 302 without a Location and without a body", "https://{h}/", {"https://{h}/": answer("302 Found", body="")},
        held=(None,)),
    Row("status 302 with an empty Location", "https://{h}/", {"https://{h}/": to("")}, held=(None,)),
]
