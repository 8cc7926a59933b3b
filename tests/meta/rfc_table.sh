#!/usr/bin/env bash
# docs/rfc6797.md is what the marks in the sources say, every MUST for the engine has its place in code and tests, and
# the check that says so notices when one is lost.
. "$SOURCE_DIR/tests/lib/check.sh"

"$SOURCE_DIR/tools/rfc-table" >table.md
expect_exit 0 diff -u "$SOURCE_DIR/docs/rfc6797.md" table.md
[ "$failures" = 0 ] || printf '%s\n' "$out" "Print it anew: tools/rfc-table >docs/rfc6797.md"
expect_exit 0 "$SOURCE_DIR/tools/rfc-table" --check
printf '%s' "${out:+$out$'\n'}"

fresh_copy()
{
    rm -rf copy
    mkdir copy copy/docs
    cp "$SOURCE_DIR/docs/rfc6797.tsv" copy/docs/
    cp -r "$SOURCE_DIR/engine" "$SOURCE_DIR/src" "$SOURCE_DIR/include" "$SOURCE_DIR/tests" copy/
}

# Takes one id out of every mark below the folders named.
unmark()
{
    local id=$1
    shift
    grep -rl -F "$id" "$@" | xargs sed -i "s/\([[\" ]\(RFC6797 \)\{0,1\}\)${id//./\\.}\([],\"]\)/\1\3/g"
}

fresh_copy
unmark 8.1-6 copy/engine copy/src
expect_exit 1 "$SOURCE_DIR/tools/rfc-table" --check copy
expect_text out "8.1-6 (MUST) has no mark in the code"

fresh_copy
unmark 8.3-7 copy/tests
expect_exit 1 "$SOURCE_DIR/tools/rfc-table" --check copy
expect_text out "8.3-7 (MUST) has no mark in the tests"

fresh_copy
echo '/* [RFC6797 8.1-6, 8.9-1] */' >>copy/engine/header.c
echo '{"name": "x", "rfc": "8.1-6, 7.7-7", "steps": []}' >>copy/tests/vectors/store.jsonl
expect_exit 1 "$SOURCE_DIR/tools/rfc-table" --check copy
expect_text out "engine/header.c: [RFC6797 8.1-6, 8.9-1] names no requirement"
expect_text out "tests/vectors/store.jsonl: [RFC6797 8.1-6, 7.7-7] names no requirement"

finish
