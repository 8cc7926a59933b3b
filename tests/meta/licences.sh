#!/usr/bin/env bash
# docs/licences.md names each library that the program is linked with, and no other; and each of their licences lets us
# link it.
. "$SOURCE_DIR/tests/lib/check.sh"
readelf -d "$HOLDFAST" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -v -e '^libc\.' -e '^ld-linux' -e '^libgcc_s' |
    sort >linked
sed -n 's/^| `\(lib[^`]*\.so\.[0-9]*\)` .*/\1/p' "$SOURCE_DIR/docs/licences.md" | sort >listed
expect_equal "" "$(comm -23 linked listed)" "linked, but not in docs/licences.md"
expect_equal "" "$(comm -13 linked listed)" "in docs/licences.md, but not linked"
[ -s linked ] || fail "no library is linked: the search is broken"
while IFS='|' read -r _ library licence _; do
    case $licence in
    *MIT* | *Unicode* | *ISC* | *BSD* | *Apache-2.0* | *LGPL* | *curl* | *Zlib* | *OLDAP* | *'public domain'* | *GCC-exception*) checks=$((checks + 1)) ;;
    *) fail "$library: may a program under MIT be linked with it? ($licence)" ;;
    esac
done < <(grep '^| `' "$SOURCE_DIR/docs/licences.md")
finish
