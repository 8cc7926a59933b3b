#!/usr/bin/env bash
# One hand in all sources: what CONTRIBUTING.md says of their form, as far as a script can see it.
# First the check itself is shown to fail.
. "$SOURCE_DIR/tests/lib/check.sh"
check=$SOURCE_DIR/tests/meta/one_hand.py

printf 'int f(void)\n{\n    int a = 1;\n    return a;\n}\n' >"$TEST_DIR/together.c"
expect_exit 1 python3 "$check" "$TEST_DIR/together.c"
expect_text out "together.c:4: no blank line after the declarations"
printf 'int f(void)\n{\n    const char *a[2] = {\n        "x"}; /* y */\n    /* why */\n    g(a);\n}\n' >"$TEST_DIR/array.c"
expect_exit 1 python3 "$check" "$TEST_DIR/array.c"
expect_text out "array.c:6: "
printf 'int f(void)\n{\n    int a = 1;\n\n    return a;\n}\n\nint g(void)\n{\n    return 1;\n}\n' >"$TEST_DIR/apart.c"
expect_exit 0 python3 "$check" "$TEST_DIR/apart.c"
printf '/* %0120d */\n' 0 >"$TEST_DIR/wide.h"
expect_exit 1 python3 "$check" "$TEST_DIR/wide.h"
expect_text out "wide.h:1: 126 columns"

cd "$SOURCE_DIR" || exit 1
mapfile -t files < <(find engine formats store include src examples tests fuzz bench tools cmake completions .ci \
    \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.cmake' -o -name CMakeLists.txt \) | sort)
[ ${#files[@]} -gt 400 ] || fail "only ${#files[@]} files were found"
expect_exit 0 python3 "$check" "${files[@]}"
printf '%s\n' "$out"
finish
