#!/usr/bin/env bash
# The runner can fail: every expectation of every vector is turned round, one at a time, and each must be counted as
# failed.
. "$SOURCE_DIR/tests/lib/check.sh"

# all_fail KIND FILE: the runner counts each line of FILE as failed, and says so in its exit code.
all_fail()
{
    local lines
    lines=$(grep -vc '^#' "$2")
    [ "$lines" -gt 0 ] || fail "$2: nothing was turned round"
    expect_exit 1 "$HF_VECTORS" "$1" "$2"
    expect_equal "0 passed, $lines failed" "${out##*$'\n'}" "$2"
    awk -v file="$2" -F : '$1 == file { failed[$2] }
        END { while ((getline line <file) > 0) { n++; if (line !~ /^#/ && !(n in failed)) print file ":" n " has not failed: " line } }
    ' <<<"$out"
}

# The verdict turned round; then max-age, then includeSubDomains. Where either verdict may pass, only nonsense fails. A
# max-age that may have been cut to the largest number is not changed: another one may be cut likewise.
flip_header()
{
    awk -F '\t' -v OFS='\t' '
        /^#/ { next }
        $6 ~ /^AMBIGUOUS/ { $2 = "perhaps"; print; next }
        { verdict = $2; age = $3; flag = $4; note = $6 }
        verdict == "reject" { $2 = "accept"; print; next }
        { $2 = "reject"; print; $2 = verdict }
        length(age) < 18 { $3 = age "7"; print; $3 = age }
        { $4 = flag == 1 ? 0 : 1; print }
    ' "$1"
}

flip_url()
{
    awk -F '\t' -v OFS='\t' '/^#/ { next } { $2 = "\"https://turned.round.test/\""; $3 = "-"; print }' "$1"
}

# Every expectation of a scenario turned round, each in a copy of its own. "disagree" is taken out, for it allows two
# answers.
flip_store()
{
    awk '
        function opposite(value)
        {
            if (value ~ /true$/) { sub(/true$/, "false", value); return value }
            if (value ~ /false$/) { sub(/false$/, "true", value); return value }
            if (value ~ /"$/) { sub(/"[^"]*"$/, "\"https://turned.round.test/\"", value); return value }
            sub(/[0-9]+$/, "9&", value)
            return value
        }
        # Prints the line once for each key and value of `part`, a substring that begins behind `before`.
        function each(before, part, after, pattern, done)
        {
            while (match(part, pattern)) {
                print before done substr(part, 1, RSTART - 1) opposite(substr(part, RSTART, RLENGTH)) substr(part, RSTART + RLENGTH) after
                done = done substr(part, 1, RSTART + RLENGTH - 1)
                part = substr(part, RSTART + RLENGTH)
            }
        }
        /^#/ { next }
        {
            rest = $0
            done = ""
            while (match(rest, /"expect": (\{[^}]*\}|"[^"]*"|[^,}]*)/)) {
                before = done substr(rest, 1, RSTART - 1)
                part = substr(rest, RSTART, RLENGTH)
                after = substr(rest, RSTART + RLENGTH)
                if (part ~ /\{/)
                    each(before "\"expect\": ", substr(part, 11), after, "\"[a-z_]*\": (true|false|\"[^\"]*\")", "")
                else
                    print before opposite(part) after
                done = before part
                rest = after
            }
        }
    '
}

without_disagree()
{
    grep -v '^#' "$1" | sed 's/"disagree": *"\([^"\\]\|\\.\)*", *//'
}

for file in "$SOURCE_DIR"/tests/vectors/header*.tsv; do
    flip_header "$file" >"header-${file##*/}"
    all_fail header "header-${file##*/}"
done

for file in "$SOURCE_DIR"/tests/vectors/url*.tsv; do
    flip_url "$file" >"url-${file##*/}"
    all_fail url "url-${file##*/}"
done

for file in "$SOURCE_DIR"/tests/vectors/store*.jsonl; do
    base=${file##*/}
    without_disagree "$file" >"plain-$base"
    # Scenarios that hold only by "disagree" fail here already, and would still fail when turned round.
    "$HF_VECTORS" store "plain-$base" >plain.out || true
    awk -F : -v file="plain-$base" 'NR == FNR { if ($1 == file) failed[$2]; next } !(FNR in failed)' plain.out \
        "plain-$base" |
        flip_store >"store-$base"
    all_fail store "store-$base"
    # What no reading allows fails with "disagree" too.
    grep -v '^#' "$file" |
        sed 's/"steps": \[/&{"op": "count", "at": 0, "expect": 4711}, /' >"never-$base"
    all_fail store "never-$base"
done

# Every answer turned into another one.
awk -F '\t' -v OFS='\t' '!/^#/ && NF { $3 = $3 == "-" ? "other.test" : "-"; print }' \
    "$SOURCE_DIR/tests/vectors/preload.tsv" >preload-turned.tsv
all_fail preload preload-turned.tsv

# Each user agent's answer moved by an hour, or given where there is none, or taken away.
flip_forecast()
{
    python3 - "$1" <<'END'
import json, sys

for line in open(sys.argv[1]):
    if line.startswith("#"):
        continue
    for name, answer in json.loads(line)["expect"].items():
        for other in [{"until": 1}] if answer is None else [dict(answer, until=answer["until"] - 3600), None]:
            vector = json.loads(line)
            vector["expect"][name] = other
            print(json.dumps(vector))
END
}

flip_forecast "$SOURCE_DIR/tests/vectors/forecast.jsonl" >forecast-turned.jsonl
all_fail forecast forecast-turned.jsonl

# An error more, or one less; a warning likewise; another header, another number.
flip_eligibility()
{
    python3 - "$1" <<'END'
import copy, json, sys

for line in open(sys.argv[1]):
    if line.startswith("#"):
        continue
    vector = json.loads(line)
    for key, value in vector["expect"].items():
        other = copy.deepcopy(vector)
        if isinstance(value, list):
            other["expect"][key] = value[1:] if value else ["response.no_header"]
        elif isinstance(value, dict):
            other["expect"][key]["preload"] = not value["preload"]
        else:
            other["expect"][key] = "turned round"
        print(json.dumps(other))
END
}

flip_eligibility "$SOURCE_DIR/tests/vectors/eligibility.jsonl" >eligibility-turned.jsonl
all_fail eligibility eligibility-turned.jsonl

# What is no vector at all fails, and so does a file without any.
printf '%s\n' 'max-age=1' '"max-age=1"\taccept' '"\u0100"	accept	1	0' >rubbish.tsv
all_fail header rubbish.tsv
printf '%s\n' 'http://exact.test/' '"http://exact.test/"' 'http://exact.test/	-' >rubbish.tsv
all_fail url rubbish.tsv
printf '%s\n' 'a.test+' 'a..test	a.test	-' 'a.test+	a b	-' >rubbish.tsv
all_fail preload rubbish.tsv
printf '%s\n' '{' '{}' '{"name": "x", "steps": []}' '{"name": "x", "steps": [{"op": "no such"}]}' >rubbish.jsonl
all_fail store rubbish.jsonl
printf '%s\n' '{' '{}' '{"id": "x", "kind": "horizon"}' '{"id": "x", "kind": "horizon", "ask": {"host": "a.test", "at": 1}}' \
    >rubbish.jsonl
all_fail forecast rubbish.jsonl
printf '%s\n' '{' '{}' '{"id": "x", "op": "parse_header", "header": "max-age=1"}' \
    '{"id": "x", "op": "preloadable_domain", "expect": {"errors": [], "warnings": []}}' >rubbish.jsonl
all_fail eligibility rubbish.jsonl
: >empty.tsv
for kind in header url store preload forecast eligibility; do
    expect_exit 1 "$HF_VECTORS" "$kind" empty.tsv
    expect_exit 1 "$HF_VECTORS" "$kind" missing.tsv
done
expect_exit 2 "$HF_VECTORS" colour empty.tsv

finish
