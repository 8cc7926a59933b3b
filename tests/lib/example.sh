#!/usr/bin/env bash
# example.sh PROGRAM BASE: runs an example with the arguments in BASE.args; its output must be what BASE.expected says.
set -u
arguments=()
if [ -f "$2.args" ]; then
    read -r -a arguments <"$2.args"
fi
diff -u "$2.expected" <("$1" "${arguments[@]}" || echo "exit $?")
