#!/usr/bin/env bash
# What `holdfast config generate nginx` writes has no finding of `holdfast config lint`, and nginx starts with it.
# Every response has the HSTS header as often as it should: once over HTTPS, never in clear.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
unshare -n true 2>/dev/null || excuse 'no network of its own can be made here'
authority
issue good a.test,www.a.test,b.test
mkdir -p root/folder
echo hello >root/index.html

expect_exit 0 unshare -n sh -c 'ip link set lo up && exec timeout 200 python3 "$0"' \
    "$SOURCE_DIR/tests/scenes/config_generate.py"
printf '%s\n' "$out"
finish
