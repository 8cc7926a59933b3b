#!/usr/bin/env python3
"""url_chromium.py page|hosts: the page that asks Chromium's own reader for the host of each line (JSON strings), and from
the page as Chromium dumps it, the hosts, a line each; null where it refuses."""
import json
import re
import sys
from urllib.parse import unquote

PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>hosts</title><pre id="hosts"></pre><script>
const hosts = %s.map(text => { try { return text === null ? null : new URL(text).hostname; } catch (error) { return null; } });
document.getElementById("hosts").textContent = encodeURIComponent(JSON.stringify(hosts));
</script>"""


def main():
    if sys.argv[1] == "page":
        texts = [json.loads(line) for line in sys.stdin]
        print(PAGE % json.dumps(texts).replace("<", "\\u003c"))
        return
    found = re.search(r'<pre id="hosts">([^<]*)</pre>', sys.stdin.read())
    if found is None:
        sys.exit("Chromium did not fill in the page")
    for host in json.loads(unquote(found[1])):
        # Chromium alone writes '*' in a host as "%2A", before it converts the name: one that is converted comes out
        # otherwise than with all others. No DNS has such names.
        if host is not None and "%2A" in host:
            host = None if "xn--" in host else host.replace("%2A", "*")
        print(json.dumps(host, ensure_ascii=False, separators=(",", ":")))


main()
