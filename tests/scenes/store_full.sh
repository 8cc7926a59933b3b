#!/usr/bin/env bash
# A file system of 1 MB that is full every other round: notes are refused, and none that was acknowledged is lost,
# whoever is killed.
. "$SOURCE_DIR/tests/lib/check.sh"
[ "$(id -u)" = 0 ] || skip "mounting a small file system needs root"
unshare -m mount -t tmpfs -o size=1m tmpfs "$TEST_DIR" 2>/dev/null || skip "this system does not let root mount a tmpfs"
expect_exit 0 unshare -m sh -c 'mkdir small && mount -t tmpfs -o size=1m,mode=0700 tmpfs small && "$0" "$1" "$PWD/small"' \
    "$BUILD_DIR/tests/store_kill_test" "${HF_KILLS:-200}"
printf '%s\n' "$out"
expect_text out "${HF_KILLS:-200} rounds"
expect_no_text out " 0 refused"
finish
