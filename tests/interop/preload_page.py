#!/usr/bin/env python3
"""preload_page.py <HOSTS: the page that asks for http://HOST/ of each of them, and says when it is done."""
import json
import sys

print("""<!DOCTYPE html><title>asking</title><script>
const hosts = %s;
let next = 0;
async function ask() {
    while (next < hosts.length) {
        const control = new AbortController();
        const timer = setTimeout(() => control.abort(), 20000);
        try {
            await fetch("http://" + hosts[next++] + "/", {mode: "no-cors", cache: "no-store", credentials: "omit", signal: control.signal});
        } catch (error) { /* the handshake is never answered */ }
        clearTimeout(timer);
    }
}
Promise.all(Array.from({length: 64}, ask)).then(() => fetch("/done"));
</script>""" % json.dumps(sys.stdin.read().split()))
