#!/usr/bin/env python3
"""url_make.py SEED COUNT: so many URLs, a JSON string a line, out of pieces about which readers of URLs disagree."""
import json
import random
import sys

SCHEMES = ["http:", "https:", "ws:", "wss:", "HTTP:", "hT\ttp:", " http:", "\u0001https:", "http\n:"]
SLASHES = ["//"] * 6 + ["", "/", "///", "\\\\", "/\\", "\\/", "/\t/", "\\", "////", "\r\n//"]
HOSTS = ["known.test", "a.known.test", "other.test", "b\u00fccher.test", "KNOWN.Test", "known.test.", "a..known.test", "known.test..",
         ".known.test", "x" * 64 + ".known.test", "known%2etest", "%6bnown.test", "kn\town.test", "known\u3002test", "kno\u00adwn.test",
         "127.0.0.1", "0x7f.1", "017700000001", "127.0.0.1.", "1.2.3.4.5", "0..0x300", "[::1]", "[::%31]", "[::FFFF:1.2.3.4]", "[::1]x",
         "%5B::1]", "[fe80::1%25eth0]", "[v1.x]", "fa\u00df.test", "\u00fc..known.test", "xn--bcher-kva.test", "xn--a.known.test", "a_b.known.test",
         "-.known.test", "a!$&'()*+,;=b.known.test", "a\"`{}.known.test", "a|b.test", "a^b.test", "a b.test", "a%20b.test", "a%00b.test",
         "known.test%2F", "known.test%23", "known.test%40other.test", "%zz.test", "", ".", "..", "com", "1", "a.1", "localhost", "a\u200bb.test",
         "\uff4bnown.test", "known.test\u0000", "known\u007f.test", "\u2100.known.test", "known\uff0ftest", "known\uff1atest"]
PIECES = ["known.test", "other.test", "@", "@@", ":", "/", "\\", "?", "#", "%40", "%2f", "%5c", "[", "]", ";", "&", "=", " ", "\t", "\r\n", "\n",
          "\u0000", "\u000b", "\u007f", "\u0085", "\u00a0", "\u00e9", "\u2028", "|", "^", "`", "{", "}", "<", ">", "\"", "'", ",", "..", ".", "//", "://",
          "http:", "X: y", "a", "80", ":80", "%", "%00", "%0d%0a", "\\\\", "/\\"]
PORTS = [""] * 4 + [":80", ":443", ":8080", ":080", ":", ":0", ":65535", ":65536", ":8\t0", ":a", ":+80", "::80", ":\uff18\uff10"]


def some(rng, most):
    return "".join(rng.choice(PIECES) for _ in range(rng.randrange(most + 1)))


def user(rng):
    return some(rng, 4) + "@" if rng.random() < 0.35 else ""


def rest(rng):
    return rng.choice(["", "/", "\\", "?", "#", "/a"]) + some(rng, 5)


def make(rng):
    whole = rng.choice(SCHEMES) + rng.choice(SLASHES) + user(rng) + rng.choice(HOSTS) + rng.choice(PORTS) + rest(rng)
    if rng.random() < 0.2:  # one piece anywhere
        at = rng.randrange(len(whole) + 1)
        whole = whole[:at] + rng.choice(PIECES) + whole[at:]
    return whole


def main():
    rng = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        print(json.dumps(make(rng)))


main()
