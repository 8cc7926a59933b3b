# shellcheck shell=bash
# A page that names the tests which hold what it says. Source it after check.sh.
#   tests_there                     writes the names of all tests to the file `there`
#   claims_wrong PAGE COLUMN LEAST [HEADING]
#                                   prints what is wrong with PAGE: a test that does not exist; a row of its tables (below
#                                   HEADING alone, if given) that names none in COLUMN, counted from 1, and has no "left
#                                   out: " there; fewer than LEAST rows

tests_there()
{
    ctest --test-dir "$BUILD_DIR" -N | sed -n 's/^ *Test *#[0-9]*: //p' >there
    [ "$(wc -l <there)" -gt 100 ] || fail "only $(wc -l <there) tests: the search is broken"
}

claims_wrong()
{
    local name
    # shellcheck disable=SC2016 # the backquotes are Markdown's
    grep -oE '`(unit|vectors|example|cli|scene|interop|meta|fuzz|bench)\.[a-z0-9_*]+`' "$1" | tr -d '`' | sort -u >named
    while IFS= read -r name; do
        grep -qxE "${name//\*/.*}" there || echo "$name: there is no such test"
    done <named
    awk -F ' *[|] *' -v column="$2" -v least="$3" -v heading="${4:-}" '
        BEGIN { inside = heading == "" }
        heading != "" && /^## / { inside = $0 == "## " heading; next }
        !inside || !/^[|]/ { header = 0; next }
        !header { header = 1; next } # the names of the columns
        /^[|]-/ { next }
        { rows++; if ($(column + 1) !~ /`[a-z]+\.[a-z0-9_*]+`|^left out: ./) print "no test: " $(column) }
        END { if (rows < least) print "only " rows + 0 " rows: the search is broken" }' "$1"
}
