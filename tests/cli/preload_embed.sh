#!/usr/bin/env bash
# holdfast preload compile --c: a C source that any program can be built with; the example prints what it finds in it.
. "$SOURCE_DIR/tests/lib/check.sh"
printf 'p.test\t1\nalone.test\t0\n' >list
expect_exit 0 "$HOLDFAST" preload compile --c --source 'Chromium */ 2026' --date 2026-06-01 list list.c
expect_equal 1 "$(grep -c 'SPDX-License-Identifier: BSD-3-Clause' list.c)" 'the licence line'
expect_exit 0 "${CC:-cc}" -std=c11 -Wall -Werror -c list.c -o list.o
finish
