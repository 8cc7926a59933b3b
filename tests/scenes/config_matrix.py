"""Each status of nginx, provoked and laid beside its prediction: config_matrix.sh has made the certificates."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["SOURCE_DIR"], "tests/lib"))
from nginx_provoke import BAD, HERE, MORE, Connection, Matrix, Running, Tally, applications, provoke_internal, write

HSTS = "add_header Strict-Transport-Security"
TLS = f"ssl_certificate {HERE}/good.full; ssl_certificate_key {HERE}/good.key;"
CONFIG = f"""
map $scheme $hsts {{ https "max-age=1000"; }}
server {{
listen 443 ssl; listen 80; server_name a.test; root {HERE}/root; {TLS}
ssl_verify_client optional; ssl_client_certificate {HERE}/root.pem;
{HSTS} $hsts always;
error_page 404 /errors/404.html;
error_page 502 = @down;
error_page 495 /errors/495.html;
location / {{ index index.html; }}
location /plain/ {{ {HSTS} "max-age=2000"; error_page 403 /errors/403.html; }}
location /own/ {{ add_header X-A b always; location /own/in/ {{ {HSTS} "max-age=3000" always; }} }}
location /auth/ {{ auth_basic a; auth_basic_user_file {HERE}/users; {HSTS} "max-age=4000"; }}
location /errors/ {{ internal; {HSTS} "max-age=5000" always; }}
location = /errors/403.html {{ internal; add_header X-A b; }}
location /five/ {{ return 500; }}
location /moved/ {{ return 301 https://b.test/; }}
location /closed/ {{ return 444; }}
location /said/ {{ return 404 "not here"; }}
location /if/ {{ if ($arg_i = 1) {{ {HSTS} "max-age=6000" always; }} }}
location /scheme/ {{ if ($scheme = http) {{ return 301 https://a.test/; }} }}
location /app/ {{ proxy_pass http://127.0.0.1:8000; }}
location /hides/ {{ proxy_pass http://127.0.0.1:8000; proxy_hide_header Strict-Transport-Security; }}
location /takes/ {{ proxy_pass http://127.0.0.1:8000; proxy_intercept_errors on; }}
location /dead/ {{ proxy_pass http://127.0.0.1:9; }}
location /tried/ {{ try_files $uri /index.html; }}
location /else/ {{ try_files $uri @app; {HSTS} "max-age=7000"; }}
location /less/ {{ try_files $uri =403; }}
location @down {{ {HSTS} "max-age=8000"; return 503 down; }}
location @app {{ proxy_pass http://127.0.0.1:8001; {HSTS} "max-age=9000" always; }}
MORE
}}
server {{
listen 443 ssl; server_name b.test; root {HERE}/root; {TLS}
ssl_verify_client on; ssl_client_certificate {HERE}/root.pem;
{HSTS} "max-age=10000" always;
error_page 496 @none;
location @none {{ return 403 none; }}
}}
server {{ listen 80; server_name c.test; {HSTS} "max-age=11000"; return 301 https://$host$request_uri; }}
"""
LEAST = 120


def files():
    for folder in ("", "plain/", "own/", "own/in/", "auth/", "errors/", "if/", "scheme/", "tried/", "else/", "less/", "more/"):
        os.makedirs(f"root/{folder}empty", exist_ok=True)
        os.makedirs(f"root/{folder}d", exist_ok=True)
        for name in ("f.html", "index.html", "404.html", "403.html", "495.html"):
            with open(f"root/{folder}{name}", "w") as out:
                out.write("x\n")
    with open("users", "w") as out:
        out.write("a:{PLAIN}b\n")


def look_at_files(see, folder, row, *fields):
    stamp = see(row, 200, f"{folder}f.html", *fields)
    see(row, 304, f"{folder}f.html", f"If-Modified-Since: {stamp.all('Last-Modified')[0]}", *fields)
    see(row, 404, f"{folder}missing", *fields)
    see(row, 403, f"{folder}empty/", *fields)
    see(row, 301, f"{folder}d", *fields)


def look_at_applications(see):
    for row in ("/app/", "/hides/", "/takes/"):
        for status in (200, 301, 304, 401, 403, 404, 500, 502):
            see(row, status, f"{row}?app={status}", application=True)
        see(row, 502, f"{row}?app=close")
        see(row, 504, f"{row}?app=slow")
    see("/dead/", 502, "/dead/")


def look(tally, matrix, scheme):
    one = Connection(443 if scheme == "https" else 80, "a.test", scheme == "https")

    def see(row, cause, path, *fields, application=False, **rest):
        answer = one.get(path, *fields, **rest)
        tally.compare(matrix, ("a.test", scheme, row, cause), answer, path, application)
        return answer

    for folder in ("/", "/plain/", "/own/", "/own/in/", "/if/"):
        look_at_files(see, folder, folder)
    look_at_files(see, "/auth/", "/auth/", "Authorization: Basic YTpi")
    see("/auth/", 401, "/auth/f.html")
    see("/if/ if ($arg_i = 1)", 200, "/if/f.html?i=1")
    see("/if/ if ($arg_i = 1)", 404, "/if/missing?i=1")
    see("/five/", 500, "/five/")
    see("/moved/", 301, "/moved/")
    see("/closed/", 444, "/closed/")
    see("/said/", 404, "/said/")
    see("/scheme/", 301 if scheme == "http" else 200, "/scheme/f.html")
    look_at_applications(see)
    for row in ("/tried/", "/else/", "/less/"):
        see(row, 200, f"{row}f.html")
        see(row, 404, f"{row}missing")
    for row in ("/", "/plain/", "/own/in/", "/app/", "/moved/"):
        see(row, 413, f"{row}f.html", method="POST", body=b"x" * 2000)
        one.close()
    if os.path.exists(MORE):
        see("/more/", 200, "/more/f.html")
        see("/more/", 404, "/more/missing")


files()
applications()
more = ('location /more/ { more_set_headers -s 404 "Strict-Transport-Security: max-age=12000"; }\n'
        if os.path.exists(MORE) else "")
write(CONFIG.replace("MORE", more))
matrix, tally = Matrix(), Tally()
with Running([80, 443]):
    for scheme in ("https", "http"):
        look(tally, matrix, scheme)
    provoke_internal(tally, matrix, "a.test", 80, 443)
    tally.compare(matrix, ("b.test", "https", None, 496), Connection(443, "b.test", True).get("/"), "no client certificate")
    tally.compare(matrix, ("b.test", "https", None, 495), Connection(443, "b.test", True, "bad").get("/"), "a wrong one")
    tally.compare(matrix, ("c.test", "http", None, 301), Connection(80, "c.test", False).get("/"), "c.test")
    tally.compare(matrix, ("c.test", "http", None, 400), Connection(80, "c.test", False).raw(BAD), "c.test, bad")
print(f"{tally.compared} responses compared, {tally.unsure} not predicted, {len(tally.differences)} differences")
print("\n".join(tally.differences), file=sys.stderr)
sys.exit(bool(tally.differences) or tally.compared < LEAST)
