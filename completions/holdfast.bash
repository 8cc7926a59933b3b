# Completion of holdfast for bash. Commands and options are asked of the program itself, so that they are always those it knows.
# shellcheck shell=bash
_holdfast_commands()
{
    "${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

# The lines of --help that begin with an option: "--name" or "--name VALUE".
_holdfast_options()
{
    "${COMP_WORDS[0]}" "$1" --help 2>/dev/null | sed -n 's/^  \(-., \|    \)\(--[a-z0-9-]*\( [A-Z][A-Z:]*\)\{0,1\}\).*/\2/p'
}

_holdfast()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} value
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_commands) --help --version" -- "$word")
        return
    fi
    value=$(_holdfast_options "$command" | sed -n "s/^$before \(..*\)/\1/p")
    case $command,$before,$value,$word in
    *,--color,*) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word") ;;
    *,FILE,*) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    *,*,?*,*) ;;
    *,-*) mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_options "$command" | sed 's/ .*//')" -- "$word") ;;
    help,*) mapfile -t COMPREPLY < <(compgen -W "$(_holdfast_commands)" -- "$word") ;;
    esac
}
complete -o default -F _holdfast holdfast
