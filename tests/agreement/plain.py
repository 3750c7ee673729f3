"""What to write in a stack where a single value goes: mild values, which most stacks can have, and harsh ones, most of which somebody refuses.

A value is looked up by its key first, then by the phrase at the end of its key's description, which names its kind of value.
"""

import re

NAMES = ["web", "a", "x1", "my-app", "shop-front", "b" * 15, "abc-def-ghi", "n" * 40, "c" * 52, "d" * 53, "e" * 58, "f" * 63]
BAD_NAMES = ["", "-a", "a-", "A", "a_b", "a.b", "é", "g" * 64, "a b", "1", "1a", "web-headless", "web-backup"]
OBJECT_NAMES = NAMES + ["a.b", "my.config", "h" * 64, "i" * 253, "1", "1.2"]
LABEL_KEYS = ["a", "tier", "example.com/a", "A_b.c-1", "k" * 63, "x.y/" + "b" * 63, "1", "topology.kubernetes.io/zone"]
BAD_LABEL_KEYS = ["", "a b", "app/", "/x", "a/b/c", "-x", "k" * 64, "Ex.com/x", "é", "app.kubernetes.io/name", "kubernetes.io/x", "x.y/" + "b" * 64, "kubernetes.io/hostname"]
DATA_KEYS = ["a", "app.conf", "A_B", ".env", "tls.crt", "x" * 253, "key-1", "password", "username"]
BAD_DATA_KEYS = ["", "..", ".", "a/b", "a b", "x" * 254, "é", "..a"]
TEXTS = ["x", "--verbose", "a b", "yes", "0644", "1.10", "line\nline\n", "", "é ✓", "$(HOME)", "$$(A)", "{{ stack.name }}", "{{ '{{' }}", "{{ profile.name }}-1", "a: b # c", "  x", "x" * 300, "null", "~", "'", '"', "\ttab", "{% if %}", "@x", "- a"]
BAD_TEXTS = ["{{ nope }}", "{{", "\u0007", "{{ vars.nope }}", "{{ db.nope.host }}", "{{ 1 / 0 }}", "\u007f", "\u2028", "..."]
AMOUNTS = ["1", "2", "500m", "1.5", "0.1", "100m", "64Mi", "1Gi", "10Gi", "1e3", "128974848", "1G", "2k", "512Mi", "0", 1, 2, 0.5, "1Ti", "1.5Gi", "100M", "1k", "0.5", "3"]
BAD_AMOUNTS = ["-1", "1mi", "", "1 Gi", "9Ei", "1n", "1u", "0.5m", "100.5m", ".5", "5.", "+1", "16Ei", "1E", "10E", 0, "0Gi", "1e-3", "1e30", "five", 1.0001, "00", "1e400", "1E3", "0.1Ki"]
CPUS = ["1", "100m", "500m", "0.5", 1, 2, 0.25, "2", "1500m", "1m", "10"]
MEMORIES = ["64Mi", "128Mi", "1Gi", "512Mi", "100M", "1.5Gi", "1G", "128974848", "1e9", "200Mi"]
DURATIONS = ["1s", "10s", "5s", "30s", "5m", "1h", "1m30s", "59s", "24h", "2m", "10m", "1h30m", "600s", "15m"]
BAD_DURATIONS = ["0s", "", "10", "1d", "-5s", "1.5s", "500ms", "2147483647s", "2147483648s", "999999h", "596524h", 10, "9223372036s", "99999999999h", "3600s", "3601s", "1h61m", "0h0m1s"]
PORTS = [80, 8080, 3000, 443, 9090, 5432, 53, 8443, 1, 65535, 1024, "8081"]
BAD_PORTS = [0, 65536, "http", "0", "080", -1, "", "65536"]
PORT_FORMS = [*PORTS, "80:3000", "443:8443", "53:53/udp", "8080/udp", "80/sctp", "1:65535", "65535:1", "80/tcp"]
BAD_PORT_FORMS = [*BAD_PORTS, "0:80", "80:0", "80:65536", "80:http", "80:80:80", "80/http", "80-90", "127.0.0.1:80:80", ":80", "80:"]
HOSTS = ["todo", "todo.example.com", "@", "*.example.com", "a.b.c", "x" * 63, "1", "xn--a", "a-b.example.com", "*", "{{ stack.name }}.example.com"]
BAD_HOSTS = ["Todo", "a..b", "-a", "*a.b", "1.2.3.4", "y" * 64 + ".com", ".".join(["z" * 62] * 4), "localhost", "*.*.com", "*.com", "", "a_b.com", "https://x.com", "x.com:80", "x.com.", "é.com", "::1", "*."]
ADDRESSES = ["db.example.com", "10.0.0.9", "db", "a.b.c.d.example", "192.168.1.1", "fd00::1", "w" * 63 + ".com"]
BAD_ADDRESSES = ["", "DB.example.com", "a b", "http://x", "db:5432", "10.0.0.256", "-x", "127.0.0.1", "v" * 64 + ".com", "169.254.169.254", "x_y.example.com", "fd00::g", "u." * 126 + "uu", "localhost", "[fd00::1]", "0.0.0.0", "db.example.com."]
PATHS = ["/data", "/etc/app", "/a/b/c", "/var/lib/x", "/x.y", "/tmp", "/run/x-1", "/opt/" + "p" * 100, "/a b", "/é"]
BAD_PATHS = ["/", "", "data", "/a/../b", "/a:b", "/data/", "//x", "/..", "~", "/.", "/etc/app/"]
URL_PATHS = ["/", "/healthz", "/api", "/a/b", "/a?b=c", "/x.html", "/%20", "/api/v1/", "/q" * 50, "/~u"]
BAD_URL_PATHS = ["", "healthz", "/a b", "//a", "/a/../b", "/é", "/a#b", "/%2f", "/.", "/a//b", "/./x", "http://x/y", "/" + "r" * 2000]
IN_VOLUME = ["a.conf", "conf.d/app.conf", "x", "a/b/c", ".x", "..x/y"]
BAD_IN_VOLUME = ["", "/abs", "../x", "a/../b", "..", "a:b", "./x", "a//b", "..data"]
SCHEDULES = ["0 2 * * *", "*/5 * * * *", "@daily", "@hourly", "@every 1h", "0 0 1 1 *", "0 9-17 * * MON-FRI", "59 23 31 12 *", "0,30 * * * 1,3", "0 0 * jan,FEB sun", "0 0 ? * ?", "* * * * *", "@weekly", "5-50/5 * * * *"]
BAD_SCHEDULES = ["60 * * * *", "@never", "TZ=UTC 0 0 * * *", "CRON_TZ=UTC 0 0 * * *", "0 0 31 2 *", "*/0 * * * *", "* * * * 8", "* * * * 7", "@every 1x", "@every 0s", "0 0 L * *", "0 24 * * *", "0 0 0 * *", "0 0 * * 5-1", "0  0 * * *", "0 0 * * * *", "@reboot", "@every 1h30m10s", "@every 100ms", "* * * * MON#1", "*/99 * * * *", "0-0 * * * *", "@annually", "@midnight", "@DAILY", "+1 * * * *", "1-61 * * * *", "?/5 * * * *"]
IMAGES = ["nginx:1.27", "ghcr.io/a/b:1", "localhost:5000/x", "docker.io/library/x:1.0@sha256:" + "a" * 64, "nginx@sha256:" + "0" * 64, "nginx", "a/b/c/d:v1_2.x", "{{ cluster.registry }}app:1", "x:latest"]
BAD_IMAGES = ["nginx:", " x", "NGINX", "", "x:y:z", "x@sha256:abc", "-x", "x:" + "t" * 129, "http://x/y", "a b", "x:-1", "é", "x" * 300, "A.com/x:1", ":1"]
VARIABLES = ["LOG_LEVEL", "A", "a.b-c", "_X", "PGHOST", "x1", "V" * 100, "DATABASE_URL", "PORT", "PATH"]
BAD_VARIABLES = ["", "1A", "A B", "A=B", "é", ".", "..", "A/B", "-A", "..A", ".A", "a:b"]
CAPABILITIES = ["NET_ADMIN", "NET_BIND_SERVICE", "SYS_TIME", "ALL", "CHOWN"]
FIELDS = ["status.podIP", "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "status.hostIP", "spec.serviceAccountName", "metadata.labels['app.kubernetes.io/name']", "metadata.annotations['x.y/z']", "status.podIPs", "status.hostIPs"]
BAD_FIELDS = ["status.phase", "metadata.labels", "podIP", "metadata.labels['a b']", "", "metadata.labels[x]", "metadata.annotations", "spec.hostname", "metadata.annotations['']", "metadata.labels['A.b/c']"]
RESOURCES = ["limits.cpu", "limits.memory", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.ephemeral-storage"]
BAD_RESOURCES = ["limits.gpu", "cpu", "", "limits.hugepages-2Mi", "requests.nvidia.com/gpu", "requests.hugepages-1Gi", "limits.storage", "requests."]
COUNTS = [0, 1, "25%", "50%", "100%", 2, "1%", 3]
BAD_COUNTS = ["0%", "101%", -1, "1.5%", "", "25", "%", 2147483647, 2147483648, "1000%", "007%", "0"]
LABEL_VALUES = ["v1.2", "a", "", "A_b-c.d", "l" * 63, "1", "true"]
BAD_LABEL_VALUES = ["m" * 64, "a b", "-a", "a/b", "é", "a-", "_", ".a"]
RESOURCE_KEYS = ["nvidia.com/gpu", "hugepages-2Mi", "example.com/x", "cpu", "memory", "ephemeral-storage"]
BAD_RESOURCE_KEYS = ["gpu", "storage", "hugepages-", "kubernetes.io/x", "requests.cpu", "", "a b", "Example.com/x", "pods", "hugepages-3Mi", "requests.nvidia.com/gpu", "hugepages-1x", "attachable-volumes-aws-ebs", "example.com/" + "x" * 63, "requests.example.com/x"]

# (mild, harsh) by the name of the key, by "TABLE.key" where tables differ.
KEYS = {
    "cpu": (CPUS, BAD_AMOUNTS), "memory": (MEMORIES, BAD_AMOUNTS), "hpa.cpu": ([1, 50, 70, 100, 1000], [0, 1001, "70%"]), "hpa.memory": ([1, 70, 100], [0, 1001]),
    "timezone": (["Asia/Tokyo", "UTC", "Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+1"], ["Local", "", "asia/tokyo", "Mars/X", "CET", "EST", "+09:00", "GMT", "local", "US/Eastern", "../x", "Z"]),
    "env-reference.field": (FIELDS, BAD_FIELDS), "projected-source.field": ([field for field in FIELDS if field.startswith("metadata")] + ["metadata.labels", "metadata.annotations"], [*FIELDS, *BAD_FIELDS]),
    "env-reference.resource": (RESOURCES, BAD_RESOURCES), "app-protocol": (["http", "grpc", "kubernetes.io/h2c", "example.com/x", "kubernetes.io/ws"], ["a b", "", "GRPC", "x/y/z", "a" * 64, "/x", "é", "_x"]),
    "service.class": (["internal", "example.com/lb", "service.k8s.aws/nlb"], ["a b", "", "A", "a" * 64, "x/y/z"]), "secret.type": (["Opaque", "kubernetes.io/tls", "kubernetes.io/basic-auth", "kubernetes.io/ssh-auth", "kubernetes.io/dockerconfigjson", "example.com/x"], ["", "kubernetes.io/service-account-token", "kubernetes.io/dockercfg", "bootstrap.kubernetes.io/token", "a b", "t" * 300]),
    "add": (CAPABILITIES, ["net_admin", "CAP_NET_ADMIN", "", "X"]), "drop": (CAPABILITIES, ["all", "CAP_CHOWN", ""]), "issuer": (["letsencrypt", "Issuer/own", "ClusterIssuer/x"], ["", "a b", "Issuer/", "A", "x/y/z", "i" * 254, "Issuer/Ab"]),
    "gateway": (["infra/shared", "a/b"], ["shared", "a/b/c", "", "A/b", "/x"]), "registry": (["registry.example.com", "ghcr.io/x/", ""], ["http://x", "A", "x y"]), "grpc": (["liveness", True, "a.b.C", ""], ["x" * 300, "a b", False]),
    "probe.host": (["example.com", "127.0.0.1", "localhost"], ["", "a b", "x" * 300]), "addons": (["ingress", "metrics-server"], [""]), "mode": (["0644", "0400", "0755", "0777", "0000"], ["644", "1000", "9", "07777", "0o644", "", "-1"]),
    "managed": (ADDRESSES, BAD_ADDRESSES), "effect": (["NoSchedule", "NoExecute", "PreferNoSchedule"], ["noschedule", "", "X"]), "tolerations": (["spot", "dedicated=db:NoSchedule", "*", "a:NoExecute", "x/y=1"], ["", "a=b=c", "a:X", ":NoSchedule", "a b", "a=", "=b", "*:NoSchedule", "a:", "k" * 64]),
    "version": (["16", 16, "16-alpine", "8.0", "17.2", 7], ["", "latest", "é", "a b", "v" * 129, -1, 0, "10"]), "db.user": (["app", "root", "postgres", "my_user", "u" * 63], ["", "é", "a b", "x'y", "{{ stack.name }}", "u" * 64, "$(A)"]), "database": (["todos", "app", "a-b", "d" * 63], ["", "é", "a b", "x/y", "postgres", "d" * 64, "a'b", "$x"]),
    "verbs": (["get", "list", "watch", "*", "create"], ["GET", "", "a b"]), "rule.resources": (["pods", "deployments", "*", "pods/log"], ["Pods", "", "deploy", "a b"]), "names": (["x", "a.b", "Y"], ["", "a b", "*"]),
    "provisioner": (["ebs.csi.aws.com", "rancher.io/local-path"], ["", "A B", "p" * 64, "Ebs.csi"]), "controller": (["k8s.io/ingress-nginx", "a/b"], ["x", "", "A/b c"]), "mount-options": (["noatime", "ro"], ["", "a b"]), "type": (["x"], [""]),
    "kubernetes": (["1.29", "1.31", "1.34"], ["1.20", "1.40", "2", "", 1.3]), "secret-store": (["vault", "aws-secrets-manager"], ["", "A b"]), "storage-2.class": (["fast", "", "standard"], ["A", "a b"]), "expose.class": (["nginx", "traefik", ""], ["A", "a b", "c" * 254]),
    "schedule": (SCHEDULES, BAD_SCHEDULES), "audience": (["vault", "api://x"], [""]), "expires": (["10m", "1h", "24h"], ["9m", "1s", "0s", "50000h"]), "kind": (["IngressClassParams"], ["", "a b"]), "certificate": (["arn:aws:acm:eu:1:certificate/x", "map"], [""]),
    "exec": (["true", "pg_isready", "-c", "sleep 5", "{{ stack.name }}"], ["", "\u0007"]), "requires": (["cert-manager"], [""]), "seconds": (["1s", "5m", "0s"], ["-1s"]), "token": (["vault", "api"], [""]),
    "headers": (["x", "a b", ""], ["\n", "é"]), "retries": ([0, 1, 3, 6], [2147483647]), "nodes": ([1, 2, 3], [100000]), "security.group": ([1000, 33, 1, 999], [0, 2147483647]), "security.user": ([1000, 33, 1, 65534], [0, 2147483647]), "node-port": ([30080, 30000, 32767, "31000"], [29999, 32768, 80]),
    "class-parameters.group": (["elbv2.k8s.aws", "example.com"], ["", "A", "g" * 254]), "domain": (["example.com", "localhost", "a.b.c", "x"], ["", ".x", "Example.com", "a..b", "d" * 64 + ".com", "1.2.3.4", ".".join(["q" * 60] * 4)]),
    "min": ([1, 2, 3], [0, 100, 2147483647]), "max": ([3, 5, 10, 100], [1, 0, 2147483647]), "replicas": ([1, 2, 3, 5], [0, 2147483647, 2147483648, -1]), "pooler.replicas": ([1, 2], [0, 1000]), "successes": ([1, 1, 1], [2, 0]),
    "parallelism": ([1, 2, 3, 10], [0, 100000, 100001, 10001]), "completions": ([1, 2, 5, 10], [0, 100000, 100001]), "window": (["0s", "60s", "5m", "1h"], ["3601s", "-1s"]), "period": (["1s", "10s", "60s", "5m", "30m"], ["1801s", "0s", "31m"]),
    "ports": (PORT_FORMS, BAD_PORT_FORMS), "service.ports": (["http", "metrics"], ["HTTP", "", "nope"]), "api.port": ([form for form in PORT_FORMS if "/" not in str(form)], BAD_PORT_FORMS),
    "credential-keys.user": (["user", "username"], BAD_DATA_KEYS), "credential-keys.database": (["database"], BAD_DATA_KEYS), "secret.source": (["existing", "env", "external", "dev"], []), "env-from": ([], []),
    "uses": (["host", "port", "address", "url", "host", "fqdn", "user", "password", "database"], ["sslmode", "host:http", "port:metrics", "nope", "", "url:http"]),
    "remove": ([], []), "context": (["k3d-x"], [""]), "load": (["k3d image import"], [""]), "priority-class": (["high", "system-node-critical", "a.b"], BAD_NAMES), "routes": (["api"], []),
}  # fmt: skip

# (mild, harsh) by how the phrase begins.
PHRASES = [
    ("the number of a port", (PORTS, BAD_PORTS)), ("node port", ([30080, 30000, 32767], [29999, 32768])), ("a table or a port", (PORT_FORMS, BAD_PORT_FORMS)), ("a count or a percentage", (COUNTS, BAD_COUNTS)),
    ("duration", (DURATIONS, BAD_DURATIONS)), ("name of an object", (OBJECT_NAMES, BAD_NAMES)), ("name of a label", (LABEL_KEYS, BAD_LABEL_KEYS)), ("value of a label", (LABEL_VALUES, BAD_LABEL_VALUES)), ("name of an annotation", (LABEL_KEYS, BAD_LABEL_KEYS)),
    ("name of an environment variable", (VARIABLES, BAD_VARIABLES)), ("key", (DATA_KEYS, BAD_DATA_KEYS)), ("path in the volume", (IN_VOLUME, BAD_IN_VOLUME)), ("absolute path", (PATHS, BAD_PATHS)), ("path", (URL_PATHS, BAD_URL_PATHS)),
    ("host or an address", (ADDRESSES, BAD_ADDRESSES)), ("name of a host", (["db.corp", "x", "a.b.c"], ["", "A", "a b", "x_y", "1.2.3.4"])), ("IP address", (["10.0.0.5", "fd00::1"], ["10.0.0.256", "x", "", "01.2.3.4", "::ffff:1.2.3.4", "127.0.0.1"])),
    ("host", (HOSTS, BAD_HOSTS)), ("domain", (["example.com"], ["A"])), ("image", (IMAGES, BAD_IMAGES)), ("amount", (AMOUNTS, BAD_AMOUNTS)), ("size", (["1Gi", "5Gi", "10Gi", "100Mi", "1Ti", "1.5Gi"], BAD_AMOUNTS)), ("port's number or name", (["http", 8080], [0, 65536, "HTTP", "a--b", "sixteen-letters-", "", "1", "web"])),
    ("name of a port", (["http", "metrics", "a", "fifteen-letter1", "web-1"], ["", "HTTP", "a--b", "sixteen-letters-", "1", "a_b", "-a"])), ("API group or a path", (["", "apps"], ["/metrics", "/x/*", "*", ""])), ("API group", (["", "apps", "batch", "*", "example.com"], ["/metrics", "A", "a b", "v1", "apps/v1"])), ("name of a rule", (["single-replica", "missing-pdb", "floating-image-tag"], ["nope", ""])),
    ("resource", (RESOURCE_KEYS, BAD_RESOURCE_KEYS)), ("text, a number or a boolean", ([*TEXTS, 1, 0, 3000, True, False, 1.5, -1], [*BAD_TEXTS, 1e300, 9007199254740993])), ("whole number from 1 to 1000", ([1, 70, 1000], [0, 1001])), ("reason", (["known"], [""])),
    ("plain value", (["64MB", 1, True, "on"], ["", "a'b", "a\nb"])), ("path in a store", (["app/db#password", "x"], ["", "#x", "a#"])), ("name of a setting", (["max_connections", "a"], ["", "a b", "é"])), ("name", (NAMES, BAD_NAMES)), ("text", (TEXTS, BAD_TEXTS)),
]  # fmt: skip


def pools(table, key, phrase):
    """(MILD, HARSH) for a key of a table; the phrase tells what kind of value it is."""
    for name in (f"{table}.{key}", key):
        if name in KEYS:
            return KEYS[name]
    return of_phrase(phrase)


def of_phrase(phrase):
    """(MILD, HARSH) for a kind of value."""
    for words, found in PHRASES:
        if re.search(rf"\b{re.escape(words)}\b", phrase or ""):
            return found
    return TEXTS, BAD_TEXTS
