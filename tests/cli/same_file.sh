#!/usr/bin/env bash
# No command empties what it reads: inputs, state and outputs are compared before anything is opened for writing.
. "$SOURCE_DIR/tests/lib/check.sh"
printf 'a.test\nb.test\n' >hosts.txt
ln hosts.txt twin.txt
ln -s hosts.txt link.txt
sha256sum hosts.txt >before

refused() # WHAT COMMAND...
{
    local what=$1
    shift
    ls >.names
    expect_exit 2 timeout 60 "$HOLDFAST" "$@"
    expect_text err "$what"
    expect_exit 0 sha256sum --quiet -c before
    expect_equal "$(cat .names)" "$(ls)" "files after: $*"
}

# -- probe
for output in hosts.txt ./hosts.txt "$PWD/hosts.txt" twin.txt link.txt; do
    refused 'is both the list and the output' probe hosts.txt --output "$output"
    refused 'is both the list and the output' probe hosts.txt --output "$output" --resume state
    refused 'is both the list and the state' probe hosts.txt --output new --resume "$output"
done
refused 'is both the output and the state' probe hosts.txt --output x --resume x
refused 'is both the output and the state' probe hosts.txt --output x --resume "$PWD/x"
refused 'is both the output and the state' probe hosts.txt --output x --resume ./../"$(basename "$PWD")"/x
from_stdin()
{
    "$HOLDFAST" probe - "$@" <hosts.txt
}
expect_exit 2 from_stdin --output twin.txt
expect_text err 'is both the list and the output'
appended()
{
    # shellcheck disable=SC2094 # that is the point
    "$HOLDFAST" probe "$1" >>"$1"
}
expect_exit 2 appended hosts.txt
expect_exit 0 sha256sum --quiet -c before
cp "$(find /etc/ssl/certs -name '*.pem' | head -1)" ca.pem 2>/dev/null || : >ca.pem
sha256sum hosts.txt ca.pem >before
refused 'is both --cafile and the output' probe hosts.txt --cafile ca.pem --output ca.pem
refused 'is both --also-trust and the output' probe hosts.txt --also-trust x=ca.pem --output ca.pem
refused 'is both --public-roots and the state' probe hosts.txt --public-roots ca.pem --output new --resume ca.pem
# Two outputs that are one device are not one file.
: >empty
expect_exit 0 "$HOLDFAST" probe empty --output /dev/null -q

# -- check
refused 'is both the list and --write-chain' check hosts.txt --write-chain twin.txt
refused 'is both --chain and --write-chain' check --chain hosts.txt --write-chain link.txt
refused 'is both --key and --write-chain' check --chain ca.pem --key hosts.txt --write-chain ./hosts.txt
refused 'is both --cafile and --write-chain' check a.test --cafile ca.pem --write-chain ca.pem

# -- store
printf '# c\ngood.test "20330101 00:00:00"\n' >curl
printf 'good.test 0 1 1700000000 99999999\n' >wget
printf 'good.test\n' >names
ln wget wget.twin
sha256sum curl wget names hosts.txt >before
refused 'is both a source and --left-out' store import curl:curl --to wget:wget --left-out curl
refused 'is both the target and --left-out' store import curl:curl --to wget:wget --left-out wget.twin
refused 'is both --names and --left-out' store import curl:curl --to wget:wget --names names --left-out names
refused 'is both --names and the target' store import curl:curl --to wget:names --names names
refused 'is both a source and the target' store import curl:curl wget:wget.twin --to wget:wget
refused 'is both a source and the target' store export --from wget:wget wget:wget.twin
refused 'is both the target and --left-out' store convert curl:curl wget:new --left-out new
refused 'is both a source and --left-out' store convert curl:curl wget:new --left-out curl
refused 'is both --names and the store' store delete good.test --from curl:curl --names curl
expect_exit 0 "$HOLDFAST" store import curl:curl --to wget:wget --left-out out -n

# -- preload
printf 'a.test\t1\n' >list
ln list list.twin
sha256sum list hosts.txt >before
refused 'is both the list and the output' preload compile list list.twin
refused 'is both the list and the output' preload compile --c list list
refused 'is both the list and the image' preload update --from list --image list.twin --offline
ln list list.img.tag
refused "is both the list and the image's tag" preload update --from list --image list.img --offline
rm list.img.tag
refused 'is both --cafile and the image' preload update --from list --image hosts.txt --cafile hosts.txt --offline
expect_exit 0 "$HOLDFAST" preload compile list list.img

# -- answers appended to the questions would never end
printf '"a.test"\n' >questions
sha256sum questions >before
answers()
{
    # shellcheck disable=SC2094 # that is the point
    timeout 20 "$HOLDFAST" "${@:2}" --jsonl "$1" >>"$1"
}
for command in header decide 'preload lookup'; do
    # shellcheck disable=SC2086
    expect_exit 2 answers questions $command
    expect_text err 'is both --jsonl and the output'
    expect_exit 0 sha256sum --quiet -c before
done
finish
