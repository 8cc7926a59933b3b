#!/usr/bin/env bash
# The hardening that the flags ask for is in the files that were made: an option can get lost without a word.
. "$SOURCE_DIR/tests/lib/check.sh"
grep -q '^CMAKE_BUILD_TYPE:STRING=Release' "$BUILD_DIR/CMakeCache.txt" ||
    skip "hardening is a matter of the release build"

for file in "$HOLDFAST" "$BUILD_DIR/engine/libholdfast.so" "$BUILD_DIR/store/libholdfast-store.so"; do
    headers=$(readelf -lW "$file")
    dynamic=$(readelf -dW "$file")
    symbols=$(nm -D "$file")
    stack=$(grep GNU_STACK <<<"$headers")
    expect_text headers GNU_RELRO
    expect_text dynamic NOW
    expect_text stack " RW "
    expect_text symbols __stack_chk_fail
done
# The C library's own start-up code is built without it, and so the linker leaves the mark out of what it links: look
# before.
if [ "$(uname -m)" = x86_64 ]; then
    notes=$(readelf -nW "$BUILD_DIR/engine/libholdfast.a")
    expect_text notes "IBT, SHSTK"
fi
headers=$(readelf -hW "$HOLDFAST")
expect_text headers "DYN (Position-Independent"
symbols=$(nm -D "$HOLDFAST")
expect_text symbols _chk@
dynamic=$(readelf -dW "$HOLDFAST")
expect_no_text dynamic RUNPATH
finish
