#!/usr/bin/env bash
# sbom.sh PROGRAM VERSION OUT: writes the software bill of materials of PROGRAM to OUT, as SPDX 2.3 (tag and value): the
# program, and each Debian package with a shared library that it loads, directly or not, with version and licence. The
# same program on the same packages gives the same bytes. The moment in it is SOURCE_DATE_EPOCH, else that of the last
# commit, else that of CHANGELOG.md. Licences come from docs/licences.md.
set -euo pipefail
export LC_ALL=C TZ=UTC
source=$(cd "$(dirname "$0")/.." && pwd)
program=$1 version=$2 out=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

epoch=${SOURCE_DATE_EPOCH:-$(git -C "$source" log -1 --format=%ct 2>/dev/null || stat -c %Y "$source/CHANGELOG.md")}
digest=$(sha256sum "$program" | cut -d ' ' -f 1)

# packages_of: from lines `SONAME FILE` the lines `PACKAGE SONAME FILE`; the soname stands for a package where there is
# none. On a merged /usr either path may be the one that dpkg knows.
packages_of()
{
    local soname file real
    while read -r soname file; do
        real=$(readlink -f "$file")
        printf '%s\n' "$file $soname $file" "$real $soname $file" "/usr$file $soname $file" "${real#/usr} $soname $file"
    done >"$work/paths"
    cut -d ' ' -f 1 "$work/paths" | sort -u | xargs dpkg-query -S 2>/dev/null >"$work/owners" || true
    awk 'FILENAME == ARGV[1] { sub(/:.*/, "", $1); owner[$NF] = $1; next } { at = $2 " " $3 }
        !(at in package) || package[at] == $2 { package[at] = ($1 in owner) ? owner[$1] : $2 }
        END { for (at in package) print package[at], at }' "$work/owners" "$work/paths" | sort
}

# licence_of PACKAGE: what docs/licences.md has for it, or for a library in it, without what stands in brackets.
licence_of()
{
    awk -v package="$1" '
        FILENAME == ARGV[1] { if ($1 == package) wanted["`" $2 "`"]; wanted["`" package "`"]; next }
        split($0, cell, /[ ]*[|][ ]*/) > 2 && (cell[2] in wanted) { licence = cell[3]; sub(/ \(.*/, "", licence) }
        END { print licence != "" ? licence : "NOASSERTION" }' "$work/packages" "$source/docs/licences.md"
}

id_of()
{
    echo "SPDXRef-${1//[^A-Za-z0-9.-]/-}"
}

# -- Which libraries, and whose
ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// { print $1, $3 } NF == 2 && $1 ~ /^\// { n = split($1, part, "/"); print part[n], $1 }' |
    sort -u | packages_of >"$work/packages"
cut -d ' ' -f 1 "$work/packages" | sort -u >"$work/names"
xargs dpkg-query -W -f '${Package} ${Version} ${Architecture}\n' <"$work/names" 2>/dev/null | sort -u >"$work/versions" || true

# links_of NAME FILE...: a line for each package that they need.
links_of()
{
    local from=$1 name
    shift
    readelf -dW "$@" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | awk 'FILENAME == ARGV[1] { package[$2] = $1; next } { print package[$1] }' \
        "$work/packages" - | sort -u | while read -r name; do
        [ -z "$name" ] || [ "$name" = "$from" ] || echo "Relationship: $(id_of "$from") DYNAMIC_LINK $(id_of "$name")"
    done
}

# -- The document
{
    cat <<END
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: holdfast-$version
DocumentNamespace: https://spdx.org/spdxdocs/holdfast-$version-$digest-$epoch
Creator: Tool: holdfast-tools/sbom.sh
Created: $(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)

PackageName: holdfast
SPDXID: SPDXRef-holdfast
PackageVersion: $version
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageChecksum: SHA256: $digest
PackageLicenseConcluded: MIT
PackageLicenseDeclared: MIT
PackageCopyrightText: <text>$(grep -m 1 '^Copyright' "$source/LICENSE")</text>
PrimaryPackagePurpose: APPLICATION
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-holdfast
END
    links_of holdfast "$program"
    while read -r name; do
        package_version='' arch=''
        read -r package_version arch < <(awk -v package="$name" '$1 == package { print $2, $3 }' "$work/versions") || true
        licence=$(licence_of "$name")
        mapfile -t files < <(awk -v package="$name" '$1 == package { print $3 }' "$work/packages")
        printf '\nPackageName: %s\nSPDXID: %s\n' "$name" "$(id_of "$name")"
        [ -z "$package_version" ] || printf 'PackageVersion: %s\nPackageSupplier: Organization: Debian\n' "$package_version"
        printf 'PackageDownloadLocation: NOASSERTION\nFilesAnalyzed: false\n'
        printf 'PackageLicenseConcluded: %s\nPackageLicenseDeclared: %s\nPackageCopyrightText: NOASSERTION\n' "$licence" "$licence"
        printf 'PackageComment: <text>%s</text>\n' "$(awk -v package="$name" '$1 == package { printf "%s%s", mark, $2; mark = ", " }' "$work/packages")"
        [ -z "$package_version" ] ||
            printf 'ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/%s@%s?arch=%s\n' "${name//+/%2B}" \
                "$(sed -e 's/%/%25/g' -e 's/+/%2B/g' -e 's/:/%3A/g' <<<"$package_version")" "$arch"
        links_of "$name" "${files[@]}"
    done <"$work/names"
} >"$work/document"
mv "$work/document" "$out"
