#!/bin/sh
# Writes down the one login that PgBouncer lets in, then becomes PgBouncer.
set -eu
umask 077

quoted() {
    printf '%s' "$1" | sed 's/"/""/g'
}

user=$(quoted "$PGUSER")
password=$(quoted "$PGPASSWORD")
printf '"%s" "%s"\n' "$user" "$password" >"${PGBOUNCER_FOLDER:-/run/pgbouncer}/userlist.txt"
exec pgbouncer "$(dirname "$0")/pgbouncer.ini"
