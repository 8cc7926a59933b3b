"""Random configurations, run against their prediction: config_random.sh has made the certificates."""
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE_DIR"], "tests/lib"))
from nginx_provoke import HERE, MORE, Connection, Matrix, Running, Tally, applications, provoke_internal, write

SEED, RUNS, EACH = int(os.environ.get("SEED", "20261201")), 10, 20
PATHS = ["/a/", "/b/", "/c/"]
CAUSES = [301, 401, 403, 404, 413, 500, 502, 504]


def files():
    folders = [""]
    for _ in range(3):
        folders += [f"{one}{part}/" for one in folders for part in ("a", "b", "c", "e", "x") if f"{one}{part}/" not in folders]
    for folder in folders:
        os.makedirs(f"root/{folder}d", exist_ok=True)
        os.makedirs(f"root/{folder}empty", exist_ok=True)
        for name in ("f.html", "index.html", "p.txt", "d/index.html"):
            with open(f"root/{folder}{name}", "w") as out:
                out.write("x\n")


class Place:
    """A location that a request can be led to: its name in the matrix, and a folder for which it answers."""

    def __init__(self, name, folder, kind):
        self.name, self.folder, self.kind = name, folder, kind
        self.has_if = self.auth = self.slow = False
        self.port = 8000


class Maker:
    def __init__(self, chance, number):
        self.chance, self.number, self.places, self.values, self.includes = chance, number, [], 0, 0

    def value(self):
        self.values += 1
        return f"max-age={self.number * 1000 + self.values}"

    def header(self):
        chance, always = self.chance.random(), self.chance.choice([" always", " always", ""])
        if chance < 0.45:
            return f'add_header Strict-Transport-Security "{self.value()}"{always};'
        if chance < 0.6:
            return f"add_header X-A b{always};"
        if chance < 0.72:
            return f"add_header {self.chance.choice(['Strict-Transport-Security', 'strict-transport-security'])} $by_scheme{always};"
        if chance < 0.78:
            return f"add_header Strict-Transport-Security \"\"{always};"
        if chance < 0.84:
            return f'add_header Strict-Transport-Security "$by_scheme; x={self.values}"{always};'
        if not os.path.exists(MORE):
            return "expires off;"
        if chance < 0.9:
            return f'more_set_headers "Strict-Transport-Security: {self.value()}";'
        if chance < 0.95:
            return f'more_set_headers -s "404 502 200" "Strict-Transport-Security: {self.value()}";'
        return self.chance.choice(["more_clear_headers Strict-Transport-Security;", 'more_set_headers "X-B: c";'])

    def headers(self, most=2):
        lines = [self.header() for _ in range(self.chance.randint(0, most))]
        if lines and self.chance.random() < 0.2:
            self.includes += 1
            name = f"part-{self.number}-{self.includes}.conf"
            with open(name, "w") as out:
                out.write("\n".join(lines) + "\n")
            return f"include {name};\n"
        return "".join(line + "\n" for line in lines)

    def error_page(self):
        if self.chance.random() < 0.5:
            return ""
        lines = ""
        for _ in range(self.chance.randint(1, 2)):
            causes = self.chance.sample(CAUSES + [400, 414, 494, 495, 497, 418], self.chance.randint(1, 3))
            code = self.chance.choice(["", "", "", "=200 ", "= ", "=404 ", "=503 "])
            target = self.chance.choice(["/e/f.html", "/e/x/f.html", "@gone", "@plain", "@app", "/e/d/", "https://x.test/"])
            if target.startswith("https"):
                code = self.chance.choice(["", "=301 "])
            lines += f"error_page {' '.join(map(str, causes))} {code}{target};\n"
        if self.chance.random() < 0.3:
            lines += "recursive_error_pages on;\n"
        return lines

    def condition(self, place):
        if place.kind in ("return", "closed") or self.chance.random() > 0.3:
            return ""
        place.has_if = self.chance.choice(["content", 403, 404, 500])
        stop = "" if place.has_if == "content" else f"return {place.has_if};\n"
        return f"if ($arg_i = 1) {{\n{self.headers()}{stop}}}\n"

    def content(self, place):
        chance = self.chance.random()
        if chance < 0.15:
            place.kind = "return"
            return self.chance.choice(["return 200 text;\n", "return 301 https://x.test/;\n", "return 404;\n", "return 403 no;\n",
                                       "return https://x.test/;\n", "return 503;\n", "return 204;\n"])
        if chance < 0.18:
            place.kind = "closed"
            return "return 444;\n"
        if chance < 0.45:
            place.slow = self.number % 5 == 0 and all(other.kind != "app" for other in self.places)  # each takes a while
            place.kind, place.port = "app", self.chance.choice([8000, 8001])
            lines = f"proxy_pass http://127.0.0.1:{place.port};\n"
            if self.chance.random() < 0.3:
                lines += "proxy_hide_header Strict-Transport-Security;\n"
            if self.chance.random() < 0.4:
                lines += "proxy_intercept_errors on;\n"
            return lines
        if chance < 0.6:
            place.kind = "tried"
            return self.chance.choice(["try_files $uri =404;\n", "try_files $uri /e/f.html;\n", "try_files $uri @app;\n",
                                       "try_files $uri @gone;\n", "try_files $uri =403;\n"])
        if chance < 0.7:
            place.auth = True
            return f"auth_basic a;\nauth_basic_user_file {HERE}/users;\n"
        return ""

    def location(self, folder, depth):
        place = Place(folder, folder, "files")
        self.places.append(place)
        content = self.content(place)
        text = f"location {folder} {{\n{self.headers()}{self.error_page()}{content}{self.condition(place)}"
        if depth < 2 and place.kind in ("files", "tried") and not place.auth:
            for part in self.chance.sample(["a/", "b/"], self.chance.randint(0, 2)):
                text += self.location(folder + part, depth + 1)
            if self.chance.random() < 0.2:
                self.places.append(Place("~ \\.txt$", folder + "p.txt", "one"))
                self.places[-1].outer = folder
                text += f"location ~ \\.txt$ {{\n{self.headers()}}}\n"
        return text + "}\n"

    def server(self):
        head = f"server_name c{self.number}.test;\nroot {HERE}/root;\nssl_certificate {HERE}/good.full;\n" \
               f"ssl_certificate_key {HERE}/good.key;\nssl_verify_client optional;\nssl_client_certificate {HERE}/root.pem;\n"
        text = self.headers() + self.error_page()
        self.server_return = self.chance.random() < 0.06 and self.chance.choice(["301 https://x.test/", "404", "200 text", "444"])
        self.server_if = self.chance.choice([0, 0, 0, 403, 418])
        if self.server_return:
            text += f"return {self.server_return};\n"
        if self.server_if:
            text += f"if ($arg_z = 1) {{ return {self.server_if}; }}\n"
        if self.chance.random() < 0.1:
            text += "if ($scheme = http) { return 301 https://$host$request_uri; }\n"
        for folder in PATHS:
            text += self.location(folder, 0)
        if self.chance.random() < 0.5:
            text += f"location / {{\n{self.headers()}}}\n"
        text += f"location /e/ {{\n{self.headers()}}}\nlocation = /e/x/f.html {{\n{self.headers()}}}\n"
        text += f"location @gone {{\n{self.headers()}return {self.chance.choice(['410', '200 gone', '404 gone', '301 https://x.test/'])};\n}}\n"
        text += f"location @plain {{\n{self.headers()}}}\n"
        text += f"location @app {{\n{self.headers()}proxy_pass http://127.0.0.1:{self.chance.choice([8002, 8003])};\n}}\n"
        return f"server {{\nlisten {20000 + self.number} ssl;\nlisten {30000 + self.number};\n{head}{text}}}\n"


# -- Requests ----------------------------------------------------------------------------------------------------------

GIVE = "Authorization: Basic YTpi"


def look(tally, matrix, one, key, place, query, row):
    fields = [GIVE] if place.auth else []
    first = "&" if query else "?"

    def see(cause, path, *more, application=False, **rest):
        answer = one.get(path, *(fields + list(more)), **rest)
        tally.compare(matrix, (*key, row, cause), answer, path, application)
        return answer

    if place.kind == "one":
        see(200, place.folder + query)
        return
    folder = place.folder
    if place.kind == "app":
        for status in (200, 301, 304, 401, 403, 404, 500):
            see(status, f"{folder}f.html{query}{first}app={status}", application=True)
        see(502, f"{folder}f.html{query}{first}app=close")
        if key[1] == "https" and not query and place.slow:
            see(504, f"{folder}f.html{query}{first}app=slow")
    else:
        answer = see(200, f"{folder}f.html{query}")
        stamp = answer.all("Last-Modified") if answer else None
        if stamp and answer.status == 200:
            see(304, f"{folder}f.html{query}", f"If-Modified-Since: {stamp[0]}")
        see(404, f"{folder}missing{query}")
        if place.kind == "files" or query:
            see(403, f"{folder}empty/{query}")
            see(301, f"{folder}d{query}")
    if place.auth:
        fields = []
        see(401, f"{folder}f.html{query}")
        fields = [GIVE]
    if not query:
        see(413, f"{folder}f.html", method="POST", body=b"x" * 2000)
        one.close()


def look_at_return(tally, matrix, one, key, place, cells):
    for cause in cells:
        tally.compare(matrix, (*key, place.name, cause), one.get(place.folder + "f.html"), place.folder)


def observe_place(tally, matrix, one, key, place):
    if place.kind in ("return", "closed"):
        causes = [k[3] for k in matrix.cells if k[:3] == (*key, place.name) and k[3] != 413]
        look_at_return(tally, matrix, one, key, place, causes)
        return
    look(tally, matrix, one, key, place, "", place.name)
    row = f"{place.name} if ($arg_i = 1)"
    if place.has_if == "content":
        look(tally, matrix, one, key, place, "?i=1", row)
    elif place.has_if:
        tally.compare(matrix, (*key, row, place.has_if), one.get(f"{place.folder}f.html?i=1", GIVE), row)


def observe(tally, matrix, maker):
    name = f"c{maker.number}.test"
    for scheme, port in (("https", 20000 + maker.number), ("http", 30000 + maker.number)):
        one, key = Connection(port, name, scheme == "https"), (name, scheme)
        served = {k[2] for k in matrix.cells if k[:2] == key}
        for place in maker.places:
            if place.name in served and not (place.kind == "one" and sum(p.kind == "one" for p in maker.places) > 1):
                observe_place(tally, matrix, one, key, place)
        if maker.server_if and not maker.server_return and (*key, None, maker.server_if) in matrix.cells:
            tally.compare(matrix, (*key, None, maker.server_if), one.get("/a/f.html?z=1"), "?z=1")
        if maker.server_return and len(served) == 1:
            cause = int(maker.server_return[:3])
            tally.compare(matrix, (*key, None, cause), one.get("/a/f.html"), "server")
        elif (*key, None, 200) in matrix.cells:
            tally.compare(matrix, (*key, None, 200), one.get("/x/f.html"), "/x/f.html")
            tally.compare(matrix, (*key, None, 404), one.get("/x/missing"), "/x/missing")
        one.close()
    provoke_internal(tally, matrix, name, 30000 + maker.number, 20000 + maker.number)


def run(chance, first, tally):
    makers = [Maker(chance, first + i) for i in range(EACH)]
    top = Maker(chance, 900 + first // EACH)
    text = 'map $scheme $by_scheme { https "max-age=5"; }\n' + top.headers(1) + top.error_page()
    text += "".join(maker.server() for maker in makers)
    write(text)
    matrix = Matrix()
    with Running([20000 + first, 30000 + first]):
        for maker in makers:
            observe(tally, matrix, maker)


files()
with open("users", "w") as out:
    out.write("a:{PLAIN}b\n")
applications()
tally, chance, begin = Tally(), random.Random(SEED), time.time()
for number in range(RUNS):
    before = len(tally.differences)
    run(chance, 1 + number * EACH, tally)
    if len(tally.differences) > before:
        os.replace("nginx.conf", f"nginx-{number}.conf")
print(f"seed {SEED}: {RUNS * EACH} configurations, {tally.compared} responses as predicted or not, {tally.unsure} not predicted, "
      f"{len(tally.differences)} differences, {time.time() - begin:.0f} s")
print("\n".join(tally.differences[:40]), file=sys.stderr)
sys.exit(bool(tally.differences) or tally.compared < 10000 or tally.unsure * 10 > tally.compared)
