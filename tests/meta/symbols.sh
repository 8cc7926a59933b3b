#!/usr/bin/env bash
# What the library shows and needs: it exports every function of the public headers and nothing else, asks libc for memory and
# strings only, and holds no data that can change.
. "$SOURCE_DIR/tests/lib/check.sh"
shared=$BUILD_DIR/engine/libholdfast.so
static=$BUILD_DIR/engine/libholdfast.a

# -- exported; formats.h belongs to another library
mapfile -t headers < <(find "$SOURCE_DIR/include/holdfast" -name '*.h' -not -name formats.h)
nm -D --defined-only --format=posix "$shared" | awk '{ print $1 }' | sort >exported
grep -ho 'HF_API [^;(]*(' "${headers[@]}" | grep -o 'hf_[a-z0-9_]*($' | tr -d '(' | sort -u >promised
expect_equal "" "$(comm -23 exported promised)" "exported, but in no public header"
expect_equal "" "$(comm -13 exported promised)" "in a public header, but not exported"
[ "$(wc -l <promised)" -gt 20 ] || fail "only $(wc -l <promised) functions were found in the headers: the search is broken"

# -- needed. The compiler brings in the last lines by itself (stack protector, _FORTIFY_SOURCE).
sort >allowed <<'END'
free
malloc
memchr
memcmp
memcpy
memmove
memset
strchr
strcmp
strlen
strncmp
_GLOBAL_OFFSET_TABLE_
__memcpy_chk
__memmove_chk
__memset_chk
__stack_chk_fail
END
nm --format=posix "$static" | awk 'NF > 1 && $2 ~ /^[A-TV-Z]$/ { print $1 }' | sort -u >defined
nm --format=posix "$static" | awk 'NF > 1 && $2 == "U" { print $1 }' | sort -u | comm -23 - defined >needed
expect_equal "" "$(comm -23 needed allowed)" "needed from outside"
[ -s needed ] || fail "the library needs nothing at all: the search is broken"

# -- no global that can change. .data.rel.ro is constant once the program is loaded.
size --format=sysv "$static" >sections
expect_equal "" "$(awk '$1 ~ /^\.(data|bss|tdata|tbss)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0' sections)" "data that can change"
grep -q '^\.text' sections || fail "no .text: the search is broken"

# -- the soname promises the ABI
out=$(readelf -d "$shared")
expect_text out "soname: [libholdfast.so.0]"
finish
