"""Holdfast, asked the same as the browsers: visit as each of them, and check."""
import json
import os
import subprocess

CODES = {"chromium": "chrome", "firefox": "firefox"}


class Holdfast:
    def __init__(self, folder, authority, program, engine):
        self.program = program
        self.engine = engine
        self.store = os.path.join(folder, "known-" + engine)
        self.common = ["--as", engine, "--cafile", authority.trusted, "--no-preload", "--json"]

    def run(self, *arguments):
        done = subprocess.run([self.program, *arguments, *self.common], capture_output=True, text=True)
        if not done.stdout:
            raise RuntimeError("holdfast %s: %s" % (" ".join(arguments), done.stderr))
        return json.loads(done.stdout)

    def visit(self, urls):
        visits = self.run("visit", *urls, "--store", self.store)["visits"] if urls else []
        return [self.seen(visit) for visit in visits]

    def seen(self, visit):
        last = visit["steps"][-1]
        code = last.get(CODES[self.engine]) if visit["status"] is None else None
        return cell(visit["access"], visit["status"], visit["url"], code)

    def check(self, situations):
        """The same of the way in that a situation is, as a first or as a returning visitor has it; of what was shown
        check gives the cause and no code."""
        urls = [one.url() for one in situations]
        hosts = self.run("check", *urls, "--no-www", "--depth", "standard", "--fail-on", "never")["hosts"] if urls else []
        ways = {host["host"]: host["verdict"]["ways"] for host in hosts}
        found = []
        for one in situations:
            way = ways[one.names["{h}"]][one.row.go.split(":")[0]]
            end = way["later_visit" if one.held else "first_visit"]
            found.append(cell(end["access"], end["status"], end["url"], None) if end else None)
        return found


# Where a browser gives up a loop depends on how it counts, and no visitor is the wiser.
LOOPS = ("ERR_TOO_MANY_REDIRECTS", "NS_ERROR_REDIRECT_LOOP")


def cell(access, status, url, code):
    code = code.split("::")[-1] if code else None
    return {"access": access, "status": status, "url": "" if code in LOOPS else url or "", "code": code}


def words(one):
    """As the tables have it; where the page was believed, they are all that is known."""
    if "words" in one:
        return one["words"]
    shown = one["status"] if one["status"] is not None else one["code"] or "no code"
    return ("%s: %s %s" % (one["access"] or "not seen", shown, one["url"])).rstrip()
