#!/bin/sh
# Loads a backup into the database, in place of what it holds now: the newest, or the one that FILE names.
set -eu
export LC_ALL=C
# shellcheck source=postgres.sh
. "$(dirname "$0")/engine.sh"

set -- "$BACKUP_FOLDER/$BACKUP_NAME"-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]T[0-9][0-9][0-9][0-9][0-9][0-9]Z."$extension"
if [ ! -f "$1" ]; then
    echo "there is no backup of $BACKUP_NAME in $BACKUP_FOLDER" >&2
    exit 1
fi
for file; do
    echo "found ${file##*/}"
done
if [ -n "${FILE:-}" ]; then
    file="$BACKUP_FOLDER/${FILE##*/}"
    if [ ! -f "$file" ]; then
        echo "there is no $FILE in $BACKUP_FOLDER" >&2
        exit 1
    fi
fi
echo "restoring ${file##*/}"
check "$file"
load "$file"
echo "restored ${file##*/}"
