#!/usr/bin/env bash
# What the lab expects is in the catalogue; its hosts are in its manual; and no number of findings hides an error.
. "$SOURCE_DIR/tests/lib/check.sh"
names=$(cat "$SOURCE_DIR"/src/findings/catalogue/*.txt | grep -E '^[a-z][a-z0-9-]*$' | sort)
"$HOLDFAST" lab --check --json >lab.json
for expected in $(sed -n 's/.*"expected": "\(.*\)",/\1/p' lab.json | tr -d ','); do
    [ "$expected" = hsts-in-force ] || grep -qx -- "$expected" <<<"$names" || fail "the lab expects $expected"
    checks=$((checks + 1))
done
hosts=$(sed -n 's/.*"host": "\(.*\)",/\1/p' lab.json)
expect_equal "$hosts" "$(sed -n 's/^\.It \(.*\.lab\.test\)$/\1/p' "$SOURCE_DIR/man/holdfast-lab.1")" \
    'the hosts in the manual of lab'

# `help findings` lists the whole catalogue, within the width of a terminal; `help FINDING` shows all of each.
expect_exit 0 "$HOLDFAST" help findings
expect_equal "$names" "$(sed -n 's/^  \([a-z][a-z0-9-]*\)  .*/\1/p' <<<"$out" | sort)" 'the findings that help lists'
expect_equal '' "$(awk 'length > 80' <<<"$out")" 'lines of help findings that are wider than 80 columns'
expect_text out 'The addresses of one name, compared with each other.'
for name in $names; do
    printf '== %s\n' "$name"
    "$HOLDFAST" help "$name" || printf 'exit %s\n' $?
done >pages
expect_equal '' "$(awk '/^== / { if (name && parts != 3) print name; name = $2; parts = 0 }
    $2 == name ":" { parts++ } /^(why|fix): [A-Z"`]/ { parts++ } END { if (parts != 3) print name }' pages)" \
    'findings whose page has no title, why and fix'
expect_equal '' "$(grep -nE '^exit|POLICY|HOST' pages | grep -v ' HOST"')" 'pages that fail, or are not filled in'
expect_equal '' "$(awk 'length > 80 && !/^(error|warning|info|  tls|  Header) /' pages)" 'lines of pages that are too wide'
expect_exit 0 "$HOLDFAST" help hsts-missing
for text in 'error hsts-missing: there is no HSTS header (RFC 6797 7.1)' $'\nnginx:\n' $'\nApache:\n' $'\nCaddy:\n' \
    'add_header Strict-Transport-Security "max-age=300" always;' $'\n  mind: ' $'\nvisitors: Type https://' $'\nothers: '; do
    expect_text out "$text"
done
expect_text out $'\nin a configuration: warning\n'
expect_exit 0 "$HOLDFAST" help cert-expired
expect_no_text out 'in a configuration'
expect_no_text out nginx
finish
