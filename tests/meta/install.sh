#!/usr/bin/env bash
# A stranger's program builds against what `make install` put in place: with pkg-config and with CMake, shared and
# static, under a prefix of its own, also after the whole tree was moved; and runs.
. "$SOURCE_DIR/tests/lib/check.sh"
expect_exit 0 cmake --install "$BUILD_DIR" --prefix "$TEST_DIR/first"
mv "$TEST_DIR/first" "$TEST_DIR/prefix"
prefix=$TEST_DIR/prefix
library=$(dirname "$(find "$prefix" -name libholdfast.a)")

cat >outside.c <<'END'
#include <holdfast/holdfast.h>
#include <stdio.h>

int main(void)
{
    hf_policy policy;
    if (!hf_header_parse("max-age=300", 11, &policy, NULL)) {
        return 1;
    }
    printf("%s %d\n", hf_version(), (int)policy.max_age);
    return 0;
}
END
version=$(sed -n 's/^project(holdfast VERSION \([0-9.]*\).*/\1/p' "$SOURCE_DIR/CMakeLists.txt")

# -- pkg-config
export PKG_CONFIG_PATH=$library/pkgconfig
expect_exit 0 pkg-config --modversion holdfast
expect_equal "$version" "$out" "the version in holdfast.pc"
read -r -a flags < <(pkg-config --cflags --libs holdfast)
expect_exit 0 "$CC" -std=c11 outside.c -o shared "${flags[@]}"
expect_exit 0 env LD_LIBRARY_PATH="$library" ./shared
expect_equal "$version 300" "$out" "the shared program says"
expect_exit 0 readelf -d shared
expect_text out "libholdfast.so.0"
read -r -a flags < <(pkg-config --static --cflags --libs holdfast)
expect_exit 0 "$CC" -std=c11 outside.c -o static -static "${flags[@]}"
expect_exit 0 ./static
expect_equal "$version 300" "$out" "the static program says"

# -- CMake
mkdir cmake && mv outside.c cmake
cat >cmake/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(outside C)
find_package(holdfast 0.1 REQUIRED)
add_executable(shared outside.c)
target_link_libraries(shared PRIVATE holdfast::holdfast)
add_executable(static outside.c)
target_link_libraries(static PRIVATE holdfast::static)
END
expect_exit 0 cmake -G Ninja -S cmake -B build -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$CC"
expect_exit 0 cmake --build build
for kind in shared static; do
    expect_exit 0 "build/$kind"
    expect_equal "$version 300" "$out" "the $kind program of CMake says"
done
expect_exit 0 readelf -d build/static
expect_no_text out libholdfast

# -- the rest of what is installed
expect_exit 0 "$prefix/bin/holdfast" --version
expect_text out "$version"
expect_exit 0 grep -q '^SPDXVersion: SPDX-2.3$' "$prefix/share/doc/holdfast/holdfast.spdx"
shopt -s nullglob
for page in "$SOURCE_DIR"/man/*.[135]; do
    expect_exit 0 test -f "$prefix/share/man/man${page##*.}/$(basename "$page")"
done
if [ -f "$SOURCE_DIR/completions/holdfast.bash" ]; then
    expect_exit 0 test -f "$prefix/share/bash-completion/completions/holdfast"
fi
finish
