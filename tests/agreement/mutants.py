#!/usr/bin/env python3
"""mutants.py --seed N --count M: draws documents that differ from those in bases/ in a field or two, the same ones for the same seed.

A line out is [ID, BASE, EDITS], see edits.py. A field is drawn first: kinds by WEIGHTS, then all fields of all types that a kind holds alike,
there or not, then an edit: a third of the edits are meant to be accepted. A tenth of the mutants has two edits.
"""

import argparse
import hashlib
import json
import random
from pathlib import Path

import edits
import values
import words
from table import Table

FOLDER = Path(__file__).resolve().parent
# How often a kind is drawn; where nothing is said 2, and 1 for kinds of which only the fields count.
WEIGHTS = {
    "Pod": 22, "Deployment": 10, "StatefulSet": 8, "DaemonSet": 4, "ReplicaSet": 2, "Job": 8, "CronJob": 7, "Service": 8, "Ingress": 6, "NetworkPolicy": 5,
    "HorizontalPodAutoscaler": 7, "PersistentVolumeClaim": 4, "PersistentVolume": 3, "Secret": 3, "ConfigMap": 3,
}  # fmt: skip
# Kinds of which only the fields are checked, not what is in them: names and types of fields are all that changes.
FIELDS_ONLY = {"CertificateSigningRequest", "CustomResourceDefinition", "Event", "MutatingWebhookConfiguration", "Node", "ValidatingWebhookConfiguration"}
# Of how many mutants the edit is mild, and how many have a second one.
MILD, TWICE = 0.35, 0.1
# A value taken over from another base is at most this long, as JSON.
LONGEST_VALUE = 400

# What a dry run on an empty cluster does not tell the truth about, or what is not a matter of the document alone.
LEFT_OUT = {
    ("core.v1.ServicePort", "nodePort"): "a dry run accepts every number; the real allocator refuses those out of its range",
    ("core.v1.ServiceSpec", "healthCheckNodePort"): "a dry run accepts what the real allocator refuses",
    ("core.v1.ServiceSpec", "clusterIPs"): "whether an address is taken or in the range is the cluster's",
    ("meta.v1.ObjectMeta", "resourceVersion"): "a dry run accepts it, a creation answers 500",
    ("meta.v1.ObjectMeta", "namespace"): "it has to be that of the request, and to exist",
    ("meta.v1.ObjectMeta", "managedFields"): "the server takes those that it cannot read for none",
    ("core.v1.NamespaceSpec", "finalizers"): "the server adds its own and reports by that list",
}
# Values that are the cluster's matter: a cluster of one address family refuses the other.
VALUES_LEFT_OUT = {("core.v1.ServiceSpec", "ipFamilyPolicy"): ["RequireDualStack"], ("core.v1.ServiceSpec", "ipFamilies"): ["IPv6"]}
# Fields of a Pod that an admission plugin answers from objects of the cluster; in a template nobody looks at them.
LEFT_OUT_OF_PODS = {"priorityClassName", "priority", "preemptionPolicy", "runtimeClassName", "overhead", "serviceAccountName", "serviceAccount"}


class Place:
    """A value in a base, or a field that could be there."""

    def __init__(self, base, path, owner, field, value_type, value):
        self.base, self.path, self.owner, self.field, self.value_type, self.value = base, path, owner, field, value_type, value


ABSENT = object()


class Generator:
    def __init__(self, seed, population=FOLDER, twice=TWICE):
        """Of the bases of a population, see agreement; `twice` is how many of the mutants have two edits."""
        self.random, self.twice = random.Random(seed), twice
        self.table = Table()
        self.bases = read_bases(population / "bases")
        # By kind, then by the field they are of: [Place]. Values by the field: [VALUE].
        self.places, self.pool = {}, {}
        for base, document in self.bases.items():
            self.walk(base, document)
        self.kinds = sorted(self.places)

    def walk(self, base, document):
        kind = document["kind"]
        self.kind, self.base = self.places.setdefault(kind, {}), base
        self.root(self.table.kinds[document["apiVersion"], kind], document)

    def root(self, type_name, document):
        for name, row in self.table.fields(type_name).items():
            if name not in ("apiVersion", "kind"):
                self.visit([name], type_name, name, row.value, document.get(name, ABSENT))

    def visit(self, path, owner, field, value_type, value):
        if (owner, field) in LEFT_OUT or (self.base.startswith("Pod ") and owner == "core.v1.PodSpec" and field in LEFT_OUT_OF_PODS):
            return
        place = Place(self.base, path, owner, field, value_type, value)
        self.kind.setdefault((owner, field), []).append(place)
        if value is ABSENT or field == "status":
            return
        pool = self.pool.setdefault((owner, field), [])
        if value not in pool and len(json.dumps(value)) <= LONGEST_VALUE:
            pool.append(value)
        if isinstance(value, list):
            for index, item in enumerate(value):
                self.visit([*path, index], owner, field + "[]", value_type[1:-1], item)
        elif isinstance(value, dict) and value_type[0] == "{":
            for key, item in value.items():
                self.visit([*path, key], owner, field + "{}", value_type[1:-1], item)
        elif isinstance(value, dict):
            for name, row in self.table.fields(value_type).items():
                self.visit([*path, name], value_type, name, row.value, value.get(name, ABSENT))

    def draw(self):
        """A base and its edits."""
        kind = self.random.choices(self.kinds, [WEIGHTS.get(kind, 1 if kind in FIELDS_ONLY else 2) for kind in self.kinds])[0]
        fields = self.places[kind]
        places = fields[self.random.choice(list(fields))]
        place = self.random.choice(places)
        drawn = [self.edit(place)]
        if self.random.random() < self.twice:
            other = [one for all_of in fields.values() for one in all_of if one.base == place.base]
            drawn.append(self.edit(self.random.choice(other)))
        return place.base, drawn

    def edit(self, place):
        while True:
            if place.base.split()[0] in FIELDS_ONLY:
                candidates = self.shape(place)
            elif place.value is ABSENT:
                candidates = self.additions(place)
            elif self.random.random() < MILD:
                candidates = self.mild(place)
            else:
                candidates = self.harsh(place)
            left_out = VALUES_LEFT_OUT.get((place.owner, place.field.rstrip("[]")), [])
            candidates = [edit for edit in candidates if edit[0] != "set" or not is_any_of(edit[2], left_out)]
            if candidates:
                return self.random.choice(candidates)

    def shape(self, place):
        """Edits that change what is there, not what it says."""
        if place.value is ABSENT:
            return [["set", [*place.path[:-1], name], "x"] for name in values.misspelt(place.path[-1])]
        return [*self.misspellings(place), *wrong_types(place)] or self.unknown(place) or [["remove", place.path]]

    def additions(self, place):
        """Edits that put a field there."""
        pooled = self.pool.get((place.owner, place.field), [])
        made = [self.make(place.owner, place.field, place.value_type, 0)] + [word for word in words.words(place.owner, place.field) if place.value_type == "text"]
        found = [["set", place.path, value] for value in [*pooled * 2, *made]]
        if self.random.random() < 0.2:
            found = [["set", place.path, value] for value in [None, [], {}, "", 0]]
        return found

    def make(self, owner, field, value_type, depth):
        """A value for a field that no base has."""
        if value_type[0] == "[":
            return [self.make(owner, field + "[]", value_type[1:-1], depth + 1)]
        if value_type[0] == "{":
            return {"a": self.make(owner, field + "{}", value_type[1:-1], depth + 1)}
        if value_type in self.table.types:
            rows = self.table.fields(value_type).values()
            wanted = [row for row in rows if row.required] or list(rows)[:1]
            return {row.name: self.make(value_type, row.name, row.value, depth + 1) for row in wanted if depth < 4}
        simple = {"int32": 1, "int64": 1, "boolean": True, "quantity": "1", "int-or-text": 1, "bytes": "YQ==", "time": values.TIMES[0], "micro-time": "2026-01-02T03:04:05.000000Z"}
        return simple.get(value_type, (words.words(owner, field.rstrip("[]{}")) or ["x"])[0])

    def mild(self, place):
        path, value = place.path, place.value
        pooled = [["set", path, other] for other in self.pool.get((place.owner, place.field), []) if other != value]
        known = self.table.fields(place.owner).get(place.field)
        found = pooled + [["set", path, word] for word in words.words(place.owner, place.field.rstrip("[]")) if place.value_type == "text" and word != value]
        if known is None or not known.required:
            found += [["remove", path]] * 2 + [["set", path, None]]
        if isinstance(value, bool):
            found += [["set", path, not value]] * 3
        elif isinstance(value, int):
            found += [["set", path, number] for number in (value + 1, value * 2, 1, 5, 10)]
        elif isinstance(value, list) and len(value) > 1:
            found += [["reverse", path]] * 3 + [["remove", [*path, index]] for index in range(len(value))]
        elif isinstance(value, dict) and place.value_type[0] == "{":
            keys = values.RESOURCE_KEYS if place.value_type == "{quantity}" else values.LABEL_KEYS
            found += [["set", [*path, key], "1"] for key in keys[:5]]
        return found

    def harsh(self, place):
        path, value = place.path, place.value
        found = [["set", path, None], ["remove", path], *self.misspellings(place), *self.unknown(place)]
        found += self.random.sample(wrong_types(place), min(2, len(wrong_types(place))))
        if isinstance(path[-1], int):
            found += [["repeat", path, 1]] * 3 + [["repeat", path, self.random.choice([3, 20, 32, 100])]]
        if isinstance(value, list):
            found += [["set", path, []]] * 3 + [["set", path, [None]]]
        elif isinstance(value, dict) and place.value_type[0] == "{":
            keys = values.RESOURCE_KEYS if place.value_type == "{quantity}" else values.LABEL_KEYS
            found += [["set", path, {}]] + [["set", [*path, self.random.choice(keys)], "1"] for _ in range(4)]
        elif isinstance(value, dict):
            found += [["set", path, {}]] * 2
        else:
            found += [edit for _ in range(6) for edit in self.harsh_value(place)]
        if place.field.endswith("{}"):
            found += [["rename", path, self.random.choice(values.LABEL_KEYS)]] * 3
        return found

    def harsh_value(self, place):
        """An edit of a single value."""
        path, choose = place.path, self.random.choice
        if place.value_type == "text":
            known = words.words(place.owner, place.field.rstrip("[]{}"))
            texts = [value for value in (choose(values.TEXTS), changed_case(place.value), "Garbage") if isinstance(value, str)]
            edits_of_texts = [["set", path, text] for text in texts + known[:: max(1, len(known) // 3)]]
            return [choose(edits_of_texts), choose([["fill", path, "a", choose(values.LENGTHS)], choose(edits_of_texts)])]
        tries = {
            "int32": values.NUMBERS, "int64": values.NUMBERS, "quantity": values.QUANTITIES + words.words(place.owner, place.field), "int-or-text": values.INT_OR_TEXTS, "bytes": values.BYTES,
            "time": values.TIMES, "micro-time": values.TIMES, "boolean": [True, False],
        }  # fmt: skip
        return [["set", path, choose(tries.get(place.value_type, values.TEXTS))]]

    def misspellings(self, place):
        if isinstance(place.path[-1], int) or place.field.endswith("{}"):
            return []
        return [["rename", place.path, self.random.choice(values.misspelt(place.path[-1]))]]

    def unknown(self, place):
        return [["set", [*place.path, "unknown"], 7]] if isinstance(place.value, dict) and place.value_type[0] != "{" else []

    def mutants(self, count, without=()):
        """As many different ones as asked for, none of those whose ids are given: (ID, BASE, EDITS)."""
        seen, found = set(without), []
        while len(found) < count:
            base, drawn = self.draw()
            try:
                changed = edits.apply(self.bases[base], drawn)
            except (KeyError, IndexError, TypeError, AttributeError):
                continue
            identity = identify(base, drawn)
            if identity not in seen and changed != self.bases[base]:
                seen.add(identity)
                found.append((identity, base, drawn))
        return found


def read_bases(folder):
    """The documents of all files of a folder, by "KIND NAME"."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        for name, document in json.loads(path.read_text()).items():
            found[f"{path.stem} {name}"] = document
    return found


def wrong_types(place):
    known = values.WRONG_TYPES.get(place.value_type)
    if known is None:
        known = ["x", 7, [], {}] if place.value_type[0] != "[" else ["x", 7, {}, [[]]]
    return [["set", place.path, value] for value in known if not isinstance(value, type(place.value)) or place.value_type[0] == "["]


def changed_case(text):
    if not isinstance(text, str) or not text:
        return None
    return text.lower() if text.lower() != text else text.upper()


def is_any_of(value, left_out):
    return value in left_out or (isinstance(value, list) and any(item in left_out for item in value))


def identify(base, drawn):
    """Ten letters that stand for a mutant."""
    return hashlib.sha256(json.dumps([base, drawn], sort_keys=True).encode()).hexdigest()[:10]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    for mutant in Generator(options.seed).mutants(options.count):
        print(json.dumps(mutant, ensure_ascii=False))


if __name__ == "__main__":
    main()
