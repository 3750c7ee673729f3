"""What to try in the place of a value, by what the field holds: mild values, which servers often accept, and harsh ones."""

TEXTS = [
    "", " ", "x", "a b", "a/b", "a..b", "a.b", "a_b", "1", "8080", "A", "é", "a:b", ".", "..", "/", "a%b", "$(A)", "system:x", "example.com/x", "Example.com/x",
    "kubernetes.io/x", "-a", "a-", "a--b", ".a", "a.", "a\nb", "a=b", "true", "null", "@x",
]
LENGTHS = [15, 16, 52, 53, 58, 63, 64, 250, 251, 253, 254]
NUMBERS = [
    0, 1, -1, 2, 3, 10, 63, 64, 100, 101, 255, 256, 511, 512, 599, 600, 755, 1000, 1800, 1801, 3600, 3601, 10000, 10001, 65535, 65536, 86400, 86401, 100000, 100001,
    1000000000, 1000000001, 2147483647, 2147483648, -2147483648, 4294967296, 4294967297, 9223372036854775807,
]
QUANTITIES = [
    "0", "1", "-1", "500m", "1Gi", "1.5", "0.1", "3Mi", "4Mi", "100.5m", "1n", "1e3", "1E", "2000m", "1024", "9Ei", "512MB", "1K", "", "five", "1 Gi", " 1", ".5", "5.", "+1", "-0", "0x10",
    "1e400", "1mi",
]
INT_OR_TEXTS = [0, 1, -1, 50, 65535, 65536, 2147483648, "0%", "1%", "25%", "100%", "101%", "-5%", "2.5%", "25 %", "007%", "%", "50", "http", "8080", "HTTP", "", "a--b", "sixteen-letters-", "fifteen-letter1"]
BYTES = ["", "YQ==", "YQ", "hunter2!", "YQ==\n", "e30=", "bnVsbA==", "W10="]
TIMES = ["2026-01-02T03:04:05Z", "2026-01-02", "yesterday", "2026-01-02T03:04:05+02:00"]
WRONG_TYPES = {
    "text": [7, True, 1.5, [], {}, ["x"]],
    "int32": ["7", 1.5, 1.0, True, [], {}, 3000000000, "", "x"],
    "int64": ["7", 1.5, 1.0, True, [], {}, "", 1e30],
    "boolean": ["true", "yes", 1, 0, "", [], {}],
    "quantity": [True, [], {}, 1, 1.5, -1, 0],
    "int-or-text": [True, 1.5, [], {}],
    "bytes": [7, True, {}, [1, 2], [256]],
    "time": [7, True, {}, ""],
    "micro-time": [7, True, {}, ""],
}
LABEL_KEYS = [
    "a", "example.com/a", "A_b.c-1", "app.kubernetes.io/name", "kubernetes.io/x", "a b", "app/", "/x", "a/b/c", "-x", "x-", "Ex.com/x", "", "é", "a" * 63, "a" * 64, "x.y/" + "b" * 64, "..x",
    ".env", "..", ".", "tls.crt", "a" * 253, "a" * 254,
]
RESOURCE_KEYS = [
    "cpu", "memory", "ephemeral-storage", "storage", "hugepages-2Mi", "hugepages-1Gi", "hugepages-", "example.com/gpu", "nvidia.com/gpu", "gpu", "pods", "requests.cpu", "requests.nvidia.com/gpu",
    "limits.memory", "kubernetes.io/x", "Cpu", "a b", "", "count/jobs.batch", "services", "nonsense",
]


def misspelt(name):
    """Ways to get the name of a field wrong."""
    return [name[:-1] or "x", name[0].upper() + name[1:], name.lower() if name.lower() != name else name.upper(), name + "s", name[0] + name]
