#!/usr/bin/env bash
# The STS values that wget keeps, next to ours.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/interop.sh"
need wget
serve_values
map_ports
https_proxy=127.0.0.1:$proxy no_proxy='' wget -q -O /dev/null --tries=1 --hsts-file=kept --ca-certificate=root.pem -i \
    <(urls) </dev/null || fail "wget: exit $?"
compare wget kept
finish
