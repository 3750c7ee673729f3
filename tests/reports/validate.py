"""Reads reports with readers that stowplan has no part in.

Usage: validate.py sarif SCHEMA FILE...   one line of JSON per file: the list of what the schema does not allow
       validate.py junit FILE...          one line of JSON per file: the tree of suites, tests and verdicts
"""

import json
import sys
import xml.etree.ElementTree as ElementTree


def sarif(schema, paths):
    import jsonschema

    with open(schema, encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    for path in paths:
        with open(path, encoding="utf-8") as file:
            log = json.load(file)
        print(json.dumps([f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(log)]))


def tree(element):
    inner = [tree(child) for child in element]
    return {"name": element.tag, "attributes": element.attrib, "text": element.text or "", "inner": inner}


def junit(paths):
    for path in paths:
        print(json.dumps(tree(ElementTree.parse(path).getroot())))


def main(format, *arguments):
    if format == "sarif":
        sarif(arguments[0], arguments[1:])
    else:
        junit(arguments)


main(*sys.argv[1:])
