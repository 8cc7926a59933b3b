# Completion of holdfast for bash. Commands and options are asked of the program itself, so that they are always those it knows.
# shellcheck shell=bash
_holdfast_commands()
{
    "${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

# The commands of a command that has some.
_holdfast_subcommands()
{
    "${COMP_WORDS[0]}" "$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

# The ids of all findings.
_holdfast_findings()
{
    "${COMP_WORDS[0]}" help findings 2>/dev/null | sed -n 's/^  \([a-z][a-z0-9-]*\)  .*/\1/p'
}

# KIND:PATH, which readline takes apart at the colon.
_holdfast_stores()
{
    "${COMP_WORDS[0]}" store where --jsonl 2>/dev/null | sed -n 's/^{"kind":"\([a-z0-9-]*\)","path":"\([^"\\]*\)".*/\1:\2/p'
}

_holdfast_formats()
{
    "${COMP_WORDS[0]}" check --format '' x 2>&1 | sed -n 's/.*(one of \([^)]*\)).*/\1/p'
}

# The lines of --help that begin with an option: "--name" or "--name VALUE".
_holdfast_options()
{
    "${COMP_WORDS[0]}" "$1" --help 2>/dev/null | sed -n 's/^  \(-., \|    \)\(--[a-z0-9-]*\( [A-Z][A-Z:]*\)\{0,1\}\).*/\2/p'
}

# The option that the cursor stands behind. To readline "=" is a word of its own, so that --color=a is three, --build max-age=1 too.
_holdfast_before()
{
    local at=$((COMP_CWORD - 1))
    while [ "$at" -gt 1 ]; do
        case ${COMP_WORDS[at]} in
        '=' | max-age | *,max-age) at=$((at - 1)) ;;
        *) break ;;
        esac
    done
    printf '%s' "${COMP_WORDS[at]}"
}

# A list of parts is completed at its last part.
_holdfast_parts()
{
    compopt -o nospace 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "${1%"${1##*,}"}" -W 'max-age= include-subdomains preload' -- "${1##*,}")
}

_holdfast()
{
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} before value
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_commands) --help --version" -- "$word")
        return
    fi
    [ "$word" != = ] || word=
    before=$(_holdfast_before)
    [ "$before" != -b ] || before=--build
    value=$(_holdfast_options "$command" | sed -n "s/^$before \(..*\)/\1/p")
    case $command,$before,$value,$word in
    store,--from,* | store,--to,*) mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_stores)" -- "$word") ;;
    *,DIR,*) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    *,--color,*) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word") ;;
    probe,--depth,*) mapfile -t COMPREPLY < <(compgen -W 'field standard full' -- "$word") ;;
    *,--depth,*) mapfile -t COMPREPLY < <(compgen -W 'full standard' -- "$word") ;;
    check,--format,*) mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_formats)" -- "$word") ;;
    *,--as,*) mapfile -t COMPREPLY < <(compgen -W 'chromium firefox safari' -- "$word") ;;
    probe,--format,*) mapfile -t COMPREPLY < <(compgen -W 'table jsonl csv' -- "$word") ;;
    *,--fail-on,*) mapfile -t COMPREPLY < <(compgen -W 'error warning info never' -- "$word") ;;
    config,--platform,*) mapfile -t COMPREPLY < <(compgen -W nginx -- "$word") ;;
    config,--context,*) mapfile -t COMPREPLY < <(compgen -W 'main http-block http server' -- "$word") ;;
    config,--stage,*) mapfile -t COMPREPLY < <(compgen -W 'minutes day week month year preload' -- "$word") ;;
    preload,--list,*) mapfile -t COMPREPLY < <(compgen -W 'chromium firefox' -- "$word") ;;
    preload,--from,*) mapfile -t COMPREPLY < <(compgen -f -W debian -- "$word") ;;
    header,--build,*) _holdfast_parts "$word" ;;
    *,FILE,*) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    *,*,?*,*) ;;
    *,-*) mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_options "$command" | sed 's/ .*//')" -- "$word") ;;
    config,config,* | store,store,*) mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_subcommands "$command")" -- "$word") ;;
    preload,preload,*) mapfile -t COMPREPLY < <(compgen -W 'lookup info dump export diff compile update' -- "$word") ;;
    help,*) mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_commands) findings $(_holdfast_findings)" -- "$word") ;;
    esac
}
complete -o default -F _holdfast holdfast
