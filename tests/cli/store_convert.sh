#!/usr/bin/env bash
# What conversions keep, what they say before they write, and stores that are named with the wrong kind.
. "$SOURCE_DIR/tests/lib/check.sh"
at=1795170300
key='^partitionKey=%28https%2Cexample.test%29'
row() # KEY VALUE
{
    printf '%s\t3\t20777\t%s\n' "$1" "$2"
}

# -- Firefox's own site is everybody's plain policy; another site's is not.
{
    row "own.example.test$key" 1890000000000,1,1
    row "party.example.org$key" 1890000000000,1,0
    row 'old.example.test^partitionKey=%28http%2Cexample.test%29:HSTS' 1890000000000,1,0,2
    row 'pins.example.test:HPKP' 1990000000000,1,1,pin=
    row 'pins.example.test:HSTS' 1890000000000,1,0
} >rows.txt
expect_exit 0 "$HOLDFAST" store import firefox-txt:rows.txt --to holdfast:own --at $at
expect_exit 0 "$HOLDFAST" store list --from holdfast:own --at $at
for host in own.example.test\ includeSubDomains old.example.test pins.example.test; do
    expect_text out "2029-11-22T00:00:00Z  $host"$'\n'
done
expect_text out "party.example.org $key"
expect_exit 0 "$HOLDFAST" store convert firefox-txt:rows.txt firefox:rows.bin --at $at
expect_exit 0 "$HOLDFAST" store list --from firefox:rows.bin --at $at
expect_text out "old.example.test $key"
expect_exit 0 "$HOLDFAST" store convert firefox-txt:rows.txt safari:rows.plist --at $at

# -- Lower: said before it is written, host by host.
printf 'a.example.test "20300101 00:00:00"\n.b.example.test "20300101 00:00:00"\n' >strong
printf 'a.example.test "20290101 00:00:00"\nb.example.test "20300101 00:00:00"\n' >weak
expect_exit 0 "$HOLDFAST" store import curl:weak --to curl:strong --at $at
expect_text err 'a.example.test: strong protects it less than before'
expect_text err 'b.example.test: strong protects it less than before'
expect_text out '2 protected less than before'
printf 'localhost "20300101 00:00:00"\n' >local
expect_exit 0 "$HOLDFAST" store convert curl:local chromium:local.ts --at $at
expect_text err 'localhost: local.ts protects it less than before'

# -- The wrong kind.
printf '# HSTS\na.example.test\t0\t1\t1790000000\t31536000\n' >hosts
for name in curl:hosts firefox-txt:hosts hosts; do
    "$HOLDFAST" store list --from $name >out.txt 2>err.txt && fail "$name was read"
    expect_equal 1 "$(wc -l <err.txt)" "$name: one line"
    err=$(cat err.txt)
    expect_text err 'hosts is a store of kind wget: write wget:hosts'
done
cp hosts before
expect_exit 3 "$HOLDFAST" store add b.example.test max-age=1000 --to curl:hosts
expect_equal "$(cat before)" "$(cat hosts)" 'the store as it was'
finish
