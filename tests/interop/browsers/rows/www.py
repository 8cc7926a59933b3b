"""www beside the apex."""
from row import STS, STS_ALL, YEAR, Row, to

ALL = YEAR + "; includeSubDomains"
APEX = {"names": ["{h}", "{o}"]}

ROWS = [
    Row("the apex leads to www over http, with a policy for subdomains", "https://{h}/",
        {"https://{h}/": to("http://www.{h}/", STS_ALL)}),
    Row("the apex leads to www over http, with a policy for itself", "https://{h}/", {"https://{h}/": to("http://www.{h}/", STS)}),
    Row("www over http, where the apex has the policy", "http://www.{h}/", held=(None, YEAR, ALL)),
    Row("www is not in the certificate", "https://www.{h}/", certificate=APEX, held=(None, YEAR, ALL)),
    Row("www is not in the certificate, asked over http", "http://www.{h}/", certificate=APEX, held=(None, YEAR, ALL)),
    Row("the apex leads to www, which is not in the certificate", "https://{h}/", {"https://{h}/": to("https://www.{h}/")},
        certificate=APEX, held=(None, YEAR, ALL)),
    Row("the apex leads to www, which is not in the certificate, with a policy for subdomains", "https://{h}/",
        {"https://{h}/": to("https://www.{h}/", STS_ALL)}, certificate=APEX, held=(None,)),
    Row("the apex is not in the certificate of www", "https://{h}/", certificate={"names": ["www.{h}"]}),
    Row("the apex leads over http to www over https", "http://{h}/",
        {"http://{h}/": to("https://www.{h}/"), "https://www.{h}/": to("/in", STS_ALL)}),
    Row("www has no address", "https://{h}/", {"https://{h}/": to("https://www.{h}/", STS)}, at={"www.{h}": None}, held=(None,)),
    Row("www answers over http alone", "http://www.{h}/", at={"www.{h}": ["plain"]}, held=(None, YEAR, ALL)),
    Row("www forgets its own policy, and the apex covers it", "https://www.{h}/",
        {"https://www.{h}/": to("http://www.{h}/in", "Strict-Transport-Security: max-age=0")},
        held=(None, {"www.{h}": YEAR}, {"{h}": ALL, "www.{h}": YEAR})),
]
