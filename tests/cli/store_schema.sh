#!/usr/bin/env bash
# Every document of holdfast store keeps its schema in docs/schema; and the schemas refuse what is not so.
. "$SOURCE_DIR/tests/lib/check.sh"
schema=$SOURCE_DIR/tests/lib/schema.py
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
samples=$SOURCE_DIR/tests/samples

keeps() # SCHEMA ARGUMENTS..., which name a damaged store as wget:wget
{
    local name=$1 code=0
    shift
    case " $* " in *" wget:wget "*) code=4 ;; esac
    expect_exit $code "$HOLDFAST" store "$@"
    cp "$TEST_DIR/.out" document
    case $name in
    *-line) expect_exit 0 python3 "$schema" "$name" --lines <document ;;
    *) expect_exit 0 python3 "$schema" "$name" <document ;;
    esac
    printf '%s' "$out"
}
printf 'good.test\t0\t1\t1\t99999999999\nbroken line\n' >wget
for file in "$samples"/*/*; do
    case $file in *.expected.json) continue ;; esac
    kind=$(sed -n 's/^ "kind": "\(.*\)",$/\1/p' "$file.expected.json")
    keeps store-list list --json --from "$kind:$file"
    ! grep -q '"host' "$file.expected.json" || keeps store-list-line list --jsonl --from "$kind:$file"
    keeps store-query query --json --from "$kind:$file" a.plain.test preloaded.test negative.test
    keeps store-change convert --json "$kind:$file" "holdfast:$PWD/new"
    rm new
done
keeps store-list list --json --from wget:wget --from "curl:$samples/curl/hsts.top"
keeps store-list-line list --jsonl --from wget:wget
cp document lines
keeps store-change add example.com max-age=9 --json
keeps store-change import wget:wget --json
keeps store-where where --json
keeps store-diff diff wget:wget "curl:$samples/curl/hsts.top" --json
keeps store-delete delete --json --from wget:wget good.test
keeps store-delete clear --json

# Flipped expectations.
sed 's/"dry_run": false/"dry_run": 0/' document >wrong
expect_exit 1 python3 "$schema" store-delete <wrong
sed '1s/"state":"set"/"state":"sat"/' lines >wrong
expect_exit 1 python3 "$schema" store-list-line --lines <wrong
finish
