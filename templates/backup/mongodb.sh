# How MongoDB is dumped and loaded.
# shellcheck shell=sh

# shellcheck disable=SC2034 # read by the scripts around this one
extension=archive.gz

# The tools take a password from a file, where no list of processes shows it.
login="$(mktemp -d)/login.yaml"
(
    umask 077
    if [ -n "${MONGODB_PASSWORD:-}" ]; then
        quoted=$(printf '%s' "$MONGODB_PASSWORD" | sed "s/'/''/g")
        printf "password: '%s'\n" "$quoted" >"$login"
    else
        printf '{}\n' >"$login"
    fi
)

tool() {
    name=$1
    shift
    case "${MONGODB_TLS:-}" in
    required) set -- --ssl --tlsInsecure "$@" ;;
    verified) set -- --ssl "$@" ;;
    esac
    "$name" --config="$login" --host="$MONGODB_HOST" --port="$MONGODB_PORT" \
        ${MONGODB_USER:+--username="$MONGODB_USER" --authenticationDatabase=admin} --gzip "$@"
}

dump() {
    tool mongodump --archive="$1" ${MONGODB_DATABASE:+--db="$MONGODB_DATABASE"}
}

# The whole stream, and the four bytes with which an archive begins.
check() {
    gzip -t "$1"
    if [ "$(gzip -dc "$1" | head -c 4 | od -An -tx1 | tr -d ' \n')" != 6de29981 ]; then
        echo "this is no archive of mongodump" >&2
        return 1
    fi
}

# Logins stay as they are: they are those of the Secret now, and may have been others then.
load() {
    tool mongorestore --archive="$1" --drop --stopOnError --nsExclude='admin.system.*'
}
