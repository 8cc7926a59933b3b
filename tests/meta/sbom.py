"""sbom.py FILE: is this SPDX 2.3 in tag-value form, as far as our own document goes? Prints what is wrong; exit 1."""
import re
import sys

FIRST = ["SPDXVersion", "DataLicense", "SPDXID", "DocumentName", "DocumentNamespace", "Creator", "Created"]
NEEDED = ["SPDXID", "PackageDownloadLocation", "FilesAnalyzed", "PackageLicenseConcluded", "PackageLicenseDeclared",
          "PackageCopyrightText"]
OPTIONAL = ["PackageVersion", "PackageSupplier", "PackageChecksum", "PrimaryPackagePurpose", "PackageComment",
            "ExternalRef"]
LICENCES = {"MIT", "Apache-2.0", "BSD-3-Clause", "BSD-3-Clause-Attribution", "ISC", "Zlib", "curl", "blessing", "OLDAP-2.8",
            "Unicode-DFS-2016", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-or-later", "LGPL-2.0-or-later",
            "LGPL-2.1-or-later", "LGPL-3.0-or-later"}
FORMS = {
    "SPDXVersion": r"SPDX-2\.3",
    "DataLicense": r"CC0-1\.0",
    "SPDXID": r"SPDXRef-[A-Za-z0-9.-]+",
    "DocumentNamespace": r"https?://[^#\s]+",
    "Creator": r"(Tool|Organization|Person): \S.*",
    "Created": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "PackageDownloadLocation": r"NOASSERTION|NONE|https?://\S+",
    "FilesAnalyzed": r"true|false",
    "PackageChecksum": r"SHA256: [0-9a-f]{64}",
    "PackageSupplier": r"(Organization|Person): \S.*|NOASSERTION",
    "PackageCopyrightText": r"NOASSERTION|NONE|<text>.*</text>",
    "PrimaryPackagePurpose": r"APPLICATION|LIBRARY",
    "ExternalRef": r"PACKAGE-MANAGER purl pkg:deb/debian/[a-z0-9.%B-]+@[A-Za-z0-9.~%-]+\?arch=[a-z0-9]+",
}
RELATIONSHIP = re.compile(r"(SPDXRef-[A-Za-z0-9.-]+) (DESCRIBES|DYNAMIC_LINK) (SPDXRef-[A-Za-z0-9.-]+)")


def is_licence(text):
    for part in re.split(r" (?:OR|AND) ", text):
        name, _, exception = part.partition(" WITH ")
        if name not in LICENCES or exception not in ("", "GCC-exception-3.1"):
            return text == "NOASSERTION"
    return True


def problems(text):
    header, packages, relationships = [], [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line == "":
            continue
        tag, colon, value = line.partition(": ")
        if not colon or not value:
            yield f"{number}: not a tag and a value"
        elif tag == "Relationship":
            relationships.append((number, value))
        elif tag == "PackageName":
            packages.append({tag: value})
        elif packages and tag in NEEDED + OPTIONAL:
            if tag in packages[-1]:
                yield f"{number}: a second {tag}"
            packages[-1][tag] = value
        elif not packages and tag in FIRST:
            header.append(tag)
        else:
            yield f"{number}: unexpected tag {tag}"
        if not re.fullmatch(FORMS.get(tag, ".*"), value):
            yield f"{number}: {tag} has a wrong value"
        if tag.startswith("PackageLicense") and not is_licence(value):
            yield f"{number}: no SPDX licence expression: {value}"
    if header != FIRST:
        yield f"the document begins with {header}"
    for package in packages:
        missing = [tag for tag in NEEDED if tag not in package]
        if missing:
            yield f"{package['PackageName']} has no {missing}"
    ids = ["SPDXRef-DOCUMENT"] + [package.get("SPDXID", "") for package in packages]
    if len(set(ids)) != len(ids):
        yield "an SPDXID stands for two things"
    yield from problems_of(relationships, ids)


def problems_of(relationships, ids):
    described, reached = 0, {"SPDXRef-DOCUMENT"}
    for number, value in relationships:
        match = RELATIONSHIP.fullmatch(value)
        if not match or match[1] not in ids or match[3] not in ids:
            yield f"{number}: a relationship with something that is not here"
            continue
        described += match[2] == "DESCRIBES" and match[1] == "SPDXRef-DOCUMENT"
        reached.add(match[3])
    if described != 1:
        yield f"the document describes {described} packages"
    for name in set(ids) - reached:
        yield f"nothing is linked with {name}"


def main():
    found = list(problems(open(sys.argv[1], encoding="utf-8").read()))
    print("\n".join(found))
    return 1 if found else 0


sys.exit(main())
