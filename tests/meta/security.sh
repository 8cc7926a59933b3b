#!/usr/bin/env bash
# SECURITY.md: each promise names a test that holds it, and every test that it names exists.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/claims.sh"
page=$SOURCE_DIR/SECURITY.md
tests_there

# check FILE: prints what is wrong with it.
check()
{
    claims_wrong "$1" 2 10 'Which test holds what'
}
expect_equal "" "$(check "$page")" "what is wrong with SECURITY.md"

# What the check is worth
sed 's/`unit\.store_lock`/`unit.store_block`/' "$page" >wrong
expect_equal "unit.store_block: there is no such test" "$(check wrong)" "with a test that is not there"
sed 's/^\(| a lock holds .* |\) .* |$/\1 we think so |/' "$page" >wrong
expect_equal "no test: a lock holds up nobody for ever" "$(check wrong)" "with a promise that has no test"
finish
