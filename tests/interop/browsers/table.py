"""What was seen, beside what Holdfast says, as docs/browsers.md has it."""
import re

from holdfast import words

HEAD = """# What browsers do, and what Holdfast says

`tests/interop/browsers.sh` writes this page and fails where it is no longer so. Each line is a situation on a server of the
test's own: it is put before headless Chromium %s and Firefox %s, both with their own settings and a new profile, and before
`holdfast visit --as` each. *Policy*: what the browser had noted on an earlier visit, when all was well.

*open*: the page comes, with its status; *warned*: an error page that its visitor can pass; *locked-out*: one that cannot be
passed; *none*: there is no page for anybody. The URL is where it ended. Under Holdfast stands what it says otherwise, and why.
"""


class Known:
    """known.tsv: the name of a row, the policy or *, the browser or *, and why Holdfast says otherwise."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.lines = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
        self.used = set()

    def why(self, situation, engine):
        for number, (name, policy, browser, why) in enumerate(self.lines):
            if name == situation.row.name and policy in ("*", situation.policy()) and browser in ("*", engine):
                self.used.add(number)
                return why
        return None

    def stale(self):
        return ["known.tsv: nothing differs any more: " + " ".join(line[:3])
                for number, line in enumerate(self.lines) if number not in self.used]


def differs(situation, engine):
    return engine in situation.seen and words(situation.seen[engine]) != words(situation.said[engine])


def disagreements(situations, known):
    """Where check and visit say different things, and nobody explains it."""
    return ["%s (policy %s), as %s\n    visit: %s\n    check: %s" %
            (one.row.name, one.policy(), engine, words(one.said[engine]), words(checked))
            for one in situations for engine, checked in one.checked.items()
            if any(one.said[engine][what] != checked[what] for what in ("access", "status"))
            and not known.why(one, "check as " + engine)]


class Page:
    def __init__(self, path, known):
        self.path = path
        self.titles = {"chromium": "Chromium", "firefox": "Firefox"}
        self.known = known
        with open(path, encoding="utf-8") as file:
            self.was = file.read().splitlines()
        found = re.search(r"Chromium (\d+) and Firefox (\d+)", "\n".join(self.was))
        self.versions = dict(zip(self.titles, found.groups()))

    def differences(self, situations):
        """What nobody explains."""
        return ["%s (policy %s), %s\n    browser:  %s\n    holdfast: %s" %
                (one.row.name, one.policy(), engine, words(one.seen[engine]), words(one.said[engine]))
                for one in situations for engine in one.said if differs(one, engine) and not self.known.why(one, engine)]

    def ours(self, one, engine):
        if not differs(one, engine):
            return []
        return ["%s: %s (%s)" % (self.titles[engine], words(one.said[engine]), self.known.why(one, engine) or "unexplained")]

    def line(self, one):
        begin = "| %s |" % " | ".join(text.replace("|", "\\|") for text in (one.row.name, one.show(one.url()), one.policy()))
        if not one.said:
            return next((was for was in self.was if was.startswith(begin)), begin)
        cells = [words(one.seen[engine]) if engine in one.seen else "not run: " + one.row.not_run[engine]
                 for engine in self.titles]
        cells.append("; ".join(text for engine in self.titles for text in self.ours(one, engine)) or "the same")
        return begin + " %s |" % " | ".join(text.replace("|", "\\|") for text in cells)

    def believed(self, one):
        """What each browser did when the page was written; Holdfast was not asked yet."""
        cells = self.line(one).split(" | ")[3:5] or ["never run"] * len(self.titles)
        return {engine: {"words": cell} for engine, cell in zip(self.titles, cells) if not cell.startswith("not run: ")}

    def believe(self, situations):
        """The browsers did what the page has."""
        for one in situations:
            one.seen = self.believed(one)

    def is_otherwise(self, one):
        """True if a browser did not what the page has."""
        believed = self.believed(one)
        return any(words(cell) != believed.get(engine, {}).get("words") for engine, cell in one.seen.items())

    def text(self, made):
        parts = [HEAD % tuple(version.split(".")[0] for version in self.versions.values())]
        for kind, group in made:
            parts.append("## %s\n\n| situation | asked for | policy | %s | Holdfast |\n|%s\n%s\n" % (
                kind, " | ".join(self.titles.values()), "---|" * (len(self.titles) + 4), "\n".join(map(self.line, group))))
        return "\n".join(parts)

    def hold(self, made, write):
        """The page as it is committed; it is written anew, or each line that is no longer so is a failure."""
        text = self.text(made)
        if write:
            with open(self.path, "w", encoding="utf-8") as file:
                file.write(text)
            return []
        now = text.splitlines()
        return ["%s: no longer so: %s" % (self.path, one) for one in self.was if one not in now] + \
            ["%s: not there: %s" % (self.path, one) for one in now if one not in self.was]

    def unseen_flips(self, situations):
        """Every cell is flipped for a moment, of a browser and of Holdfast: the page must come out otherwise."""
        missed, used = [], set(self.known.used)
        for one, engine in ((one, engine) for one in situations for engine in one.seen):
            for side in (one.seen, one.said):
                was, before = side[engine], self.line(one)
                side[engine] = {"words": "flipped"}
                if self.line(one) == before:
                    missed.append("flipped, and nobody saw it: %s, %s" % (one.row.name, engine))
                side[engine] = was
        self.known.used = used
        return missed
