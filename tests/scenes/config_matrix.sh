#!/usr/bin/env bash
# `holdfast config matrix` against Debian's nginx: each listed status and each internal reply, over http and https, is
# provoked, and carries what was predicted. Then `holdfast config check --live` asks the same nginx.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
unshare -n true 2>/dev/null || excuse 'no network of its own can be made here'
authority
issue good a.test,b.test,c.test
self_signed bad stranger.test

expect_exit 0 unshare -n sh -c 'ip link set lo up && exec timeout 200 python3 "$0"' "$SOURCE_DIR/tests/scenes/config_matrix.py"
printf '%s\n' "$out"

# The document keeps its schema, the page has no script and shows what is in the file as text.
expect_exit 0 "$HOLDFAST" config matrix nginx.conf --json
if python3 -c 'import jsonschema' 2>/dev/null; then
    cp "$TEST_DIR/.out" document
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" config-matrix <document
fi
printf 'server { listen 80; server_name "<script>alert(1)</script>"; location "/<b>\033[1m" { return 200; } }\n' >odd.conf
expect_exit 0 "$HOLDFAST" config matrix odd.conf --html
expect_no_text out '<script'
expect_no_text out '<b>'
expect_text out '&lt;script&gt;alert(1)'
expect_text out "default-src 'none'"
expect_exit 0 "$HOLDFAST" config matrix nginx.conf
expect_text out 'exactly one HSTS header'
expect_exit 2 "$HOLDFAST" config matrix
expect_exit 2 "$HOLDFAST" config matrix /nonexistent
expect_exit 2 "$HOLDFAST" config matrix nginx.conf --html --json
finish
