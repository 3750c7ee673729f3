"""The mutants that are kept, with what servers said of them: corpus/KIND.jsonl.

A line is [ID, BASE, EDITS, VERDICTS]. VERDICTS has for each group of minor versions ("29 31") what these said: nothing where they accepted, otherwise
a sorted list of "REASON FIELD", the reason as in `causes[].reason` without "FieldValue". "BadRequest FIELD" is a field that was unknown,
"BadRequest" any other document that could not be read, "NoAnswer" a handler that panicked.
"""

import json
import re


class Left(Exception):
    """The answer is a matter of the cluster, not of the document."""


def spell(status, causes):
    """What a server said, as the corpus has it."""
    if 200 <= status < 300:
        return []
    if status == 422:
        return sorted({f"{reason.removeprefix('FieldValue')} {field}".strip() for reason, field, _ in causes})
    if status == 400:
        unknown = re.findall(r'unknown field "([^"]*)"', causes[0][2])
        return sorted({f"BadRequest {field}" for field in unknown}) or ["BadRequest"]
    if status == 0:
        return ["NoAnswer"]
    raise Left(f"{status} {causes[0][2]}")


def group(verdicts):
    """{minor: verdict} as {"29 31": verdict}."""
    groups = {}
    for minor in sorted(verdicts):
        groups.setdefault(json.dumps(verdicts[minor]), []).append(str(minor))
    return {" ".join(minors): json.loads(verdict) for verdict, minors in groups.items()}


def ungroup(groups):
    return {int(minor): verdict for minors, verdict in groups.items() for minor in minors.split()}


def line(identity, base, edits, verdicts):
    return [identity, base, edits, group(verdicts)]


def read(population):
    """All mutants: {ID: (BASE, EDITS, {minor: verdict})}."""
    found = {}
    for path in sorted((population / "corpus").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            identity, base, edits, groups = json.loads(line)
            found[identity] = (base, edits, ungroup(groups))
    return found


def write(population, mutants):
    """Sorted by base and id, so that the order never says when a mutant came."""
    folder = population / "corpus"
    folder.mkdir(exist_ok=True)
    lines = {}
    for identity, (base, edits, verdicts) in sorted(mutants.items(), key=lambda entry: (entry[1][0], entry[0])):
        text = json.dumps(line(identity, base, edits, verdicts), ensure_ascii=False, separators=(",", ":"))
        lines.setdefault(base.split()[0], []).append(text + "\n")
    for kind, of_kind in lines.items():
        (folder / f"{kind}.jsonl").write_text("".join(of_kind))
