#!/usr/bin/env bash
# The catalogue of rules, the code and the manual say the same; a file of the catalogue that is malformed ends the
# build.
. "$SOURCE_DIR/tests/lib/check.sh"
catalogue=$SOURCE_DIR/src/findings/catalogue
ids_of() # FAMILY...
{
    cat "$@" | grep -E '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' | sort
}
ids=$(ids_of "$catalogue"/*.txt)
[ "$(wc -l <<<"$ids")" -ge 80 ] || fail "only these rules were found: $ids"
expect_equal "$(sort -u <<<"$ids")" "$ids" 'rules that are there once'

# Some families are about configurations, the others about sites.
of_configurations=("$catalogue"/{value,configuration,nginx}.txt)
mapfile -t of_sites < <(printf '%s\n' "$catalogue"/*.txt | grep -vxF "$(printf '%s\n' "${of_configurations[@]}")")
judged=("${of_sites[@]}")

# raised_in FOLDERS FAMILY...: every rule is raised, its symbol stands there. That every symbol is a rule is the
# compiler's business.
raised_in()
{
    local -a folders
    local id symbol
    read -ra folders <<<"$1"
    shift
    for id in $(ids_of "$@"); do
        symbol=RULE_$(tr 'a-z-' 'A-Z_' <<<"$id")
        grep -qwr --include='*.c' "$symbol" "${folders[@]/#/$SOURCE_DIR/src/}" || fail "nothing raises $id: $symbol"
        checks=$((checks + 1))
    done
}

# explained_in PAGE FAMILY...: the manual explains every rule of these families, each under its severity, and nothing
# else.
explained_in()
{
    local page=$SOURCE_DIR/man/$1 severity wanted
    shift
    expect_equal "$(ids_of "$@")" \
        "$(sed -n '/^\.Ss Findings/,/^\.Sh/s/^\.It Cm //p' "$page" | tr -d ' ' | tr ',' '\n' | sort)" \
        "the findings in $page"
    for severity in error warning info; do
        wanted=$(awk -v severity="$severity" '/^[a-z][a-z0-9-]*$/ { id = $0 }
            $0 == "severity: " severity { print id }' "$@" | sort)
        expect_equal "$wanted" "$(sed -n "/^Of severity $severity:/,/^\.El/s/^\.It Cm //p" "$page" | tr -d ' ' |
            tr ',' '\n' | sort)" "the rules of severity $severity in $page"
    done
}
raised_in rules "${of_sites[@]}"
explained_in holdfast-check.1 "${of_sites[@]}"
if [ -e "$SOURCE_DIR/src/cmd/config.c" ]; then
    raised_in 'config cmd' "${of_configurations[@]}"
    explained_in holdfast-config.1 "${of_configurations[@]}"
    judged+=("${of_configurations[@]}")
fi

# The titles begin lower case and have no full stop: they stand behind "error ID: ". The other texts are sentences.
grep -nE '^title: ([A-Z][a-z]|.*\.$)' "$catalogue"/*.txt && fail 'a title is a sentence'
awk 'function end() { if (text ~ /^(why|fix|others|text|[a-z]*-trap)/ && text !~ /[.)]$/) print FILENAME ": " text; text = "" }
    /^  / { text = text $0; next } { end() } /^(why|fix|others|text|[a-z]*-trap): / { text = $0 }
    END { end() }' "$catalogue"/*.txt "$SOURCE_DIR"/src/findings/*s.txt >unended
expect_equal '' "$(cat unended)" 'texts that do not end as a sentence'

# What several findings share is used, and no block is left without a line that stands for the policy by mistake.
for shared in visitor:visitors block:blocks; do
    defined=$(grep -E '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' "$SOURCE_DIR/src/findings/${shared#*:}.txt" | sort)
    used=$(sed -n "s/^${shared%:*}: \([^ ]*\).*/\1/p" "$catalogue"/*.txt | sort -u)
    expect_equal "$defined" "$used" "the records of ${shared#*:}.txt that findings name"
done

# Whoever meets an error page of a site is told what to do, and a block that speaks of a policy has one to stand in.
awk '$1 == "severity:" { error = $2 == "error" } /^visitor: / { told = 1 }
    /^$/ { if (error && !told) print FILENAME ": " id; error = told = 0 } /^[a-z][a-z0-9-]*$/ { id = $0 }' \
    <(for file in "${of_sites[@]}"; do cat "$file"; echo; done) >untold
expect_equal '' "$(cat untold)" 'errors that do not say what a visitor can do'
blocks_with_policy=$(awk '/^[a-z][a-z0-9-]*$/ { id = $0 } /POLICY/ { print id }' "$SOURCE_DIR/src/findings/blocks.txt")
for block in $blocks_with_policy; do
    grep -qE "^block: $block\$" "$catalogue"/*.txt && fail "a finding names the block $block without a policy"
    checks=$((checks + 1))
done

# Every finding is raised from literals or by the lab, and has a near miss.
expect_exit 0 python3 "$SOURCE_DIR/tests/meta/near_misses.py" "$SOURCE_DIR" "${judged[@]}"
expect_equal '' "$out" 'findings that nothing raises, or that have no near miss'

# docs/findings is what the catalogue says.
expect_exit 0 "$SOURCE_DIR/tools/findings-docs" "$TEST_DIR/docs"
expect_exit 0 diff -ru "$SOURCE_DIR/docs/findings" "$TEST_DIR/docs"
[ -z "$out" ] || printf '%s\n' "$out" 'Write it anew: tools/findings-docs'

# The compiler of catalogues: a good file, then one fault each, named with its file and line.
compile()
{
    cmake "-DFILES=$TEST_DIR/one.txt" "-DVISITORS=$TEST_DIR/visitors.txt" "-DBLOCKS=$TEST_DIR/blocks.txt" \
        "-DOUT=$TEST_DIR/out" -P "$SOURCE_DIR/cmake/catalogue.cmake"
}
good='# A heading.

a-rule
severity: info
section: 8.4
title: a [title]; with \ and "quotes"
why: Because.
  It goes on.
fix: Do it.

b-rule
severity: error
configuration: warning
section: -
title: b
why: B.
fix: Do b.
others: Guides say
  c.
visitor: look
block: lines max-age=1; preload'
visitors='look
text: Look at it.'
blocks='lines
nginx:
    # "here":
      a "POLICY"; [b]
nginx-trap: Mind
  the gap.
caddy:
    c'
write_all()
{
    printf '%s\n' "$good" >one.txt
    printf '%s\n' "$visitors" >visitors.txt
    printf '%s\n' "$blocks" >blocks.txt
}
write_all
expect_exit 0 compile
row() # TEXT: the table has a row with it
{
    expect_equal 1 "$(grep -cF "$1" out/rule_table.c)" "the row $1"
}
row '[RULE_A_RULE] = {"a-rule", HF_SEVERITY_INFO, HF_SEVERITY_INFO, "8.4", "a [title]; with \\ and \"quotes\"", "Because. It goes on.", "Do it.", NULL, NULL, NULL, NULL, &families[0]},'
row '[RULE_B_RULE] = {"b-rule", HF_SEVERITY_ERROR, HF_SEVERITY_WARNING, "-", "b", "B.", "Do b.", "Look at it.", "Guides say c.", &blocks[0], "max-age=1; preload", &families[0]},'
row '{"lines", {[FINDING_SERVER_NGINX] = {"# \"here\":\n  a \"POLICY\"; [b]", "Mind the gap."}, [FINDING_SERVER_APACHE] = {NULL, NULL}, [FINDING_SERVER_CADDY] = {"c", NULL}, }},'
row '{"one", "A heading."},'
expect_equal 1 "$(grep -c 'RULE_A_RULE,' out/include/findings/rule_ids.h)" 'the symbol'
refused() # LINE TEXT: what compile says of one.txt; or of the file $3
{
    expect_exit 1 compile
    err=$(tr '\n' ' ' <<<"$err" | tr -s ' ')
    expect_text err "${3:-one.txt}:$1: $2"
    write_all
}
change() # SED-SCRIPT [FILE]
{
    sed -i "$1" "${2:-one.txt}"
}
change '3s/.*/A-rule/'
refused 3 'neither an id'
change '4s/info/fatal/'
refused 4 "'fatal' is not a severity"
change '13s/warning/fatal/'
refused 13 "'fatal' is not a severity"
change '5s/8.4/eight/'
refused 5 "'eight' is not a section"
change '9d'
refused 3 'a-rule has no fix'
change '7,8d'
refused 3 'a-rule has no why'
change '9p'
refused 10 'a-rule has two lines fix:'
change '3d'
refused 3 'severity: no id stands above it'
change '5a\  more'
refused 6 'there is no text above'
change '7s/Because/Because: \o303\o274/'
refused 7 'an octet that is not printable ASCII'
change '7s/why/whence/'
refused 7 "neither an id nor one of the keys: 'whence:'"
change '9s/:.*/:/'
refused 9 'fix: without a value'
change '11s/b-/a-/'
refused 11 'a-rule is in the catalogue already'
change '20s/look/loom/'
refused 20 "'loom' is not in visitors.txt"
change '21s/lines/line/'
refused 21 "'line' is not in blocks.txt"
change '1s/..//'
refused 1 "not '# ' and the heading of the family"
change '2s/text/words/' visitors.txt
refused 2 "neither an id nor one of the keys: 'words:'" visitors.txt
change '2s/$/ x/' blocks.txt
refused 2 'the lines of nginx: come below it' blocks.txt
change '7d' blocks.txt
refused 7 'four blanks, but no block of lines above' blocks.txt
change '5s/nginx/apache/' blocks.txt
refused 1 'lines has apache-trap, but no apache' blocks.txt
printf '# nothing\n' >one.txt
expect_exit 1 compile
expect_text err 'the catalogue is empty'
finish
