#!/usr/bin/env python3
"""values.py HEADER.tsv...: the STS values that can stand in an HTTP head, one JSON string a line.

A max-age so short that a client might have forgotten it before it is asked is made longer: "1" becomes "1000".
"""
import json
import re
import sys


def is_legal(value):
    return not set(value) & set("\0\r\n") and value == value.strip(" \t") and value != ""


def lengthen(value):
    return re.sub(r"""(?i)(max-age[ \t]*=[ \t]*"?\\?)(0*[1-9][0-9]?)(?![0-9])""", r"\g<1>\g<2>000", value)


def main():
    values = {}
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#") and line.strip():
                    value = lengthen(json.loads(line.split("\t")[0]))
                    if is_legal(value) and len(value) < 2000:
                        values[value] = True
    for value in values:
        print(json.dumps(value))


main()
