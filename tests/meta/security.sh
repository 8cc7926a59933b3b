#!/usr/bin/env bash
# SECURITY.md: each promise names a test that holds it, and every test that it names exists.
. "$SOURCE_DIR/tests/lib/check.sh"
page=$SOURCE_DIR/SECURITY.md
ctest --test-dir "$BUILD_DIR" -N | sed -n 's/^ *Test *#[0-9]*: //p' >there
[ "$(wc -l <there)" -gt 100 ] || fail "only $(wc -l <there) tests: the search is broken"

# check FILE: prints what is wrong with it.
check()
{
    local name
    # shellcheck disable=SC2016 # the backquotes are Markdown's
    grep -oE '`(unit|vectors|example|cli|scene|interop|meta|fuzz|bench)\.[a-z0-9_*]+`' "$1" | tr -d '`' | sort -u >named
    while IFS= read -r name; do
        grep -qxE "${name//\*/.*}" there || echo "$name: there is no such test"
    done <named
    awk -F '|' '/^## Which test holds what/ { inside = 1; next } /^## / { inside = 0 }
        inside && /^\|/ && !/^\|-/ && !/^\| promise / { rows++; if ($3 !~ /`[a-z]+\.[a-z0-9_*]+`/) print "no test:" $2 }
        END { if (rows < 10) print "only " rows + 0 " promises: the search is broken" }' "$1"
}
expect_equal "" "$(check "$page")" "what is wrong with SECURITY.md"

# What the check is worth
sed 's/`unit\.store_lock`/`unit.store_block`/' "$page" >wrong
expect_equal "unit.store_block: there is no such test" "$(check wrong)" "with a test that is not there"
sed 's/^\(| a lock holds .* |\) .* |$/\1 we think so |/' "$page" >wrong
expect_equal "no test: a lock holds up nobody for ever " "$(check wrong)" "with a promise that has no test"
finish
