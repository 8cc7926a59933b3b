#!/usr/bin/env bash
# soak.sh: what takes too long for every day. Writers and readers of the store are killed 10,000 times (KILLS), on a
# disk with room and on one of 1 MB that fills up; a million entries (ENTRIES) go from every kind of store into every
# other; ten million hosts are looked for in a browser's preload list; a probe is stopped at random 500 times (ROUNDS).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
tools/build.sh release all || exit 1
export SOURCE_DIR=$PWD BUILD_DIR=$PWD/build/release CC=${CC:-cc} HF_KILLS=${KILLS:-10000} \
    HF_ENTRIES=${ENTRIES:-1000000} HF_PAIRS=all
export HOLDFAST=$BUILD_DIR/holdfast HF_VECTORS=$BUILD_DIR/hf-vectors
failed=0
"$BUILD_DIR/tests/store_kill_test" "$HF_KILLS" || failed=1
# Not through ctest, whose tests have less time.
for script in tests/scenes/store_full.sh tests/meta/store_large.sh; do
    echo "== $script"
    tests/lib/run.sh "$PWD/$script"
    case $? in
    0 | 77) ;; # it says why it is skipped
    *) failed=1 ;;
    esac
done
tools/soak_preload.sh || failed=1
RESUME_ROUNDS=${ROUNDS:-500} RESUME_SEED=$$ tools/script.sh scenes/probe_resume || failed=1
exit $failed
