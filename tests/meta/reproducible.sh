#!/usr/bin/env bash
# Two builds of the same source, in two folders with names of different lengths, are the same bytes.
. "$SOURCE_DIR/tests/lib/check.sh"
export SOURCE_DATE_EPOCH=1790000000

copy_and_build() # FOLDER
{
    mkdir -p "$1"
    tar -C "$SOURCE_DIR" -c --exclude=./build --exclude=./.git . | tar -C "$1" -x
    (cd "$1" && cmake --preset release && cmake --build --preset release --target holdfast hf-vectors holdfast-shared holdfast-sbom)
}
expect_exit 0 copy_and_build "$TEST_DIR/one"
expect_exit 0 copy_and_build "$TEST_DIR/a-second-place/with a longer name"
for file in holdfast holdfast.spdx hf-vectors engine/libholdfast.a engine/libholdfast.so; do
    expect_exit 0 cmp "$TEST_DIR/one/build/release/$file" "$TEST_DIR/a-second-place/with a longer name/build/release/$file"
    expect_exit 1 grep -qaF "$TEST_DIR" "$TEST_DIR/one/build/release/$file"
done
finish
