#!/usr/bin/env python3
"""url_peers.py python|curl: for each line, a JSON string, the host that this reader finds, as JSON; null if it refuses."""
import ctypes
import ctypes.util
import json
import sys
from urllib.parse import urlsplit

CURLUPART_URL, CURLUPART_HOST = 0, 5  # curl/urlapi.h
CURLU_NON_SUPPORT_SCHEME = 1 << 3


def of_python(text):
    try:
        parts = urlsplit(text)
        parts.port  # pylint: disable=pointless-statement; it is read here, and may be refused
        host = parts.hostname
    except ValueError:
        return None
    return f"[{host}]" if host and ":" in host else host


def open_curl():
    name = ctypes.util.find_library("curl")
    if name is None:
        sys.exit(1)
    library = ctypes.CDLL(name)
    library.curl_url.restype = ctypes.c_void_p
    library.curl_url_cleanup.argtypes = [ctypes.c_void_p]
    library.curl_url_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    library.curl_url_get.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p), ctypes.c_uint]
    library.curl_free.argtypes = [ctypes.c_void_p]
    return library


def of_curl(library, text):
    url, found = library.curl_url(), ctypes.c_void_p()
    host = None
    if library.curl_url_set(url, CURLUPART_URL, text.encode(), CURLU_NON_SUPPORT_SCHEME) == 0 and \
            library.curl_url_get(url, CURLUPART_HOST, ctypes.byref(found), 0) == 0:
        host = ctypes.string_at(found).decode("utf-8", "replace")
        library.curl_free(found)
    library.curl_url_cleanup(url)
    return host


def main():
    library = open_curl() if sys.argv[1] == "curl" else None
    for line in sys.stdin:
        text = json.loads(line)
        host = None if text is None else of_python(text) if library is None else of_curl(library, text)
        print(json.dumps(host))


main()
