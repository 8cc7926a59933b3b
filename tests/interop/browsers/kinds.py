"""The table of kinds: one line each, with the file of its rows."""
from rows import (addresses, badssl, certificates, chains, cookies, fields, heads, http2, odd, ports, redirects, statuses, tls,
                  upgrades, www)

KINDS = [
    ("Redirects", redirects.ROWS),
    ("Cookies", cookies.ROWS),
    ("Status codes", statuses.ROWS),
    ("HSTS headers", fields.ROWS),
    ("www and the apex", www.ROWS),
    ("Ports", ports.ROWS),
    ("Addresses", addresses.ROWS),
    ("Upgrades without HSTS", upgrades.ROWS),
    ("HTTP/1.1", heads.ROWS),
    ("HTTP/2", http2.ROWS),
    ("TLS", tls.ROWS),
    ("Certificates", certificates.ROWS),
    ("Chains", chains.ROWS),
    ("Odd certificates", odd.ROWS),
    ("badssl.com", badssl.ROWS),
]
