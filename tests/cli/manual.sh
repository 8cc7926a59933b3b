#!/usr/bin/env bash
# The options of every command are the same in --help, in its manual page and in the completion; the examples of the
# manual are true.
#
# An example is a literal display (.Bd -literal) under EXAMPLES: a line that begins with "$ " is a command, what follows
# is its output.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/completions/holdfast.bash"

complete_words()
{
    COMP_WORDS=("$HOLDFAST" "$@")
    COMP_CWORD=$#
    COMPREPLY=()
    _holdfast
    printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
}

mapfile -t commands < <("$HOLDFAST" --help | sed -n 's/^  \([a-z-]*\)  .*/\1/p')
[ ${#commands[@]} -ge 3 ] || fail "only ${#commands[@]} commands"
expect_equal "$(printf '%s\n' --help --version "${commands[@]}" | sort |
    tr '\n' ' ')" "$(complete_words '')" 'the commands completed'
for command in "${commands[@]}"; do
    page=$SOURCE_DIR/man/holdfast-$command.1
    helped=$("$HOLDFAST" "$command" --help | sed -n 's/^  \(-., \|    \)--\([a-z0-9-]*\).*/--\2/p' | sort | tr '\n' ' ')
    expect_text helped --help
    expect_equal "$helped" "$(complete_words "$command" -)" "options of $command completed"
    grep -q "^\.It Cm $command" "$SOURCE_DIR/man/holdfast.1" || fail "holdfast.1 does not list $command"
    [ "$command" != help ] || continue
    expect_equal "$helped" "$(sed -n 's/^\.It Fl \(. , Fl \)\{0,1\}-\([a-z0-9-]*\).*/--\2/p' "$page" | sort |
        tr '\n' ' ')" "options of $command in its page"
    letters=$("$HOLDFAST" "$command" --help | sed -n 's/^  -\(.\), --\([a-z0-9-]*\).*/\1 \2/p' | sort)
    expect_equal "$letters" "$(sed -n 's/^\.It Fl \(.\) , Fl -\([a-z0-9-]*\).*/\1 \2/p' "$page" |
        sort)" "letters of $command in its page"
done
expect_equal 'always auto ' "$(complete_words header --color a)" 'a value completed'
expect_equal 'json text ' "$(complete_words check --format '')" 'every format completed'
expect_equal 'always auto never ' "$(complete_words decide --color = )" 'every value completed'
expect_equal 'always auto ' "$(complete_words header --color = a)" 'a value behind = completed'
for command in check header; do
    expect_equal 'error info never warning ' "$(complete_words "$command" \
        --fail-on '')" "severities of $command completed"
    expect_equal 'warning ' "$(complete_words "$command" --fail-on = w)" "a severity of $command completed"
done
expect_equal 'include-subdomains max-age= preload ' "$(complete_words header --build '')" 'parts completed'
expect_equal 'include-subdomains max-age= preload ' "$(complete_words header -b '')" 'parts behind the letter completed'
expect_equal '1y,preload ' "$(complete_words header --build = max-age = 1y,p)" 'the second part completed'
expect_equal 'preload,include-subdomains ' "$(complete_words header --build preload,i)" 'another second part completed'
expect_equal 'compile ' "$(complete_words preload c)" 'a subcommand completed'
expect_equal 'lint ' "$(complete_words config l)" 'a subcommand of config completed'
expect_equal 'http http-block ' "$(complete_words config lint --context h)" 'contexts completed'
expect_equal 'chromium firefox ' "$(complete_words preload update --list '')" 'lists completed'
expect_equal 'findings ' "$(complete_words help find)" 'the list of findings completed'
expect_equal 'hsts-several hsts-short hsts-short-on-preloaded hsts-stripped hsts-subdomains-not-on-apex ' "$(complete_words help hsts-s)" 'findings completed'
touch a-file
expect_equal 'a-file ' "$(complete_words decide --known a-)" 'a file completed'

mkdir bin
ln -s "$HOLDFAST" bin/holdfast
PATH=$PWD/bin:$PATH

run_example()
{
    [ -z "$command" ] || expect_equal "$wanted" "$(bash -c "$command" 2>&1)" "$(basename "$page"): $command"
    command=
}

examples=0
for page in "$SOURCE_DIR"/man/holdfast*.1; do
    inside=false literal=false command=
    while IFS= read -r line; do
        line=${line//\\e/\\}
        case $inside,$literal,$line in
        *,'.Sh EXAMPLES') inside=true ;;
        *,'.Sh '*) inside=false ;;
        true,*,'.Bd -literal'*) literal=true ;;
        true,*,'.Ed') run_example; literal=false ;;
        true,true,'$ '*) run_example; command=${line#\$ } wanted='' examples=$((examples + 1)) ;;
        true,true,*) wanted=$wanted${wanted:+$'\n'}$line ;;
        esac
    done <"$page"
done
[ "$examples" -ge 7 ] || fail "only $examples examples were found"
finish
