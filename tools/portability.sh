#!/usr/bin/env bash
# portability.sh: builds the engine, its unit tests and the replay of its fuzz seeds for other machines and C libraries,
# and runs them: i386 and s390x (big-endian) in qemu, musl as it is, Windows under wine where that is installed. Ends
# with `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export WINEPREFIX=$work/wine WINEDEBUG=-all
passed=0 failed=0 skipped=0

count()
{
    grep -cE "^ *[0-9]+/[0-9]+ Test +#.*$1" "$work/log"
}

for target in i386 s390x musl mingw; do
    printf '\n== %s\n' "$target"
    if ! tools/build.sh "$target" all; then
        echo "FAILED: the build"
        failed=$((failed + 1))
        continue
    fi
    jobs=2
    if [ "$target" = mingw ]; then
        jobs=1 # the first program under wine makes wine's home; a second one must not meet it half made
        if [ ! -x /usr/lib/wine/wine64 ]; then
            tests=$(find build/mingw/tests build/mingw/fuzz -name '*.exe' | wc -l)
            echo "built; skipped: wine64 is not installed, so the $tests Windows programs were not run"
            skipped=$((skipped + tests))
            continue
        fi
    fi
    ctest --test-dir "build/$target" -j$jobs --output-on-failure --no-tests=error >"$work/log" 2>&1 || cat "$work/log"
    ran=$(count 'Passed ') broken=$(($(count '') - ran))
    [ "$ran" -gt 0 ] || broken=$((broken + 1))
    echo "$ran passed, $broken failed"
    passed=$((passed + ran)) failed=$((failed + broken))
done

printf '\n%s passed, %s failed' "$passed" "$failed"
[ "$skipped" = 0 ] || printf ', %s skipped' "$skipped"
printf '\n'
[ "$failed" = 0 ]
