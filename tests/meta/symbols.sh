#!/usr/bin/env bash
# What the libraries show and need: each exports every function of its public headers and nothing else; the engine asks
# libc for memory and strings only, and for one random number; none holds data that can change.
. "$SOURCE_DIR/tests/lib/check.sh"
shared=$BUILD_DIR/engine/libholdfast.so
static=$BUILD_DIR/engine/libholdfast.a

# -- exported
exports() # LIBRARY LEAST HEADER...
{
    local library=$1 least=$2
    shift 2
    nm -D --defined-only --format=posix "$library" | awk '{ print $1 }' | sort >exported
    grep -ho 'HF_API [^;(]*(' "$@" | grep -o 'hf_[a-z0-9_]*($' | tr -d '(' | sort -u >promised
    expect_equal "" "$(comm -23 exported promised)" "exported by $library, but in no public header"
    expect_equal "" "$(comm -13 exported promised)" "in a public header, but not exported by $library"
    [ "$(wc -l <promised)" -ge "$least" ] || fail "only $(wc -l <promised) functions were found in the headers: the search is broken"
}
headers=()
for header in "$SOURCE_DIR"/include/holdfast/*.h; do
    case ${header##*/} in
    store.h | formats.h) ;; # of other libraries
    *) headers+=("$header") ;;
    esac
done
exports "$shared" 20 "${headers[@]}"
exports "$BUILD_DIR/store/libholdfast-store.so" 20 "$SOURCE_DIR/include/holdfast/store.h"

# -- needed. The compiler brings in the last lines by itself (stack protector, _FORTIFY_SOURCE).
sort >allowed <<'END'
free
getrandom
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
for library in "$static" "$BUILD_DIR/store/libholdfast-store.a"; do
    size --format=sysv "$library" >sections
    expect_equal "" "$(awk '$1 ~ /^\.(data|bss|tdata|tbss)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0' sections)" "data that can change"
    grep -q '^\.text' sections || fail "no .text: the search is broken"
done

# -- the soname promises the ABI
out=$(readelf -d "$shared")
expect_text out "soname: [libholdfast.so.0]"
out=$(readelf -d "$BUILD_DIR/store/libholdfast-store.so")
expect_text out "soname: [libholdfast-store.so.0]"
finish
