#!/usr/bin/env bash
# The software bill of materials is sound SPDX 2.3, names every library that the program loads with the version that is
# installed and a licence, and is the same bytes each time it is made.
. "$SOURCE_DIR/tests/lib/check.sh"
sbom=$BUILD_DIR/holdfast.spdx
version=$(sed -n 's/^project(holdfast VERSION \([0-9.]*\).*/\1/p' "$SOURCE_DIR/CMakeLists.txt")
make_one() # OUT
{
    SOURCE_DATE_EPOCH=1790000000 "$SOURCE_DIR/tools/sbom.sh" "$HOLDFAST" "$version" "$1"
}

expect_exit 0 python3 "$SOURCE_DIR/tests/meta/sbom.py" "$sbom"
sed -n 's/^PackageComment: <text>\(.*\)<\/text>$/\1/p' "$sbom" | tr -d ' ' | tr ',' '\n' | sort >listed
ldd "$HOLDFAST" | awk '$3 ~ /^\// { print $1 } NF == 2 && $1 ~ /^\// { sub(/.*\//, "", $1); print $1 }' | sort -u >loaded
expect_equal "" "$(diff listed loaded)" "listed (<), and loaded (>)"
[ "$(wc -l <loaded)" -gt 10 ] || fail "only $(wc -l <loaded) libraries: the search is broken"
expect_exit 0 grep -qx "PackageVersion: $version" "$sbom"
expect_exit 0 grep -qx "PackageChecksum: SHA256: $(sha256sum "$HOLDFAST" | cut -d ' ' -f 1)" "$sbom"
if command -v dpkg-query >/dev/null; then
    awk '/^PackageName: / { name = $2 } /^PackageVersion: / && name != "holdfast" { print name, $2 }' "$sbom" | sort >versions
    # shellcheck disable=SC2046 # a list of names
    dpkg-query -W -f '${Package} ${Version}\n' $(cut -d ' ' -f 1 versions) | sort -u >installed
    expect_equal "" "$(diff versions installed)" "listed (<), and installed (>)"
    expect_equal "" "$(awk '/^PackageName: / { name = $2 } /^PackageLicenseDeclared: NOASSERTION/ { print name }' "$sbom")" \
        "without a licence in docs/licences.md"
fi

expect_exit 0 make_one one
TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8 expect_exit 0 make_one two
expect_exit 0 cmp one two
expect_exit 0 grep -qx 'Created: 2026-09-21T14:13:20Z' one

# What the check is worth: each of these is no longer sound.
broken() # SED-COMMAND
{
    sed "$1" "$sbom" >broken.spdx
    expect_exit 1 python3 "$SOURCE_DIR/tests/meta/sbom.py" broken.spdx
}
broken '1s/2\.3/2.1/'
broken '0,/^SPDXID: SPDXRef-lib/{/^SPDXID: SPDXRef-lib/d}'
broken '0,/^PackageDownloadLocation/{/^PackageDownloadLocation/d}'
broken 's/DYNAMIC_LINK SPDXRef-libc6/DYNAMIC_LINK SPDXRef-libc7/'
broken 's/^Created: .*/Created: yesterday/'
broken 's/^PackageLicenseDeclared: MIT$/PackageLicenseDeclared: mit-like/'
broken '/DESCRIBES/d'
finish
