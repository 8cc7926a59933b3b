#!/usr/bin/env bash
# The preload lists in `holdfast store`: query says what each browser's list enforces besides its store, list finds
# names of hashes.
. "$SOURCE_DIR/tests/lib/check.sh"
samples=$SOURCE_DIR/tests/samples
at=1795170300
chromium=chromium:$samples/chromium/TransportSecurity.top
text=firefox-txt:$samples/firefox/SiteSecurityServiceState.txt
nobody='lifted by: preloaded: nobody can remove it here; fix the certificate'
lists=$XDG_DATA_HOME/holdfast/preload

query() # ARGUMENTS...
{
    expect_exit 0 "$HOLDFAST" store query --at $at "$@"
}
# As Python would write it: answer N's members in the order asked for.
member() # N EXPRESSION: of a, the answer, and p, its list
{
    python3 -c 'import json, sys
a = json.load(sys.stdin)["answers"][int(sys.argv[1])]
p = a["preload"]
print(eval(sys.argv[2]))' "$1" "$2" <<<"$out"
}

# -- no list at hand: the top-level domains that every browser's list holds, and what cannot be known
query plain.test x.dev --from "$chromium"
expect_text out 'its preload list is not installed (holdfast preload update): it may enforce the host all the same'
expect_text out 'enforced: inherited from dev (includeSubDomains), preloaded'
expect_text out "$nobody"
query --json a.test --from "$chromium"
expect_equal 'False None None' "$(member 0 'a["enforced"], p["list"], p["listed"]' | tr -d "(),'")" 'no list'

# -- both
mkdir -p "$lists"
printf 'plain.test\t1\nlist.test\t1\nexact.test\t0\nknock.test\t1\nlong.test\t0\n' >names
printf 'knock.test\t1\nexpired.test\t1\nlist.test\t1\n' >firefox-names
expect_exit 0 "$HOLDFAST" preload compile names "$lists/chromium.img" --source 'Chromium 2026-10-01' --date 2026-10-01 \
    --life 70d
expect_exit 0 "$HOLDFAST" preload compile firefox-names "$lists/firefox.img" --source 'Firefox 2026-10-02' \
    --date 2026-10-02 --life 126d

# Chromium: learned or listed, either is enough; what is listed stays whatever is deleted.
query plain.test --from "$chromium"
expect_text out 'enforced: exact, plain.test, learned'
expect_text out 'on its preload list: plain.test with includeSubDomains (Chromium 2026-10-01, 50 days old)'
expect_text out "$nobody"
query a.list.test --from "$chromium"
expect_text out 'enforced: inherited from list.test (includeSubDomains), preloaded'
expect_text out "$nobody"
query exact.test a.exact.test --from "$chromium"
expect_text out 'enforced: exact, exact.test, preloaded'
expect_text out $'a.exact.test in '"$chromium"$': not known\n  not on its preload list (Chromium 2026-10-01, 50 days old)'
query --json a.list.test plain.test nix.test --from "$chromium"
expect_equal "True inherited list.test preloaded None None True Chromium 2026-10-01 2026-10-01T00:00:00Z True False" \
    "$(member 0 '" ".join(map(str, (a["enforced"], a["match"], a["matched"], a["source"], a["observed"], a["expires"], p["enforces"], p["list"], p["list_time"], p["own"], p["stale"])))')" 'inherited from the list'
expect_equal 'True learned True' "$(member 1 '" ".join(map(str, (a["enforced"], a["source"], p["enforces"])))')" 'both'
expect_equal 'False None False' "$(member 2 '" ".join(map(str, (a["enforced"], a["source"], p["listed"])))')" 'neither'

# Firefox: a knock-out or an expired entry hides the list's entry of that name, and of no other.
query knock.test a.knock.test expired.test list.test --from "$text"
expect_text out 'knock.test in '"$text"': not enforced: preloaded, but the host sent max-age=0'
expect_text out 'on a preload list, but what the store says of the name counts more: knock.test'
expect_text out 'expired.test in '"$text"': not enforced: expired'
expect_text out 'enforced: exact, list.test, preloaded'
expect_text out '(Firefox 2026-10-02, 49 days old)'
query --json knock.test a.knock.test --from "$text"
expect_equal 'False True True None' "$(member 1 '" ".join(map(str, (a["enforced"], p["listed"], p["overridden"], a["lifted_by"])))')" 'a knock-out above'
# ... which Chromium does not let win.
query knock.test --from "$chromium"
expect_text out 'enforced: exact, knock.test, preloaded'

# Programs without a list: it is said, and changes nothing.
for kind in curl/hsts.top wget/wget-hsts.top wget2/wget2-hsts.top libsoup/hsts.top.sqlite; do
    query list.test --from "${kind%%/*}:$samples/$kind"
    expect_text out 'not known'
    expect_text out "on a browser's preload list, which this program does not ask: list.test with includeSubDomains (Chromium 2026-10-01, 50 days old)"
    expect_no_text out 'lifted by'
done
query list.test preloaded.test --from "safari:$samples/safari/HSTS.xml.plist"
expect_text out "on the preload list of another browser; Safari's is much like it: list.test"
expect_text out 'enforced: exact, preloaded.test with includeSubDomains, preloaded'
expect_text out "$nobody"
# Ours obeys the list as `visit` does.
query list.test
expect_text out 'enforced: exact, list.test, preloaded'

# -- a list that is too old does not enforce; the browser may have a newer one
expect_exit 0 "$HOLDFAST" store query list.test --at 2026-12-11T00:00:00Z --from "$chromium"
expect_text out 'on its preload list, in an edition that is too old to tell: list.test'
expect_text out 'too old to enforce since 2026-12-10T00:00:00Z'
expect_text out 'lifted by: preloaded, if its newer list has the name still'
expect_exit 0 "$HOLDFAST" store query list.test --at 2026-12-11T00:00:00Z --json --from "$chromium"
expect_equal 'False True True False' "$(member 0 '" ".join(map(str, (a["enforced"], p["listed"], p["stale"], p["enforces"])))')" 'stale'
expect_exit 0 "$HOLDFAST" store query list.test --at 2026-12-11T00:00:00Z --max-list-age 80d --from "$chromium"
expect_text out 'enforced: exact, list.test, preloaded'

# -- another browser's list alone is a hint
query list.test --preload "$lists/firefox.img" --from "$chromium"
expect_text out "on another browser's preload list; its own is not installed (holdfast preload update): list.test"
expect_text out 'not known'
query list.test --no-preload --from "$chromium"
expect_equal "list.test in $chromium: not known (the list that is built into the browser may enforce it all the same)" \
    "$out" 'no list asked'
query list.test --no-preload --json --from "$chromium"
expect_equal None "$(member 0 p)" 'no list asked'
expect_exit 2 "$HOLDFAST" store query list.test --no-preload --preload names
expect_text err '--preload and --no-preload contradict each other'
expect_exit 2 "$HOLDFAST" store query list.test --preload names
expect_exit 2 "$HOLDFAST" store query list.test --preload none

# -- names of hashes
expect_exit 0 "$HOLDFAST" store list --from "$chromium" --at $at
expect_text out 'plain.test'
expect_text out 'long.test'
expect_text out '8 entries, 6 known by their hash only'
expect_exit 0 "$HOLDFAST" store list --from "$chromium" --at $at --no-preload
expect_text out '8 entries, 8 known by their hash only'
expect_exit 0 "$HOLDFAST" store list --from "$chromium" --at $at --preload "$lists/firefox.img"
expect_text out '8 entries, 8 known by their hash only'
expect_exit 0 "$HOLDFAST" store convert "$chromium" "curl:$PWD/curl" --at $at
expect_text out '2 written, 6 left out'
expect_exit 3 "$HOLDFAST" store list --from "$chromium" --preload names

# A damaged list is said, and is none.
head -c 100 "$lists/chromium.img" >cut.img
mv cut.img "$lists/chromium.img"
query list.test --from "$chromium"
expect_text err 'warning: the preload image cannot be used'
expect_text out "on another browser's preload list; its own is not installed"
finish
