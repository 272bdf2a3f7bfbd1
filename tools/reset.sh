#!/bin/sh
# Back to a fresh clone: removes .venv, caches and everything that Glassworks stored. Lists it and asks first.
set -eu
home=${GLASSWORKS_HOME:-${HOME:?HOME is not set; name the folder with GLASSWORKS_HOME}/.glassworks}
store=${GLASSWORKS_STORE:-$home/store}

echo "This removes, for good:"
for folder in .venv build "$home" "$store"; do
    if [ -d "$folder" ]; then echo "  $(du -sh "$folder" | cut -f1)  $folder"; fi
done
printf 'Models, datasets and runs in these folders are lost. Type "remove" to go on: '
read -r answer || answer=
[ "$answer" = remove ] || { echo "Nothing was removed."; exit 0; }
# What still runs would go on writing into folders that are about to be removed.
if [ -x .venv/bin/glassworks ]; then .venv/bin/glassworks down --runs; fi
make --no-print-directory clean
rm -rf .venv
# Only what Glassworks itself writes: a home that is also something else keeps its other files.
for name in runs keys artifacts items format.json store.lock; do rm -rf "${store:?}/$name"; done
for name in machine.json logs uploads server.json server.lock glassworks.db glassworks.db-wal glassworks.db-shm; do
    rm -rf "${home:?}/$name"
done
rmdir "$store" "$home" 2>/dev/null || true
echo "Removed. \`make start\` begins again."
