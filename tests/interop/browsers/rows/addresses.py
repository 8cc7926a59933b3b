"""Names with several addresses, or with none that answers."""
from row import STS, YEAR, Row, at_address, page, to

HOME = {"https://{h}/": to("http://{h}/in", STS)}

ROWS = [
    Row(name, "https://{h}/", at={"{h}": at}, held=(None,)) for name, at in (
        ("the first of two addresses refuses", ["closed", "host"]),
        ("the first of two addresses is silent", ["silent", "host"]),
        ("the second of two addresses refuses", ["host", "closed"]),
        ("the IPv6 address refuses", ["closed6", "host"]),
        ("the IPv6 address is silent", ["silent6", "host"]),
        ("IPv6 alone", ["host6"]),
        ("IPv6 alone, and it refuses", ["closed6"]),
        ("both answer, IPv4 and IPv6", ["host", "host6"]),
        ("the IPv4 address refuses", ["host6", "closed"]),
        ("the first of two addresses has port 80 alone", ["plain", "host"]),
        ("the second of two addresses has port 80 alone", ["host", "plain"]))
] + [
    Row("every address refuses", "https://{h}/", at={"{h}": ["closed", "closed6"]}, held=(None,)),
    Row("the address is silent", "https://{h}/", at={"{h}": ["silent"]}, held=(None,)),
    Row("nobody has the name", "https://{h}/", at={"{h}": None}, held=(None,)),
    Row("the name has no address", "https://{h}/", at={"{h}": []}, held=(None,)),
    Row("http, and the first of two addresses refuses", "http://{h}/", at={"{h}": ["closed", "host"]}, held=(None,)),
    Row("the first of two addresses sends the policy, the second does not", "https://{h}/",
        {"https://{h}/": at_address("host", to("http://{h}/in", STS), to("http://{h}/in"))}, at={"{h}": ["host", "other"]}, held=(None,)),
    Row("the second of two addresses sends the policy, the first does not", "https://{h}/",
        {"https://{h}/": at_address("other", to("http://{h}/in", STS), to("http://{h}/in"))}, at={"{h}": ["host", "other"]}, held=(None,)),
    Row("IPv6 sends the policy, IPv4 does not", "https://{h}/",
        {"https://{h}/": at_address("host6", to("http://{h}/in", STS), to("http://{h}/in"))}, at={"{h}": ["host", "host6"]}, held=(None,)),
    Row("a redirect to a host whose first address refuses", "https://{o}/", {"https://{o}/": to("http://{h}/", STS)},
        at={"{h}": ["plain"]}, held=(None,)),
]
