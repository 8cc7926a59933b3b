"""What clang-format 14 cannot keep: no line over 120 columns (in scripts: no sentence of a
comment, because quoted text and tables cannot always be broken), and a blank line after the declarations of a function.

one_hand.py FILE...: prints each place as FILE:LINE: what is wrong; exit 1 if there is one."""
import re
import sys

COLUMNS = 120
DECLARATION = re.compile(
    r"^    (?!return\b|goto\b|else\b|case\b|do\b)"
    r"((static|const|unsigned|long|struct|enum|union|volatile|_Atomic|HF__UNZEROED|BASE_UNZEROED) )*"
    r"[A-Za-z_]\w*(\(\*?\w*\))?( \*+(const )?| )[A-Za-z_]\w*(\[[^\]]*\])*( =|,|;|$|\()"
)


def opened(line):
    """How many brackets a line leaves open; those in literals do not count."""
    code = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])+\'', "", line)
    return sum(code.count(c) for c in "{(") - sum(code.count(c) for c in "})")


def end_of_declaration(lines, at):
    """The line behind a declaration, which may have an initialiser of several lines and a comment at its end."""
    depth = 0
    while True:
        depth += opened(lines[at])
        if depth <= 0 and re.search(r";\s*(/\*.*)?$", lines[at]):
            break
        at += 1
    while "/*" in lines[at] and "*/" not in lines[at]:
        at += 1
    return at + 1


def first_statement(lines, at):
    """Walks from the brace of a function over its declarations; the line of a statement that follows them at once, or None."""
    seen = False
    while at < len(lines) and lines[at] not in ("", "}"):
        line = lines[at]
        if line.startswith("    /*"):
            while "*/" not in lines[at]:
                at += 1
            at += 1
        elif line.startswith("#"):
            at += 1
        elif DECLARATION.match(line):
            seen = True
            at = end_of_declaration(lines, at)
        else:
            return at if seen else None
    return None


def problems(path):
    lines = open(path, encoding="utf-8").read().split("\n")
    for number, line in enumerate(lines):
        if len(line) > COLUMNS and (path.endswith((".c", ".h")) or re.match(r"\s*# \S", line)):
            yield number, f"{len(line)} columns"
        if line == "{" and path.endswith(".c"):
            at = first_statement(lines, number + 1)
            if at is not None:
                yield at, "no blank line after the declarations"


found = [f"{path}:{line + 1}: {what}" for path in sys.argv[1:] for line, what in problems(path)]
print("\n".join(found))
sys.exit(1 if found else 0)
