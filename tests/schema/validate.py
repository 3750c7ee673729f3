"""Checks files against a JSON Schema, with a validator that stowplan has no part in.

Usage: validate.py SCHEMA FILE...   one line of JSON per file: {"file": ..., "errors": [...], or "unreadable": true}
       validate.py --patterns       reads [[pattern, text], ...] from stdin and prints those where the text does not match
"""

import json
import re
import sys
import tomllib

import jsonschema


def plain(value):
    """TOML has dates, JSON does not; no key takes one."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool)) else None


def main(arguments):
    if arguments == ["--patterns"]:
        pairs = json.load(sys.stdin)
        print(json.dumps([pair for pair in pairs if not re.search(pair[0], pair[1])]))
        return
    with open(arguments[0], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in arguments[1:]:
        try:
            with open(path, "rb") as file:
                stack = plain(tomllib.load(file))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            print(json.dumps({"file": path, "unreadable": True, "errors": []}))
            continue
        errors = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(stack)]
        print(json.dumps({"file": path, "unreadable": False, "errors": errors}))


main(sys.argv[1:])
