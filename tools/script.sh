#!/usr/bin/env bash
# script.sh KIND/NAME: one test script, as ctest runs it, but with the environment of the caller and no limit on its
# time.
set -euo pipefail
cd "$(dirname "$0")/.."
export SOURCE_DIR=$PWD BUILD_DIR=$PWD/build/release HOLDFAST=$PWD/build/release/holdfast \
    HF_VECTORS=$PWD/build/release/hf-vectors
CC=${CC:-cc} exec tests/lib/run.sh "$SOURCE_DIR/tests/$1.sh"
