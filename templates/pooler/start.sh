#!/bin/sh
# start.sh FOLDER: writes the one login that PgBouncer lets in into FOLDER, then becomes PgBouncer.
set -eu
umask 077

quoted() {
    printf '%s' "$1" | sed 's/"/""/g'
}

user=$(quoted "$PGUSER")
password=$(quoted "$PGPASSWORD")
printf '"%s" "%s"\n' "$user" "$password" >"$1/userlist.txt"
exec pgbouncer "$(dirname "$0")/pgbouncer.ini"
