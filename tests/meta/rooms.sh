#!/usr/bin/env bash
# The rooms of src: none but cmd holds more than 15 % of the lines, and neither rooms nor headers include each other in
# a circle.
. "$SOURCE_DIR/tests/lib/check.sh"
cd "$SOURCE_DIR/src" || exit 1

# A room may be large only where it is cmd.
sizes=$(wc -l ./*/*.[ch] | awk '$2 != "total" { split($2, part, "/"); lines[part[2]] += $1; all += $1 }
    END { for (room in lines) printf "%5.1f %% %6d %s\n", 100 * lines[room] / all, lines[room], room }' | sort -rn)
printf '%s\n' "$sizes"
while read -r share _ lines room; do
    [ "$room" = cmd ] || awk -v share="$share" 'BEGIN { exit share > 15 }' ||
        fail "$room holds $share % of src ($lines lines)"
done <<<"$sizes"

# tsort names a circle, if there is one; shown to do so first.
circles() # FILE with lines "FROM TO"
{
    tsort "$1" >"$TEST_DIR/.sorted" 2>"$TEST_DIR/.circles" || { cat "$TEST_DIR/.circles"; return 1; }
}
printf 'a b\nb c\nc a\n' >"$TEST_DIR/circle"
expect_exit 1 circles "$TEST_DIR/circle"
expect_text out "loop"

grep -oE '^ *# *include "[a-z_]+/[a-z0-9_]+\.h"' ./*/*.[ch] | sed -E 's/^\.\/([a-z]+)\/[^:]*:.*"([a-z_]+)\/.*/\1 \2/' |
    awk '$1 != $2 && $2 != "holdfast" && $2 != "engine"' | sort -u >"$TEST_DIR/rooms"
expect_exit 0 circles "$TEST_DIR/rooms"
[ "$(wc -l <"$TEST_DIR/rooms")" -gt 20 ] || fail "only a few includes between rooms were found"
grep -oE '^ *# *include "[a-z_]+/[a-z0-9_]+\.h"' ./*/*.h | sed -E 's/^\.\/([^:]*):.*"(.*)"/\1 \2/' | sort -u \
    >"$TEST_DIR/headers"
expect_exit 0 circles "$TEST_DIR/headers"
[ "$(wc -l <"$TEST_DIR/headers")" -gt 50 ] || fail "only a few includes between headers were found"
finish
