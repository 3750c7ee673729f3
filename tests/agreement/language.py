"""The language of stacks as `stowplan schema` gives it, and stacks as trees: read from TOML, walked beside the language, written as TOML."""

import json
import re
import subprocess
import tomllib

# TOML has no escape for them that every reader takes, so they are written by their numbers.
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Form:
    """What a place in a stack may hold: a part of the schema, the table and key that it is at, and the words for its kind of value."""

    def __init__(self, schema, table, key, phrase):
        self.schema, self.table, self.key, self.phrase = schema, table, key, phrase


class Language:
    def __init__(self, binary):
        self.schema = json.loads(subprocess.run([binary, "schema"], check=True, capture_output=True, text=True).stdout)
        self.root = Form(self.schema, "stack-file", "", None)

    def alternatives(self, form):
        """The forms that a value may have: references followed, `{{ }}` left out."""
        schema = form.schema
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[-1]
            return [] if name == "expression" else [Form(self.schema["$defs"][name], name, form.key, form.phrase)]
        if "anyOf" in schema:
            return [found for one in schema["anyOf"] for found in self.alternatives(Form(one, form.table, form.key, form.phrase))]
        return [form]

    def table(self, form):
        """Of the forms of a value the one that is a table, if any is."""
        return next((one for one in self.alternatives(form) if one.schema.get("type") == "object"), None)

    def child(self, form, key):
        """The form of what stands at a key of a table; None where the table has no such key."""
        schema = form.schema
        if key in schema.get("properties", {}):
            inner = schema["properties"][key]
            return Form(inner, form.table, key, phrase(inner.get("description")))
        if isinstance(schema.get("additionalProperties"), dict):
            return Form(schema["additionalProperties"], form.table, form.key, of_each(form.phrase)[1])
        for pattern, inner in schema.get("patternProperties", {}).items():
            if re.search(pattern, key):
                return Form(inner, form.table, form.key, phrase(inner.get("description")))
        return None

    def excluded(self, form):
        """Keys of a table of which only one may stand: pairs."""
        return [set(rule["not"]["required"]) for rule in form.schema.get("allOf", []) if "not" in rule]

    def item(self, form):
        return Form(form.schema["items"], form.table, form.key, of_each(form.phrase)[1])


def phrase(description):
    """What a description says at its end, in brackets, of the kind of value."""
    found = re.search(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)$", description or "")
    return found and re.sub(r' such as "[^"]*"(?: or "[^"]*")?', "", found[1])


def of_each(words):
    """Of "a table keyed by KEY, each VALUE" or "a list, each VALUE": (KEY, VALUE)."""
    keyed = re.search(r"a table keyed by (.+?)(?:, each (.+))?$", words or "")
    if keyed:
        return keyed[1], keyed[2]
    listed = re.search(r"a list, each (.+)$", words or "")
    return None, listed and listed[1]


def read(path):
    return tomllib.loads(path.read_text())


def walk(language, form, value, path=()):
    """Every value of a stack with its path and form, tables before what is in them."""
    yield path, form, value
    if isinstance(value, dict):
        table = language.table(form)
        for key, inner in value.items() if table else ():
            if found := language.child(table, key):
                yield from walk(language, found, inner, (*path, key))
    elif isinstance(value, list):
        of_list = next((one for one in language.alternatives(form) if one.schema.get("type") == "array"), None)
        for index, inner in enumerate(value if of_list else ()):
            if isinstance(inner, dict):
                yield from walk(language, language.item(of_list), inner, (*path, index))


def text(stack):
    """A stack as TOML: `[table]` or `[table.name]` above, what is in it in one line each."""
    lines = [f"{word(key)} = {inline(value)}" for key, value in stack.items() if not isinstance(value, dict)]
    for table, owned in stack.items():
        if isinstance(owned, dict):
            own = {key: value for key, value in owned.items() if not isinstance(value, dict)}
            if own or not owned:
                lines += ["", f"[{word(table)}]", *(f"{word(key)} = {inline(value)}" for key, value in own.items())]
            for name, inner in owned.items():
                if isinstance(inner, dict):
                    lines += ["", f"[{word(table)}.{word(name)}]", *(f"{word(key)} = {inline(value)}" for key, value in inner.items())]
    return "\n".join(lines).lstrip("\n") + "\n"


def word(key):
    return key if re.fullmatch(r"[-_a-zA-Z0-9]+", key) else quoted(key)


def quoted(value):
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def inline(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{word(key)} = {inline(inner)}" for key, inner in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return quoted(value) if isinstance(value, str) else repr(value)
