#!/bin/sh
# Runs one command quietly: `step.sh NAME "What it does" COMMAND...`
# Prints one line; the command's output goes to build/logs/NAME.log and is shown only when the command fails.
set -u
name=$1 title=$2
shift 2
log=build/logs/$name.log
mkdir -p build/logs
printf '%-32s' "$title"
start=$(date +%s)
if "$@" >"$log" 2>&1; then
    printf '%4s s\n' "$(($(date +%s) - start))"
else
    code=$?
    printf 'failed\n\n'
    cat "$log"
    printf '\n%s failed. The text above is also in %s.\n' "$title" "$log"
    exit "$code"
fi
