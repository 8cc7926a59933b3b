#!/usr/bin/env bash
# 200 configurations of nginx made at random: nested locations, includes, header lines with and without `always`,
# error_page, try_files, applications. Every response that nginx sends is the one that `config matrix` predicts.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
unshare -n true 2>/dev/null || excuse 'no network of its own can be made here'
authority
issue good a.test
self_signed bad stranger.test

expect_exit 0 unshare -n sh -c 'ip link set lo up && exec timeout 200 python3 "$0"' "$SOURCE_DIR/tests/scenes/config_random.py"
printf '%s\n' "$out"
finish
