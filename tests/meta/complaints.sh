#!/usr/bin/env bash
# docs/complaints.md: each row has its number, in order, and a test that exists, or the reason why there is none; and
# what scene.complaints holds is a function of that number.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/claims.sh"
page=$SOURCE_DIR/docs/complaints.md
scene=$SOURCE_DIR/tests/scenes/complaints.sh
tests_there

# check FILE: prints what is wrong with it.
check()
{
    claims_wrong "$1" 4 30
    grep -oE '^\| [0-9]+ ' "$1" | tr -d '| ' | diff <(seq 30) - >numbers || sed -n 's/^[<>] /not in order: /p' numbers
    # shellcheck disable=SC2016 # the backquotes are Markdown's
    sed -n 's/^| \([0-9]*\) .*`scene\.complaints`.*/\1/p' "$1" | sort >held
    sed -n 's/^n\([0-9]*\)().*/\1/p' "$scene" | sort >functions
    comm -23 held functions | sed 's/^/scene.complaints does not hold number /'
    comm -13 held functions | sed 's/^/scene.complaints holds, unsaid, number /'
}
expect_equal "" "$(check "$page")" "what is wrong with docs/complaints.md"

# What the check is worth
sed '/^| 1 /s/scene\.complaints/scene.no_such/' "$page" >wrong
expect_equal "scene.no_such: there is no such test
scene.complaints holds, unsaid, number 1" "$(check wrong)" "with a test that is not there"
sed '/^| 20 /s/left out: .*|/ |/' "$page" >wrong
expect_equal "no test: louislam/uptime-kuma#5374, #6246, samber/awesome-prometheus-alerts#329" "$(check wrong)" \
    "with a row that has no test"
sed '/^| 12 /d' "$page" >wrong
expect_equal "only 29 rows: the search is broken
not in order: 12" "$(check wrong)" "without a row"
finish
