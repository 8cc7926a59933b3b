#!/usr/bin/env bash
# fuzz.sh SECONDS [TOUCHED_SECONDS]: runs each fuzz target that long, two at a time, from its seeds and from what
# earlier runs found (build/fuzz/corpus). With TOUCHED_SECONDS the targets that changed since the commit FUZZ_SINCE
# (default: the newest one that is older than a week) run that long: those whose own file, or a file that it includes or
# its .c, changed. FUZZ_SEED=N makes a run repeatable: `make test` does, `make fuzz` and `make soak` try other inputs
# each time. An input that breaks a target is left in build/fuzz/found. Prints a line a target: `fuzz.NAME
# passed|failed|skipped`.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=$1
long=${2:-$1}

targets=()
for source in fuzz/*.c; do
    name=$(basename "$source" .c)
    [ "$name" = replay ] || targets+=("$name")
done
[ ${#targets[@]} -gt 0 ] || { echo "fuzz: there are no targets" >&2; exit 1; }

# What has changed, committed or not; everything, where git cannot tell.
since=${FUZZ_SINCE:-$(git rev-list -1 --before='7 days ago' HEAD 2>/dev/null)}
if [ -n "$since" ]; then
    changed=$({ git diff --name-only "$since"; git ls-files --others --exclude-standard; } 2>/dev/null)
else
    changed=$(find fuzz engine formats store src include -name '*.[ch]')
fi

is_touched() # TARGET
{
    local header
    grep -qx "fuzz/$1\.c" <<<"$changed" && return
    while read -r header; do
        grep -qE "^((src|include)/)?${header%.h}\.[ch]\$" <<<"$changed" && return
    done < <(sed -nE 's/^#include [<"]([a-z_0-9]+\/[a-z_0-9]+\.h)[>"].*/\1/p' "fuzz/$1.c")
    return 1
}

fuzz_one()
{
    local name=$1 seconds=$2 build=build/fuzz status=passed start=$SECONDS options=()
    mkdir -p "$build/corpus/$name" "$build/found"
    [ -f "fuzz/$name.dict" ] && options+=(-dict="fuzz/$name.dict")
    [ -n "${FUZZ_SEED:-}" ] && options+=(-seed="$FUZZ_SEED")
    [ -d "fuzz/$name/crashes" ] && options+=("fuzz/$name/crashes")
    ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
        "$build/fuzz/fuzz-$name" "$build/corpus/$name" "fuzz/$name/seeds" "${options[@]}" -max_total_time="$seconds" \
        -max_len=16384 -timeout=10 -rss_limit_mb=2560 -artifact_prefix="$build/found/$name-" >"$build/$name.log" 2>&1 ||
        status=failed
    # A target that another program must be there for says so, and does not run.
    grep -q '^skipped: ' "$build/$name.log" && status=skipped
    [ "$status" = passed ] || tail -40 "$build/$name.log"
    printf 'fuzz.%s %s %s s, %s\n' "$name" "$status" $((SECONDS - start)) "$(grep -o 'Done [0-9]* runs' \
        "$build/$name.log" | tail -1)"
    [ "$status" != failed ]
}
export -f fuzz_one
for name in "${targets[@]}"; do
    if [ "$long" != "$seconds" ] && is_touched "$name"; then
        echo "$name $long"
    else
        echo "$name $seconds"
    fi
done | xargs -P 2 -L 1 bash -c 'fuzz_one "$0" "$1"' || exit 1
