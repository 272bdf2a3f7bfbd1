#!/bin/sh
# Makes a virtual environment: `make_venv.sh FOLDER`. Takes $PYTHON, else the first python3 that is new enough.
# Says in one line what to install when there is none, or when it lacks the venv module.
set -u
folder=$1

is_new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    is_new_enough "$python" && break
    python=
done
if [ -z "$python" ]; then
    echo "Glassworks needs Python 3.11 or newer, found none. Install it, or name one: make start PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Python $version lacks its venv module. Install it (Debian, Ubuntu: apt install python$version-venv), then run the command again." >&2
    exit 1
fi
exec sh tools/step.sh venv "Making $folder" "$python" -m venv "$folder"
