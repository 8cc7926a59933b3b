#!/usr/bin/env bash
# fuzz.sh SECONDS [TARGET...]: runs each fuzz target that long, two at a time, from its seeds and from what earlier runs found
# (build/fuzz/corpus). FUZZ_SEED=N makes a run repeatable: `make test` does, `make fuzz` and `make soak` look elsewhere each time. An input that breaks a target is left in build/fuzz/found. Prints a line a target: `fuzz.NAME passed|failed`.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=$1
shift
if [ $# = 0 ]; then
    for source in fuzz/*.c; do
        name=$(basename "$source" .c)
        [ "$name" = replay ] || set -- "$@" "$name"
    done
fi
[ $# -gt 0 ] || { echo "fuzz: there are no targets" >&2; exit 1; }

fuzz_one()
{
    local name=$1 build=build/fuzz status=passed start=$SECONDS options=()
    mkdir -p "$build/corpus/$name" "$build/found"
    [ -f "fuzz/$name.dict" ] && options+=(-dict="fuzz/$name.dict")
    [ -n "${FUZZ_SEED:-}" ] && options+=(-seed="$FUZZ_SEED")
    [ -d "fuzz/$name/crashes" ] && options+=("fuzz/$name/crashes")
    ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
        "$build/fuzz/fuzz-$name" "$build/corpus/$name" "fuzz/$name/seeds" "${options[@]}" -max_total_time="$seconds" \
        -max_len=16384 -timeout=10 -rss_limit_mb=2560 -artifact_prefix="$build/found/$name-" >"$build/$name.log" 2>&1 || status=failed
    [ "$status" = passed ] || tail -40 "$build/$name.log"
    printf 'fuzz.%s %s %s s, %s\n' "$name" "$status" $((SECONDS - start)) "$(grep -o 'Done [0-9]* runs' "$build/$name.log" | tail -1)"
    [ "$status" = passed ]
}
export -f fuzz_one
export seconds
printf '%s\n' "$@" | xargs -P 2 -I{} bash -c 'fuzz_one {}' || exit 1
