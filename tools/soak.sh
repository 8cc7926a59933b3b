#!/usr/bin/env bash
# soak.sh: what takes too long for every day. Writers and readers of the store are killed 10,000 times, on a disk with room and on one
# of 1 MB that fills up; a million entries go from every kind of store into every other.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/build.sh release all
build/release/tests/store_kill_test "${KILLS:-10000}"
failed=0
for test in scene.store_full meta.store_large; do
    HF_KILLS=${KILLS:-10000} HF_ENTRIES=${ENTRIES:-1000000} HF_PAIRS=all \
        ctest --test-dir build/release --verbose --timeout 7200 --no-tests=error -R "^$test\$" || failed=1
done
exit $failed
