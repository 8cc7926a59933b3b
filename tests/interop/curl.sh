#!/usr/bin/env bash
# The STS values that curl keeps, next to ours.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/interop.sh"
need curl
serve_values
urls | sed 's/.*/url = "&"\noutput = "\/dev\/null"/' >urls.curl
curl -sS --noproxy '*' --hsts kept --cacert root.pem --connect-to "::127.0.0.1:$port" -K urls.curl </dev/null ||
    fail "curl: exit $?"
compare curl kept
finish
