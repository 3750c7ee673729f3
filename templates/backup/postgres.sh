# How PostgreSQL is dumped and loaded; host, login and database are in the variables of libpq.
# shellcheck shell=sh

# shellcheck disable=SC2034 # read by the scripts around this one
extension=dump

dump() {
    pg_dump --no-password --format=custom --file="$1"
}

# To read every block: the list of contents stands in front, and would be there in half a file too.
check() {
    pg_restore --file=/dev/null "$1"
}

load() {
    pg_restore --no-password --clean --if-exists --single-transaction --dbname="$PGDATABASE" "$1"
}
