#!/usr/bin/env bash
# The hardening that the flags ask for is in the files that were made: an option can get lost without a word.
. "$SOURCE_DIR/tests/lib/check.sh"
grep -q '^CMAKE_BUILD_TYPE:STRING=Release' "$BUILD_DIR/CMakeCache.txt" ||
    skip "hardening is a matter of the release build"
programs=("$HOLDFAST" "$HF_VECTORS")
libraries=("$BUILD_DIR/engine/libholdfast.so" "$BUILD_DIR/store/libholdfast-store.so")
archives=("$BUILD_DIR/engine/libholdfast.a" "$BUILD_DIR/store/libholdfast-store.a")

# -- What the linker wrote
for file in "${programs[@]}" "${libraries[@]}"; do
    headers=$(readelf -lW "$file")
    dynamic=$(readelf -dW "$file")
    symbols=$(nm -D "$file")
    stack=$(grep GNU_STACK <<<"$headers")
    expect_text headers GNU_RELRO
    expect_text dynamic NOW
    expect_text stack " RW "
    expect_text symbols __stack_chk_fail
    expect_text symbols _chk@
    expect_no_text dynamic TEXTREL
done
for file in "${programs[@]}"; do
    headers=$(readelf -hW "$file")
    expect_text headers "DYN (Position-Independent"
    dynamic=$(readelf -dW "$file")
    expect_no_text dynamic RUNPATH
done

# -- What the compiler was told, as each unit of each file says
flags=(-O2 -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero)
[ "$(uname -m)" = x86_64 ] && flags+=(-fcf-protection=full)
for file in "${programs[@]}" "${libraries[@]}" "${archives[@]}"; do
    readelf --debug-dump=info "$file" 2>/dev/null | grep 'DW_AT_producer' >units
    [ -s units ] || fail "$file: no unit says how it was compiled: the search is broken"
    for flag in "${flags[@]}"; do
        expect_equal "" "$(grep -vF -e "$flag" units | head -n 1)" "a unit of ${file##*/} that was compiled without $flag"
    done
done

# -- _FORTIFY_SOURCE=3, which no file tells from 2: no unit is compiled without it, and with it the compiler checks a
# copy whose bound is known only when the program runs.
python3 - "$BUILD_DIR/compile_commands.json" >commands <<'END'
import json, sys
for unit in json.load(open(sys.argv[1])):
    print(unit["command"])
END
expect_equal "" "$(grep -v -e ' -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 ' commands | head -n 1)" "compiled without _FORTIFY_SOURCE=3"
[ "$(wc -l <commands)" -gt 100 ] || fail "only $(wc -l <commands) units: the search is broken"
cat >copy.c <<'END'
#include <stdlib.h>
#include <string.h>

char *copy(const char *text, size_t length, size_t room);
char *copy(const char *text, size_t length, size_t room)
{
    char *made = malloc(room);
    return made != NULL ? memcpy(made, text, length) : NULL;
}
END
for level in 2 3; do
    "$CC" -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$level -c copy.c -o copy.o || fail "copy.c is not compiled"
    nm copy.o >symbols.$level
done
expect_equal 0 "$(grep -c __memcpy_chk symbols.2)" "checked copies with _FORTIFY_SOURCE=2"
expect_equal 1 "$(grep -c __memcpy_chk symbols.3)" "checked copies with _FORTIFY_SOURCE=3"

# -- Control-flow protection. The libraries have it whole. In the programs the C library's start-up code, built without
# ENDBR64, is linked too: they keep the shadow stack, which that code obeys.
if [ "$(uname -m)" = x86_64 ]; then
    for file in "${libraries[@]}"; do
        notes=$(readelf -nW "$file")
        expect_text notes "x86 feature: IBT, SHSTK"
    done
    for file in "${archives[@]}"; do
        expect_equal "" "$(readelf -nW "$file" | awk '/^File:/ { if (file && !noted) print file; file = $2; noted = 0 }
            /IBT, SHSTK/ { noted = 1 } END { if (!noted) print file }')" "objects without the notes"
    done
    for file in "${programs[@]}"; do
        notes=$(readelf -nW "$file")
        expect_text notes SHSTK
    done
fi
finish
