"""The fields of every kind by version, out of src/bundle/schema/kubernetes.txt."""

import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "src/bundle/schema/kubernetes.txt"


@dataclass(frozen=True)
class Row:
    """A field: what it holds (a word, a type, [VALUE] or {VALUE}), the first and the last minor version that have it, whether any requires it."""

    name: str
    value: str
    first: int
    last: int
    required: bool


class Table:
    """The kinds as {(apiVersion, kind): type}, the types as {type: {field: Row}}."""

    def __init__(self):
        self.kinds, self.types = {}, {}
        owner = None
        for line in FILE.read_text().splitlines():
            words = line.split()
            if not words or line.startswith("#"):
                continue
            if line.startswith("["):
                owner = line[1:-1]
                self.types.setdefault(owner, {})
            elif owner == "kinds":
                self.kinds[words[1], words[0]] = words[2]
            else:
                self.types[owner].setdefault(words[0], row(words))

    def fields(self, value):
        """The fields of a type; none of a word."""
        return self.types.get(value, {})


def row(words):
    first, last = 0, 99
    for word in words[2:]:
        if match := re.fullmatch(r"(\d*)-(\d*)", word):
            first, last = int(match[1] or 0), int(match[2] or 99)
    required = any(word.startswith("!") for word in words[2:])
    return Row(words[0], words[1], first, last, required)
