#!/usr/bin/env bash
# holdfast store: where, list, query, add, delete, clear, import, export, convert, diff, on stores made here.
. "$SOURCE_DIR/tests/lib/check.sh"
samples=$SOURCE_DIR/tests/samples
at=1795170300
says() # WANTED ARGUMENTS...
{
    local wanted=$1
    shift
    expect_exit 0 "$HOLDFAST" store "$@"
    expect_equal "$wanted" "$out" "store $*"
}

# -- our own store
own=$XDG_DATA_HOME/holdfast/known-hosts
says "holdfast:$own"$'\n''0 entries' list
says "holdfast:$own: 1 written" add example.com 'max-age=31536000; includeSubDomains' --at $at
says "holdfast:$own: 1 written" add 'BÜCHER.example.' 'max-age=60' --at $at
says "holdfast:$own"$'\n''2027-11-20T10:25:00Z  example.com includeSubDomains'$'\n''2026-11-20T10:26:00Z  xn--bcher-kva.example'$'\n''2 entries' list --at $at
says '2026-11-20T10:26:00Z  xn--bcher-kva.example expired' list -q --at 1795170361 bücher.example
expect_equal 600 "$(stat -c %a "$own")" 'the mode of the store'
says "x.example.com in holdfast:$own: enforced: inherited from example.com (includeSubDomains), learned
  since 2026-11-20T10:25:00Z, until 2027-11-20T10:25:00Z (364 days left)
  lifted by: holdfast store delete example.com --from holdfast:$own
  it returns as soon as the host sends its policy again" query x.example.com --at 1795170301 --from "holdfast:$own"
expect_exit 0 "$HOLDFAST" store query --json example.com x.bücher.example --at $at
expect_equal 'True exact learned False None' "$(python3 -c 'import json, sys; a, b = json.load(sys.stdin)["answers"]; print(a["enforced"], a["match"], a["source"], b["enforced"], b["match"])' <<<"$out")" 'answers'
expect_exit 0 "$HOLDFAST" store delete x.example.com
expect_text out 'it is covered by example.com with includeSubDomains'
expect_exit 0 "$HOLDFAST" store delete --dry-run example.com
expect_text out '1 would be deleted, 1 would stay'
expect_exit 0 "$HOLDFAST" store delete example --subtree
expect_text out '1 deleted, 1 stayed'
expect_text out 'This lowers protection on this machine only'
expect_text out 'returns as soon as the host sends its policy again'
expect_exit 0 "$HOLDFAST" store delete --between 2026-11-20T10:24:00Z 1795170300
expect_text out '0 deleted, 1 stayed'
expect_exit 0 "$HOLDFAST" store delete --between 2026-11-20T10:24:00Z 1795170301
expect_text out '1 deleted, 0 stayed'
expect_no_text out 'x.example.com'
says "holdfast:$own"$'\n''0 entries' list

# -- import, export, clear; an older note does not undo a later one
expect_exit 0 "$HOLDFAST" store import "wget:$samples/wget/wget-hsts.top" --at $at
expect_text out ": 9 written"
expect_text out '1 superseded by a later note'
expect_exit 0 "$HOLDFAST" store add plain.test 'max-age=7' --at $((at + 10))
expect_exit 0 "$HOLDFAST" store import "wget:$samples/wget/wget-hsts.top" --at $at
expect_text out '1 known there from a later note'
expect_exit 0 "$HOLDFAST" store list plain.test -q --at $at
expect_equal '2026-11-20T10:25:17Z  plain.test' "$out" 'the later note'
cp "$samples/curl/hsts.top" curl
printf 'alien.test "20300101 00:00:00"\n' >>curl
cp curl curl.before
chmod 640 curl
expect_exit 0 "$HOLDFAST" store export "curl:$PWD/curl" --at $at
expect_text out ": 9 written, 1 stayed, 7 gone or replaced"
expect_text out "curl.holdfast-backup"
expect_equal 640 "$(stat -c %a curl)" 'the mode stays'
expect_exit 0 cmp curl.before curl.holdfast-backup
expect_equal "$(head -2 "$samples/curl/hsts.top")" "$(head -2 curl)" 'comments stay'
expect_exit 0 "$HOLDFAST" store clear
expect_text out 'This lowers protection'
expect_exit 0 "$HOLDFAST" store import --from "curl:$PWD/curl" --at $at --json --dry-run
expect_text out '"dry_run": true'
says "holdfast:$own"$'\n''0 entries' list

# -- every kind to every kind, and back: what the format keeps is there again
for kind in chromium firefox firefox-txt safari curl wget wget2 libsoup holdfast; do
    expect_exit 0 "$HOLDFAST" store convert "wget2:$samples/wget2/wget2-hsts.top" "$kind:$PWD/to.$kind" --at $at
    expect_exit 0 "$HOLDFAST" store diff "wget2:$samples/wget2/wget2-hsts.top" "$kind:$PWD/to.$kind"
    expect_text out 'only in the second'
    expect_text out ' 0 only in the second'
    expect_exit 0 "$HOLDFAST" store query a.example.test --from "$kind:$PWD/to.$kind" --at $at
    expect_text out 'enforced: inherited from example.test'
    expect_exit 0 "$HOLDFAST" store delete example.test --from "$kind:$PWD/to.$kind" --at $at
    expect_text out '1 deleted'
    expect_exit 0 "$HOLDFAST" store query a.example.test --from "$kind:$PWD/to.$kind" --at $at
    expect_text out 'not known'
    expect_exit 0 "$HOLDFAST" store add example.test max-age=10 --to "$kind:$PWD/to.$kind" --at $at
    expect_exit 0 "$HOLDFAST" store query example.test --from "$kind:$PWD/to.$kind" --at $at
    expect_text out 'enforced: exact, example.test'
    expect_exit 0 "$HOLDFAST" store clear --from "$kind:$PWD/to.$kind"
    expect_exit 0 "$HOLDFAST" store list --from "$kind:$PWD/to.$kind"
    expect_text out '0 entries'
done

# -- Chromium's names: from arguments, a file, our own store
chromium=chromium:$samples/chromium/TransportSecurity.top
expect_exit 0 "$HOLDFAST" store list --from "$chromium" --at $at
expect_text out '8 entries, 8 known by their hash only'
printf '# names\nexample.test\nnot..a..name\nplain.test\n' >names
expect_exit 0 "$HOLDFAST" store list --from "$chromium" --names names --at $at
expect_text out '8 entries, 6 known by their hash only'
expect_text out '2027-05-21T22:22:23Z  example.test includeSubDomains'
expect_exit 0 "$HOLDFAST" store list --from "$chromium" --names <(cat names) --at $at
expect_text out '8 entries, 6 known by their hash only'
printf '\xef\xbb\xbfEXAMPLE.test.\r\n%s\r\nlong.test' "$(head -c 3000 /dev/zero | tr '\0' x)" >odd-names
expect_exit 0 "$HOLDFAST" store list --from "$chromium" --names odd-names --at $at
expect_text out '8 entries, 6 known by their hash only'
expect_text out 'example.test includeSubDomains'
expect_text out 'long.test'
expect_exit 3 "$HOLDFAST" store list --from "$chromium" --names . --at $at
expect_exit 0 "$HOLDFAST" store convert "$chromium" "curl:$PWD/few" --names names --at $at
expect_text out '6 no-name: left out'
expect_exit 0 "$HOLDFAST" store add example.test max-age=10 --at $at
expect_exit 0 "$HOLDFAST" store list --from "$chromium" --at $at
expect_text out '8 entries, 7 known by their hash only'

# -- a limit that is lower says who stayed out
python3 -c 'print("#HSTS 1.0 file\n" + "\n".join(f"host{i}.example 443 0 1795170000 86400" for i in range(2050)))' >many
expect_exit 0 "$HOLDFAST" store convert wget2:many "firefox:$PWD/most" --at $at
expect_text out '2048 written, 2 left out'
expect_text out $'  2 full: left out: the format holds no more rows\n    host2048.example\n    host2049.example'

# -- What is forgotten of our own store stays beside it, and can be read there
rm -f "$own".*
expect_exit 0 "$HOLDFAST" store clear
expect_exit 0 "$HOLDFAST" store add one.test max-age=10 --at $at
expect_exit 0 "$HOLDFAST" store add two.test max-age=10 --at $at
rm -f "$own".*
expect_exit 0 "$HOLDFAST" store clear --dry-run
expect_exit 0 "$HOLDFAST" store delete none.test
expect_exit 2 ls "$own.holdfast-backup"
expect_exit 0 "$HOLDFAST" store delete one.test
expect_text out "the store as it was: $own.holdfast-backup"
expect_exit 0 "$HOLDFAST" store add three.test max-age=10 --at $at
expect_exit 0 "$HOLDFAST" store clear --json
expect_text out "\"backup\": \"$own.holdfast-backup.2\""
expect_exit 0 "$HOLDFAST" store list --at $at -q --from "holdfast:$own.holdfast-backup"
expect_equal $'2026-11-20T10:25:10Z  one.test\n2026-11-20T10:25:10Z  two.test' "$(sort <<<"$out")" 'the first backup'
expect_exit 0 "$HOLDFAST" store list --at $at -q --from "holdfast:$own.holdfast-backup.2"
expect_equal $'2026-11-20T10:25:10Z  three.test\n2026-11-20T10:25:10Z  two.test' "$(sort <<<"$out")" 'the second'
expect_equal 600 "$(stat -c %a "$own.holdfast-backup")" 'the mode of a backup'
says "holdfast:$own"$'\n''0 entries' list

# -- What is damaged makes it partly done, in every command that reads it; nothing was in an empty file
printf 'sound.test "20300101 00:00:00"\nsecond.test "20300101 00:00:00"\nx.test "no date"\n' >damaged
expect_exit 4 "$HOLDFAST" store list --from curl:damaged
expect_text err 'damaged:3: the date'
for command in 'query sound.test --from curl:damaged' 'import curl:damaged' 'import -q curl:damaged' \
    'convert curl:damaged wget:from-damaged' 'export --from curl:damaged --to wget:also-from-damaged' \
    'diff curl:damaged curl:damaged' 'diff curl:curl curl:damaged' 'delete other.test --from curl:damaged' \
    'delete sound.test --from curl:damaged'; do
    # shellcheck disable=SC2086
    expect_exit 4 "$HOLDFAST" store $command
    expect_text "$([ "${command#import curl}" != "$command" ] || [ "${command#[ce][ox][np]}" != "$command" ] && echo out ||
        echo err)" '1 damaged '
done
mkdir home
cp damaged home/.curl-hsts
echo 'hsts = ".curl-hsts"' >home/.curlrc
expect_exit 4 env HOME="$PWD/home" XDG_DATA_HOME="$PWD/none" "$HOLDFAST" store where
expect_text out '1 entry, 1 damaged'
expect_exit 0 "$HOLDFAST" store convert curl:curl "holdfast:$PWD/torn"
printf 'torn' | dd of=torn bs=1 seek="$(($(stat -c %s torn) - 30))" conv=notrunc status=none
expect_exit 4 "$HOLDFAST" store list --from "holdfast:$PWD/torn"
: >nothing
says "holdfast:nothing"$'\n''0 entries' list --from holdfast:nothing

# -- Hosts, not URLs; files, not devices
for command in 'query HOST' 'add HOST max-age=1' 'delete HOST' 'list HOST'; do
    for host in https://a.test/ https://a.test:443/x a.test:443 //u@a.test; do
        # shellcheck disable=SC2086
        expect_exit 2 "$HOLDFAST" store ${command/HOST/$host}
        expect_text err "'${host/u@/***@}': a host is expected, without scheme, port and path: write a.test"
    done
done
for device in /dev/null /dev/zero; do
    expect_exit 3 "$HOLDFAST" store export --from curl:curl --to "curl:$device"
    expect_text err "$device is not a regular file: nothing was written"
done

# -- CSV, JSON Lines
expect_exit 0 "$HOLDFAST" store list --csv --from "wget2:$samples/wget2/wget2-hsts.top"
expect_equal 11 "$(wc -l <"$TEST_DIR/.out")" 'records and a head'
expect_exit 0 "$HOLDFAST" store list --jsonl --from "wget2:$samples/wget2/wget2-hsts.top" --from curl:curl
expect_equal "$(printf '%s\n' "$out" | wc -l)" "$(printf '%s\n' "$out" |
    python3 -c 'import json, sys; print(sum(1 for line in sys.stdin if json.loads(line)["kind"]))')" 'a document a line'

# -- exit codes
expect_exit 2 "$HOLDFAST" store
expect_exit 2 "$HOLDFAST" store lst
expect_equal "holdfast: store: unknown command 'lst': did you mean list?" "$err" 'a slip'
expect_exit 2 "$HOLDFAST" store list --from chromium
expect_text err "'chromium' names no file: write chromium:PATH"
expect_exit 2 "$HOLDFAST" store list --from chrome:x
expect_exit 2 "$HOLDFAST" store query
expect_exit 2 "$HOLDFAST" store query a..b
expect_exit 2 "$HOLDFAST" store add 127.0.0.1 max-age=1
expect_exit 2 "$HOLDFAST" store add example.com nonsense
expect_exit 2 "$HOLDFAST" store add example.com max-age=0
expect_exit 2 "$HOLDFAST" store convert "$chromium" "curl:$PWD/few"
expect_text err 'is there already'
expect_exit 2 "$HOLDFAST" store list --json --csv
expect_exit 2 "$HOLDFAST" store delete --between 1 x
expect_exit 2 "$HOLDFAST" store import "curl:$PWD/curl" --to "curl:$PWD/curl"
expect_exit 3 "$HOLDFAST" store list --from curl:none
expect_text err 'none: No such file or directory'
expect_exit 3 "$HOLDFAST" store list --from "curl:$PWD"
expect_text err 'is a folder'
expect_exit 3 "$HOLDFAST" store list --from "chromium:$samples/curl/hsts.top"
expect_exit 4 "$HOLDFAST" store list --from curl:none --from curl:curl
expect_exit 3 "$HOLDFAST" store list --names none --from curl:curl
finish
