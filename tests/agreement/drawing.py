"""Draws stacks that grow: a base, the components of two, or a few small ones, then one change after the other, of which those stay that are rendered.

Most values are mild, so that about half of the changes stay. The same stacks for the same seed and the same answers. Names of components, configs, secrets and volumes are mostly those of others in the
stack, so that references hold.
"""

import copy
import json
import random
import re

import edits as editing
import plain
from language import of_each, walk
from mutants import Generator

# Of how many values of a stack something harsh is written; in most stacks in none.
HARSH = [0, 0, 0, 0.02, 0.1]
# How many stacks at most grow from one.
LONGEST = 40
# What a table must have to mean anything: one of each list is drawn, always.
NEEDED = {
    "api": [["image"], ["port", "port", "ports"]], "worker": [["image"]], "cronjob": [["image"], ["schedule"]], "job": [["image"]], "db": [["engine"]], "ingress": [["routes"]],
    "hpa": [["target"], ["max"], ["cpu", "memory"]], "config": [["data"]], "volume": [["storage"]], "external": [["host"]], "mount": [["config", "secret", "volume", "scratch", "scratch", "claim", "host", "projected", "projected", "storage"]],
    "env-reference": [["config", "secret", "field", "resource"]], "probe": [["http", "http", "tcp", "grpc", "exec", "exec"]], "projected-source": [["config", "secret", "token", "field"]], "rule": [["resources"], ["verbs"]],
    "sidecar": [["image"]], "init-container": [["image", "command"]], "backup": [["schedule"], ["storage"]], "route": [["to"]], "managed-database": [["host"]], "service": [["type"]], "port": [["port"]], "disruption-budget": [["unavailable"]],
    "scaling-behavior": [["percent", "pods"]], "class-parameters": [["kind"], ["name"]], "token": [["audience"]], "spread": [["by"]], "toleration": [["key"]], "storage-definition": [["provisioner"]], "manifest": [["yaml"]],
    "patch": [["on"], ["set", "set", "remove"]], "overlay": [],
}  # fmt: skip
# What goes with the key that says what a table is; the others of the table do not.
FITTING = {
    "mount": {
        "config": ["items", "mode", "file", "optional"], "secret": ["items", "mode", "file", "optional"], "volume": ["read-only"], "storage": ["name"], "scratch": ["memory", "name"], "claim": ["read-only"], "host": ["read-only"],
        "projected": ["mode"],
    },
    "projected-source": {"config": ["items", "optional"], "secret": ["items", "optional"], "token": ["path"], "field": ["path"]},
    "env-reference": {"config": ["optional"], "secret": ["optional"], "field": [], "resource": []},
    "probe": {"tcp": [], "exec": [], "grpc": [], "http": ["headers", "scheme", "host"]},
}  # fmt: skip
# Of these what fits is drawn beside all the rest.
FREELY = {"probe"}
# What follows from a key of the same table.
WITH = {"config": "key", "secret": "key"}
# Keys that say which of several things a table is: of these at most the one that is needed.
EXCLUSIVE = {
    "mount": {"config", "secret", "volume", "storage", "scratch", "claim", "host", "projected"}, "env-reference": {"config", "secret", "field", "resource", "key"}, "probe": {"http", "tcp", "grpc", "exec"},
    "projected-source": {"config", "secret", "token", "field"}, "init-container": set(), "patch": {"yaml", "set", "remove", "template"}, "manifest": {"file", "yaml", "template"},
}  # fmt: skip
# Not drawn: what says nothing of the objects, or is about the tool.
PASSED_OVER = {"allow", "lint", "profile", "extends", "unset", "context", "load", "profiles", "file", "files", "scripts", "template", "kubernetes"}
COMPONENTS = ("db", "api", "worker", "cronjob", "job", "external")
WORKLOADS = ("api", "worker", "cronjob", "job")


class Drawn:
    """A stack, and how it is to be rendered."""

    def __init__(self, stack, folder, profile, options):
        """`folder` is that of the base, for the files beside it."""
        self.stack, self.folder, self.profile, self.options = stack, folder, profile, options

    def with_stack(self, stack, options):
        return Drawn(stack, self.folder, self.profile, options)


class Drawing:
    def __init__(self, language, seed, bases, profiles):
        self.language, self.bases, self.profiles = language, bases, profiles
        self.random, self.objects, self.left = random.Random(seed), Generator(seed), 0

    def draw(self):
        """The next stack: the last one with another change or two, or a new one after enough of them."""
        choose, chance = self.random.choice, self.random.random
        if self.left == 0:
            self.left = self.random.randint(1, LONGEST)
            self.begin()
        else:
            self.left -= 1
            self.harsh = choose(HARSH)
            for _ in range(self.random.choice([1, 1, 2])):
                self.change()
        options = [f"{'.'.join(map(bare, path))}={value}" for path, value in self.settings()] if chance() < 0.03 else []
        return Drawn(copy.deepcopy(self.stack), self.folder, self.profile, options)

    def settle(self, is_accepted):
        """Keeps the changes of a stack that was rendered; most others are undone, so that what is changed next has one mistake at most."""
        if is_accepted:
            self.sound = copy.deepcopy(self.stack)
        else:
            self.stack = copy.deepcopy(self.sound)

    def begin(self):
        choose, chance = self.random.choice, self.random.random
        self.folder, self.profile, self.harsh = choose(list(self.bases)), choose(self.profiles), 0
        self.stack = copy.deepcopy(self.bases[self.folder]) if chance() < 0.4 else self.small()
        if chance() < 0.08:
            # Their files are not beside this one.
            alone = [base for base in self.bases.values() if "file" not in repr(base)]
            join(self.stack, copy.deepcopy(choose(alone)))
        self.tell_cluster()
        self.sound = copy.deepcopy(self.stack)

    def tell_cluster(self):
        """What clusters of providers do not know by themselves."""
        owner = self.stack if self.random.random() < 0.5 else self.stack.setdefault("profile", {}).setdefault(self.profile, {})
        cluster = owner.setdefault("cluster", {})
        if isinstance(cluster, dict):
            facts = {"domain": "example.com", "secret-store": "vault", "tls": {"issuer": "letsencrypt"}, "storage": {"rwx-class": "shared"}}
            if self.random.random() < 0.2:
                facts["expose"] = {"api": "gateway", "class": "envoy"}
            for key, value in facts.items():
                if self.random.random() < 0.9:
                    cluster.setdefault(key, value)

    def small(self):
        """A stack of a few components with little in them."""
        self.stack = {"stack": {"name": "shop", "namespace": "shop"}} if self.random.random() < 0.8 else {}
        for table in self.random.sample(["config", "secret", "volume"], self.random.randint(0, 2)):
            self.declare(table)
        for _ in range(self.random.randint(1, 3)):
            table = self.random.choice(["api", "api", "api", "db", "worker", "cronjob", "job", "ingress", "hpa", "external", "config", "secret", "volume", "patch", "manifest"])
            if table in ("ingress", "hpa", "patch") and "api" not in self.stack:
                table = "api"
            self.declare(table)
        return self.stack

    def declare(self, table):
        """One more of a table, and its name."""
        owned = self.stack.setdefault(table, {})
        form = self.language.table(self.language.child(self.language.root, table))
        free = [f"{table}{number}" for number in range(9) if f"{table}{number}" not in owned]
        name = self.random.choice(plain.NAMES) if self.random.random() < 0.15 else free[0]
        if table == "hpa":
            name = self.random.choice(self.names(["api", "worker"]) or [name])
        owned[name] = {}
        owned[name] = self.of_table(self.language.table(self.language.child(form, name)), 0)
        return name

    def change(self):
        drawn = self.random.random()
        if drawn < 0.66:
            self.add()
        elif drawn < 0.76:
            self.replace()
        elif drawn < 0.80:
            self.remove()
        elif drawn < 0.84:
            self.rename()
        elif drawn < 0.88:
            self.over()
        elif drawn < 0.90:
            self.repeat()
        else:
            self.declare(self.random.choice(["api", "db", "worker", "cronjob", "job", "ingress", "hpa", "external", "config", "secret", "volume", "patch", "manifest"]))

    def places(self, wanted):
        """Values of the stack that fit, by the table and key of the language that they are at."""
        found = {}
        for path, form, value in walk(self.language, self.language.root, self.stack):
            for name, *place in wanted(path, form, value):
                found.setdefault(name, []).append(place)
        return found

    def pick(self, found):
        return self.random.choice(found[self.random.choice(sorted(found))]) if found else None

    def add(self):
        def wanted(path, form, value):
            table = self.language.table(form)
            if not isinstance(value, dict) or table is None or not path or "profile" in path[:1]:
                return
            for key in self.fitting(table, value) if "properties" in table.schema else ():
                if key not in value and key not in PASSED_OVER and not (table.table in EXCLUSIVE and key in EXCLUSIVE[table.table]):
                    yield (table.table, key), path, key, self.language.child(table, key)
            if "properties" not in table.schema and len(path) > 2 and table.key not in PASSED_OVER:
                yield (table.table, table.key, "more"), path, None, table

        if place := self.pick(self.places(wanted)):
            path, key, form = place
            self.path = path
            if key is None:
                at(self.stack, path).update(self.keyed(form, 1))
            else:
                value = self.value(form, 0)
                at(self.stack, path)[key] = value

    def replace(self):
        def wanted(path, form, value):
            if (len(path) > 2 or path[:1] in (("stack",), ("vars",)) and len(path) == 2) and path[0] != "profile" and not (isinstance(value, dict) and value and len(path) < 4):
                yield (form.table, form.key), path, form

        if place := self.pick(self.places(wanted)):
            path, form = self.path, form = place
            value = self.value(form, 0)
            at(self.stack, path[:-1])[path[-1]] = value

    def remove(self):
        if place := self.pick(self.places(lambda path, form, value: [((form.table, form.key), path)] if len(path) > 2 else [])):
            at(self.stack, place[0][:-1]).pop(place[0][-1])

    def rename(self):
        """Gives a component another name, everywhere."""
        if place := self.pick(self.places(lambda path, form, value: [(path[0], path)] if len(path) == 2 and isinstance(value, dict) and path[0] not in ("defaults", "cluster") else [])):
            new = self.random.choice(plain.BAD_NAMES if self.random.random() < self.harsh else plain.NAMES)
            self.stack = renamed(self.stack, place[0][-1], new)

    def over(self):
        """Says a key of a component in the overlay of the profile, in the defaults of its table, or in a template that it extends."""
        def wanted(path, form, value):
            if len(path) == 3 and path[0] in COMPONENTS:
                yield (form.table, form.key), path, form

        if place := self.pick(self.places(wanted)):
            path, form = self.path, form = place
            to = self.random.choices([["profile", self.profile, *path[:2]], ["defaults", path[0]], ["template", "shared"]], [6, 2, 2 * (path[0] in WORKLOADS)])[0]
            owner = self.stack
            for step in to:
                owner = owner.setdefault(step, {})
            owner[path[2]] = self.value(form, 0)
            if to[0] == "template":
                at(self.stack, path[:2]).setdefault("extends", "shared")

    def repeat(self):
        """Says an item of a list twice, or the same thing under a second key."""
        def wanted(path, form, value):
            table = self.language.table(form)
            is_open = isinstance(value, list) or isinstance(value, dict) and table and "properties" not in table.schema
            if len(path) > 2 and is_open and value and path[0] != "profile":
                yield (form.table, form.key), path

        if place := self.pick(self.places(wanted)):
            value = at(self.stack, place[0])
            if isinstance(value, list):
                value.append(copy.deepcopy(self.random.choice(value)))
            else:
                value[self.random.choice(["b", "second", "/second", "B", "1"])] = copy.deepcopy(self.random.choice(list(value.values())))

    def settings(self):
        """A path of the stack and a text for `--set`."""
        def wanted(path, form, value):
            if len(path) > 2 and path[0] in COMPONENTS and not isinstance(value, (dict, list)) and all(isinstance(step, str) for step in path):
                yield (form.table, form.key), path, form

        if place := self.pick(self.places(wanted)):
            self.path = place[0]
            value = self.value(place[1], 0)
            if not isinstance(value, (dict, list)):
                yield place[0], str(value).lower() if isinstance(value, bool) else value

    # Values.

    def value(self, form, depth):
        """A value of a form."""
        known = self.reference(form)
        if known is not None and self.random.random() < 0.93:
            return known
        forms = self.language.alternatives(form)
        weights = [0.02 if one.schema.get("const") == "..." else 0.3 if depth > 2 and one.schema.get("type") == "object" else 1 for one in forms]
        return self.of_form(self.random.choices(forms, weights)[0], depth)

    def of_form(self, form, depth):
        schema = form.schema
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            word = self.random.choice(schema["enum"])
            # Who runs it must be said there.
            return {"level": word, "user": 1000} if word == "restricted" and form.key == "security" and self.random.random() < 0.9 else word
        if schema.get("type") == "boolean":
            return self.random.random() < 0.7
        if schema.get("type") == "array":
            count = self.random.choices([0, 1, 2, 3], [0.4, 8, 4, 1])[0]
            return [self.value(self.language.item(form), depth + 1) for _ in range(count)]
        if schema.get("type") == "object":
            return self.of_table(form, depth)
        return self.word(form)

    def word(self, form):
        schema = form.schema
        if form.key == "yaml":
            return "a: b"
        mild, harsh = plain.pools(form.table, form.key, form.phrase)
        pool = harsh if harsh and self.random.random() < self.harsh else mild
        wants = schema.get("type")
        fitting = [value for value in pool if isinstance(value, str) == (wants == "string") and not isinstance(value, bool)]
        if not fitting and wants == "integer":
            low, high = schema.get("minimum", 0), schema.get("maximum", 2147483647)
            edges = [low, high, low - 1, high + 1] if self.random.random() < self.harsh else [low, low + 1, 2, 3, 5, 10, 30, min(high, 100)]
            return self.random.choice([edge for edge in edges if edge >= low] or [low])
        return self.random.choice(fitting or pool or mild or ["x"])

    def of_table(self, form, depth):
        if "properties" not in form.schema:
            if form.key == "set":
                return self.patched()
            return self.keyed(form, depth)
        value = {}
        for choices in NEEDED.get(form.table, []):
            key = self.random.choice(choices)
            value[key] = self.value(self.language.child(form, key), depth + 1)
            if key in WITH and form.table == "env-reference":
                value[WITH[key]] = self.key_of(key, value[key])
        needed = sum(NEEDED.get(form.table, []), [])
        most = 0 if depth > 3 else (2 if form.table in NEEDED else 3)
        count = self.random.randint(0 if value else 1, max(most, 0 if value else 1))
        for _ in range(count):
            left = [key for key in self.fitting(form, value) if key not in value and key not in PASSED_OVER and key not in EXCLUSIVE.get(form.table, set()) and key not in needed]
            if not left:
                break
            key = self.random.choice(left)
            value[key] = self.value(self.language.child(form, key), depth + 1)
        if value.get("level") == "restricted" and self.random.random() < 0.9:
            value["user"] = 1000
        return value

    def fitting(self, form, value):
        """The keys that may stand beside those that are there; all but for the odd one."""
        keys = list(form.schema["properties"])
        if self.random.random() < self.harsh:
            return keys
        excluded = {key for pair in self.language.excluded(form) if pair & set(value) for key in pair}
        kinds = FITTING.get(form.table, {})
        fits = {key for kind, own in kinds.items() if kind in value for key in own}
        if form.table == "port" and form.key == "port":
            excluded.add("protocol")
        if form.table == "service" and value.get("type") not in ("node-port", "load-balancer"):
            excluded |= {"node-port", "class", "external-traffic"}
        bound = {key for own in kinds.values() for key in own} if form.table in FREELY else set(keys) if kinds else set()
        return [key for key in keys if key not in excluded and (key in fits or key not in bound)]

    def keyed(self, form, depth):
        """A table whose keys the user chooses."""
        keys, _ = of_each(form.phrase)
        value = {}
        for _ in range(self.random.choices([0, 1, 2, 3], [0.4, 10, 4, 1])[0]):
            mild, harsh = plain.of_phrase(keys)
            key = self.random.choice(harsh if self.random.random() < self.harsh else mild)
            if form.key == "uses" and "component" in (keys or ""):
                key = self.random.choice(self.names(COMPONENTS) or ["none"])
            value[str(key)] = self.value(self.language.child(form, str(key)), depth + 1)
            if form.key == "cluster-access" and str(key).startswith("/") and self.random.random() > self.harsh:
                value[key] = {"verbs": ["get"]}
        return value

    def reference(self, form):
        """What of the stack is meant here, if something is: the name of another component, a path, an object."""
        key, choose = form.key, self.random.choice
        if "$ref" in form.schema or form.schema.get("type") in ("object", "array"):
            return None
        if key in ("config", "secret", "volume") and form.table not in ("stack-file", "overlay", "defaults"):
            names = self.names([key])
            return choose(names) if names and self.random.random() < 0.8 else self.declare(key)
        if key == "env-from":
            kind = choose(["config", "secret"])
            return f"{kind}.{choose(self.names([kind]) or [self.declare(kind)])}"
        if key == "pull-secrets":
            return choose(self.names(["secret"]) or [self.declare("secret")])
        if key == "wait" or key == "uses" and "anyOf" in form.schema and form.schema["anyOf"][-1].get("const") == "...":
            return choose(self.names(["db", "api", "external"]) or [self.declare("db")])
        if key in ("routes", "to"):
            name = choose(self.names(["api"]) or [self.declare("api")])
            ports = self.stack["api"][name].get("ports") if isinstance(self.stack["api"].get(name), dict) else None
            return f"{name}:{choose(list(ports))}" if isinstance(ports, dict) and ports and self.random.random() < 0.5 else name
        if key == "target" and form.table == "hpa":
            return choose(self.names(["api", "worker"]) or [self.declare("api")])
        if form.table == "service" and key == "ports" or key == "port" and form.table in ("probe", "route"):
            return choose(self.ports() or ["http"])
        if key == "on":
            return f"{choose(['Deployment', 'Service', 'StatefulSet', 'CronJob', 'Job', '*', 'Ingress', 'ConfigMap', 'PersistentVolumeClaim', 'HorizontalPodAutoscaler'])}/{choose(['*', *self.names(COMPONENTS)])}"
        if key == "yaml" and form.table == "manifest":
            return self.manifest()
        return None

    def names(self, tables):
        return [name for table in tables for name in self.stack.get(table, {}) if isinstance(self.stack[table], dict)]

    def ports(self):
        """The names of the ports of the component that is changed, or of all."""
        found = ["http"] if self.random.random() < 0.3 else []
        for table in ("api", "worker"):
            for component in self.stack.get(table, {}).values():
                if isinstance(component, dict) and isinstance(component.get("ports"), dict):
                    found += component["ports"]
        return found

    def key_of(self, table, name):
        """A key that a config or secret has, added where there is none."""
        owned = self.stack.get(table, {}).get(name)
        if not isinstance(owned, dict):
            return "password"
        if table == "config":
            data = owned.setdefault("data", {"a": "b"})
            return self.random.choice(list(data) or ["a"]) if isinstance(data, dict) else "a"
        keys = owned.setdefault("keys", ["password"])
        return self.random.choice(keys or ["password"]) if isinstance(keys, list) else "password"

    # Objects of Kubernetes: what is patched in, and what is added.

    def patched(self):
        """Fields for `set`, of a workload mostly, with the values that mutants of agreement get."""
        if self.random.random() < 0.4:
            return self.container()
        base, edits = self.edits(["Deployment", "StatefulSet", "Service", "CronJob", "Job", "Ingress", "HorizontalPodAutoscaler"])
        for name, path, *rest in edits:
            if name == "set" and all(isinstance(step, str) for step in path) and path[0] in ("spec", "metadata") and fits(rest[0]):
                made = rest[0]
                for step in reversed(path):
                    made = {step: made}
                return made
        return {"spec": {"minReadySeconds": self.random.choice([0, 1, 10, -1, 3600])}}

    def container(self):
        """A field of a component's container, as mutants of Deployments have it."""
        field, places = self.random.choice([(field, places) for (owner, field), places in self.objects.places["Deployment"].items() if owner == "core.v1.Container" and "[" not in field and "{" not in field])
        values = [place.value for place in places if fits(place.value) and place.value.__class__ is not object] + self.objects.pool.get(("core.v1.Container", field), [])
        value = self.random.choice([value for value in values if fits(value)] or ["x"])
        name = self.random.choice(self.names(["api", "worker"]) or ["web"])
        return {"spec": {"template": {"spec": {"containers": [{"name": name, field: value}]}}}}

    def edits(self, kinds):
        self.objects.random = self.random
        for _ in range(200):
            base, edits = self.objects.draw()
            if base.split()[0] in kinds:
                return base, edits
        return base, []

    def manifest(self):
        """An object as the mutants of agreement are, as JSON, which is YAML."""
        base, drawn = self.edits(["Pod", "ConfigMap", "Secret", "Service", "Deployment", "PersistentVolumeClaim", "NetworkPolicy", "ServiceAccount", "Role", "PodDisruptionBudget", "PriorityClass", "Job"])
        document = copy.deepcopy(self.objects.bases[base])
        if self.random.random() < 0.4:
            try:
                document = editing.apply(document, drawn)
            except (KeyError, IndexError, TypeError, AttributeError):
                pass
        return json.dumps(document)


def at(stack, path):
    for step in path:
        stack = stack[step]
    return stack


def bare(step):
    return step if re.fullmatch(r"[-_a-zA-Z0-9]+", step) else f'"{step}"'


def join(stack, other):
    """Puts the components of another stack beside those of a stack."""
    for table, owned in other.items():
        if table not in ("stack", "profile", "unset", "lint") and isinstance(owned, dict):
            for name, component in owned.items():
                stack.setdefault(table, {}).setdefault(name, component)


def renamed(value, old, new):
    """A copy with a name in the place of another, as a key, a word or the part before `:` or behind `.`."""
    if isinstance(value, dict):
        return {new if key == old else key: renamed(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, old, new) for inner in value]
    if isinstance(value, str):
        return re.sub(rf"^((?:config|secret)\.)?{re.escape(old)}(?=$|:)", lambda found: (found[1] or "") + new, value)
    return value


def fits(value):
    """Whether TOML can say it: it has no null, and numbers of 64 bits."""
    if isinstance(value, dict):
        return all(map(fits, value.values()))
    if isinstance(value, list):
        return all(map(fits, value))
    return isinstance(value, (str, int, float)) and not (isinstance(value, int) and abs(value) >= 2**63)

