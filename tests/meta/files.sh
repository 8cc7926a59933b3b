#!/usr/bin/env bash
# Files are opened, made, renamed and removed by the one helper (src/base/file.h and what it uses) and by the library
# store/, which stands alone. Elsewhere each call is in files.txt, with the reason. First the check is shown to fail.
. "$SOURCE_DIR/tests/lib/check.sh"
judge() # FOLDER FILES.TXT
{
    python3 "$SOURCE_DIR/tests/meta/files.py" "$1" "$2"
}

tree=$TEST_DIR/tree
mkdir -p "$tree/src/stores" "$tree/src/base"
printf '#include <fcntl.h>\n/* open("x") */\nint f(void)\n{\n    return open("x", 0);\n}\n' >"$tree/src/stores/bad.c"
printf '#include <fcntl.h>\nint g(void) { io->openat(1); my_open(2); reopen(3); say("open("); }\n' >"$tree/src/stores/good.c"
printf 'int i(void) { return open("x", 0); }\n' >"$tree/src/stores/own.c"
printf '#include <fcntl.h>\nint h(void) { return open("x", 0); }\n' >"$tree/src/base/file.c"
printf '# nothing\n' >"$TEST_DIR/none.txt"
printf 'src/stores/bad.c open it is shown to be let through\n' >"$TEST_DIR/one.txt"
printf 'src/stores/bad.c open\n' >"$TEST_DIR/reasonless.txt"
printf 'src/stores/bad.c open why\nsrc/stores/good.c open why\n' >"$TEST_DIR/old.txt"
expect_exit 1 judge "$tree" "$TEST_DIR/none.txt"
expect_equal "src/stores/bad.c: open is for the helper (src/base/file.h)
2 calls, 1 of them in the helper" "$out" 'a file that is opened elsewhere'
expect_exit 0 judge "$tree" "$TEST_DIR/one.txt"
expect_exit 1 judge "$tree" "$TEST_DIR/reasonless.txt"
expect_text out 'no reason: src/stores/bad.c open'
expect_exit 1 judge "$tree" "$TEST_DIR/old.txt"
expect_text out 'nothing does that any more: src/stores/good.c open'
for call in 'fopen(p, "r")' 'rename(a, b)' 'realpath(p, 0)' 'unlink(p)' 'set(c, CURLOPT_CAINFO, p)' 'uv_fs_open(l, r, p)' \
    'SSL_CTX_load_verify_file(c, p)' 'if (mkdir(p, 0))' 'struct io io = {unlinkat, 0}'; do
    printf 'int f(void) { %s; }\n' "$call" >"$tree/src/stores/bad.c"
    expect_exit 1 judge "$tree" "$TEST_DIR/none.txt"
done

expect_exit 0 judge "$SOURCE_DIR" "$SOURCE_DIR/tests/meta/files.txt"
calls=$(printf '%s\n' "$out" | sed -nE 's/.* ([0-9]+) of them in the helper/\1/p')
[ "${calls:-0}" -gt 15 ] || fail "only ${calls:-0} calls of the helper itself were found"
printf '%s\n' "$out"
finish
