#!/bin/sh
# Dumps the database into a file of its own and keeps the newest BACKUP_KEEP; run by a CronJob.
#
# A dump gets its name once it is complete and was read back. Whatever goes wrong before that, older ones stay.
set -eu
export LC_ALL=C
umask 027
# shellcheck source=postgres.sh
. "$(dirname "$0")/engine.sh"

partial="$BACKUP_FOLDER/.$BACKUP_NAME-$BACKUP_RUN.partial"
finish() {
    status=$?
    rm -f "$partial"
    if [ "$status" -ne 0 ]; then
        echo "the backup of $BACKUP_NAME failed; older ones were not touched" >&2
    fi
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# What a run left behind whose Pod was killed.
find "$BACKUP_FOLDER/." ! -name . -prune -name ".$BACKUP_NAME-*.partial" -mtime +0 -exec rm -f {} +

file="$BACKUP_FOLDER/$BACKUP_NAME-$(date -u +%Y%m%dT%H%M%SZ).$extension"
dump "$partial"
if [ ! -s "$partial" ]; then
    echo "the dump is empty" >&2
    exit 1
fi
check "$partial"
mv "$partial" "$file"

# In the order of their names, which is that of their times.
set -- "$BACKUP_FOLDER/$BACKUP_NAME"-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]T[0-9][0-9][0-9][0-9][0-9][0-9]Z."$extension"
while [ "$#" -gt "$BACKUP_KEEP" ]; do
    rm -f "$1"
    echo "deleted ${1##*/}"
    shift
done
for kept; do
    echo "kept ${kept##*/}"
done
