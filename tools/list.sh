#!/usr/bin/env bash
# list.sh: brings the copy of Firefox's preload list in Debian's package mediawiki to build/lists/firefox.img, by the
# same code as `holdfast preload update`; what is there already is not fetched again.
set -euo pipefail
cd "$(dirname "$0")/.."
build/release/holdfast preload update --from debian --image build/lists/firefox.img
