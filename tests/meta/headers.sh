#!/usr/bin/env bash
# Each public header compiles alone, as C11 and as C++, without a word from either compiler.
. "$SOURCE_DIR/tests/lib/check.sh"
warnings=(-Wall -Wextra -Wshadow -Wconversion -pedantic-errors -Werror -fsyntax-only "-I$SOURCE_DIR/include")
for header in "$SOURCE_DIR"/include/holdfast/*.h; do
    printf '#include "holdfast/%s"\n' "$(basename "$header")" >alone.c
    cp alone.c alone.cc
    for standard in c11 c17; do
        expect_exit 0 gcc "-std=$standard" -Wstrict-prototypes "${warnings[@]}" alone.c
        expect_exit 0 clang "-std=$standard" -Wstrict-prototypes "${warnings[@]}" alone.c
    done
    for standard in c++11 c++20; do
        expect_exit 0 g++ "-std=$standard" "${warnings[@]}" alone.cc
        expect_exit 0 clang++ "-std=$standard" "${warnings[@]}" alone.cc
    done
done
finish
