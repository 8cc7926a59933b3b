#!/usr/bin/env bash
# test.sh [all]: every test there is. Prints each section with its time, the ten slowest tests, and last `N passed, N
# failed`. With `all` the heavy peers are installed too, a browser's preload list is brought, and a skipped test counts
# as failed, unless it says `skipped, and no failure: ...`, for then nothing that could be installed would help.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
peers=${1:-}
work=$(mktemp -d)
results=$work/results # section TAB test TAB passed|failed|skipped TAB seconds
trap 'rm -rf "$work"' EXIT
: >"$results"

record()
{
    printf '%s\t%s\t%s\t%s\n' "$section" "$1" "$2" "$3" >>"$results"
}

begin()
{
    section=$1
    began=$SECONDS
    printf '\n== %s\n' "$section"
}

end()
{
    printf '%s\t%s\n' "$((SECONDS - began))" "$section" >>"$work/times"
}

build()
{
    tools/build.sh "$@" || { echo "FAILED: the build"; record "build of $1" failed 0; return 1; }
}

# run PRESET CTEST_OPTIONS...: the tests of that build; skips say why. Without address randomisation: the sanitizers of
# Debian 12 cannot place their shadow memory on kernels that randomise much.
run()
{
    local dir=build/$1 fixed=()
    shift
    setarch -R true 2>/dev/null && fixed=(setarch -R)
    "${fixed[@]}" ctest --test-dir "$dir" -j2 --output-on-failure --no-tests=error "$@" >"$work/log" 2>&1
    local code=$?
    grep -v -e ' Passed ' -e '^ *Start ' -e '^Internal ctest' -e '^Test project' -e '^Label' -e 'sec\*proc' -e '^$' \
        "$work/log"
    awk '/^ *[0-9]+\/[0-9]+ Test +#/ {
        status = /Passed +[0-9.]+ sec/ ? "passed" : /\*\*\*Skipped/ ? "skipped" : "failed"
        match($0, /#[0-9]+: /); rest = substr($0, RSTART + RLENGTH); split(rest, words, " ")
        print section "\t" words[1] "\t" status "\t" $(NF - 1) }' section="$section" "$work/log" >"$work/these"
    awk -F '\t' 'FILENAME == ARGV[1] { skipped[$2] = $3 == "skipped"; next } /^[0-9]+\/[0-9]+ Testing: / { name = $0; sub(/.*: /, "", name) }
        /^<end of output>/ && skipped[name] { print name ": " last } { last = $0 }' "$work/these" \
            "$dir/Testing/Temporary/LastTest.log" |
        tee "$work/why"
    awk -F '\t' 'FILENAME == ARGV[1] { if (/: skipped, and no failure: /) { sub(/: .*/, "", $0); excused[$0] = 1 } next }
        $2 in excused { $3 = "excused" } { print $1 "\t" $2 "\t" $3 "\t" $4 }' "$work/why" "$work/these" >"$work/final"
    mv "$work/final" "$work/these"
    cat "$work/these" >>"$results"
    # No test to be found, or a result that was not understood, must not look like success.
    if [ $code != 0 ] && ! grep -q $'\tfailed\t' "$work/these"; then
        cat "$work/log"
        record "ctest of $dir" failed 0
    fi
}

begin packages
groups=(build test peers)
[ "$peers" = all ] && groups+=(peers-all)
tools/packages.sh "${groups[@]}" || { echo "0 passed, 1 failed"; exit 1; }
end

begin "release, house rules"
built=no
build release all && built=yes
[ "$peers" = all ] && [ $built = yes ] && { tools/list.sh || echo "no list: what a test needs one for, it leaves out"; }
[ $built = yes ] && run release
end

for locale in tr_TR.UTF-8 de_DE.UTF-8; do
    begin "locale $locale"
    if [ $built = no ]; then
        record "locale $locale" failed 0
    elif grep -qx "${locale%UTF-8}utf8" <<<"$(locale -a)"; then
        LC_ALL=$locale HF_TEST_LOCALE=$locale run release -L '^(unit|vectors|example|cli)$'
    else
        echo "skipped: the locale $locale is not installed (package locales-all)"
        record "locale $locale" skipped 0
    fi
    end
done

begin valgrind
if command -v valgrind >/dev/null; then
    build valgrind all && run valgrind -L '^valgrind$'
else
    echo "skipped: valgrind is not installed"
    record valgrind skipped 0
fi
end

begin "AddressSanitizer, UndefinedBehaviorSanitizer"
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
# What other programs do is asked above: here they would only be started once more.
build asan all && run asan -LE '^(bench|interop)$'
end

shopt -s nullglob
threads=(tests/unit/*threads*_test.c)
if [ ${#threads[@]} -gt 0 ]; then
    begin ThreadSanitizer
    mapfile -t targets < <(basename -a -s .c "${threads[@]}")
    build tsan "${targets[@]}" && run tsan -L '^threads$'
    end
fi

begin "fuzzing, ${FUZZ_SECONDS:-10} seconds a target"
if build fuzz fuzzers; then
    FUZZ_SEED=1 tools/fuzz.sh "${FUZZ_SECONDS:-10}" | tee "$work/fuzz"
    while read -r name status seconds _; do
        record "$name" "$status" "$seconds"
    done < <(grep -E '^fuzz\.[a-z0-9_]+ (passed|failed|skipped) ' "$work/fuzz")
    grep -qE '^fuzz\.' "$work/fuzz" || record fuzzing failed 0
fi
end

printf '\n== Seconds a section\n'
cat "$work/times"
printf '%s\tall\n' "$SECONDS"
printf '\n== The ten slowest tests (seconds)\n'
sort -t $'\t' -k4,4 -rn "$results" | head -10 | awk -F '\t' '{ print $4 "\t" $2 "\t(" $1 ")" }'

count()
{
    cut -f3 "$results" | grep -cx "$1"
}
passed=$(count passed) failed=$(count failed) skipped=$(count skipped) excused=$(count excused)
if [ "$failed" != 0 ]; then
    printf '\n== Failed\n'
    awk -F '\t' '$3 == "failed" { print $2 "\t(" $1 ")" }' "$results"
fi
if [ "$peers" = all ] && [ "$skipped" != 0 ]; then
    printf '\n== Skipped, which with PEERS=all is failed\n'
    awk -F '\t' '$3 == "skipped" { print $2 "\t(" $1 ")" }' "$results"
    failed=$((failed + skipped)) skipped=0
fi
skipped=$((skipped + excused))
summary="$passed passed, $failed failed"
[ "$skipped" = 0 ] || summary="$summary, $skipped skipped"
printf '\n%s\n' "$summary"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
