#!/usr/bin/env bash
# The manual pages are correct mdoc.
. "$SOURCE_DIR/tests/lib/check.sh"
shopt -s nullglob
pages=("$SOURCE_DIR"/man/*.[135])
[ ${#pages[@]} -gt 0 ] || fail "there is no manual"
for page in "${pages[@]}"; do
    expect_exit 0 mandoc -Tlint -Wwarning "$page"
done
finish
