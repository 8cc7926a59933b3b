"""Sites that let in who sends their cookie back, and redirect all others."""
from row import STS, YEAR, Row, page, to, with_cookie


def wall(name, cookie, go="https://{h}/", sent="seen=1", **words):
    """The page leads to itself, and sets the cookie."""
    origin = go[:go.index("{h}") + 3]
    return Row("a cookie wall: " + name, go, {origin: with_cookie(sent, page(), to(go, "Set-Cookie: " + cookie))},
               **{"held": (None,), **words})


ROWS = [
    wall("a plain cookie", "seen=1", held=(None, YEAR)),
    wall("a cookie over plain HTTP", "seen=1", go="http://{h}/"),
    wall("Secure, over plain HTTP", "seen=1; Secure", go="http://{h}/", held=(None, YEAR)),
    wall("for the domain", "seen=1; Domain={h}"),
    wall("for another domain", "seen=1; Domain={o}"),
    wall("for a public suffix", "seen=1; Domain=com", zone="example.com"),
    wall("for another path", "seen=1; Path=/elsewhere"),
    wall("that has expired", "seen=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
    wall("with Max-Age=0", "seen=1; Max-Age=0"),
    wall("with a Max-Age that counts more than an Expires of the past", "seen=1; Max-Age=99; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
    wall("__Host- as it must be", "__Host-seen=1; Secure; Path=/"),
    wall("__Host- with a Domain", "__Host-seen=1; Secure; Path=/; Domain={h}"),
    wall("__Secure- without Secure", "__Secure-seen=1"),
    wall("SameSite=None without Secure", "seen=1; SameSite=None"),
    wall("SameSite=Strict", "seen=1; SameSite=Strict"),
    wall("with the policy, over http", "seen=1", go="http://{h}/", held=(YEAR,)),
    Row("a cookie wall: another host sets it for the domain above", "https://{h}/",
        {"https://{h}": with_cookie("seen=1", page(), to("https://sub.{h}/")),
         "https://sub.{h}": to("https://{h}/", "Set-Cookie: seen=1; Domain={h}")}, held=(None,)),
    Row("a cookie wall: by way of a sign-on at another site, SameSite=Strict", "https://{h}/",
        {"https://{h}": with_cookie("seen=1", page(), to("https://{o}/", "Set-Cookie: seen=1; SameSite=Strict")),
         "https://{o}": to("https://{h}/")}, held=(None,)),
    Row("a redirect sets the cookie for http, which the https page asks for", "http://{h}/",
        {"http://{h}": to("https://{h}/", "Set-Cookie: seen=1"), "https://{h}": with_cookie("seen=1", page(), to("http://{h}/"))},
        held=(None, YEAR)),
    Row("a cookie wall: 25 cookies, one a redirect", "https://{h}/",
        {"https://{h}": lambda request: to("/", "Set-Cookie: n%d=1; Path=/" % request.cookies.count("=1"), STS)
         if request.cookies.count("=1") < 25 else page()}, held=(None,)),
]
