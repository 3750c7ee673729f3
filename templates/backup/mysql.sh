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

# Where images keep the authorities that they trust.
for authorities in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    if [ -e "$authorities" ]; then
        break
    fi
done

connect() {
    tool=$1
    shift
    case "$client ${MYSQL_TLS:-}" in
    "mysql required") set -- --ssl-mode=REQUIRED "$@" ;;
    "mysql verified") set -- --ssl-mode=VERIFY_IDENTITY --ssl-ca="$authorities" "$@" ;;
    "mariadb required") set -- --ssl --skip-ssl-verify-server-cert "$@" ;;
    "mariadb verified") set -- --ssl --ssl-verify-server-cert --ssl-ca="$authorities" "$@" ;;
    esac
    "$tool" --host="$MYSQL_HOST" --port="$MYSQL_PORT" --protocol=tcp --user="$MYSQL_USER" "$@" "$MYSQL_DATABASE"
}

# A pipe with a name, so that both of its ends are asked how they ended.
pipe="$(mktemp -d)/pipe"
mkfifo "$pipe"

dump() {
    gzip <"$pipe" >"$1" &
    connect "$dumper" --single-transaction --routines --triggers --events --no-tablespaces \
        ${identifiers:+"$identifiers"} >"$pipe"
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
    connect "$client" <"$pipe"
    wait "$!"
}
