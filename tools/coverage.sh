#!/usr/bin/env bash
# coverage.sh: runs the tests of the coverage build and prints, for each file of the engine and for all, the share of
# lines that ran.
set -euo pipefail
cd "$(dirname "$0")/../build/coverage"
find . -name '*.gcda' -delete
ctest -j2 --output-on-failure -L '^(unit|vectors|example|fuzz)$' >ctest.log 2>&1 || { tail -30 ctest.log; exit 1; }
mapfile -t data < <(find engine -name '*.gcda' | sort)
gcov --no-output "${data[@]}" 2>/dev/null | awk '
    /^File / { gsub(/\047/, ""); file = $2; sub(/.*\/engine\//, "engine/", file) }
    /^Lines executed:/ && file ~ /^engine\/.*\.c$/ {
        split($0, part, /[:% ]+/); lines = part[5]; hit = part[3] * lines / 100
        printf "%6.2f %%  %5d lines  %s\n", part[3], lines, file
        all += lines; ran += hit; file = "" }
    END { if (!all) exit 1; printf "%6.2f %%  %5d lines  engine\n", 100 * ran / all, all }'
