# How Redis and Valkey are dumped and loaded; the password is in REDISCLI_AUTH.
# shellcheck shell=sh

# shellcheck disable=SC2034 # read by the scripts around this one
extension=rdb

if command -v valkey-cli >/dev/null; then
    engine=valkey
else
    engine=redis
fi

ask() {
    case "${REDIS_TLS:-}" in
    required) set -- --tls --insecure "$@" ;;
    verified) set -- --tls "$@" ;;
    esac
    "$engine-cli" -h "$REDIS_HOST" -p "$REDIS_PORT" ${REDIS_USER:+--user "$REDIS_USER"} "$@"
}

# By standard input, because arguments can be seen in the list of processes.
tell() {
    reply=$(printf '%s\n' "$1" | ask)
    if [ "$reply" != OK ]; then
        echo "the server answered ${1%% \"*} with: $reply" >&2
        return 1
    fi
}

quoted() {
    escaped=$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')
    printf '"%s"' "$escaped"
}

dump() {
    ask --rdb "$1"
}

# Without the program for it: how a dump begins, and the byte that stands before its last eight.
check() {
    if command -v "$engine-check-rdb" >/dev/null; then
        "$engine-check-rdb" "$1"
    elif [ "$(tail -c 9 "$1" | head -c 1 | od -An -tx1 | tr -d ' \n')" != ff ]; then
        echo "the dump ends before its last byte" >&2
        return 1
    fi
}

# No client can load a dump into a running server, but a server can take it over from another: one that is started here
# for that, with the dump as its data and the same password.
load() {
    source_port=6380
    folder=$(mktemp -d)
    secret=
    if [ -n "${REDISCLI_AUTH:-}" ]; then
        secret=$(quoted "$REDISCLI_AUTH")
    fi
    (
        umask 077
        printf '%s\n' "port $source_port" 'protected-mode no' 'save ""' 'repl-diskless-sync-delay 0' "dir $folder" \
            'dbfilename dump.rdb' >"$folder/source.conf"
        if [ -n "$secret" ]; then
            printf 'requirepass %s\n' "$secret" >>"$folder/source.conf"
        fi
    )
    ln -s "$1" "$folder/dump.rdb"
    "$engine-server" "$folder/source.conf" &
    server=$!
    trap 'kill "$server" 2>/dev/null || true' EXIT
    until [ "$("$engine-cli" -p "$source_port" ping 2>/dev/null)" = PONG ]; do
        kill -0 "$server"
        sleep 1
    done

    old=
    if [ -n "$secret" ]; then
        old=$(quoted "$(printf 'CONFIG GET masterauth\n' | ask | tail -n 1)")
        tell "CONFIG SET masterauth $secret"
    fi
    trap 'release || true; kill "$server" 2>/dev/null || true' EXIT
    tell "REPLICAOF $POD_IP $source_port"
    patience=60
    until ask INFO replication | grep -q '^master_link_status:up'; do
        if ask INFO replication | grep -q '^master_sync_in_progress:1'; then
            patience=60
        fi
        patience=$((patience - 1))
        if [ "$patience" -eq 0 ]; then
            echo "the server does not reach $POD_IP:$source_port" >&2
            return 1
        fi
        sleep 1
    done
    trap 'kill "$server" 2>/dev/null || true' EXIT
    release
}

# The server is its own master again.
release() {
    tell "REPLICAOF NO ONE"
    if [ -n "$secret" ]; then
        tell "CONFIG SET masterauth $old"
    fi
}
