"""near_misses.py TOP FAMILY...: which finding of these files is raised by a unit test of the rules or of configurations
or by a host of the lab, and which has a near miss: a case close to one that raises it, and which does not. A near miss
is another case of the same test function, one that raises nothing or something else; an assertion that the finding is
not there; or a case anywhere in the tests with the comment "near: ID". Prints a line for each finding that lacks one of
the two."""
import glob
import os
import re
import sys

TOP = sys.argv[1]
FUNCTION = re.compile(r"^static [a-z_ *]*?\w+\([^)]*\)\n\{\n(.*?)^\}", re.M | re.S)
SYMBOL = re.compile(r"\bRULE_[A-Z0-9_]+\b")
DENIED = re.compile(r"\bassert_(?:none|null|false)\([^;]*?\b(RULE_[A-Z0-9_]+)\b")


def read(pattern):
    return [open(path).read() for path in sorted(glob.glob(os.path.join(TOP, pattern)))]


def cases(body):
    """The statements of a function and the rows of its tables, as sets of the rules that they name. Configurations are
    rows too where no rule is named: they raise nothing."""
    rows = body.split("{.text =")[1:]
    for row in rows:
        yield set(SYMBOL.findall(row))
    if rows:
        return
    for part in re.split(r";|\},", body):
        named = set(SYMBOL.findall(part))
        if named:
            yield named


raised, near = set(), set()
for text in read("tests/unit/*_test.c"):
    near.update(name for line in re.findall(r"near: ((?:[a-z0-9-]+(?:, )?)+)", text) for name in line.split(", "))
for text in read("tests/unit/rules_*_test.c") + read("tests/unit/config_*_test.c"):
    for body in FUNCTION.findall(text):
        found = list(cases(body))
        for symbol in set().union(*found) if found else ():
            raised.add(symbol)
            if any(symbol not in case for case in found) or symbol in DENIED.findall(body):
                near.add(symbol[len("RULE_"):].lower().replace("_", "-"))
for text in read("src/lab/*.c"):
    raised.update(SYMBOL.findall(text))
ids = [line for text in (open(path).read() for path in sys.argv[2:])
       for line in re.findall(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$", text, re.M)]
for name in ids:
    if "RULE_" + name.upper().replace("-", "_") not in raised:
        print(f"{name}: no unit test of the rules and no host of the lab raises it")
    if name not in near:
        print(f"{name}: no near miss")
print(len(ids), "findings", file=sys.stderr)
