# How MySQL and MariaDB are dumped and loaded; the password is in MYSQL_PWD.
# shellcheck shell=sh

# shellcheck disable=SC2034 # read by the scripts around this one
extension=sql.gz

if command -v mariadb-dump >/dev/null; then
    client=mariadb
    dumper=mariadb-dump
    identifiers=
else
    client=mysql
    dumper=mysqldump
    # Identifiers of transactions would ask for rights that an application does not have.
    identifiers=--set-gtid-purged=OFF
fi

# A pipe with a name, so that both of its ends are asked how they ended.
pipe="$(mktemp -d)/pipe"
mkfifo "$pipe"

dump() {
    gzip <"$pipe" >"$1" &
    "$dumper" --host="$MYSQL_HOST" --port="$MYSQL_PORT" --protocol=tcp --user="$MYSQL_USER" \
        --single-transaction --routines --triggers --events --no-tablespaces ${identifiers:+"$identifiers"} \
        "$MYSQL_DATABASE" >"$pipe"
    wait "$!"
}

# The last line is written when everything else is.
check() {
    gzip -t "$1"
    case "$(gzip -dc "$1" | tail -n 1)" in
    "-- Dump completed"*) ;;
    *)
        echo "the dump ends before its last line" >&2
        return 1
        ;;
    esac
}

load() {
    gzip -dc "$1" >"$pipe" &
    "$client" --host="$MYSQL_HOST" --port="$MYSQL_PORT" --protocol=tcp --user="$MYSQL_USER" "$MYSQL_DATABASE" <"$pipe"
    wait "$!"
}
